"""Opening a store: made when there is none, refused in words when it can't be ours."""

from __future__ import annotations

import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tui.model import State
from tui.store import migrate
from tui.store.connect import StoreError, transaction
from tui.store.migrate import APPLICATION_ID, VERSION, open_store
from tui.store.reader import Reader


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_store_is_its_owners_alone_with_its_folder_and_journals(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "data" / "frontwatch.db"
    with closing(open_store(path)) as store, transaction(store, path):
        store.execute("UPDATE counter SET seq = seq + 1")
        assert mode(path) == 0o600
        assert mode(path.parent) == 0o700
        assert {mode(journal) for journal in path.parent.iterdir()} == {0o600}


def test_a_store_says_what_it_is(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "s.db")) as store:
        assert store.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        assert store.execute("PRAGMA user_version").fetchone()[0] == VERSION
        assert store.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert store.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    open_store(path).close()
    before = path.read_bytes()
    open_store(path).close()
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.touch()
    open_store(path).close()
    Reader(path).close()


def test_a_newer_store_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with closing(open_store(path)) as store:
        store.execute(f"PRAGMA user_version = {VERSION + 1}")
    for opener in (open_store, Reader):
        with pytest.raises(StoreError, match=f"version {VERSION + 1}.*update frontwatch"):
            opener(path)


def test_a_file_that_is_no_database_is_refused_until_the_collector_sets_it_aside(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("shopping list, " * 100)
    with pytest.raises(StoreError, match=r"notes\.db.*not a database.*the collector keeps it"):
        open_store(path)
    assert path.read_text().startswith("shopping list")


def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "photos.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE photo (id)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="choose another folder with --data"):
        open_store(tmp_path / "file" / "s.db")


def test_a_reader_of_no_store_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store at"):
        Reader(tmp_path / "s.db")
    assert not (tmp_path / "s.db").exists()


def test_steps_run_in_order_from_the_version_a_store_is_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.db"
    with closing(open_store(path)) as store:
        store.execute("UPDATE counter SET seq = 41")
    steps = (*migrate.STEPS, "ALTER TABLE counter ADD COLUMN extra;\nUPDATE counter SET extra = seq + 1;\n")
    monkeypatch.setattr(migrate, "STEPS", steps)
    monkeypatch.setattr(migrate, "VERSION", len(steps))
    with closing(open_store(path)) as store:
        assert store.execute("SELECT extra FROM counter").fetchone()[0] == 42
        assert store.execute("PRAGMA user_version").fetchone()[0] == len(steps)


def test_a_step_that_fails_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.db"
    open_store(path).close()
    steps = (*migrate.STEPS, "CREATE TABLE fine (id);\nINSERT INTO nowhere VALUES (1);\n")
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "STEPS", steps)
        patched.setattr(migrate, "VERSION", len(steps))
        with pytest.raises(StoreError, match="nowhere"):
            open_store(path)
    with closing(open_store(path)) as store:
        assert store.execute("SELECT count(*) FROM sqlite_master WHERE name = 'fine'").fetchone()[0] == 0


def test_many_processes_may_make_the_same_store_at_once(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    code = (
        "import sys; from pathlib import Path; from tui.store.migrate import open_store;"
        "open_store(Path(sys.argv[1])).close()"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, str(path)]) for _ in range(4)]
    assert [process.wait(30) for process in processes] == [0, 0, 0, 0]
    with closing(open_store(path)) as store:
        assert store.execute("SELECT count(*) FROM counter").fetchone()[0] == 1


ANOTHER_PROGRAM = """
import sqlite3, sys
store = sqlite3.connect(sys.argv[1], isolation_level=None)
store.execute("UPDATE counter SET seq = seq + 1")
print(store.execute("SELECT seq FROM counter").fetchone()[0])
store.close()
"""


