"""A damaged store is kept under another name, and what can be read of it goes on in a new one."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests import samples
from tests.samples import NOON
from tests.watchfloor import Watchfloor
from tests.watching import text_of, watching
from tui.collector.repair import look_through
from tui.config import load
from tui.handover import hand_over
from tui.model import State
from tui.paths import STORE_NAME
from tui.store import rescue as module
from tui.store.connect import Damaged, Replaced, StoreError
from tui.store.desk import CHECK, Desk
from tui.store.log import Wanted
from tui.store.reader import Reader
from tui.store.rescue import MOST_A_DAY, finish, is_damaged, rescue
from tui.store.salvage import Salvaged
from tui.store.writer import Writer
from tui.watchlog import read

PAGE = 4096
LEAF = 0x0D
"""First byte of a page of a table's rows ("Database File Format", 1.6, of SQLite)."""
INCIDENTS = 60
TOLD = 4
"""Reports of each."""


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A store with reports, acknowledgements and notes."""
    path = tmp_path_factory.mktemp("lived-in") / "frontwatch.db"
    with closing(Writer(path)) as writer, closing(Desk(path)) as desk:
        for number in range(1, INCIDENTS + 1):
            reports = [
                samples.report(f"Strike near Naqoura {number}.{n}", summary="x" * 300) for n in range(TOLD)
            ]
            writer.add([(each, number) for each in reports], [samples.incident(number, reports=TOLD)])
            desk.acknowledge([number], "AB", NOON)
            desk.note(number, f"note {number}", "AB", NOON)
    return path.read_bytes()


@pytest.fixture
def store(tmp_path: Path, lived_in: bytes) -> Path:
    path = tmp_path / "frontwatch.db"
    path.write_bytes(lived_in)
    return path


def strike(store: Path, at: int, what: bytes) -> None:
    with store.open("r+b") as file:
        file.seek(at)
        file.write(what)


def noise(store: Path) -> None:
    """One in ten of the pages that hold rows and nothing else."""
    raw, dice = store.read_bytes(), random.Random(1)
    with closing(sqlite3.connect(store)) as db:
        roots = {page - 1 for (page,) in db.execute("SELECT rootpage FROM sqlite_master")}
    leaves = [page for page in range(len(raw) // PAGE) if raw[page * PAGE] == LEAF and page not in roots]
    for page in dice.sample(leaves, len(leaves) // 10):
        strike(store, page * PAGE, dice.randbytes(PAGE))


def header(store: Path) -> None:
    strike(store, 0, b"?" * 100)


def cut(store: Path) -> None:
    os.truncate(store, store.stat().st_size * 3 // 4)


def kept(store: Path) -> list[Path]:
    return sorted(store.parent.glob("frontwatch-damaged-*.db"))


def holds_together(store: Path) -> bool:
    """Sound by every check of SQLite's, and every incident as its reports are."""
    with closing(sqlite3.connect(store)) as db:
        db.execute("INSERT INTO report_words (report_words) VALUES ('integrity-check')")
        sound = db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (apart,) = db.execute("SELECT count(*) FROM pragma_foreign_key_check").fetchone()
    with closing(Reader(store)) as reader:
        return (
            sound
            and not apart
            and all(len(reader.reports(each.id)) == each.reports > 0 for each in reader.incidents(limit=-1))
        )


@pytest.mark.parametrize(("damage", "least"), [(noise, 0.8), (header, 1.0), (cut, 0.6)])
def test_what_can_be_read_of_a_damaged_store_goes_on_in_a_new_one(
    store: Path, damage: Callable[[Path], None], least: float
) -> None:
    damage(store)
    as_found = store.read_bytes()
    rescued = rescue(store, NOON)
    assert rescued is not None
    assert rescued.aside.read_bytes() == as_found
    assert holds_together(store)
    with closing(Reader(store)) as reader:
        incidents = reader.incidents(limit=-1)
    assert len(incidents) >= least * INCIDENTS
    assert sum(each.state is State.ACKNOWLEDGED for each in incidents) >= least * INCIDENTS - 1


