"""The supervisor: real processes that die, hang and come back, and what is told of them."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from tests.watchfloor import Watchfloor
from tests.watching import driven, text_of, watching
from tests.watching import until as until_shown
from tests.workbench import until
from tui import paths, supervisor
from tui.clock import STALE_HEARTBEAT
from tui.model import Heartbeat
from tui.outage import BACK_FOR, BLIND_AFTER, outage
from tui.session import Session
from tui.store.writer import Writer
from tui.supervisor import LONGEST_WAIT, Supervisor, Trouble, back_off

LIVES = "import sys; sys.stdin.read()"
"""Lives until its parent closes the pipe."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LOOK_EVERY", 0.02)


@contextmanager
def supervising(data: Path, code: str) -> Iterator[Supervisor]:
    data.mkdir(exist_ok=True)
    supervised = Supervisor([sys.executable, "-S", "-c", code], data)
    supervised.start()
    try:
        yield supervised
    finally:
        supervised.stop()


def trouble_of(supervised: Supervisor) -> Trouble:
    assert supervised.trouble is not None
    return supervised.trouble


def test_a_collector_that_is_killed_is_started_again_and_none_is_left_behind(tmp_path: Path) -> None:
    with supervising(tmp_path / "data", LIVES) as supervised:
        until(lambda: supervised.pid)
        first = supervised.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        until(lambda: supervised.pid not in (None, first))
        second = supervised.pid
        assert second is not None
        assert trouble_of(supervised).times == 1
        assert trouble_of(supervised).why.startswith("killed (signal 9)")
        assert trouble_of(supervised).again is None
    for pid in (first, second):
        with pytest.raises(ProcessLookupError):  # not even a zombie
            os.kill(pid, 0)


def test_one_that_dies_at_once_is_told_with_its_last_words_and_started_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "back_off", lambda times: times / 1000)
    with supervising(tmp_path / "data", "import no_such_module") as supervised:
        until(lambda: supervised.trouble is not None and supervised.trouble.times >= 8)
        why = trouble_of(supervised).why
    assert why == "ModuleNotFoundError: No module named 'no_such_module'"


def test_each_end_within_ten_minutes_doubles_the_wait_up_to_half_a_minute() -> None:
    assert [back_off(times) for times in range(1, 8)] == [
        1.0,
        2.0,
        4.0,
        8.0,
        16.0,
        LONGEST_WAIT,
        LONGEST_WAIT,
    ]
    assert back_off(10_000) == LONGEST_WAIT


def test_what_may_have_mended_it_starts_it_without_the_rest_of_the_wait(tmp_path: Path) -> None:
    mended = tmp_path / "mended"
    code = f"import os, sys; os.path.exists({str(mended)!r}) and sys.stdin.read(); sys.exit('not mended')"
    with supervising(tmp_path / "data", code) as supervised:
        until(lambda: supervised.trouble is not None and supervised.trouble.times == 2)
        assert trouble_of(supervised).why == "not mended"
        mended.touch()
        asked = time.time()
        supervised.retry()
        until(lambda: supervised.pid)
        assert asked < (trouble_of(supervised).last + 2.0)


def test_one_that_hangs_is_killed_and_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "HUNG_AFTER", 0.2)
    with supervising(tmp_path / "data", "import time; time.sleep(99)") as supervised:
        until(lambda: supervised.pid)
        first = supervised.pid
        assert first is not None
        now = time.time()
        supervised.hear(Heartbeat(first, now, now, now, now, 1.0))
        until(lambda: supervised.pid not in (None, first))
        assert trouble_of(supervised).why.startswith("hung: no sign of life for")


def test_one_that_gives_signs_of_life_or_complains_is_let_live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "HUNG_AFTER", 0.3)
    code = "import sys, time\nfor _ in range(20): sys.stderr.write('the disk is full\\n'); time.sleep(0.05)"
    with supervising(tmp_path / "data", code) as supervised:
        until(lambda: supervised.pid)
        first = supervised.pid
        assert first is not None
        now = time.time()
        supervised.hear(Heartbeat(first, now, now, now, now, 1.0))
        until(lambda: supervised.said_since(now))
        assert supervised.said_since(now) == "the disk is full"
        until(lambda: supervised.trouble)
        assert trouble_of(supervised).why == "the disk is full"


def test_one_is_not_killed_because_this_screen_cannot_read_the_store(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "HUNG_AFTER", 0.5)
    session = Session(floor.config, floor.data, collector=[sys.executable, "-S", "-c", LIVES])
    session.start(session.taken)
    try:
        until(lambda: session.collector_pid)
        first = session.collector_pid
        assert first is not None
        now = time.time()
        picture = session.picture._replace(heartbeat=Heartbeat(first, now, now, now, now, 1.0))
        session._take(picture)
        blind_until = time.monotonic() + 1.0
        while time.monotonic() < blind_until:
            session._take(picture._replace(fault="cannot be read"))
            assert session.collector_pid == first
            time.sleep(0.05)
        until(lambda: session.collector_pid not in (None, first))  # it can be read again, and tells no beat
    finally:
        session.close()


def test_one_that_says_more_than_a_pipe_holds_is_not_held_up(tmp_path: Path) -> None:
    done = tmp_path / "done"
    code = f"import sys; sys.stderr.write('words ' * 50_000); open({str(done)!r}, 'w').close(); {LIVES}"
    with supervising(tmp_path / "data", code):
        until(done.exists)


def test_a_library_that_crashes_is_told_by_what_the_interpreter_says(tmp_path: Path) -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    with supervising(tmp_path / "data", code) as supervised:
        until(lambda: supervised.trouble)
        assert trouble_of(supervised).why == "crashed (SIGSEGV): Fatal Python error: Segmentation fault"


