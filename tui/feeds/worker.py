"""Parsing in processes that can be killed: a document may take a bounded time and no more.

Ten megabytes of tiny items cost feedparser half a minute, and no thread can be stopped. Each process
is a plain ``python -m tui.feeds.worker`` that reads and writes frames (a length in 4 bytes, big
endian, then that many bytes) of JSON and of the body. JSON, not pickle: what reads hostile documents
is not trusted to say what its parent executes.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import astuple, replace
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, Final, Literal

from tui.feeds.parse import Parsed, parse
from tui.model import Entry

log = logging.getLogger(__name__)

Way = Literal["lean", "full"]
"""How a process reads: only what passes the gate (:mod:`tui.feeds.lean`), or anything, by feedparser."""

TIME_LIMIT: Final = 15.0
"""Seconds for one document."""
LEAN_LIMIT: Final = 5.0
"""Seconds for one document on the lean way (the worst of 10 MiB took 1.8); then it is feedparser's turn."""
MEMORY_LIMIT: Final = 2 * 1024**3
"""Bytes of address space of the worker, where the platform can bound it."""
_ORPHAN_GRACE: Final = 5.0
"""Seconds past its limit after which a worker whose parent did not kill it ends by itself."""


class ParseWorker:
    """Reads documents, most of them quickly.

    A lean process reads what passes the gate, one of feedparser's the rest, each with its own queue: a
    document that feedparser is long at holds up nobody whose document is plain.
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
    package_home = str(Path(__file__).parents[2])
    environment = dict(os.environ)
    # -P keeps the current folder, which is anybody's, off the child's path; this puts ours on it.
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (package_home, environment.get("PYTHONPATH"))))
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-m", "tui.feeds.worker", way, str(limit)),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env=environment,
    )


async def _ask(process: Process, body: bytes, content_type: str, url: str, max_entries: int) -> Parsed | str:
    assert process.stdin is not None and process.stdout is not None
    question = json.dumps([content_type, url, max_entries]).encode()
    for frame in (question, body):
        process.stdin.write(len(frame).to_bytes(4, "big"))
        process.stdin.write(frame)
    await process.stdin.drain()
    length = int.from_bytes(await process.stdout.readexactly(4), "big")
    return _unpack(json.loads(await process.stdout.readexactly(length)))


def _pack(answer: Parsed | str) -> bytes:
    if isinstance(answer, Parsed):
        document = [[astuple(entry) for entry in answer.entries], answer.title, answer.fault]
    return json.dumps(answer if isinstance(answer, str) else document, ensure_ascii=False).encode("utf-8")


def _unpack(document: Any) -> Parsed | str:
    if isinstance(document, str):
        return document
    rows, title, fault = document
    return Parsed(tuple(Entry(*row) for row in rows), title, fault)


def _read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame; None at the end of the stream, also in the middle of one."""
    head = stream.read(4)
    length = int.from_bytes(head, "big")
    frame = stream.read(length) if len(head) == 4 else b""
    return frame if len(head) == 4 and len(frame) == length else None


def _bound_memory(resource: ModuleType) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
    with suppress(OSError, ValueError):  # a platform that knows the limit but does not set it
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _answer(way: str, body: bytes, content_type: str, url: str, max_entries: int) -> Parsed | str:
    if way == "full":
        return parse(body, content_type, url, max_entries)
    from tui.feeds import gate, lean  # with an XML parser, which only the lean process needs

    try:
        return lean.parse(body, content_type, url, max_entries)
    except gate.Refused as why:
        return str(why)


def main(way: str, limit: float) -> None:
    """Answer documents until standard input ends, which it does with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a ctrl-c in the terminal is the parent's to deal with
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    if sys.platform != "win32":
        import resource

        _bound_memory(resource)
    while (question := _read_frame(questions)) is not None and (body := _read_frame(questions)) is not None:
        if sys.platform != "win32":
            # The system ends it at the alarm, also where a parser loops in C and the parent was killed.
            signal.setitimer(signal.ITIMER_REAL, limit + _ORPHAN_GRACE)
        content_type, url, max_entries = json.loads(question)
        answer = _pack(_answer(way, body, content_type, url, max_entries))
        answers.write(len(answer).to_bytes(4, "big") + answer)
        answers.flush()
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
