"""Stores of every earlier version, made by the programs of then (tests/stores), come up to date whole."""

from __future__ import annotations

import gzip
import json
import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from tests import samples
from tests.loopback import Loopback
from tests.samples import FRONTS, NOON
from tests.workbench import Workbench, until
from tui import paths
from tui.cli import main
from tui.follow import Follower, Picture
from tui.model import State
from tui.store import migrate
from tui.store.backup import restore
from tui.store.connect import StoreError
from tui.store.connect import connect as connected
from tui.store.desk import Desk
from tui.store.migrate import VERSION, Newer, open_store
from tui.store.reader import Reader
from tui.store.writer import Writer

EARLIER: Final = range(1, VERSION)
Rows = dict[str, list[tuple[object, ...]]]


def sample(version: int, path: Path) -> Path:
    """A store of that version, laid out at ``path``."""
    packed = Path(__file__).parent / "stores" / f"version_{version}.db.gz"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    return path


def question(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        return db.execute(sql).fetchall()


def columns(path: Path) -> dict[str, list[str]]:
    """Those of every table, but for what the index of search is made of inside."""
    tables = question(
        path, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'report_words_%'"
    )
    return {
        str(table): [
            str(name) for (name,) in question(path, f"SELECT name FROM pragma_table_info('{table}')")
        ]
        for (table,) in tables
    }


def rows(path: Path, of: dict[str, list[str]]) -> Rows:
    """What stands in these columns."""
    return {
        table: question(path, f"SELECT {', '.join(names)} FROM {table} ORDER BY 1")
        for table, names in of.items()
    }


@pytest.mark.parametrize("version", EARLIER)
def test_everything_that_was_in_it_is_in_it_afterwards(path: Path, version: int, tmp_path: Path) -> None:
    sample(version, path)
    before = columns(path)
    if "alarm" in before:
        before["alarm"].remove("own")  # of another meaning from version 5 on
    told = rows(path, before)
    assert len(told["report"]) == 10
    open_store(path).close()
    assert rows(path, before) == told
    open_store(tmp_path / "new.db").close()
    assert columns(path) == columns(tmp_path / "new.db")
    schema = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2"
    assert question(path, schema) == question(tmp_path / "new.db", schema)
    assert question(path, "PRAGMA user_version") == [(VERSION,)]
    assert question(path, "PRAGMA foreign_key_check") == []
    assert question(path, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("version", EARLIER)
def test_screens_show_it_with_what_people_did(path: Path, version: int) -> None:
    open_store(sample(version, path)).close()
    with closing(Reader(path)) as reader:
        incidents = {each.id: each for each in reader.incidents(limit=-1)}
        states = [each.state for each in incidents.values()]
        assert states.count(State.ACKNOWLEDGED) == 1
        assert states.count(State.SHELVED) == (version >= 3)
        assert "غارة إسرائيلية على بلدة الخيام في جنوب لبنان" in {
            each.headline for each in incidents.values()
        }
        assert {2, 3} & {each.killed for each in incidents.values()} == ({2, 3} if version == 6 else {2})
        assert all(reader.reports(id) for id in incidents)
        assert [feed.name for feed in reader.feeds()] == ["gazette", "wire"]
        then = max(each.last_seen for each in incidents.values()) + 600.0
        assert len(reader.past(then).incidents(since=0.0, limit=-1)) > 2
    with closing(Desk(path)) as desk:
        logged = [action.payload.get("text") for action in desk.actions()]
        assert ("called the desk in Tyre" in logged) == (version >= 4)


@pytest.mark.parametrize("version", EARLIER)
def test_search_finds_in_it(tmp_path: Path, version: int, capsys: pytest.CaptureFixture[str]) -> None:
    open_store(sample(version, tmp_path / "data" / paths.STORE_NAME)).close()
    for words in ("khiam", "الخيام"):
        assert main(["--data", str(tmp_path / "data"), "search", words, "--json"]) == 0
        found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert any("الخيام" in each["headline"] for each in found)


@pytest.mark.parametrize("version", EARLIER)
def test_the_second_start_changes_nothing(path: Path, version: int) -> None:
    open_store(sample(version, path)).close()
    first = path.read_bytes()
    open_store(path).close()
    assert path.read_bytes() == first


def in_a_child(work: Callable[[], object]) -> int:
    """``work`` in a process of its own; how that ended."""
    child = os.fork()
    if not child:
        try:
            work()
        except BaseException:  # whatever it is: a child must not go on as a second test run
            os._exit(1)
        os._exit(0)
    return child


def ends(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def upgrade_until_killed(path: Path, statement: int) -> None:
    """An upgrade that is killed at that statement."""
    left = iter(range(statement - 1, -1, -1))

    def connect(path: Path, *, mode: str) -> sqlite3.Connection:
        store = connected(path, mode=mode)
        store.set_trace_callback(lambda _: None if next(left) else os.kill(os.getpid(), signal.SIGKILL))
        return store

    vars(migrate)["connect"] = connect  # in a child, which ends here
    open_store(path)


@pytest.mark.parametrize("version", EARLIER)
def test_killed_anywhere_in_an_upgrade_it_is_as_before_and_the_next_start_does_it(
    path: Path, version: int
) -> None:
    sample(version, path)
    before = columns(path)
    told = rows(path, before)
    kills = 0
    for statement in range(1, 200, 11):
        if not (ended := ends(in_a_child(lambda n=statement: upgrade_until_killed(path, n)))):  # type: ignore[misc]
            break
        assert ended == -signal.SIGKILL
        if question(path, "PRAGMA user_version") == [(version,)]:
            assert rows(path, before) == told
        kills += 1
    assert kills > 2
    open_store(path).close()
    assert question(path, "PRAGMA user_version") == [(VERSION,)]
    assert rows(path, {"report": before["report"]})["report"] == told["report"]


@pytest.mark.parametrize("version", EARLIER)
def test_programs_that_upgrade_it_at_once_do_it_once(path: Path, version: int) -> None:
    sample(version, path)
    assert [ends(child) for child in [in_a_child(lambda: open_store(path)) for _ in range(3)]] == [0, 0, 0]
    assert question(path, "PRAGMA user_version") == [(VERSION,)]
    assert question(path, "SELECT count(*) FROM counter") == [(1,)]


def test_what_people_asked_before_the_upgrade_is_done_after_it(tmp_path: Path, server: Loopback) -> None:
    bench = Workbench(tmp_path, server)
    sample(4, bench.store)
    bench.watch("/a")
    with bench.collector() as collector:
        until(lambda: bench.doing().startswith("watching"))
        until(lambda: bench.query("SELECT field, value FROM correction") == [("killed", "3")])
        assert collector.stop() == 0


def test_what_reads_only_does_not_upgrade_and_says_who_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = sample(1, tmp_path / "data" / paths.STORE_NAME)
    before = store.read_bytes()
    assert main(["--data", str(tmp_path / "data"), "list"]) == 1
    assert "is of an older version: run frontwatch collect once to update it" in capsys.readouterr().err
    assert store.read_bytes() == before


def test_a_backup_is_of_the_stores_own_version_and_comes_up_to_date_when_it_is_restored(
    tmp_path: Path,
) -> None:
    sample(1, tmp_path / "data" / paths.STORE_NAME)
    copy = tmp_path / "copy.db"
    assert main(["--data", str(tmp_path / "data"), "backup", str(copy)]) == 0
    assert question(copy, "PRAGMA user_version") == [(1,)]
    assert main(["--data", str(tmp_path / "there"), "restore", str(copy)]) == 0
    assert question(copy, "PRAGMA user_version") == [(1,)]
    with closing(Reader(tmp_path / "there" / paths.STORE_NAME)) as reader:
        assert len(reader.incidents(limit=-1)) == 5


def test_a_store_that_lacks_what_its_version_has_is_refused_and_left_as_it_is(path: Path) -> None:
    sample(3, path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 6")
    before = path.read_bytes()
    with pytest.raises(
        StoreError, match=r"says that it is of version 6, but lacks .*ruling\.action.*restore"
    ):
        open_store(path)
    assert question(path, "PRAGMA user_version") == [(6,)]
    assert len(path.read_bytes()) == len(before)
    assert "trial_step" not in columns(path)
    with pytest.raises(StoreError, match=rf"{path} says that it is of version 6, but lacks .*ruling\.action"):
        restore(path, path.with_name("there.db"), NOON)
    assert not path.with_name("there.db").exists()


def a_later_program_opens(path: Path) -> None:
    """What the next version will do to a store that this one has open."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("ALTER TABLE incident ADD COLUMN later TEXT")
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
        db.execute("COMMIT")


def test_whoever_has_it_open_while_a_later_program_upgrades_it_writes_no_more(path: Path) -> None:
    with closing(Writer(path)) as writer, closing(Desk(path)) as desk, closing(Reader(path)) as reader:
        writer.add((), [samples.incident(1)])
        a_later_program_opens(path)
        with pytest.raises(Newer, match=f"of version {VERSION + 1}, this program knows {VERSION}: update"):
            reader.version()
        with pytest.raises(Newer):
            desk.acknowledge([1], "JS", NOON)
        with pytest.raises(Newer):
            desk.note(None, "too late", "JS", NOON)
        with pytest.raises(Newer):
            writer.beat(samples.heartbeat())
    assert [question(path, f"SELECT count(*) FROM {table}") for table in ("action", "heartbeat")] == [
        [(0,)],
        [(0,)],
    ]


def test_a_screen_says_that_a_later_program_has_upgraded_its_store(path: Path) -> None:
    pictures: list[Picture] = []
    told = threading.Event()

    def deliver(picture: Picture) -> None:
        pictures.append(picture)
        told.set()

    open_store(path).close()
    follower = Follower(path, FRONTS, 0, deliver)
    follower.start()
    try:
        assert told.wait(10.0)
        a_later_program_opens(path)
        until(lambda: f"of version {VERSION + 1}, this program knows {VERSION}" in pictures[-1].fault)
    finally:
        follower.stop()


def test_a_collector_leaves_the_store_to_a_later_program(tmp_path: Path, server: Loopback) -> None:
    bench = Workbench(tmp_path, server)
    bench.watch("/a")
    with bench.collector() as collector:
        until(lambda: bench.doing().startswith("watching"))
        a_later_program_opens(bench.store)
        assert collector.ends() == 1
        assert collector.process.stderr is not None
        words = collector.process.stderr.read().decode()
    assert f"of version {VERSION + 1}, this program knows {VERSION}: update frontwatch" in words
    assert "Traceback" not in words
