"""Terminals that freeze, go away, change size or can do little: ``python -m tests.faults.terminals``."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from tests.faults.case import Case, Fault, main
from tests.faults.promises import Ledger
from tests.faults.publisher import Publisher
from tests.faults.stage import Stage, until
from tests.terminal import Terminal
from tui.store.reader import Reader

SEED = 20261123
FROZEN = 600.0
"""Seconds of the long freeze: ten minutes."""


@contextmanager
def _watched(folder: Path) -> Iterator[tuple[Stage, Publisher]]:
    stage = Stage(folder)
    with Publisher(6, stage.clock, random.Random(SEED)) as publisher, stage:
        stage.watch_publisher(publisher)
        yield stage, publisher


def _memory(pid: int) -> float:
    """Resident megabytes of a process."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _child_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def _frozen(case: Case, folder: Path, seconds: float) -> None:
    """Nobody reads the screen's output."""
    with _watched(folder) as (stage, publisher):
        usual = ["tests.faults.screen", str(stage.config), str(stage.data), stage.clock_words]
        own = ["-m", "tests.faults.valve", sys.executable, "-m", *usual]
        terminal = stage.screen(own=own)
        terminal.until(lambda screen: "feeds 6/6" in screen and "dispatch" in screen)
        time.sleep(5.0)
        app = _child_of(terminal.pid())
        before, asked = _memory(app), publisher.asked
        os.kill(terminal.pid(), signal.SIGUSR1)
        case.inject(f"nothing read from the dashboard's terminal for {seconds:g} s, keys pressed meanwhile")
        with closing(Reader(stage.store)) as reader:
            seq = reader.seq()
            time.sleep(seconds / 2)
            terminal.press("Down")
            time.sleep(seconds / 2)
            case.promise(reader.seq() > seq + 10, "the collector went on")
        frozen = _memory(app)
        polls = publisher.asked - asked
        case.keep(f"{polls} polls meanwhile; the app's memory from {before:.0f} to {frozen:.0f} MB")
        case.promise(frozen < before * 1.1 + 8, f"its memory grew from {before:.0f} to {frozen:.0f} MB")
        os.kill(terminal.pid(), signal.SIGUSR2)
        latest = max(publisher.served())
        publisher.still = True
        screen = case.sees(
            terminal, lambda screen: _newest(screen) >= latest - 60, "it shows what came meanwhile", 15.0
        )
        case.promise("BLIND" not in screen, "no pane is blind")
        terminal.press("q")
        terminal.until(lambda _: terminal.dead(), 15.0)
        case.promise(terminal.exit_code() == 0, "q leaves as ever")
        case.promise(not (broken := Ledger().check(stage.store, publisher)), f"the store: {broken}")


def _newest(screen: str) -> int:
    """The highest number of a dispatch in view."""
    return max((int(number) for number in re.findall(r"dispatch (\d+)", screen)), default=0)


def _detached(case: Case, folder: Path) -> None:
    """A tmux client in a tmux: it is killed, and another one of another size comes."""
    with _watched(folder) as (stage, publisher):
        inner = stage.screen((120, 30), name="inner")
        inner.until(lambda screen: "feeds 6/6" in screen)
        outer = Terminal(_new(folder, "outer"), (120, 31), stage.environment)
        try:
            outer.start(["env", "-u", "TMUX", "tmux", "-S", inner.socket, "attach"])
            inner.until(lambda screen: "FRONTWATCH" in screen)
            os.kill(outer.pid(), signal.SIGKILL)
        finally:
            outer.close()
        case.inject("a tmux client attached, and killed as by a lost connection")
        asked = publisher.asked
        until(lambda: publisher.asked > asked + 12, 20.0, "nothing was polled while nobody was attached")
        other = Terminal(_new(folder, "other"), (200, 50), stage.environment)
        try:
            inner.follow_size()
            other.start(["env", "-u", "TMUX", "tmux", "-S", inner.socket, "attach"])
            case.inject("then another attached, of 200x50 in place of 120x30")
            screen = case.sees(
                other, lambda screen: "SOUTH" in screen and "SEA" in screen, "the board in the new size"
            )
            case.sees(
                other, lambda screen: len(screen.splitlines()[0].rstrip()) > 150, "as wide as the terminal"
            )
            case.promise("BLIND" not in screen, "no pane is blind")
            case.keep(f"{publisher.asked - asked} polls while nobody was attached")
        finally:
            other.close()