def test_nothing_of_a_text_file_can_be_read_and_that_is_said(store: Path) -> None:
    store.write_text("this was a store once\n" * 100)
    rescued = rescue(store, NOON)
    assert rescued is not None
    assert rescued.words().startswith("nothing of it could be read")
    assert kept(store)[0].read_text().startswith("this was a store once")
    assert holds_together(store)


def test_a_sound_store_is_left_alone(store: Path, lived_in: bytes) -> None:
    assert not is_damaged(store)
    assert rescue(store, NOON) is None
    assert store.read_bytes() == lived_in
    assert kept(store) == []


def test_the_database_of_another_program_is_left_alone(store: Path) -> None:
    store.unlink()
    with closing(sqlite3.connect(store)) as db:
        db.execute("CREATE TABLE theirs (a)")
    with pytest.raises(StoreError, match="another program"):
        rescue(store, NOON)
    assert kept(store) == []


def test_a_store_that_has_lost_its_mark_is_damaged_and_not_anothers(store: Path) -> None:
    strike(store, 68, b"none")
    rescued = rescue(store, NOON)
    assert rescued is not None
    assert not rescued.salvaged.lost.total()
    assert holds_together(store)


def test_a_row_that_nobody_wrote_is_damage_and_goes(store: Path) -> None:
    with closing(sqlite3.connect(store)) as db:
        db.execute("UPDATE report SET evidence = '{' WHERE seq = (SELECT min(seq) FROM report)")
        db.commit()
    with closing(Reader(store)) as reader, pytest.raises(Damaged, match="row of report"):
        for each in reader.incidents(limit=-1):
            reader.reports(each.id)
    rescued = rescue(store, NOON)
    assert rescued is not None
    assert rescued.salvaged.lost == {"report": 1, "incident": 0}
    assert holds_together(store)


def test_where_most_rows_look_wrong_the_program_is_at_fault_and_not_the_store(store: Path) -> None:
    with closing(sqlite3.connect(store)) as db:
        db.execute("UPDATE report SET evidence = '{'")
        db.commit()
    assert not is_damaged(store)


def test_feeds_are_asked_for_whole_documents_again_and_are_not_fresh_before(store: Path) -> None:
    with closing(Writer(store)) as writer:
        (record,) = writer.set_feeds([samples.feed()]).values()
        writer.save_feed(
            record._replace(etag='"1"', digest="d", last_ok=NOON, last_poll=NOON, next_poll=NOON)
        )
    header(store)
    assert rescue(store, NOON) is not None
    with closing(Reader(store)) as reader:
        (after,) = reader.feeds()
    assert (after.etag, after.digest, after.last_ok, after.next_poll) == ("", "", None, None)


def test_numbers_go_on_where_they_were(store: Path) -> None:
    with closing(Reader(store)) as reader:
        before = reader.seq()
    noise(store)
    rescue(store, NOON)
    with closing(Reader(store)) as reader, closing(Writer(store)) as writer:
        assert reader.seq() >= before
        assert writer.next_incident_id() == INCIDENTS + 1


def test_the_log_and_the_handover_tell_of_it(store: Path, floor: Watchfloor) -> None:
    noise(store)
    rescued = rescue(store, NOON + 60)
    assert rescued is not None
    with closing(Reader(store)) as reader:
        line = read(reader, (), Wanted())[0]
        assert (line.what, line.words) == ("store damaged", rescued.words())
        told = hand_over(reader, load(floor.config), NOON - 60, NOON + 120, "AB")
    outages = next(section for section in told.sections if section.title == "Outages")
    assert rescued.words() in str(outages)


async def test_the_header_tells_of_it_until_the_next_shift(floor: Watchfloor) -> None:
    floor.writer.close()
    header(floor.data / STORE_NAME)
    async with watching(floor) as (app, _):  # where no collector is, the screen has it mended
        assert "STORE was found damaged" in text_of(app)


