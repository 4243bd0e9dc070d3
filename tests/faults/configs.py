"""A config that is broken under way and mended again: ``python -m tests.faults.configs [NAME...]``."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.faults.case import Case, Fault, main
from tests.faults.publisher import Publisher
from tests.faults.stage import Stage, until

SEED = 20261123


def _broken(case: Case, folder: Path, words: str, spoil: Callable[[Path], object]) -> None:
    """What is polled, and shown, goes on as before; the fault is told until it is mended."""
    stage = Stage(folder)
    with Publisher(6, stage.clock, random.Random(SEED)) as publisher, stage:
        stage.watch_publisher(publisher)
        terminal = stage.screen()
        terminal.until(lambda screen: "feeds 6/6" in screen)
        good = stage.config.read_text()
        spoil(stage.config)
        case.inject(words)
        screen = case.sees(
            terminal, lambda screen: "CONFIG" in screen, "the header says what is wrong and where"
        )
        asked = publisher.asked
        until(lambda: publisher.asked > asked + 12, 20.0, "polling has ended")
        case.keep("polling by the config of before")
        case.promise("BLIND" not in screen and "SOUTH" in screen, "the board is as it was")
        last = good.rindex("[[feeds]]")
        stage.config.write_text(good[:last])
        case.inject("then mended, with one feed less")
        case.sees(
            terminal,
            lambda screen: "CONFIG" not in screen and "feeds 5/5" in screen,
            "the fault is gone, and the new config holds",
        )


def _cut(config: Path) -> None:
    config.write_text(config.read_text()[: config.stat().st_size // 2])


def _wrong(config: Path) -> None:
    config.write_text(config.read_text().replace('reliability = "B"', 'reliability = "Z"', 1))


def _unreadable(config: Path) -> None:
    config.write_bytes(b"\xff\xfe\x00 no toml \x80")


FAULTS: dict[str, Fault] = {
    "cut": partial(_broken, words="the second half of feeds.toml cut off", spoil=_cut),
    "wrong": partial(_broken, words='a feed\'s reliability set to "Z"', spoil=_wrong),
    "bytes": partial(_broken, words="bytes that are no text in place of feeds.toml", spoil=_unreadable),
    "gone": partial(_broken, words="feeds.toml removed", spoil=Path.unlink),
}

if __name__ == "__main__":
    sys.exit(main(FAULTS, __doc__, "tests.faults.configs"))
