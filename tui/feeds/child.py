"""What a parse process runs: ``python -m tui.feeds.child lean|full SECONDS``; feeds/worker.py starts it.

They talk in frames: a length in 4 bytes, big endian, then that many bytes. A question is two of them, JSON of
where the document came from and the document; an answer is one. JSON, not pickle: what reads hostile
documents is not trusted to say what its parent executes.

It is a module of its own so that a parser starts without what only its parent needs (asyncio: 40 ms).
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from types import ModuleType
from typing import BinaryIO, Final

from tui.feeds.parse import Parsed, parse

MEMORY_LIMIT: Final = 2 * 1024**3
"""Bytes of address space, where the platform can bound it."""
_ORPHAN_GRACE: Final = 5.0
"""Seconds past its limit after which a parser whose parent did not kill it ends by itself."""
SHORT: Final = 192 * 1024
"""Bytes of a document that the lean process gives to feedparser itself: the worst of them take it two
seconds, and most watches need no second process."""
_SWEEP_AFTER: Final = 5_000
"""New objects between looks for garbage: of a document nearly nothing is, and its tree is large. With ten
times as many it is no quicker, but 40 MB of what feedparser leaves of each document wait to be looked at."""


def pack(answer: Parsed | str) -> bytes:
    """A document, or why there is none, as JSON."""
    if isinstance(answer, Parsed):
        document = [answer.entries, answer.title, answer.fault, answer.refused]
    return json.dumps(answer if isinstance(answer, str) else document, ensure_ascii=False).encode("utf-8")


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
        if len(body) > SHORT:
            return str(why)
        return replace(parse(body, content_type, url, max_entries), refused=str(why))


def main(way: str, limit: float) -> None:
    """Answer documents until standard input ends, which it does with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a ctrl-c in the terminal is the parent's to deal with
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    gc.set_threshold(_SWEEP_AFTER)
    if sys.platform != "win32":
        import resource

        _bound_memory(resource)
    while (question := _read_frame(questions)) is not None and (body := _read_frame(questions)) is not None:
        if sys.platform != "win32":
            # The system ends it at the alarm, also where a parser loops in C and the parent was killed.
            signal.setitimer(signal.ITIMER_REAL, limit + _ORPHAN_GRACE)
        content_type, url, max_entries = json.loads(question)
        answer = pack(_answer(way, body, content_type, url, max_entries))
        answers.write(len(answer).to_bytes(4, "big") + answer)
        answers.flush()
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 0)
    gc.freeze()  # the end of the process sweeps what is not set aside


if __name__ == "__main__":
    # feedparser brings an HTTP client along. A parser asks nobody: without TLS its import is 8 ms shorter.
    sys.modules["ssl"] = None  # type: ignore[assignment]  # import's own way to say that it is not there
    main(sys.argv[1], float(sys.argv[2]))
