"""Parsing in one worker process that can be killed: a document may take a bounded time and no more.

Ten megabytes of tiny items cost feedparser half a minute, and no thread can be stopped. The worker
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
from dataclasses import astuple
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, Final

from tui.feeds.parse import Parsed, parse
from tui.model import Entry

log = logging.getLogger(__name__)

TIME_LIMIT: Final = 15.0
"""Seconds for one document."""
MEMORY_LIMIT: Final = 2 * 1024**3
"""Bytes of address space of the worker, where the platform can bound it."""
_ORPHAN_GRACE: Final = 5.0
"""Seconds past its limit after which a worker whose parent did not kill it ends by itself."""


class ParseWorker:
    """One worker process, started with the first document, started again after it had to be killed."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self._limit = time_limit
        self._turn = asyncio.Lock()
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the worker; None while there is none."""
        return self._process.pid if self._process is not None else None

    async def parse(self, body: bytes, content_type: str, url: str, max_entries: int) -> Parsed:
        """As :func:`tui.feeds.parse.parse`; a document that takes too long or kills the parser is a fault."""
        async with self._turn:
            used = self._process is not None
            parsed = await self._read(body, content_type, url, max_entries)
            if parsed is None and used:  # it may have died before this document: once more, with a new one
                parsed = await self._read(body, content_type, url, max_entries)
            return parsed or Parsed(fault="not readable as a feed: it brought the parser down")

    async def _read(self, body: bytes, content_type: str, url: str, max_entries: int) -> Parsed | None:
        """What the worker makes of the document; None where it died."""
        try:
            if self._process is None:
                self._process = await _start(self._limit)
        except OSError as error:
            log.warning("parser can't be started: %r", error)
            return Parsed(fault=f"this machine: the parser can't be started ({error.strerror})")
        try:
            async with asyncio.timeout(self._limit):
                return await _ask(self._process, body, content_type, url, max_entries)
        except TimeoutError:
            await self._drop()
            log.warning("parser killed after %g s on %s", self._limit, url)
            return Parsed(fault=f"not readable as a feed: parsing took more than {self._limit:g} s")
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            await self._drop()
            log.warning("parser died on %s: %r", url, error)
            return None
        except asyncio.CancelledError:
            await self._drop()  # half a conversation can't be taken up again
            raise

    async def close(self) -> None:
        """End the worker."""
        await self._drop()

    async def _drop(self) -> None:
        """Kill the worker, if there is one, and wait until the system has it no more."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):  # it has ended by itself
            process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await asyncio.shield(process.wait())


async def _start(limit: float) -> Process:
    package_home = str(Path(__file__).parents[2])
    environment = dict(os.environ)
    # -P keeps the current folder, which is anybody's, off the child's path; this puts ours on it.
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (package_home, environment.get("PYTHONPATH"))))
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-m", "tui.feeds.worker", str(limit)),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env=environment,
    )


async def _ask(process: Process, body: bytes, content_type: str, url: str, max_entries: int) -> Parsed:
    assert process.stdin is not None and process.stdout is not None
    question = json.dumps([content_type, url, max_entries]).encode()
    for frame in (question, body):
        process.stdin.write(len(frame).to_bytes(4, "big"))
        process.stdin.write(frame)
    await process.stdin.drain()
    length = int.from_bytes(await process.stdout.readexactly(4), "big")
    return _unpack(json.loads(await process.stdout.readexactly(length)))


def _pack(parsed: Parsed) -> bytes:
    document = [[astuple(entry) for entry in parsed.entries], parsed.title, parsed.fault]
    return json.dumps(document, ensure_ascii=False).encode("utf-8")


def _unpack(document: Any) -> Parsed:
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


def main(limit: float) -> None:
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
        answer = _pack(parse(body, content_type, url, max_entries))
        answers.write(len(answer).to_bytes(4, "big") + answer)
        answers.flush()
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    main(float(sys.argv[1]))
