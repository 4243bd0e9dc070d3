"""A month of feeds over real HTTP: each source has a host of its own, and now and then it fails.

A document holds the newest entries by the month's clock. Answered with 304 is whoever has it already; a few
requests in a thousand end in 503, in half of the body, or in nothing at all.
"""

from __future__ import annotations

import asyncio
import bisect
import random
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Final, Self

from tests.soak.texts import Month, Text
from tui.clock import Clock
from tui.demo.documents import CONTENT_TYPES, document, http_date
from tui.demo.world import Item, Outlet, Telling

WINDOW: Final = 40
"""Entries in a document: more than the busiest source brings in a night of failing."""
FORMATS: Final = ("rss", "rss", "rss", "atom", "rdf")
FAULTS: Final = (("unavailable", 0.004), ("cut", 0.003), ("silent", 0.001))
"""What goes wrong, and how often."""


class Publishers:
    """The servers of a month; use it as a context manager."""

    def __init__(self, month: Month, clock: Clock, seed: int = 7) -> None:
        self.clock = clock
        self.counts: Counter[str] = Counter()
        """Answers by sort: ``sent``, ``unchanged``, those of :data:`FAULTS`, ``unknown``."""
        self._sources = [_Source(number, texts) for number, texts in enumerate(month.values())]
        self._dice = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="publishers", daemon=True)
        self._up = threading.Event()
        self._end = asyncio.Event()
        self.port = 0

    @property
    def urls(self) -> list[str]:
        """Addresses of the feeds, each on a loopback host of its own."""
        return [f"http://{source.host}:{self.port}/feed.xml" for source in self._sources]

    @property
    def hosts(self) -> list[str]:
        """Where they live."""
        return [source.host for source in self._sources]

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._up.wait(20.0):
            raise RuntimeError("the publishers did not come up")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(20.0)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._run())
        self._loop.close()

    async def _run(self) -> None:
        answering: set[asyncio.Task[None]] = set()

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._converse(reader, writer))
            answering.add(task)
            task.add_done_callback(answering.discard)

        server = await asyncio.start_server(connected, self._sources[0].host, 0)
        self.port = int(server.sockets[0].getsockname()[1])
        more = await asyncio.start_server(connected, self.hosts[1:], self.port) if self.hosts[1:] else server
        self._up.set()
        await self._end.wait()
        for each in {server, more}:
            each.close()
        for task in answering:
            task.cancel()
        await asyncio.gather(*answering, return_exceptions=True)
        await asyncio.sleep(0)  # the connections that were closed just now are let go

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer what comes on one connection, until it ends."""
        try:
            while await self._answer(await reader.readuntil(b"\r\n\r\n"), writer):
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever asked has gone, or asked for nothing that makes sense
        finally:
            writer.close()

    async def _answer(self, head: bytes, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection stays."""
        lines = head.decode("latin-1").split("\r\n")
        fields = (line.partition(":") for line in lines[1:])
        headers = {name.strip().lower(): value.strip() for name, _, value in fields}
        source = self._source(headers.get("host", ""))
        if source is None or lines[0].split()[1] != "/feed.xml":
            self._send(writer, "404 Not Found", "unknown", {}, b"")
            return True
        fault = self._fault()
        if fault == "unavailable":
            self._send(writer, "503 Service Unavailable", fault, {"Retry-After": "1800"}, b"Later.\n")
            return True
        if fault == "silent":
            self.counts[fault] += 1
            await self._end.wait()
            return False
        etag, newest, body = source.document(self.clock.now())
        known = {"ETag": etag, "Last-Modified": http_date(newest)}
        if headers.get("if-none-match") == etag:
            self._send(writer, "304 Not Modified", "unchanged", known, None)
            return True
        known["Content-Type"] = f"{CONTENT_TYPES[source.outlet.format]}; charset=utf-8"
        self._send(writer, "200 OK", fault or "sent", known, body, cut=fault == "cut")
        return not fault

    def _source(self, host: str) -> _Source | None:
        return next((each for each in self._sources if each.host == host.partition(":")[0]), None)

    def _fault(self) -> str:
        chance = self._dice.random()
        for name, share in FAULTS:
            if chance < share:
                return name
            chance -= share
        return ""

    def _send(
        self,
        writer: asyncio.StreamWriter,
        status: str,
        sort: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        cut: bool = False,
    ) -> None:
        self.counts[sort] += 1
        length = {} if body is None else {"Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in {**headers, **length}.items())
        sent = (body or b"")[: len(body or b"") // 2] if cut else body or b""
        writer.write(f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + sent)


class _Source:
    """One source: its entries, and the document that it serves now."""

    def __init__(self, number: int, texts: list[Text]) -> None:
        self.host = f"127.0.1.{number + 1}"
        self.outlet = Outlet(
            slug=f"source-{number}",
            name=f"Source {number}",
            publisher=f"source-{number}",
            language="en",
            reliability="B",
            about="A source of the soak",
            format=FORMATS[number % len(FORMATS)],
            html=number % 2 == 1,
        )
        self._texts = texts
        self._dates = [text.published for text in texts]
        self._made = (-1, "", 0.0, b"")

    def document(self, now: float) -> tuple[str, float, bytes]:
        """Its validator, when its newest entry was published, and its body."""
        end = bisect.bisect_right(self._dates, now)
        if end != self._made[0]:
            first = max(0, end - WINDOW)
            items = [self._item(at) for at in range(end - 1, first - 1, -1)]
            body = document(self.outlet, items, f"http://{self.outlet.slug}.example")
            self._made = (end, f'"{self.outlet.slug}-{end}"', self._dates[end - 1] if end else 0.0, body)
        return self._made[1:]

    def _item(self, at: int) -> Item:
        text = self._texts[at]
        telling = Telling(
            event=f"e{at}",
            number=at,
            outlet=self.outlet.slug,
            at=0.0,
            title=text.title,
            summary=text.summary,
            section="world",
            hostile=False,
            fronts=(),
            kind="other",
            type=None,
            by=None,
            killed=None,
            severity=None,
        )
        # Pages of one address, told twice, are two entries: the number keeps them apart.
        return Item(f"{self.outlet.slug}-{at}", f"{text.path}?n={at}", text.published, telling)
