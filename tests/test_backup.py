"""A store to one file and back: sound, whole, and nothing lost on the way, whatever comes between."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import samples
from tests.loopback import Loopback
from tests.samples import NOON
from tests.watchfloor import CONFIG, Watchfloor
from tests.workbench import Workbench, until
from tui import paths
from tui.cli import main
from tui.collector.lock import alone_now
from tui.incidents.attention import Turn, Verb
from tui.log_lines import read_log
from tui.model import Kind, State
from tui.session import Session
from tui.store import backup, retention
from tui.store.backup import back_up, restore
from tui.store.connect import StoreError
from tui.store.desk import Desk
from tui.store.migrate import VERSION
from tui.store.reader import Reader
from tui.store.writer import Writer


@pytest.fixture
def watched(floor: Watchfloor) -> Iterator[Watchfloor]:
    """A watch on which three things happened, one was acknowledged, and a note was written."""
    for headline in ("Drone strike near Naqoura", "Shelling of a village", "غارة على بلدة الخيام"):
        floor.tell(headline, sources=("Gazette", "Wire"))
    with closing(Desk(floor.data / paths.STORE_NAME)) as desk:
        desk.acknowledge([1], "JS", floor.now)
        desk.note(2, "called the desk in Tyre", "JS", floor.now)
    yield floor


@pytest.fixture
def bench(tmp_path: Path, server: Loopback) -> Workbench:
    return Workbench(tmp_path, server)


def store_of(floor: Watchfloor) -> Path:
    return floor.data / paths.STORE_NAME


def told(store: Path) -> object:
    """All that a board, a log and an incident's page are made of."""
    with closing(Reader(store)) as reader:
        incidents = reader.incidents(limit=-1)
        return (
            incidents,
            [reader.reports(incident.id) for incident in incidents],
            reader.feeds(),
            reader.events(),
        ), contents(store, "action", "incident_state", "report_words")


def contents(store: Path, *tables: str) -> list[list[tuple[object, ...]]]:
    # For writing too: what a kill left half done is rolled back by whoever opens the store so.
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=rw", uri=True)) as db:
        return [db.execute(f"SELECT * FROM {table}").fetchall() for table in tables]


def headlines(store: Path) -> set[str]:
    return {str(headline) for (headline,) in contents(store, "(SELECT headline FROM incident)")[0]}


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def test_what_is_backed_up_here_is_the_same_board_there(watched: Watchfloor, tmp_path: Path) -> None:
    copy, there = tmp_path / "copy.db", tmp_path / "there" / paths.STORE_NAME
    held = back_up(store_of(watched), copy)
    assert (held.incidents, held.reports, held.actions, held.version) == (3, 6, 2, VERSION)
    with alone_now(there.parent):
        done = restore(copy, there, NOON)
    assert done.aside is None
    assert told(there) == told(store_of(watched))
    with closing(Reader(there)) as reader:
        assert {each.id: each.state for each in reader.incidents()}[1] is State.ACKNOWLEDGED


def test_acts_of_people_are_those_of_people_and_not_the_collectors(
    watched: Watchfloor, tmp_path: Path
) -> None:
    before = back_up(store_of(watched), tmp_path / "before.db").actions
    watched.writer.judge(0, {}, (), turns=[Turn(2, Verb.CLOSE, State.NEW)], now=watched.now)
    assert back_up(store_of(watched), tmp_path / "after.db").actions == before == 2


def test_the_last_screen_leaves_all_in_one_file(tmp_path: Path) -> None:
    config, data = tmp_path / "feeds.toml", tmp_path / "data"
    config.write_text(CONFIG, encoding="utf-8")
    session = Session(config, data, collector=None)
    session.desk.note(None, "all quiet", "JS", NOON)
    session.close()
    assert names(data) == {paths.STORE_NAME}