def seq_as_another_process_sees_it(path: Path) -> int:
    """Raises the store's seq from outside; when it closes, SQLite drops the journal if nobody holds it."""
    command = [sys.executable, "-c", ANOTHER_PROGRAM, str(path)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_opening_a_store_twice_in_a_process_lets_go_of_no_lock(tmp_path: Path) -> None:
    # POSIX drops all of a process's locks on a file when it closes any descriptor of it: then another
    # process takes the journal away under us, and what we write afterwards is lost without an error.
    path = tmp_path / "s.db"
    with closing(open_store(path)) as store:
        store.execute("UPDATE counter SET seq = 10")
        open_store(path).close()
        Reader(path).close()
        with closing(open_store(path)):
            assert seq_as_another_process_sees_it(path) == 11
            store.execute("UPDATE counter SET seq = 20")
            assert seq_as_another_process_sees_it(path) == 21


def of_before(path: Path, version: int, payload: str) -> None:
    """A store of an older version: one incident acknowledged, one shelved, by actions with that payload."""
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        for step in migrate.STEPS[:version]:
            old.executescript(step)
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        old.execute(f"PRAGMA user_version = {version}")
        for id in (1, 2):
            old.execute(
                "INSERT INTO incident VALUES (?, ?, 'incident', '[\"north\"]', 'Strike', 'en', 'drone', "
                "'axis', 2, 4, NULL, NULL, NULL, 100.0, 100.0, '[\"wire\"]', 1, 'B3')",
                (id, id),
            )
            old.execute("INSERT INTO incident_front VALUES (?, '', 'incident', 4, 100.0, 100.0)", (id,))
            for verb, state in (("acknowledge", "acknowledged"), ("shelve", "shelved")):
                action = old.execute(
                    "INSERT INTO action (at, who, verb, subject, payload) "
                    "VALUES (200.0, 'AB', ?, 'incidents', ?)",
                    (verb, payload),
                ).lastrowid
                old.execute(
                    "INSERT OR REPLACE INTO incident_state (incident, state, who, at, action) "
                    "VALUES (?, ?, 'AB', 200.0, ?)",
                    (1 if verb == "acknowledge" else 2, state, action),
                )
        if version > 1:
            old.execute(
                "INSERT INTO event (seq, at, kind, subject, before, state, words) "
                "VALUES (3, 150.0, 'posture', 'north', 'usual', 'elevated', 'words')"
            )
        if version > 2:
            old.execute("INSERT INTO alarm VALUES (1, 'critical', 'high', 4, 2, 'why')")


@pytest.mark.parametrize("payload", ['{"ids": [1], "before": "new"}', '{"ids": [1'])
@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_store_of_before_comes_up_to_date_with_all_that_is_in_it(
    tmp_path: Path, version: int, payload: str
) -> None:
    path = tmp_path / "s.db"
    of_before(path, version, payload)
    with closing(open_store(path)) as store, closing(open_store(tmp_path / "new.db")) as new:
        schema = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
        assert store.execute(schema).fetchall() == new.execute(schema).fetchall()
        assert store.execute("PRAGMA foreign_key_check").fetchall() == []
    with closing(Reader(path)) as reader:
        assert {each.id: each.state for each in reader.incidents()} == {
            1: State.ACKNOWLEDGED,
            2: State.SHELVED,
        }
        assert [event.state for event in reader.events()] == ["elevated"] * (version > 1)
        assert [level.killed for level in reader.levels([1]).values()] == [2] * (version > 2)


KILLED = """
import os, signal, sys
from pathlib import Path
import tui.store.migrate as migrate
left, make = int(sys.argv[2]), migrate.connect
def connect(path, *, mode):
    def count(_):
        global left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
    store = make(path, mode=mode)
    store.set_trace_callback(count)
    return store
migrate.connect = connect
migrate.open_store(Path(sys.argv[1]))
"""


def test_a_migration_that_is_killed_anywhere_is_done_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    of_before(path, 1, "{}")
    for statement in (8, 15, 30, 60):
        killed = subprocess.run([sys.executable, "-c", KILLED, str(path), str(statement)], check=False)
        assert killed.returncode == -signal.SIGKILL
        with closing(sqlite3.connect(path)) as store:
            assert store.execute("PRAGMA user_version").fetchone() == (1,)
    open_store(path).close()
    with closing(Reader(path)) as reader:
        assert len(reader.incidents()) == 2