def test_a_screen_that_meets_damage_asks_for_a_look_once_in_a_while(floor: Watchfloor) -> None:
    with closing(floor.session()) as session:
        session.ask_check()
        session.ask_check()
    assert [request.verb for request in floor.writer.requests()] == [CHECK]


async def test_a_look_that_is_asked_for_finds_the_damage(store: Path) -> None:
    asked = asyncio.Event()
    asked.set()
    noise(store)
    with pytest.raises(Damaged):
        await asyncio.wait_for(look_through(store, asked), 10.0)


def test_a_crash_before_the_names_are_changed_leaves_the_old_store(store: Path, lived_in: bytes) -> None:
    ready = module._ready(store)
    ready.write_bytes(b"a new one")
    assert not finish(store)
    assert store.read_bytes() == lived_in
    assert not ready.exists()


def test_a_crash_among_the_names_is_finished_by_the_next_start(store: Path, lived_in: bytes) -> None:
    ready = module._ready(store)
    ready.write_bytes(b"a new one")
    os.utime(ready, (NOON, NOON))
    os.link(store, module._aside(store, NOON))
    wal = store.with_name(store.name + "-wal")
    wal.write_bytes(b"of the old one")
    assert finish(store)
    assert store.read_bytes() == b"a new one"
    assert kept(store)[0].read_bytes() == lived_in
    assert not wal.exists()


def test_a_disk_without_room_for_the_new_store_leaves_the_old_one_as_it_is(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise(store)
    as_found = store.read_bytes()

    def full(*_: object) -> Salvaged:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(module, "salvage", full)
    with pytest.raises(StoreError, match="free some space"):
        rescue(store, NOON)
    assert store.read_bytes() == as_found
    assert [path.name for path in store.parent.glob("*rescue*")] == []


def test_a_disk_that_spoils_every_store_is_given_up_and_said(store: Path) -> None:
    for number in range(MOST_A_DAY - 1):
        store.with_name(f"frontwatch-damaged-{number}.db").touch()
    now = store.stat().st_ctime
    header(store)
    assert rescue(store, now) is not None
    header(store)
    with pytest.raises(StoreError, match="check that disk"):
        rescue(store, now + 1)


def test_nothing_is_confirmed_that_goes_into_a_file_that_was_removed(store: Path) -> None:
    with closing(Desk(store)) as desk:
        store.rename(store.with_name("moved.db"))
        with pytest.raises(Replaced, match="removed"):
            desk.note(None, "into the void", "AB", NOON)
        with closing(Writer(store)), pytest.raises(Replaced, match="another"):
            desk.note(None, "into the wrong one", "AB", NOON)


def test_an_empty_file_beside_a_full_journal_is_damage_and_not_a_new_store(store: Path) -> None:
    store.write_bytes(b"")
    store.with_name(store.name + "-wal").write_bytes(b"x" * 100)
    with pytest.raises(Damaged, match="journal"):
        Writer(store)


RESCUER = """
import sys
from pathlib import Path
from tui.store.rescue import finish, rescue
path = Path(sys.argv[1])
print("begins", flush=True)
finish(path)
rescue(path, float(sys.argv[2]))
"""


@pytest.mark.slow
def test_a_rescue_that_is_killed_at_any_moment_loses_nothing(store: Path) -> None:
    header(store)
    as_found, dice, kills = store.read_bytes(), random.Random(5), 0
    while is_damaged(store):
        words = [sys.executable, "-c", RESCUER, str(store), str(NOON + kills)]
        rescuer = subprocess.Popen(words, stdout=subprocess.PIPE)
        assert rescuer.stdout is not None
        rescuer.stdout.readline()
        time.sleep(dice.uniform(0.0, 0.02 * kills))
        rescuer.kill()
        rescuer.wait()
        rescuer.stdout.close()
        kills += 1
    finish(store)
    assert kills > 3
    assert [path.read_bytes() for path in kept(store)] == [as_found]
    assert holds_together(store)
    with closing(Reader(store)) as reader:
        assert len(reader.incidents(limit=-1)) == INCIDENTS