def test_where_another_collector_is_at_the_store_none_is_started_until_it_is_gone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with FileLock(data / paths.LOCK_NAME), supervising(data, LIVES) as supervised:
        until(lambda: not supervised.starting)
        assert supervised.pid is None
        assert supervised.trouble is None
    with supervising(data, LIVES) as supervised:
        until(lambda: supervised.pid)


def test_a_program_that_cannot_be_started_is_told_and_tried_again(tmp_path: Path) -> None:
    supervised = Supervisor([str(tmp_path / "no-such-program")], tmp_path)
    supervised.start()
    until(lambda: supervised.trouble is not None and supervised.trouble.times == 2)
    supervised.stop()
    assert trouble_of(supervised).why.startswith("cannot be started: [Errno 2]")


def test_a_data_folder_that_is_gone_is_left_for_the_collector_to_make(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with supervising(data, LIVES) as supervised:
        until(lambda: supervised.pid)
        (data / paths.LOCK_NAME).unlink()
        data.rmdir()
        first = supervised.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        until(lambda: supervised.pid not in (None, first))
        assert not data.exists()


# What is told of it

NOW = 1_700_000_000.0  # 22:13:20Z


def beat(at: float, started: float = NOW - 3600) -> Heartbeat:
    return Heartbeat(7, started, at, at, at, 1.0)


def test_all_is_well_while_it_beats_and_before_its_first_start() -> None:
    assert outage(beat(NOW - 5), None, NOW) is None
    assert outage(None, None, NOW) is None
    assert outage(beat(NOW - 3600), None, NOW, starting=True) is None


def test_a_silent_collector_is_told_with_the_last_that_it_complained_of() -> None:
    told = outage(beat(NOW - STALE_HEARTBEAT - 1), None, NOW, said="store: disk is full")
    assert told is not None
    assert told.words == "COLLECTOR silent since 22:12Z (31s): store: disk is full"
    assert told.blind_since == NOW - STALE_HEARTBEAT - 1


def test_a_sign_of_life_from_the_future_is_none() -> None:
    told = outage(beat(NOW + 3600), None, NOW)
    assert told is not None
    assert told.down


def test_one_that_ended_is_told_at_once_with_why_and_when_it_starts_again() -> None:
    died = Trouble(NOW - 1, NOW - 1, 1, "killed (signal 9)", NOW + 8)
    told = outage(beat(NOW - 2), died, NOW)
    assert told is not None
    assert told.words == "COLLECTOR down since 22:13Z (start 1 in 8 s): killed (signal 9)"
    assert (told.down, told.blind_since) == (True, None)
    later = outage(beat(NOW - 2), died, NOW + BLIND_AFTER)
    assert later is not None
    assert later.words.startswith("COLLECTOR down since 22:13Z (start 1 now):")
    assert later.blind_since == NOW - 2


def test_that_it_is_back_is_told_for_a_while_and_a_crash_loop_all_along() -> None:
    once = Trouble(NOW - 20, NOW - 20, 1, "killed (signal 9)", None)
    back = beat(NOW - 1, started=NOW - 10)
    told = outage(back, once, NOW)
    assert told is not None
    assert (told.words, told.down) == (
        "Collecting again since 22:13Z; the last end: killed (signal 9)",
        False,
    )
    assert outage(back._replace(beat=NOW + BACK_FOR), once, NOW + BACK_FOR) is None
    often = outage(back._replace(beat=NOW + 99), once._replace(times=5), NOW + 100)
    assert often is not None
    assert often.words.startswith(
        "COLLECTOR unsteady: ended 5 times since 22:13Z, runs now; last end: killed"
    )


async def test_a_crash_loop_is_told_on_the_board_until_it_ends_and_every_pane_is_blind(
    floor: Watchfloor, tmp_path: Path
) -> None:
    floor.beat(ago=60)
    code = f"import os, sys; os.path.exists({str(tmp_path / 'mended')!r}) or __import__('no_such'); {LIVES}"
    session = Session(floor.config, floor.data, collector=[sys.executable, "-S", "-c", code])
    async with driven(session, (200, 50)) as (app, pilot):
        await until_shown(pilot, lambda: "No module named 'no_such'" in text_of(app))
        assert "COLLECTOR down since" in text_of(app)
        await until_shown(pilot, lambda: text_of(app).count("BLIND since") == 3)
        (tmp_path / "mended").touch()
        session.retry()
        await until_shown(pilot, lambda: session.collector_pid is not None)
        now = time.time()
        floor.writer.beat(Heartbeat(1, now, now, now, now, 1.0))
        await until_shown(pilot, lambda: "BLIND" not in text_of(app))
        assert "Collecting again" in text_of(app) or "COLLECTOR unsteady" in text_of(app)


async def test_a_store_that_is_removed_under_a_screen_is_told_and_the_next_one_opened(
    floor: Watchfloor,
) -> None:
    floor.tell("Tanker hit")
    async with watching(floor) as (app, pilot):
        floor.writer.close()
        before = set(floor.data.iterdir())
        for each in before:
            each.unlink()
        floor.data.rmdir()
        await until_shown(pilot, lambda: "STORE" in text_of(app) and "was removed" in text_of(app))
        assert text_of(app).count("BLIND") == 3
        floor.writer = Writer(floor.data / paths.STORE_NAME)  # as the next collector does
        floor.writer.set_feeds(())
        floor.tell("Base shelled")
        await until_shown(pilot, lambda: "Base shelled" in text_of(app))
        assert "Tanker hit" not in text_of(app)
        assert "The store was removed or replaced" in text_of(app)
        await pilot.press("n", "a")
        await until_shown(pilot, lambda: "STORE" not in text_of(app))
