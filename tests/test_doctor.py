"""``frontwatch doctor`` and ``frontwatch log``: all that a report needs, no secret, whatever is broken."""

from __future__ import annotations

import json
import logging
import re
import shutil
import sqlite3
import time
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest

from tests.watchfloor import CONFIG, Watchfloor
from tui import cli_care, log_lines, paths
from tui.cli import main
from tui.clock import STALE_HEARTBEAT
from tui.doctor import as_text, examine, machine, watch
from tui.doctor.section import Section
from tui.feeds.health import DOWN
from tui.logs import LogFile, facts
from tui.model import Heartbeat
from tui.store.migrate import VERSION

Doctor = Callable[..., tuple[int, str]]


@pytest.fixture(autouse=True)
def _own_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setattr("locale.getpreferredencoding", lambda _=True: "UTF-8")


@pytest.fixture
def doctor(floor: Watchfloor, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """The command on a small watch: its exit code and what it prints."""
    floor.data.chmod(0o700)

    def ask(*words: str) -> tuple[int, str]:
        code = main(["doctor", "--config", str(floor.config), "--data", str(floor.data), *words])
        return code, capsys.readouterr().out

    return ask


def tell(data: Path, level: int, words: str, *, error: Exception | None = None, **more: str) -> None:
    """A line of the log."""
    file = LogFile(data / paths.LOG_NAME, "collector")
    told = (type(error), error, None) if error is not None else None
    line = logging.LogRecord("tui.collector.poll", level, "", 0, words, None, told)
    vars(line).update(facts(**more))
    file.emit(line)
    file.close()


def test_where_all_is_well_it_says_so_and_what_it_looked_at(floor: Watchfloor, doctor: Doctor) -> None:
    floor.tell("Tanker hit", sources=("Gazette", "Herald"))
    code, told = doctor()
    assert told.splitlines()[-1] == "All is well."
    assert code == 0
    for words in ("textual", "TERM", "UTF-8", "xterm-256color", "MB of", "Test watch", "gazette.example"):
        assert words in told
    assert f"{VERSION} (this program's is {VERSION})" in told
    assert "report 2" in told
    assert "whole" in told
    assert "fresh 4" in told


def test_as_json_it_is_one_object(doctor: Doctor) -> None:
    code, told = doctor("--json")
    data = json.loads(told)
    assert (code, data["wrong"]) == (0, [])
    assert data["sections"]["store"]["rows"]["feed"] == 4
    assert data["sections"]["feeds"]["states"] == {"fresh": 4}


def test_it_works_before_anything_is_there_and_makes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, data = tmp_path / "feeds.toml", tmp_path / "none"
    config.write_text(CONFIG, encoding="utf-8")
    assert main(["doctor", "--config", str(config), "--data", str(data)]) == 0
    assert "none yet: the first start makes it" in capsys.readouterr().out
    assert not data.exists()


def test_no_secret_and_no_home_folder_is_in_it(
    floor: Watchfloor, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_TELEGRAM", "tgram://hunter2/chat")
    monkeypatch.setenv("HOME", str(floor.data.parent))
    text = CONFIG.replace("https://gazette.example/rss", "https://gazette.example/rss?token=hunter2")
    floor.config.write_text(
        text + '[[alarms.to]]\nname = "desk"\nenv = "DESK_TELEGRAM"\npriority = "high"\n', encoding="utf-8"
    )
    floor.poll(good=0, error="401 at https://me:hunter2@gazette.example/rss?key=hunter2")
    tell(
        floor.data, logging.ERROR, "no answer of tgram://hunter2/chat", url="https://a.example/?token=hunter2"
    )
    for words in ((), ("--json",)):
        _, told = doctor(*words)
        assert "hunter2" not in told
        assert "gazette.example" in told
        assert str(floor.data.parent) not in told
    assert "DESK_TELEGRAM" in told


def test_a_store_that_is_damaged_is_told_with_the_mend_and_the_rest_goes_on(
    floor: Watchfloor, doctor: Doctor
) -> None:
    floor.writer.close()
    store = floor.data / paths.STORE_NAME
    for name in ("-wal", "-shm"):
        Path(f"{store}{name}").unlink(missing_ok=True)
    store.write_bytes(b"somebody's letters" * 500)
    code, told = doctor()
    assert code == 1
    assert "WRONG" in told
    assert "mend:" in told
    assert "Test watch" in told
    assert "last faults" in told


def test_a_page_that_is_spoilt_is_found(floor: Watchfloor, doctor: Doctor) -> None:
    for number in range(50):
        floor.tell(f"Strike {number}")
    floor.writer.close()
    store = floor.data / paths.STORE_NAME
    with closing(sqlite3.connect(store)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'incident_by_seq'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    with store.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * 200)
    code, told = doctor()
    assert code == 1
    assert "the store is damaged" in told or "malformed" in told


def test_a_faulty_config_is_told_with_every_fault_and_the_rest_goes_on(
    floor: Watchfloor, doctor: Doctor
) -> None:
    floor.config.write_text(CONFIG.replace('zone = "Asia/Aden"', 'zone = "Asia/Atlantis"\nnmae = "x"'))
    code, told = doctor()
    assert code == 1
    assert "Asia/Atlantis" in told
    assert "nmae" in told
    assert "whole" in told


def test_files_that_others_may_read_are_told_with_the_command_that_mends_it(
    floor: Watchfloor, doctor: Doctor
) -> None:
    (floor.data / paths.STORE_NAME).chmod(0o644)
    floor.config.write_text(
        CONFIG.replace("https://gazette.example/rss", "https://gazette.example/rss?key=x")
    )
    floor.config.chmod(0o644)
    code, told = doctor()
    assert code == 1
    assert "frontwatch.db: others can read it" in told
    assert "others can read it, and a feed's address in it holds a secret" in told
    assert "mend: chmod 600 it" in told


def test_a_silent_collector_that_holds_the_store_is_told(floor: Watchfloor, doctor: Doctor) -> None:
    from filelock import FileLock

    floor.beat(ago=300)
    assert doctor()[0] == 0  # nobody is at work: nothing is wrong with that
    with FileLock(floor.data / paths.LOCK_NAME, mode=0o600):
        code, told = doctor()
    assert code == 1
    assert "has been silent for 300 s" in told


def test_a_network_that_is_down_is_not_well(floor: Watchfloor, doctor: Doctor) -> None:
    from filelock import FileLock

    floor.beat(network=DOWN)
    with FileLock(floor.data / paths.LOCK_NAME, mode=0o600):
        code, told = doctor()
    assert (code, "no server of any feed can be reached" in told) == (1, True)


def test_feeds_that_fail_are_told_with_why(floor: Watchfloor, doctor: Doctor) -> None:
    floor.poll(good=3)
    code, told = doctor()
    assert (code, "Feed 3: DNS: no such host (3 times)" in told) == (0, True)
    floor.poll(good=1)
    code, told = doctor()
    assert code == 1
    assert "3 of 4 feeds failed" in told


def test_the_last_faults_of_the_log_are_told_with_the_end_of_their_traceback(
    floor: Watchfloor, doctor: Doctor
) -> None:
    tell(floor.data, logging.INFO, "all is well")
    for number in range(30):
        tell(floor.data, logging.ERROR, f"fault {number}", error=ValueError(f"boom {number}"))
    _, told = doctor()
    assert "all is well" not in told
    assert "fault 9" not in told
    assert "fault 10" in told
    assert "ValueError: boom 29" in told


def test_a_machine_that_is_short_of_room_or_tells_a_wrong_time_is_told(
    floor: Watchfloor, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    floor.writer.beat(Heartbeat(1, now, now + 86_400, now, now, 1.0))
    usage = shutil._ntuple_diskusage(1000 * machine.MEGABYTE, 990 * machine.MEGABYTE, 10 * machine.MEGABYTE)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    code, told = doctor()
    assert code == 1
    assert "only 10 MB are free" in told
    assert "lies in the future" in told


def test_a_terminal_that_cannot_show_it_is_told(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getpreferredencoding", lambda _=True: "ANSI_X3.4-1968")
    monkeypatch.setenv("TERM", "dumb")
    code, told = doctor()
    assert code == 1
    assert "not UTF-8" in told
    assert "can move no cursor" in told


def test_a_section_that_fails_is_told_and_the_others_are_not_lost(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(section: Section, data: Path) -> None:
        section.row("half", "told")
        raise RuntimeError("boom")

    monkeypatch.setattr(watch, "store", fail)
    told = as_text(examine(floor.config, floor.data))
    assert "could not be looked at: RuntimeError: boom" in told
    assert "half  told" in told
    assert "FEEDS" in told


def test_a_check_that_takes_too_long_is_left_where_it_is(
    floor: Watchfloor, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(300):
        floor.tell(f"Strike {number}", summary="words " * 50)
    monkeypatch.setattr(watch, "CHECK_SECONDS", -1.0)
    monkeypatch.setattr(watch, "CHECK_STEPS", 10)
    code, told = doctor()
    assert "not finished in" in told
    assert code == 0


# The log


def asked(floor: Watchfloor, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(["log", "--data", str(floor.data), *words]) == 0
    return capsys.readouterr().out.splitlines()


def test_the_log_command_says_where_it_lies(floor: Watchfloor, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(floor, capsys, "path") == [str(floor.data / paths.LOG_NAME)]


def test_the_log_command_prints_the_last_lines_of_a_level_for_people_and_for_programs(
    floor: Watchfloor, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(5):
        tell(floor.data, logging.INFO, f"step {number}")
    tell(floor.data, logging.ERROR, "two\nlines \x1b[2J", error=ValueError("boom"), url="https://a.example")
    first, second, *below = asked(floor, capsys, "--last", "2")
    assert first.endswith("collector.poll: step 4")
    assert "error   collector[" in second
    assert "two lines" in second
    assert second.endswith("url=https://a.example")
    assert below == ["    ValueError: boom"]
    assert "\x1b" not in second
    assert len(asked(floor, capsys, "--level", "error")) == 2
    (line,) = asked(floor, capsys, "--json", "--level", "warning")
    assert json.loads(line)["url"] == "https://a.example"


def test_a_torn_line_of_the_log_is_passed_over_and_told(
    floor: Watchfloor, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(floor.data, logging.INFO, "one")
    with (floor.data / paths.LOG_NAME).open("ab") as file:
        file.write(b'{"time": "2026-\n[1]\n\xff\xfe\n')
    tell(floor.data, logging.INFO, "two")
    assert main(["log", "--data", str(floor.data)]) == 0
    told = capsys.readouterr()
    assert [line.rsplit(": ")[-1] for line in told.out.splitlines()] == ["one", "two"]
    assert "3 lines could not be read" in told.err


def test_the_old_files_of_the_log_are_read_first(
    floor: Watchfloor, capsys: pytest.CaptureFixture[str]
) -> None:
    file = LogFile(floor.data / paths.LOG_NAME, "screen", size=500)
    for number in range(8):
        file.emit(logging.LogRecord("tui.app", logging.INFO, "", 0, f"step {number}", None, None))
    file.close()
    assert [line.rsplit(": ")[-1] for line in asked(floor, capsys)] == [f"step {n}" for n in range(8)]


def test_where_there_is_no_log_nothing_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", "--data", str(tmp_path / "none")]) == 0
    assert capsys.readouterr().out == ""


def test_it_names_every_package_that_a_fault_may_come_from() -> None:
    project = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text(encoding="utf-8"))
    needed = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["notify"]]
    assert sorted(machine.PACKAGES) == sorted(re.split("[<>=]", each)[0] for each in needed)


def test_a_user_without_a_home_folder_is_told_to_set_one(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nobody(_: object) -> NoReturn:
        raise KeyError("uid not found")

    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", nobody)
    for command in (["doctor"], ["log", "path"], ["list"], ["completion", "bash"]):
        assert main(command) == 1
        told = capsys.readouterr().err
        assert told == "frontwatch: this user has no home folder: set HOME to one that it may write to\n"
    assert main(["doctor", "--config", str(floor.config), "--data", str(floor.data)]) == 1
    assert "this user has no home folder" in capsys.readouterr().out


def test_what_is_said_twice_for_the_sake_of_a_quick_start_is_the_same() -> None:
    assert watch.SILENT == STALE_HEARTBEAT
    assert cli_care.LEVELS == log_lines.LEVELS
