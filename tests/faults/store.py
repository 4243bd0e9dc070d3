"""The store, damaged under a running watch or before a start: ``python -m tests.faults.store [NAME...]``."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.faults.case import Case, Fault, main
from tests.faults.promises import Ledger, stored_numbers
from tests.faults.publisher import Publisher
from tests.faults.stage import Stage, until
from tests.terminal import Terminal
from tui import paths
from tui.store.desk import Desk
from tui.store.reader import Reader

PAGE = 4096
SEED = 20261123


def _noise(store: Path, dice: random.Random) -> str:
    """A tenth of the pages, the first one left out."""
    pages = store.stat().st_size // PAGE
    struck = dice.sample(range(1, pages), max(2, pages // 10))
    with store.open("r+b") as file:
        for page in struck:
            file.seek(page * PAGE)
            file.write(dice.randbytes(PAGE))
    return f"{len(struck)} of {pages} pages overwritten with random bytes"


def _bits(store: Path, dice: random.Random) -> str:
    raw = bytearray(store.read_bytes())
    for _ in range(200):
        raw[dice.randrange(PAGE, len(raw))] ^= 1 << dice.randrange(8)
    _overwrite(store, bytes(raw))
    return "200 bits flipped behind the first page"


def _header(store: Path, dice: random.Random) -> str:
    with store.open("r+b") as file:
        file.write(dice.randbytes(100))
    return "the 100 bytes of the header overwritten"


def _cut(store: Path, dice: random.Random) -> str:
    size = store.stat().st_size
    os.truncate(store, size // 2)
    return f"cut off at half of {size} bytes"


def _text(store: Path, dice: random.Random) -> str:
    _overwrite(store, b"this was a store once\n" * 500)
    return "a text file in its place"


def _overwrite(store: Path, raw: bytes) -> None:
    """In place: whoever has it open sees it."""
    with store.open("r+b") as file:
        file.truncate(0)
        file.write(raw)


def _journal(store: Path, dice: random.Random) -> str:
    wal = store.with_name(store.name + "-wal")
    size = wal.stat().st_size
    with wal.open("r+b") as file:
        for at in range(0, size, 700):
            file.seek(at)
            file.write(dice.randbytes(16))
    return f"16 random bytes in each 700 of the journal's {size}"


DAMAGES: dict[str, Callable[[Path, random.Random], str]] = {
    "noise": _noise,
    "bits": _bits,
    "header": _header,
    "cut": _cut,
    "text": _text,
    "journal": _journal,
}


def _lived_in(stage: Stage, publisher: Publisher) -> Ledger:
    """A store with reports, acknowledgements and notes, brought from its journal into the file."""
    ledger = Ledger()
    process = stage.collector()
    until(lambda: len(publisher.documents) > 20, 40.0, "the collector did not poll")
    process.terminate()
    process.wait(20.0)
    with closing(Desk(stage.store)) as desk, closing(Reader(stage.store)) as reader:
        for number, incident in enumerate(reader.incidents(limit=-1)):
            ledger.acknowledged.update(desk.acknowledge([incident.id], "DSK", stage.clock.now()))
            desk.note(incident.id, f"note {number}", "DSK", stage.clock.now())
    with closing(sqlite3.connect(stage.store)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ledger.reports = len(stored_numbers(db))
    return ledger


def _all_is_stored(case: Case, stage: Stage, publisher: Publisher) -> None:
    """Whatever the feeds still tell comes to be in the store."""
    publisher.still = True

    def missing() -> set[int]:
        with closing(sqlite3.connect(f"{stage.store.as_uri()}?mode=ro", uri=True)) as db:
            return publisher.served() - stored_numbers(db)

    try:
        until(lambda: not missing(), 15.0)
    except AssertionError:
        case.broken.append(f"entries that are still told and are not stored: {len(missing())}")


def _is_told(screen: str) -> bool:
    return "STORE was found damaged" in screen


def _mended(
    case: Case, stage: Stage, publisher: Publisher, ledger: Ledger, terminal: Terminal, damage: str
) -> None:
    """What must hold once a new store is in place."""
    case.sees(terminal, _is_told, "what was saved is told")
    case.sees(terminal, lambda screen: "feeds 6/6" in screen and "BLIND" not in screen, "it sees again")
    _all_is_stored(case, stage, publisher)
    kept = sorted(path.name for path in stage.data.glob("frontwatch-damaged-*.db"))
    case.promise(len(kept) == 1, f"the damaged file is kept once: {kept}")
    case.keep(f"the damaged file as {', '.join(kept)}")
    with closing(sqlite3.connect(stage.store)) as db:
        (words,) = db.execute("SELECT words FROM event WHERE kind = 'store'").fetchone()
        (acks,) = db.execute(
            "SELECT count(*) FROM incident_state JOIN incident i ON i.id = incident "
            "WHERE state = 'acknowledged' AND reports > 0"
        ).fetchone()
        notes = db.execute("SELECT count(*) FROM action WHERE verb = 'note'").fetchone()[0]
    case.keep(f"in the log: {words}")
    case.keep(f"{acks} of {len(ledger.acknowledged)} acknowledgements, {notes} notes")
    broken = Ledger().check(stage.store, publisher, deep=True)
    if damage in ("bits", "journal"):  # a report's key may be another's then: nothing in the row shows it
        broken = [words for words in broken if "twice" not in words]
    case.promise(not broken, f"the new store: {broken}")
    terminal.press("L")
    case.sees(terminal, lambda screen: "store damaged" in screen, "the log tells it")


def _at_start(damage: str, case: Case, folder: Path) -> None:
    """The damage is there when the dashboard starts."""
    stage = Stage(folder)
    with Publisher(6, stage.clock, random.Random(SEED)) as publisher, stage:
        stage.watch_publisher(publisher)
        ledger = _lived_in(stage, publisher)
        stage.store.with_name(stage.store.name + "-wal").unlink(missing_ok=True)
        case.inject(f"before the start: {DAMAGES[damage](stage.store, random.Random(SEED))}")
        _mended(case, stage, publisher, ledger, stage.screen(), damage)


def _under_way(damage: str, case: Case, folder: Path) -> None:
    """The damage comes about while a dashboard and its collector have the store open."""
    stage = Stage(folder)
    with Publisher(6, stage.clock, random.Random(SEED)) as publisher, stage:
        stage.watch_publisher(publisher)
        ledger = _lived_in(stage, publisher)
        terminal = stage.screen()
        terminal.until(lambda screen: "feeds 6/6" in screen)
        wal = stage.store.with_name(stage.store.name + "-wal")
        until(lambda: wal.stat().st_size > 200_000, 20.0, "nothing was written")
        case.inject(f"under way: {DAMAGES[damage](stage.store, random.Random(SEED))}")
        case.sees(
            terminal,
            lambda screen: "STORE" in screen and ("BLIND" in screen or _is_told(screen)),
            "it is told",
        )
        _mended(case, stage, publisher, ledger, terminal, damage)


def _emptied(case: Case, folder: Path) -> None:
    """A file of no bytes: nothing tells it from a store that was never written."""
    stage = Stage(folder)
    with Publisher(6, stage.clock, random.Random(SEED)) as publisher, stage:
        stage.watch_publisher(publisher)
        _lived_in(stage, publisher)
        os.truncate(stage.store, 0)
        stage.store.with_name(stage.store.name + "-wal").unlink(missing_ok=True)
        case.inject("before the start: the file emptied, no journal beside it")
        terminal = stage.screen()
        case.sees(terminal, lambda screen: "feeds 6/6" in screen, "it begins anew")
        _all_is_stored(case, stage, publisher)
        broken = Ledger().check(stage.store, publisher, deep=True)
        case.promise(not broken, f"the new store: {broken}")
        case.keep("nothing was there to keep; what the feeds still tell is stored again")


def _removed(case: Case, folder: Path) -> None:
    """The whole folder goes away under a running watch."""
    stage = Stage(folder)
    with Publisher(6, stage.clock, random.Random(SEED)) as publisher, stage:
        stage.watch_publisher(publisher)
        terminal = stage.screen()
        terminal.until(lambda screen: "feeds 6/6" in screen and "dispatch" in screen)
        shutil.rmtree(stage.data)
        case.inject("the data folder removed under a running watch")
        case.sees(terminal, lambda screen: "BLIND" in screen and "removed" in screen, "it is told")
        case.sees(
            terminal, lambda screen: "feeds 6/6" in screen and "BLIND" not in screen, "it begins anew", 40.0
        )
        _all_is_stored(case, stage, publisher)
        case.keep("nothing of the removed folder; what the feeds still tell is stored again")


def _lock_left(case: Case, folder: Path) -> None:
    """A lock file that a crash left, and one that no program ever held."""
    stage = Stage(folder)
    with Publisher(6, stage.clock, random.Random(SEED)) as publisher, stage:
        stage.watch_publisher(publisher)
        process = stage.collector()
        until(lambda: publisher.asked > 3, 30.0, "the collector did not poll")
        process.kill()
        process.wait()
        lock = stage.data / paths.LOCK_NAME
        lock.write_text("4711\n")
        case.inject(
            "kill -9 of a collector; its lock file left, with the number of a process that is gone in it"
        )
        terminal = stage.screen()
        screen = case.sees(
            terminal, lambda screen: "feeds 6/6" in screen, "it collects as if nothing had been"
        )
        case.promise("another collector" not in screen, "the lock of a dead collector holds nobody up")
        case.keep("all that was committed")
        case.promise(not (broken := Ledger().check(stage.store, publisher)), f"the store: {broken}")


FAULTS: dict[str, Fault] = {
    **{f"start-{name}": partial(_at_start, name) for name in DAMAGES if name != "journal"},
    **{f"running-{name}": partial(_under_way, name) for name in ("noise", "cut", "text", "journal")},
    "emptied": _emptied,
    "removed": _removed,
    "lock": _lock_left,
}

if __name__ == "__main__":
    sys.exit(main(FAULTS, __doc__, "tests.faults.store"))