def test_what_a_killed_backup_left_is_in_nobodys_way(watched: Watchfloor, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    left = tmp_path / f".copy.db.{os.getpid()}.part"  # in a container every run may have the same process id
    left.write_bytes(b"half a copy")
    back_up(store_of(watched), copy)
    assert left.read_bytes() == b"half a copy"


def test_a_backup_is_one_private_file(watched: Watchfloor, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    umask = os.umask(0)
    try:
        back_up(store_of(watched), folder / "copy.db")
    finally:
        os.umask(umask)
    assert names(folder) == {"copy.db"}
    assert stat.S_IMODE((folder / "copy.db").stat().st_mode) == 0o600
    with closing(sqlite3.connect(folder / "copy.db")) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_who_writes_meanwhile_never_waits_and_the_copy_is_of_one_moment(
    watched: Watchfloor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_PAGES", 5)
    before, steps = told(store_of(watched)), []

    def write(done: int, of: int) -> None:
        steps.append(done)
        watched.tell(f"Told while the copy was at page {done}")

    back_up(store_of(watched), tmp_path / "copy.db", progress=write)
    assert len(steps) > 5
    assert steps == sorted(set(steps))
    assert len(headlines(store_of(watched))) == 3 + len(steps)
    with alone_now(tmp_path / "there"):
        restore(tmp_path / "copy.db", tmp_path / "there" / paths.STORE_NAME, NOON)
    assert told(tmp_path / "there" / paths.STORE_NAME) == before


def test_a_collector_goes_on_while_its_store_is_backed_up(
    bench: Workbench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.watch("/a")
    with bench.collector() as collector:
        until(lambda: bench.doing().startswith("watching"))
        assert main(["--data", str(bench.data), "backup", str(tmp_path / "copy.db")]) == 0
        said = capsys.readouterr()
        assert said.out.startswith(f"{tmp_path / 'copy.db'}: 0 incidents, 0 reports, ")
        assert said.err == ""
        assert collector.stop() == 0


def test_nothing_is_written_over_unless_it_is_asked_for(watched: Watchfloor, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("a letter")
    with pytest.raises(StoreError, match=r"copy\.db is there already.*--force"):
        back_up(store_of(watched), copy)
    assert copy.read_text() == "a letter"
    assert back_up(store_of(watched), copy, force=True).incidents == 3
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_place_that_will_not_do_is_told_with_the_mend(watched: Watchfloor, tmp_path: Path) -> None:
    store, before = store_of(watched), told(store_of(watched))
    shutil.copy(watched.config, tmp_path / "file")
    (tmp_path / "same.db").hardlink_to(store)
    for target, words in (
        (tmp_path, "is a folder: name a file in it"),
        (tmp_path / "none" / "copy.db", "No such file or directory: make the folder first"),
        (tmp_path / "file" / "copy.db", "Not a directory: a file stands where a folder should"),
        (Path("/dev/null"), "is no plain file"),
        (store, "is the store, or a journal of it"),
        (tmp_path / "same.db", "is the store, or a journal of it"),
        (store.with_name(f"{store.name}-wal"), "is the store, or a journal of it"),
    ):
        with pytest.raises(StoreError, match=words):
            back_up(store, target, force=True)
    with pytest.raises(StoreError, match=r"there is no store at .*--data"):
        back_up(tmp_path / "none.db", tmp_path / "copy.db")
    assert told(store) == before
    assert not any(name.endswith(".part") for name in names(tmp_path) | names(store.parent))


FULL = """
import resource, signal, sys
sys.dont_write_bytecode = True  # one that is cut off would be left to every other program
from tui.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("words", [("backup", "--force"), ("restore",)])
def test_no_room_left_loses_nothing(watched: Watchfloor, tmp_path: Path, words: tuple[str, ...]) -> None:
    store, copy = store_of(watched), tmp_path / "copy.db"
    back_up(store, copy)
    watched.tell("After the backup")
    watched.writer.close()
    before, kept = told(store), copy.read_bytes()
    command = [sys.executable, "-c", FULL, "--data", str(watched.data), *words, str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert str(copy) in done.stderr
    assert "check that the disk is there, sound and not full" in done.stderr
    assert "Traceback" not in done.stderr
    assert told(store) == before
    assert copy.read_bytes() == kept
    assert not any(name.endswith(".part") for name in names(tmp_path) | names(watched.data))


def spoil(store: Path) -> None:
    """Writes over a page of it, as a bad disk would."""
    (root,) = contents(store, "(SELECT rootpage FROM sqlite_master WHERE name = 'report_by_incident')")[0][0]
    assert isinstance(root, int)
    with store.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 200)


def test_a_damaged_store_gives_no_backup(watched: Watchfloor, tmp_path: Path) -> None:
    watched.writer.close()
    spoil(store_of(watched))
    with pytest.raises(StoreError, match=r"is damaged: Page \d+: .*: the collector keeps it"):
        back_up(store_of(watched), tmp_path / "copy.db")
    assert "copy.db" not in names(tmp_path)


def test_what_was_there_before_a_restore_is_kept_beside(watched: Watchfloor, tmp_path: Path) -> None:
    store = store_of(watched)
    back_up(store, tmp_path / "copy.db")
    copied = told(store)
    watched.tell("After the backup")
    latest = told(store)
    watched.writer.close()
    for n in range(2):
        done = restore(tmp_path / "copy.db", store, NOON)
        assert done.aside is not None
        assert done.aside.name == f"frontwatch-before-restore-20231201T120000Z{'-2' * n}.db"
        assert stat.S_IMODE(done.aside.stat().st_mode) == 0o600
        assert told(store) == copied
        assert told(done.aside) == (copied if n else latest)


def test_a_store_in_use_is_not_restored_over(
    watched: Watchfloor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = store_of(watched)
    back_up(store, tmp_path / "copy.db")
    watched.tell("After the backup")
    watched.writer.close()
    before = told(store)
    command = ("--data", str(watched.data), "restore", str(tmp_path / "copy.db"))
    with closing(Reader(store)) as screen:
        screen.seq()
        assert main(command) == 1
        assert "is in use: close every dashboard on it and stop its collector" in capsys.readouterr().err
    with alone_now(watched.data):
        assert main(command) == 1
        assert "is in use: close every dashboard on it and stop its collector" in capsys.readouterr().err
    assert told(store) == before
    assert main(command) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"{store}: 3 incidents, 6 reports, 2 acts of people, ")
    assert "what was there before is kept as" in said.err


@pytest.mark.parametrize("damage", ["no database", "broken pages", "empty"])
def test_a_store_that_nothing_can_read_is_set_aside_as_it_is(
    watched: Watchfloor, tmp_path: Path, damage: str
) -> None:
    store = store_of(watched)
    back_up(store, tmp_path / "copy.db")
    copied = told(store)
    watched.writer.close()
    if damage == "broken pages":
        spoil(store)
    else:
        store.write_bytes(b"" if damage == "empty" else b"not what it was " * 999)
    left = store.read_bytes()
    done = restore(tmp_path / "copy.db", store, NOON)
    assert told(store) == copied
    assert done.aside is not None
    assert done.aside.read_bytes()[100:] == left[100:]  # the header tells how it was journaled


def test_a_journal_without_its_store_is_not_taken_for_the_new_ones(
    watched: Watchfloor, tmp_path: Path
) -> None:
    store = store_of(watched)
    back_up(store, tmp_path / "copy.db")
    copied = told(store)
    shutil.copy(store.with_name(f"{store.name}-wal"), tmp_path / "journal")
    watched.writer.close()
    store.unlink()
    shutil.copy(tmp_path / "journal", store.with_name(f"{store.name}-wal"))
    assert restore(tmp_path / "copy.db", store, NOON).aside is None
    assert told(store) == copied
    assert (watched.data / "frontwatch-before-restore-20231201T120000Z.db-wal").exists()


def of_version(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {version}")


def test_what_is_no_backup_is_refused_with_the_mend(watched: Watchfloor, tmp_path: Path) -> None:
    store, before = store_of(watched), told(store_of(watched))
    back_up(store, tmp_path / "good.db")
    watched.writer.close()
    (tmp_path / "letter.db").write_text("a letter " * 999)
    (tmp_path / "empty.db").touch()
    with closing(sqlite3.connect(tmp_path / "photos.db")) as photos:
        photos.execute("CREATE TABLE photo (id)")
    for name in ("newer.db", "cut.db", "broken.db"):
        shutil.copy(tmp_path / "good.db", tmp_path / name)
    of_version(tmp_path / "newer.db", VERSION + 1)
    os.truncate(tmp_path / "cut.db", (tmp_path / "cut.db").stat().st_size // 2)
    spoil(tmp_path / "broken.db")
    for name, words in (
        ("letter.db", "not a database: name a file that `frontwatch backup` wrote"),
        ("empty.db", "is empty"),
        ("photos.db", "the database of another program: name a file that"),
        ("newer.db", f"of version {VERSION + 1}, this program knows {VERSION}: update frontwatch"),
        ("cut.db", "cut.db.*earlier backup|cut.db.*malformed"),
        ("broken.db", "broken.db is damaged"),
        ("none.db", "there is no file"),
        ("data", "is no plain file"),
        (f"data/{paths.STORE_NAME}", "is the store itself"),
    ):
        with pytest.raises(StoreError, match=words):
            restore(tmp_path / name, store, NOON)
    assert told(store) == before
    assert not any("part" in name or "before-restore" in name for name in names(watched.data))


def test_another_programs_database_is_not_restored_over(watched: Watchfloor, tmp_path: Path) -> None:
    back_up(store_of(watched), tmp_path / "copy.db")
    photos = tmp_path / "photos" / paths.STORE_NAME
    photos.parent.mkdir()
    with closing(sqlite3.connect(photos)) as db:
        db.execute("CREATE TABLE photo (id)")
    before = photos.read_bytes()
    with pytest.raises(StoreError, match="the database of another program"):
        restore(tmp_path / "copy.db", photos, NOON)
    assert photos.read_bytes() == before


def test_a_later_programs_store_gives_way_to_a_backup_and_is_kept(
    watched: Watchfloor, tmp_path: Path
) -> None:
    store = store_of(watched)
    back_up(store, tmp_path / "copy.db")
    watched.writer.close()
    of_version(store, VERSION + 1)
    done = restore(tmp_path / "copy.db", store, NOON)
    assert done.aside is not None
    assert contents(done.aside, "pragma_user_version") == [[(VERSION + 1,)]]
    assert contents(store, "pragma_user_version") == [[(VERSION,)]]


def test_a_store_copied_by_hand_with_its_journal_is_read_whole(watched: Watchfloor, tmp_path: Path) -> None:
    store, by_hand = store_of(watched), tmp_path / "by hand.db"
    for end in ("", "-wal"):
        shutil.copy(store.with_name(store.name + end), by_hand.with_name(by_hand.name + end))
    assert by_hand.with_name("by hand.db-wal").stat().st_size
    with alone_now(tmp_path / "there"):
        restore(by_hand, tmp_path / "there" / paths.STORE_NAME, NOON)
    assert told(tmp_path / "there" / paths.STORE_NAME) == told(store)


def restore_until_killed(copy: Path, store: Path, delay: float) -> bool:
    """A restore in a process that is killed after ``delay`` seconds; whether it was done by then."""
    child = os.fork()
    if not child:
        signal.setitimer(signal.ITIMER_REAL, delay)  # nobody handles its signal: it kills
        with alone_now(store.parent):
            restore(copy, store, NOON)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGALRM)
    return status == 0


@pytest.mark.parametrize("kills", [8, pytest.param(100, marks=pytest.mark.slow)])
def test_killed_anywhere_a_restore_leaves_the_one_or_the_other(
    watched: Watchfloor, tmp_path: Path, kills: int
) -> None:
    store, copy = store_of(watched), tmp_path / "copy.db"
    back_up(store, copy)
    copied = told(store)
    with closing(Writer(store)) as writer:
        writer.add([(samples.report(f"After the backup {n}"), None) for n in range(2000)], ())
    latest = told(store)
    watched.writer.close()
    back_up(store, tmp_path / "latest.db")
    chance = random.Random(7)
    for _ in range(kills):
        done = restore_until_killed(copy, store, chance.uniform(0.001, 0.12))
        assert contents(store, "pragma_integrity_check") == [[("ok",)]]
        now = told(store)
        assert now == copied or (now == latest and not done)
        for aside in watched.data.glob("*before-restore*.db"):
            assert told(aside) in (copied, latest)
        if now == copied:
            restore(tmp_path / "latest.db", store, NOON)


def reports(store: Path) -> set[str]:
    return {str(title) for (title,) in contents(store, "(SELECT title FROM report)")[0]}


@pytest.fixture
def overdue(watched: Watchfloor) -> Watchfloor:
    """A watch with two thousand reports of no incident and a piece of context that are older than 90 days."""
    old = watched.now - 91 * samples.DAY
    watched.writer.add([(samples.report(f"Old {n}" * 9, at=old), None) for n in range(2000)], ())
    watched.writer.add([(samples.report("Lately", at=watched.now), None)], ())
    watched.tell("Old attack", ago=91 * samples.DAY)
    watched.tell("Old talks", ago=91 * samples.DAY, kind=Kind.DIPLOMACY)
    return watched


def prune(floor: Watchfloor, *words: str) -> int:
    return main(["--config", str(floor.config), "--data", str(floor.data), "prune", *words])


def test_a_dry_run_says_what_would_go_and_drops_nothing(
    overdue: Watchfloor, capsys: pytest.CaptureFixture[str]
) -> None:
    before = told(store_of(overdue))
    assert prune(overdue, "--dry-run") == 0
    assert (
        "2001 of 2009 reports are of no incident and older than 90 days: to be dropped"
        in capsys.readouterr().out
    )
    assert told(store_of(overdue)) == before


def test_pruning_drops_what_is_not_kept_and_gives_the_room_back(
    overdue: Watchfloor, capsys: pytest.CaptureFixture[str]
) -> None:
    overdue.writer.close()
    store = store_of(overdue)
    size = store.stat().st_size
    assert prune(overdue) == 0
    assert capsys.readouterr().out.startswith("dropped 2001 of 2009 reports; the store took ")
    assert store.stat().st_size < size / 2
    assert reports(store) == {
        "Drone strike near Naqoura",
        "Shelling of a village",
        "غارة على بلدة الخيام",
        "Old attack",
        "Lately",
    }
    assert contents(store, "pragma_integrity_check") == [[("ok",)]]
    with closing(Reader(store)) as reader:
        assert {each.headline for each in reader.incidents(limit=-1)} == reports(store) - {"Lately"}
    assert prune(overdue) == 0
    assert capsys.readouterr().out.startswith("dropped 0 of 8 reports; ")


def test_a_running_collector_prunes_when_it_is_asked_and_the_room_is_used_again(
    overdue: Watchfloor, server: Loopback, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overdue.writer.close()
    bench = Workbench(tmp_path, server)
    bench.watch("/a")
    bench.config.write_text(
        bench.config.read_text().replace('title = "Test"', 'title = "Test"\nkeep = "900d"')
    )
    with bench.collector():
        until(lambda: bench.doing().startswith("watching"))
        until(lambda: bench.query("SELECT 1 FROM event") or bench.query("SELECT 1 FROM standing"))
        assert len(reports(bench.store)) == 2006
        bench.config.write_text(bench.config.read_text().replace("900d", "90d"))
        assert prune(overdue) == 0  # by what is kept now, though the collector has not looked since
        assert "hold nothing and will be used again" in capsys.readouterr().err
        assert "a command asks: prune" in {line.content["message"] for line in read_log(bench.data, 50).lines}
        assert len(reports(bench.store)) == 5


def test_no_room_while_it_is_pruned_loses_nothing(overdue: Watchfloor) -> None:
    overdue.writer.close()
    command = ["--config", str(overdue.config), "--data", str(overdue.data), "prune"]
    full = FULL.replace("40_000, 40_000", "1_000_000, 1_000_000")
    done = subprocess.run([sys.executable, "-c", full, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"store {store_of(overdue)}: disk I/O error: check that the disk is there" in done.stderr
    assert "Old attack" in reports(store_of(overdue))
    assert contents(store_of(overdue), "pragma_integrity_check") == [[("ok",)]]


def test_no_room_for_writing_the_store_anew_is_told_with_what_it_takes(
    overdue: Watchfloor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def compact(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(retention, "compact", compact)
    overdue.writer.close()
    assert prune(overdue) == 1
    words = capsys.readouterr().err
    assert "disk is full: free some space on that disk; nothing is lost, but to write it anew takes " in words
    assert len(reports(store_of(overdue))) == 5
