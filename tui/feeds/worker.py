"""Parsing in processes that can be killed: a document may take a bounded time and no more.

Ten megabytes of tiny items cost feedparser half a minute, and no thread can be stopped. Each process
runs :mod:`tui.feeds.child`, which tells how they talk.
"""

from __future__ import annotations

import asyncio
import json
import logging
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final, Literal

from tui import spawn
from tui.feeds.parse import Parsed
from tui.model import Entry

log = logging.getLogger(__name__)

Way = Literal["lean", "full"]
"""How a process reads: what passes the gate (:mod:`tui.feeds.lean`) or is short, or all by feedparser."""

TIME_LIMIT: Final = 15.0
"""Seconds for one document."""
LEAN_LIMIT: Final = 5.0
"""Seconds for one document on the lean way (the worst of 10 MiB took 1.8); then it is feedparser's turn."""


class ParseWorker:
    """Reads documents, most of them quickly.

    A lean process reads what passes the gate, and by feedparser what is short; another, which is started only
    then, whatever is long and does not pass. Each has its own queue: a document that feedparser is long at
    holds up nobody whose document is plain.
    """

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self._lean = ParseProcess("lean", min(time_limit, LEAN_LIMIT))
        self._full = ParseProcess("full", time_limit)

    async def parse(self, body: bytes, content_type: str, url: str, max_entries: int) -> Parsed:
        """As :func:`tui.feeds.parse.parse`; a document that takes too long or kills the parser is a fault.

        What did not go the lean way says why not.
        """
        document = (body, content_type, url, max_entries)
        answer = await self._lean.read(*document)
        if isinstance(answer, Parsed):
            return answer
        refused, answer = answer, await self._full.read(*document)
        return replace(answer if isinstance(answer, Parsed) else Parsed(fault=answer), refused=refused)

    async def close(self) -> None:
        """End the processes."""
        await self._lean.close()
        await self._full.close()


class ParseProcess:
    """One process, started with the first document, started again after it had to be killed."""

    def __init__(self, way: Way, time_limit: float = TIME_LIMIT) -> None:
        self._way: Way = way
        self._limit = time_limit
        self._turn = asyncio.Lock()
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """Its process id; None while there is none."""
        return self._process.pid if self._process is not None else None

    async def read(self, body: bytes, content_type: str, url: str, max_entries: int) -> Parsed | str:
        """The document as this process's way reads it, or why it can't."""
        async with self._turn:
            used = self._process is not None
            answer = await self._read(body, content_type, url, max_entries)
            if answer is None and used:  # it may have died before this document: once more, with a new one
                answer = await self._read(body, content_type, url, max_entries)
            return "not readable as a feed: it brought the parser down" if answer is None else answer

    async def _read(self, body: bytes, content_type: str, url: str, max_entries: int) -> Parsed | str | None:
        """What the process makes of the document; None where it died."""
        try:
            if self._process is None:
                self._process = await _start(self._way, self._limit)
        except OSError as error:
            log.warning("parser can't be started: %r", error)
            return f"this machine: the parser can't be started ({error.strerror})"
        try:
            async with asyncio.timeout(self._limit):
                return await _ask(self._process, body, content_type, url, max_entries)
        except TimeoutError:
            await self.close()
            log.warning("%s parser killed after %g s on %s", self._way, self._limit, url)
            return f"not readable as a feed: parsing took more than {self._limit:g} s"
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            await self.close()
            log.warning("%s parser died on %s: %r", self._way, url, error)
            return None
        except asyncio.CancelledError:
            await self.close()  # half a conversation can't be taken up again
            raise

    async def close(self) -> None:
        """Kill the process, if there is one, and wait until the system has it no more."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):  # it has ended by itself
            process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await asyncio.shield(process.wait())


async def _start(way: Way, limit: float) -> Process:
    return await asyncio.create_subprocess_exec(
        *(*spawn.command("tui.feeds.child"), way, str(limit)),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env=spawn.environment(),
    )


async def _ask(process: Process, body: bytes, content_type: str, url: str, max_entries: int) -> Parsed | str:
    assert process.stdin is not None and process.stdout is not None
    question = json.dumps([content_type, url, max_entries]).encode()
    frames = (question, body)
    process.stdin.writelines(part for frame in frames for part in (len(frame).to_bytes(4, "big"), frame))
    await process.stdin.drain()
    length = int.from_bytes(await process.stdout.readexactly(4), "big")
    return _unpack(json.loads(await process.stdout.readexactly(length)))


def _unpack(document: Any) -> Parsed | str:
    if isinstance(document, str):
        return document
    rows, title, fault, refused = document
    return Parsed(tuple(Entry(*row) for row in rows), title, fault, refused)