def _new(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def _storm(case: Case, folder: Path) -> None:
    """Two hundred resizes as fast as tmux does them, small ones too."""
    dice = random.Random(SEED)
    with _watched(folder) as (stage, _):
        terminal = stage.screen()
        terminal.until(lambda screen: "feeds 6/6" in screen)
        started = time.monotonic()
        for _ in range(200):
            terminal.resize(dice.randint(10, 320), dice.randint(3, 90))
            time.sleep(dice.uniform(0.0, 0.04))  # or tmux would pass on only the last
        took = time.monotonic() - started
        terminal.resize(120, 40)
        case.inject(f"200 resizes between 10x3 and 320x90 in {took:.1f} s, then 120x40")
        screen = case.sees(terminal, lambda screen: _whole(screen, 120, 40), "the board is whole", 15.0)
        terminal.press("?")
        case.sees(terminal, lambda screen: "HELP" in screen.upper(), "keys answer")
        case.promise("Traceback" not in screen, "no traceback")


def _whole(screen: str, width: int, height: int) -> bool:
    lines = screen.splitlines()
    return (
        len(lines) >= height - 1
        and "feeds" in lines[0]
        and len(lines[0].rstrip()) >= width - 2
        and "? help" in screen
    )


def _poor(case: Case, folder: Path, words: str, environment: dict[str, str]) -> None:
    """A terminal that can do little."""
    with _watched(folder) as (stage, _):
        stage.environment.pop("COLORTERM")
        terminal = stage.screen(environment=environment)
        case.inject(words)
        screen = case.sees(
            terminal, lambda screen: "feeds 6/6" in screen and "dispatch" in screen, "the board"
        )
        case.promise("Traceback" not in screen, "no traceback")
        case.promise("Drone strike" in screen or "dispatch" in screen, "headlines can be read")
        colours = set(re.findall(r"\x1b\[[0-9;:]*m", terminal.coloured()))
        rich = [each for each in colours if re.search(r"[34]8[;:][25]", each)]
        case.keep(f"{len(colours)} ways of drawing, {len(rich)} of them of more than 16 colours")
        if environment.get("TERM") == "xterm":
            case.promise(not rich, f"only the terminal's 16 colours: {rich[:3]}")
        terminal.press("q")
        terminal.until(lambda _: terminal.dead(), 15.0)
        case.promise(terminal.exit_code() == 0, f"it ends with {terminal.exit_code()}")


def _latin(case: Case, folder: Path) -> None:
    """A locale that says that the terminal takes something else."""
    with _watched(folder) as (stage, _):
        own = ["-m", "tui", "--config", str(stage.config), "--data", str(stage.data)]
        terminal = stage.screen(own=own, environment=LATIN)
        case.inject("standard streams that are Latin-1")
        terminal.until(lambda screen: "Pane is dead" in screen, 20.0)
        words = terminal.said()
        case.seen.append(f"it ends with status {terminal.exit_code()} and says: {words}")
        case.promise(
            terminal.exit_code() == 1 and "UTF-8" in words, "it says what is wrong and how to mend it"
        )


LATIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"}
ASCII = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

FAULTS: dict[str, Fault] = {
    "frozen": partial(_frozen, seconds=20.0),
    "frozen-ten-minutes": partial(_frozen, seconds=FROZEN),
    "detached": _detached,
    "storm": _storm,
    "16-colours": partial(_poor, words="TERM=xterm, no COLORTERM: 16 colours", environment={"TERM": "xterm"}),
    "latin-1": _latin,
    "no-utf-8": partial(
        _poor, words="LC_ALL=C, with Python's own way to UTF-8 switched off", environment=ASCII
    ),
}

if __name__ == "__main__":
    subprocess.run(["tmux", "-V"], check=True, stdout=subprocess.DEVNULL)
    sys.exit(main(FAULTS, __doc__, "tests.faults.terminals"))
