"""Publishers on loopback that cost next to nothing, in a process of their own: for measuring who asks them.

Every document has an ETag and a Last-Modified and is answered with 304 to whoever shows either. One
thread and no library, so that on a machine of two cores what is measured is the reader.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.benchmarks.bench_many_feeds import SUBJECTS
from tests.benchmarks.realistic import Written, documents

COUNTS: Final = "/counts"
"""Where they tell how often they have answered with which status since they were last asked."""
MODIFIED: Final = "Sun, 01 Mar 2026 12:00:00 GMT"
ENTRIES: Final = 6
GAP: Final = 600
"""Seconds from one entry of a slowly changing feed to its next."""
RELEVANT: Final = 10
"""One in so many of those feeds tells of a front; the others are"""
IDLE: Final = 3
"""about this one of the subjects."""
STORIES: Final = tuple(
    words.format(place=place, n=number % 7 + 2)
    for number, place in enumerate(
        (
            *("Naqoura", "Erbil", "Hodeidah", "Khiam", "Ain al-Asad", "Marib", "Tyre", "Kirkuk", "Taiz"),
            *(
                "Nabatieh",
                "Deir ez-Zor",
                "Sanaa",
                "Bint Jbeil",
                "Mosul",
                "Aden",
                "Marjayoun",
                "Qaim",
                "Saada",
            ),
        )
    )
    for words in (
        "Drone strike near {place} wounds {n}, mayor says",
        "Roadside bomb hits army patrol in {place}, {n} soldiers killed",
        "Gunmen abduct {n} aid workers in {place}",
    )
)
"""What the realistic feeds tell of the fronts."""
HOME: Final = "127.0.0.1"
Documents = Callable[[str], Written | None]
"""What stands at a path."""


def two_hundred() -> Documents:
    """The realistic feeds at ``/0`` to ``/199``: of now, and with stories that are on a front."""
    written = documents(newest=datetime.now(UTC), stories=STORIES)
    pages = {f"/{number}": each for number, each in enumerate(written)}
    return pages.get


def two_hundred_without_news() -> Documents:
    """The same of a March long ago, with nothing of a front: no entry is merged to an incident."""
    pages = {f"/{number}": each for number, each in enumerate(documents())}
    return pages.get


def slowly_changing() -> Documents:
    """Feeds whose entries come each ten minutes, every feed at moments of its own."""

    def at(path: str) -> Written:
        feed = int(path[1:])
        newest = (int(time.time()) + feed * 97) // GAP
        items = "".join(_item(feed, number) for number in range(newest, newest - ENTRIES, -1))
        head = f"<title>Outlet {feed}</title><link>https://outlet{feed}.example/</link>"
        text = (
            f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'
        )
        return Written("slow", text.encode())

    return at


def _item(feed: int, number: int) -> str:
    told = number % len(SUBJECTS) if feed % RELEVANT == 0 else IDLE
    title = SUBJECTS[told].format(n=feed * 1000 + number % 1000)
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(number * GAP - feed * 97 % GAP))
    link = f"https://outlet{feed}.example/{number}"
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate></item>"
    )


class _Talk(asyncio.Protocol):
    """One connection; a request comes in one piece or in several, one after the other."""

    def __init__(self, at: Documents, counts: Counter[int]) -> None:
        self._at = at
        self._counts = counts
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            head, _, self._heard = self._heard.partition(b"\r\n\r\n")
            self._transport.write(self._answer(head.decode("latin-1")))

    def _answer(self, head: str) -> bytes:
        first, *lines = head.split("\r\n")
        path = first.split(" ")[1]
        if path == COUNTS:
            told = json.dumps(self._counts).encode()
            self._counts.clear()
            return _message("200 OK", {"Content-Type": "application/json"}, told)
        written = self._at(path)
        if written is None:
            self._counts[404] += 1
            return _message("404 Not Found", {}, b"")
        asked = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        etag = f'"{hashlib.blake2b(written.body, digest_size=8).hexdigest()}"'
        headers = {"Content-Type": written.content_type, "ETag": etag, "Last-Modified": MODIFIED}
        # RFC 9110, 13.2.2: the date counts only where no ETag is shown.
        if etag == asked.get("if-none-match") or (
            "if-none-match" not in asked and asked.get("if-modified-since") == MODIFIED
        ):
            self._counts[304] += 1
            return _message("304 Not Modified", headers, None)
        self._counts[200] += 1
        return _message("200 OK", headers, written.body)


def _message(status: str, headers: Mapping[str, str], body: bytes | None) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join((*lines, "", "")).encode("latin-1") + (body or b"")


async def _serve(at: Documents, hosts: Sequence[str]) -> None:
    counts: Counter[int] = Counter()
    loop = asyncio.get_running_loop()
    port, servers = 0, []
    for host in hosts:
        servers.append(await loop.create_server(lambda: _Talk(at, counts), host, port, backlog=256))
        port = servers[0].sockets[0].getsockname()[1]
    print(port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # until whoever started it closes the pipe, or is gone
    for server in servers:
        server.close()


@dataclass(frozen=True)
class Publishers:
    """The server, as who started it sees it."""

    port: int
    pid: int

    def url(self, path: str, host: str = HOME) -> str:
        """Address of a path."""
        return f"http://{host}:{self.port}{path}"

    def counts(self) -> dict[str, int]:
        """Answers since the last call, by status."""
        with urllib.request.urlopen(self.url(COUNTS)) as answer:
            told: dict[str, int] = json.loads(answer.read())
        return told


@contextmanager
def serving(what: Callable[[], Documents], hosts: Sequence[str] = (HOME,)) -> Iterator[Publishers]:
    """The publishers of ``what``, a function of a module, at ``hosts`` until the end of the block."""
    code = (
        f"import asyncio; from tests.benchmarks.publishers import _serve; from {what.__module__} import "
        f"{what.__name__} as what; asyncio.run(_serve(what(), {list(hosts)!r}))"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root
    ) as server:
        assert server.stdout is not None and server.stdin is not None
        try:
            yield Publishers(int(server.stdout.readline()), server.pid)
        finally:
            server.stdin.close()
