"""Alarms on their way out: to a real service on loopback, tried again, limited, and without a secret told."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.loopback import Loopback
from tests.samples import MINUTE, NOON
from tests.test_config_posture import REST
from tests.workbench import Workbench, document, until
from tui import cli, run
from tui.alerts import courier
from tui.alerts.courier import BACK_OFF, TOO_OLD, Courier, wait_before
from tui.alerts.send import fault_of, send
from tui.clock import Clock
from tui.collector.intake import StoreThread
from tui.incidents.alarms import WINDOW, Bell, Cause, Muted
from tui.incidents.outbox import Outbox, Outboxes, Post
from tui.policy import AlarmOutput, Priority, QuietHours
from tui.store import messages
from tui.store.connect import StoreError
from tui.store.writer import Writer

PHONE = AlarmOutput("Phone", "TEST_PHONE", Priority.HIGH)
BELL = Bell(NOON, 1, Priority.HIGH, Cause.NEW, Muted.NO, "HIGH: Two killed near Naqoura [B2]")
TO = '[[alarms.to]]\nname = "Phone"\nenv = "TEST_PHONE"\n'
SECRET = "hidden-token-4711"


class Service:
    """A real web hook: what it was sent, and what it answers."""

    def __init__(self) -> None:
        self.got: list[dict[str, str]] = []
        self.answers: list[int] = []
        self.asked = 0
        self.slow: threading.Event | None = None
        """What it waits for before it answers."""
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.asked += 1
                if service.slow is not None:
                    service.slow.wait(3)
                status = service.answers.pop(0) if service.answers else 200
                if status == 200:
                    service.got.append(json.loads(body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"json://127.0.0.1:{self._server.server_address[1]}/{SECRET}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    service = Service()
    monkeypatch.setenv(PHONE.env, service.address)
    yield service
    service.close()


# Which alarms


@pytest.mark.parametrize(
    ("output", "bell", "told"),
    [
        (PHONE, BELL, True),
        (PHONE._replace(priority=Priority.CRITICAL), BELL, False),
        (PHONE, BELL._replace(muted=Muted.LIMIT), True),  # an output has a limit of its own,
        (PHONE, BELL._replace(muted=Muted.QUIET), True),  # and quiet hours of its own
        (PHONE, BELL._replace(muted=Muted.FLOOD), False),
        (PHONE, BELL._replace(cause=Cause.FLOOD, muted=Muted.LIMIT), True),
        (PHONE._replace(quiet=QuietHours(660, 780)), BELL, False),
        (PHONE._replace(quiet=QuietHours(660, 780)), BELL._replace(priority=Priority.CRITICAL), True),
    ],
)
def test_an_output_is_told_of_what_it_asked_for(output: AlarmOutput, bell: Bell, told: bool) -> None:
    assert (Outbox(output).message(bell) is not None) is told


def test_the_limit_leaves_out_and_the_next_message_says_how_many() -> None:
    outbox = Outbox(PHONE._replace(at_most=2))
    told = [outbox.message(BELL._replace(at=NOON + n * MINUTE)) for n in range(5)]
    assert [each is not None for each in told] == [True, True, False, False, False]
    assert outbox.message(BELL._replace(at=NOON + WINDOW)) == f"{BELL.words} (and 3 before it)"


def test_the_limit_holds_over_a_restart() -> None:
    limited = PHONE._replace(at_most=2)
    told_before = [("Phone", NOON - MINUTE), ("Phone", NOON), ("Radio", NOON), ("Radio", NOON)]
    assert Outboxes((limited,), told_before).posts([BELL]) == []
    assert Outboxes((limited,), told_before[1:]).posts([BELL]) == [Post(0, "Phone", BELL.words)]


def test_waiting_grows_and_ends() -> None:
    waits = [wait_before(attempt) for attempt in range(len(BACK_OFF) + 1)]
    assert waits[-1] is None
    assert waits[:-1] == sorted(BACK_OFF)


# Sending


def test_a_message_arrives_as_it_is(service: Service) -> None:
    assert send(PHONE, "HIGH: <b>x</b> & *y* [B2]") == ""
    (got,) = service.got
    assert got["message"] == "HIGH: <b>x</b> & *y* [B2]"
    assert got["title"] == "Frontwatch"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "TEST_PHONE is not set"),
        (f"nonsense://{SECRET}", "no address of a service that apprise knows"),
        (f"tgram://{SECRET}", "no address of a service that apprise knows"),
        (f"json://127.0.0.1:1/{SECRET}", "did not take it"),
    ],
)
def test_what_goes_wrong_is_told_without_the_address(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    address: str,
    told: str,
) -> None:
    monkeypatch.setenv(PHONE.env, address)
    with caplog.at_level(logging.DEBUG):
        fault = send(PHONE, "HIGH: x")
    assert told in fault
    out, err = capfd.readouterr()
    assert SECRET not in fault + caplog.text + out + err


def test_a_service_that_refuses_is_told_with_its_status(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers = [403]
    with caplog.at_level(logging.DEBUG):
        assert send(PHONE, "HIGH: x") == "the service refused it: 403"
    assert SECRET not in caplog.text


def test_without_the_library_the_mend_is_told(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    assert "install frontwatch[notify]" in fault_of(PHONE)


# Waiting


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "s.db"


def queue(store: Path, *words: str, output: str = PHONE.name, ago: float = 0.0) -> None:
    """Bells that were stored so many seconds ago, each with a message."""
    bells = [BELL._replace(words=each) for each in words]
    posts = [Post(number, output, each) for number, each in enumerate(words)]
    with closing(Writer(store)) as writer, pytest.MonkeyPatch.context() as then:
        then.setattr(Clock, "now", lambda _: time.time() - ago)
        writer.judge(0, {}, bells, posts, now=NOON)


def fates(store: Path) -> list[tuple[str, int]]:
    with closing(Writer(store)) as writer:
        rows = writer.mail(
            lambda db: db.execute("SELECT state, attempts FROM message ORDER BY id").fetchall()
        )
    return [tuple(row) for row in rows]


async def bring(
    store: Path,
    until: Callable[[], bool],
    outputs: tuple[AlarmOutput, ...] = (PHONE,),
    waits: Callable[[int], float | None] = lambda attempt: 0.01,
) -> None:
    """A courier's life until something is so."""
    async with StoreThread(store) as thread:
        running = asyncio.create_task(Courier(outputs, thread, waits).run())
        for _ in range(1000):
            if until():
                break
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait({running})


