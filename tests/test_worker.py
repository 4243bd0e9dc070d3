"""Documents are parsed in a process that can be killed, and is when one takes too long."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.test_lean import ITEM, rss
from tests.test_parse import RSS, URL
from tui.feeds import lean
from tui.feeds.gate import Refused
from tui.feeds.parse import Parsed, parse
from tui.feeds.worker import ParseProcess, ParseWorker

TINY_ITEMS = b"<rss version='2.0'><channel>" + b"<item><title>a</title></item>" * 200_000
"""6 MB that take feedparser far more than a second."""
PLAIN = rss(ITEM).encode()
"""What goes the lean way; RSS does not."""


@pytest.fixture
async def worker() -> AsyncIterator[ParseWorker]:
    worker = ParseWorker()
    yield worker
    await worker.close()


@pytest.fixture
async def process() -> AsyncIterator[ParseProcess]:
    """A process that reads with feedparser."""
    process = ParseProcess("full")
    yield process
    await process.close()


def alive(pid: int) -> bool:
    """Whether the system knows such a process, a zombie too."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_gone(pid: int, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while alive(pid):
        assert time.monotonic() < end, f"process {pid} is still there"
        time.sleep(0.02)


async def test_the_worker_reads_what_the_parser_reads(worker: ParseWorker) -> None:
    expected = parse(RSS, "application/rss+xml", URL, 100)
    assert await worker.parse(RSS, "application/rss+xml", URL, 100) == expected
    assert await worker.parse(b"", "", URL, 100) == Parsed(fault="empty: the server sent nothing")


async def test_a_plain_document_starts_no_feedparser_and_is_read_while_another_takes_long(
    worker: ParseWorker,
) -> None:
    expected = parse(PLAIN, "", URL, 9)
    long = asyncio.create_task(worker.parse(TINY_ITEMS, "", URL, 100))
    await asyncio.sleep(0.5)
    assert await worker.parse(PLAIN, "", URL, 9) == expected
    assert not long.done()
    long.cancel()
    with pytest.raises(asyncio.CancelledError):
        await long


async def test_the_lean_process_reads_what_passes_the_gate_and_says_why_the_rest_does_not() -> None:
    process = ParseProcess("lean")
    assert await process.read(PLAIN, "", URL, 9) == lean.parse(PLAIN, "", URL, 9)
    for odd in (RSS, TINY_ITEMS):
        with pytest.raises(Refused) as why:
            lean.parse(odd, "", URL, 9)
        answer = await process.read(odd, "", URL, 9)
        if odd is RSS:  # short enough for feedparser in the same process
            assert isinstance(answer, Parsed)
            assert answer == parse(RSS, "", URL, 9)
            answer = answer.refused
        assert answer == str(why.value)
    await process.close()


async def test_what_the_lean_process_takes_too_long_over_is_left_to_feedparser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.feeds.worker.LEAN_LIMIT", 0.0)
    worker = ParseWorker()
    assert await worker.parse(PLAIN, "", URL, 9) == parse(PLAIN, "", URL, 9)
    await worker.close()


async def test_one_process_reads_many_documents_also_at_once(process: ParseProcess) -> None:
    assert process.pid is None
    await process.read(RSS, "", URL, 1)
    first = process.pid
    answers = await asyncio.gather(*(process.read(RSS, "", URL, most) for most in (1, 2, 3)))
    assert answers == [parse(RSS, "", URL, most) for most in (1, 2, 3)]
    assert process.pid == first


async def test_a_document_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    process = ParseProcess("full", time_limit=1.5)
    await process.read(RSS, "", URL, 1)
    first = process.pid
    assert first is not None
    parsed = await process.read(TINY_ITEMS, "", URL, 100)
    assert parsed == "not readable as a feed: parsing took more than 1.5 s"
    assert not alive(first)
    assert await process.read(RSS, "", URL, 2) == parse(RSS, "", URL, 2)
    await process.close()


async def test_a_process_that_dies_idle_is_started_again_without_a_fault(process: ParseProcess) -> None:
    await process.read(RSS, "", URL, 1)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    await asyncio.to_thread(wait_until_gone, process.pid)
    assert await process.read(RSS, "", URL, 3) == parse(RSS, "", URL, 3)


async def kill_at_work(process: ParseProcess, other_than: int | None = None) -> None:
    """Kill the process as soon as it is at its next document."""
    while process.pid in (None, other_than):  # noqa: ASYNC110 - a process has no event for its start
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)


async def test_a_document_that_brings_a_new_process_down_is_given_up(process: ParseProcess) -> None:
    killing = asyncio.create_task(kill_at_work(process))
    parsed = await process.read(TINY_ITEMS, "", URL, 100)
    await killing
    assert parsed == "not readable as a feed: it brought the parser down"
    assert await process.read(RSS, "", URL, 3) == parse(RSS, "", URL, 3)


async def test_a_document_that_brings_down_a_used_process_and_a_new_one_is_given_up(
    process: ParseProcess,
) -> None:
    await process.read(RSS, "", URL, 1)

    async def kill_twice() -> None:
        first = process.pid
        await kill_at_work(process)
        await kill_at_work(process, other_than=first)

    killing = asyncio.create_task(kill_twice())
    parsed = await process.read(TINY_ITEMS, "", URL, 100)
    await killing
    assert parsed == "not readable as a feed: it brought the parser down"


async def test_a_cancelled_parse_leaves_no_process_and_no_half_answer(process: ParseProcess) -> None:
    await process.read(RSS, "", URL, 1)
    first = process.pid
    assert first is not None
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await process.read(TINY_ITEMS, "", URL, 100)
    await asyncio.to_thread(wait_until_gone, first)
    assert await process.read(RSS, "", URL, 2) == parse(RSS, "", URL, 2)


async def test_the_end_of_a_parser_leaves_no_process(process: ParseProcess) -> None:
    await process.read(RSS, "", URL, 1)
    pid = process.pid
    assert pid is not None
    await process.close()
    assert not alive(pid)
    await process.close()


PARENT = """
import asyncio
from tui.feeds.worker import ParseProcess
async def go():
    process = ParseProcess("full")
    await process.read(b"x", "", "https://news.example/", 1)
    print(process.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(go())
"""


def test_a_parser_ends_with_a_parent_that_is_killed() -> None:
    root = str(Path(__file__).parents[1])
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=root)
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    wait_until_gone(pid)


async def test_what_stands_in_the_current_folder_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worker: ParseWorker
) -> None:
    (tmp_path / "feedparser.py").write_text("raise SystemExit('somebody else')")
    monkeypatch.chdir(tmp_path)
    assert len((await worker.parse(RSS, "", URL, 2)).entries) == 2
