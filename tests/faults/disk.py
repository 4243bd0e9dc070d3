"""A disk that is full or takes no more, for real: ``python -m tests.faults.disk [NAME...]``; wants root.

The data folder lies on a disk of its own: a small tmpfs in which a file of zeros takes the rest of the room,
or a file system in a file, which is aborted.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.faults.case import Case, Fault, NotHere, main
from tests.faults.promises import Ledger, stored_numbers
from tests.faults.publisher import Publisher
from tests.faults.stage import Stage, until
from tests.terminal import Terminal

SEED = 20261123


@contextmanager
def _small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A tmpfs of that size."""
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "none", str(disk)],
        capture_output=True,
        text=True,
    )
    if mounted.returncode:
        raise NotHere(f"a tmpfs can't be mounted: {mounted.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def _fill(disk: Path) -> Path:
    """Take all the room that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    return filler


def _stored(stage: Stage) -> set[int]:
    with closing(sqlite3.connect(f"{stage.store.as_uri()}?mode=ro", uri=True)) as db:
        return stored_numbers(db)


def _full(case: Case, folder: Path) -> None:
    """The disk fills up while the watch runs, and has room again later."""
    with (
        _small_disk(folder, "6m") as disk,
        Publisher(6, (stage := _stage(folder, disk)).clock, _dice()) as publisher,
        stage,
    ):
        stage.watch_publisher(publisher)
        terminal = stage.screen()
        terminal.until(lambda screen: "feeds 6/6" in screen and "dispatch" in screen)
        filler = _fill(disk)
        case.inject(f"a tmpfs of 6 MB filled to the last byte ({filler.stat().st_size} bytes of zeros)")
        before = len(_stored(stage))
        case.sees(
            terminal,
            lambda screen: "BLIND" in screen and "full" in screen,
            "the panes are blind and the header says why",
            60.0,
        )
        terminal.press("Down", "a")
        case.sees(terminal, lambda screen: "Not done" in screen, "an acknowledgement is refused in words")
        case.seen.append(f"in the footer: {_footer(terminal)}")
        filler.unlink()
        case.inject("then room again")
        case.sees(
            terminal, lambda screen: "full" not in screen and "BLIND" not in screen, "all is well again", 60.0
        )
        publisher.still = True
        until(
            lambda: not publisher.served() - _stored(stage),
            20.0,
            "what was served meanwhile is not all stored",
        )
        case.keep(f"{before} reports before, {len(_stored(stage))} after: all that was served")
        case.promise(
            not (broken := Ledger().check(stage.store, publisher, deep=True)), f"the store: {broken}"
        )


def _read_only(case: Case, folder: Path) -> None:
    """The disk becomes read only under a running watch, as Linux does with one that fails."""
    with (
        _failing_disk(folder) as disk,
        Publisher(6, (stage := _stage(folder, disk)).clock, _dice()) as publisher,
        stage,
    ):
        stage.watch_publisher(publisher)
        terminal = stage.screen()
        terminal.until(lambda screen: "feeds 6/6" in screen and "dispatch" in screen)
        subprocess.run(["mount", "-o", "remount,abort", str(disk)], check=True)
        case.inject("an ext4 on a loop device, aborted as by a fault of the disk (mount -o remount,abort)")
        case.sees(terminal, lambda screen: "BLIND" in screen, "the panes are blind", 60.0)
        terminal.press("Down", "a")
        case.sees(terminal, lambda screen: "Not done" in screen, "an acknowledgement is refused in words")
        case.seen.append(f"in the footer: {_footer(terminal)}")
        before = _stored(stage)
        case.promise("Traceback" not in terminal.screen(), "no traceback on the screen")
    with (
        _mounted_again(folder) as disk,
        Publisher(6, (stage := _stage(folder, disk)).clock, _dice()) as publisher,
        stage,
    ):
        case.inject("then the disk mounted again, and the dashboard started again")
        stage.watch_publisher(publisher)
        terminal = stage.screen()
        case.sees(
            terminal,
            lambda screen: "BLIND" not in screen and "feeds 6/6" in screen,
            "all is well again",
            60.0,
        )
        until(lambda: _stored(stage) >= before, 20.0, "what was stored before is not all there")
        case.keep(f"{len(before)} reports: all that could be read then, and what the feeds told since")
        case.promise(
            not (broken := Ledger().check(stage.store, publisher, deep=True)), f"the store: {broken}"
        )


@contextmanager
def _failing_disk(folder: Path) -> Iterator[Path]:
    """A file system of its own that can be aborted."""
    image = folder / "disk.img"
    image.touch()
    os.truncate(image, 32 * 2**20)
    made = subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], capture_output=True, text=True)
    if made.returncode:
        raise NotHere(f"no file system can be made: {made.stderr.strip()}")
    (folder / "disk").mkdir()
    with _mounted_again(folder) as disk:
        yield disk


@contextmanager
def _mounted_again(folder: Path) -> Iterator[Path]:
    disk = folder / "disk"
    mounted = subprocess.run(
        ["mount", "-o", "loop", str(folder / "disk.img"), str(disk)], capture_output=True, text=True
    )
    if mounted.returncode:
        raise NotHere(f"a loop device can't be mounted: {mounted.stderr.strip()}")
    try:
        yield disk
    finally:
        # Not lazily: what is mounted next must not share anything with what was aborted.
        until(lambda: not subprocess.run(["umount", str(disk)], capture_output=True).returncode, 30.0)


def _footer(terminal: Terminal) -> str:
    return next((line.strip() for line in reversed(terminal.screen().splitlines()) if line.strip()), "")


def _start_read_only(case: Case, folder: Path) -> None:
    """The dashboard is started by somebody who may not write the store."""
    if os.geteuid() != 0:
        raise NotHere("only root can start a program as somebody else")
    stage = Stage(folder)
    with Publisher(6, stage.clock, _dice()) as publisher, stage:
        stage.watch_publisher(publisher)
        process = stage.collector()
        until(lambda: len(publisher.documents) > 10, 40.0, "the collector did not poll")
        process.terminate()
        process.wait(20.0)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        own = ["-m", "tui", "--config", str(stage.config), "--data", str(stage.data)]
        terminal = stage.screen(before=nobody, own=own)
        case.inject("the dashboard started by nobody (uid 65534) on a store of root's, mode 0644")
        terminal.until(lambda screen: "Pane is dead" in screen, 30.0)
        words = terminal.said()
        case.seen.append(f"it ends with status {terminal.exit_code()} and says: {words}")
        case.promise(
            terminal.exit_code() == 1 and "writable" in words, "it says what is wrong and how to mend it"
        )
        case.promise("Traceback" not in words, "no traceback")
        case.promise(
            not (broken := Ledger().check(stage.store, publisher, deep=True)), f"the store: {broken}"
        )
        case.keep("everything: nothing was written")


def _stage(folder: Path, disk: Path) -> Stage:
    return Stage(folder, data=disk / "data")


def _dice() -> random.Random:
    return random.Random(SEED)


FAULTS: dict[str, Fault] = {"full": _full, "read-only": _read_only, "start-read-only": _start_read_only}

if __name__ == "__main__":
    sys.exit(main(FAULTS, __doc__, "tests.faults.disk"))