def settled(store: Path) -> Callable[[], bool]:
    return lambda: all(state != "waiting" for state, _ in fates(store))


async def test_a_message_is_tried_again_until_it_is_taken(
    service: Service, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers = [500, 503]
    queue(store, BELL.words)
    with caplog.at_level(logging.INFO):
        await bring(store, settled(store))
    assert [got["message"] for got in service.got] == [BELL.words]
    assert fates(store) == [("sent", 3)]
    assert caplog.text.count("again in") == 2
    assert SECRET not in caplog.text


async def test_a_message_that_is_never_taken_is_given_up_and_the_next_one_goes_out(
    service: Service, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers = [500] * 3
    queue(store, BELL.words, "HIGH: another")
    await bring(store, settled(store), waits=lambda attempt: 0.01 if attempt < 2 else None)
    assert [got["message"] for got in service.got] == ["HIGH: another"]
    assert fates(store) == [("given up", 3), ("sent", 1)]
    assert "given up after 3 tries" in caplog.text


async def test_an_output_that_fails_keeps_no_other_waiting(service: Service, store: Path) -> None:
    unset = AlarmOutput("Nowhere", "TEST_UNSET", Priority.LOW)
    queue(store, "HIGH: lost", output="Nowhere")
    queue(store, BELL.words)
    await bring(store, lambda: bool(service.got), (unset, PHONE), lambda attempt: 3600.0)
    assert fates(store) == [("waiting", 1), ("sent", 1)]


async def test_what_waits_when_the_collector_ends_is_sent_by_the_next_one_and_only_once(
    service: Service, store: Path
) -> None:
    service.answers = [500]
    queue(store, BELL.words, "HIGH: another")
    await bring(store, lambda: fates(store)[0] == ("waiting", 1), waits=lambda attempt: 0.3)
    assert service.got == []
    await bring(store, settled(store))
    await bring(store, settled(store))
    assert [got["message"] for got in service.got] == [BELL.words, "HIGH: another"]
    assert fates(store) == [("sent", 2), ("sent", 1)]


async def test_what_is_being_sent_when_the_collector_ends_is_not_sent_again(
    service: Service, store: Path
) -> None:
    service.slow = threading.Event()
    queue(store, BELL.words)
    async with StoreThread(store) as thread:
        running = asyncio.create_task(Courier((PHONE,), thread).run())
        for _ in range(1000):
            if service.asked:
                break
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.sleep(0.05)
        service.slow.set()
        await asyncio.wait({running})
    assert fates(store) == [("sent", 1)]
    await bring(store, settled(store))
    assert len(service.got) == 1


async def test_what_has_waited_too_long_is_dropped_and_the_log_says_so(
    service: Service, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    queue(store, "HIGH: of this morning", ago=TOO_OLD)
    queue(store, "HIGH: of now", ago=TOO_OLD - 60)
    await bring(store, settled(store))
    assert [got["message"] for got in service.got] == ["HIGH: of now"]
    assert fates(store) == [("dropped", 0), ("sent", 1)]
    assert "not sent, the alarm is more than 60 min old: HIGH: of this morning" in caplog.text


async def test_what_waits_for_an_output_that_is_no_more_is_dropped(
    service: Service, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    queue(store, BELL.words, output="Radio")
    await bring(store, settled(store))
    assert service.got == []
    assert "alarm output Radio: not sent, there is no such output any more" in caplog.text


async def test_a_store_that_fails_for_a_while_makes_nothing_come_twice(
    service: Service, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(store, BELL.words)
    monkeypatch.setattr(courier, "STORE_PAUSE", 0.01)
    faults = [StoreError("disk full", "free some space")] * 3
    settle = messages.settle

    def full(*args: Any, **named: Any) -> None:
        if faults:
            raise faults.pop()
        settle(*args, **named)

    monkeypatch.setattr(messages, "settle", full)
    await bring(store, settled(store))
    assert faults == []
    assert len(service.got) == 1
    assert fates(store) == [("sent", 1)]


# The command


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.toml"
    path.write_text(f"{REST}{TO}", encoding="utf-8")
    return path


def test_the_test_command_sends_to_each_and_says_what_came_of_it(
    service: Service, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--config", str(config), "alarm", "--test"]) == run.DONE
    assert "good   Phone  sent" in capsys.readouterr().out
    assert [got["message"][:5] for got in service.got] == ["TEST:"]


def test_the_test_command_tells_faults_and_exits_with_one(
    service: Service, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.answers = [404]
    assert cli.main(["--config", str(config), "alarm", "--test"]) == run.FAULT
    out, err = capsys.readouterr()
    assert "FAULT  Phone  the service refused it: 404" in out
    assert SECRET not in out + err


def test_without_test_nothing_is_sent(
    service: Service, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--config", str(config), "alarm"]) == run.DONE
    assert service.got == []
    assert "good   Phone  from priority critical on" in capsys.readouterr().out


def test_check_tells_of_an_output_whose_address_is_not_there(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TEST_PHONE", raising=False)
    assert cli.main(["--config", str(config), "check", "--offline"]) == run.FAULT
    assert '[[alarms.to]] "Phone": the environment variable TEST_PHONE is not set' in capsys.readouterr().err
    monkeypatch.setenv("TEST_PHONE", f"json://127.0.0.1/{SECRET}")
    assert cli.main(["--config", str(config), "check", "--offline"]) == run.DONE
    out, err = capsys.readouterr()
    assert SECRET not in out + err


def test_an_alarm_of_a_collector_that_is_killed_is_sent_by_the_next_one(
    service: Service, tmp_path: Path
) -> None:
    with Loopback() as feeds:
        bench = Workbench(tmp_path, feeds)
        feeds.serve("/a", document("Drone strike near Naqoura kills 40, dozens wounded"))
        bench.watch("/a")
        bench.config.write_text(f'{bench.config.read_text()}[alarms]\nring = "low"\n{TO}priority = "low"\n')
        service.answers, service.slow = [503], threading.Event()
        with bench.collector() as first:
            until(lambda: service.asked)
            first.kill()
        service.slow.set()
        with bench.collector() as second:
            until(lambda: service.got)
            until(lambda: fates(bench.store) == [("sent", 1)])
            assert second.stop() == 0
    assert len(service.got) == 1


def test_the_collector_sends_what_is_an_alarm(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui.collector import run as collect

    with Loopback() as feeds:
        bench = Workbench(tmp_path, feeds)
        feeds.serve("/a", document("Drone strike near Naqoura kills 40, dozens wounded"))
        bench.watch("/a")
        text = bench.config.read_text()
        bench.config.write_text(f'{text}[alarms]\nring = "low"\n{TO}priority = "low"\n')

        async def until_sent() -> None:
            stop = asyncio.Event()
            running = asyncio.create_task(collect(bench.config, bench.data, Clock(), stop=stop))
            for _ in range(1000):
                if service.got:
                    break
                await asyncio.sleep(0.02)
            stop.set()
            await running

        asyncio.run(until_sent())
    (got,) = service.got
    assert "Drone strike near Naqoura kills 40" in got["message"]
