"""Mutated feeds in great numbers: no crash, no hang, and nothing that a terminal acts on in what is read.

    FUZZ=100000 python -m pytest -n 0 -m slow tests/test_fuzz.py

``FUZZ`` is how many documents are mutated, ``FUZZ_SEED`` which ones; both the lean way and feedparser
read each.
"""

from __future__ import annotations

import os
import random
import re
import signal
import unicodedata
from collections.abc import Iterator
from types import FrameType

import pytest

from tests.benchmarks import realistic
from tests.test_parse import ATOM, RSS, URL
from tui.feeds import lean, parse
from tui.feeds.gate import Refused
from tui.feeds.parse import ID_LIMIT, SUMMARY_LIMIT, TITLE_LIMIT, Parsed
from tui.feeds.safe_text import LINK_LIMIT
from tui.model import Entry

MOST = 50
HANG = 10
"""Seconds of one document that are a hang: all of them are small."""
TYPES = ("", "application/rss+xml", "text/xml; charset=utf-8", "text/html; charset=latin-1", "x/\x1b[31m")
TOKENS = (
    *(b"\x1b[31m", b"\x1b]0;owned\x07", b"\x9b2J", b"\xc2\x9b2J", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf"),
    *(b"&#27;[2J", b"&amp;#27;]0;x&#7;", b"&#x9b;1m", b"&#8238;", b"\xe2\x80\xae", b"&#0;", b"&nbsp;", b"&"),
    *(b"<", b">", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<item>", b"</item>", b"<entry>", b"</channel>"),
    *(b'<!DOCTYPE x [<!ENTITY a "b">]>', b"&a;", b'<?xml version="1.0" encoding="utf-16"?>', b"<title>"),
    *(b"javascript:alert(1)", b"http://[", b"https://u:p@h.example/", b"\r\n", b'xmlns="x"', b'xml:base="/"'),
    *(b"<pubDate>", b"Mon, 32 Foo 99999 25:61:61 +9999", b"0001-01-01T00:00:00Z", "é́́́́́́".encode(), b"<svg/>"),
)
"""What is put in: what terminals act on, in several dresses, and what parsers trip over."""
_FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_LINK = re.compile(r"(?:https?://[!-~]+)?")


def seeds() -> list[bytes]:
    """Sound and broken documents of every shape, of two entries: the smaller, the more mutants a minute."""
    written = realistic.documents(44, characters=1_000, entries=4)
    return [RSS, ATOM, *(shortened(each.body) for each in written)]


def shortened(body: bytes) -> bytes:
    """The document with its first two entries alone."""
    name = b"entry" if b"<entry>" in body else b"item"
    head, *entries = body.split(b"<" + name)
    tail = entries[-1].partition(b"</" + name + b">")[2]
    return (b"<" + name).join([head, *entries[:2]]) + tail


def mutants(count: int, seed: int) -> Iterator[tuple[bytes, str]]:
    """So many documents with their content types, the same for a seed every time."""
    chance = random.Random(seed)
    sound = seeds()
    for _ in range(count):
        body = bytearray(chance.choice(sound))
        for _ in range(chance.choice((1, 1, 2, 3, 6))):
            mutate(body, chance, sound)
        yield bytes(body), chance.choice(TYPES)


def mutate(body: bytearray, chance: random.Random, others: list[bytes]) -> None:
    """Change the document in one place."""
    at = chance.randrange(len(body) + 1)
    end = min(len(body), at + chance.choice((1, 4, 40, 400)))
    match chance.randrange(7):
        case 0:
            body[at:at] = chance.choice(TOKENS)
        case 1:
            body[at:end] = chance.choice(TOKENS)
        case 2:
            del body[at:end]
        case 3:
            body[at:at] = body[at:end] * chance.choice((1, 2, 20))
        case 4:
            body[at:end] = chance.randbytes(end - at)
        case 5:
            del body[max(at, 1) :]
        case _:
            other = chance.choice(others)
            start = chance.randrange(len(other))
            body[at:end] = other[start : start + 200]


def harmless(text: str) -> bool:
    """Whether it is one line on which no terminal acts; ZWNJ is spelling in Persian."""
    plain = text.replace("\u200c", "")
    return not any(unicodedata.category(char) in _FORBIDDEN for char in plain)


def check(parsed: Parsed) -> None:
    """Everything that leaves the parser is as it promises."""
    assert harmless(parsed.fault) and harmless(parsed.title)
    assert len(parsed.entries) <= MOST
    for entry in parsed.entries:
        check_entry(entry)


def check_entry(entry: Entry) -> None:
    assert entry.title and len(entry.title) <= TITLE_LIMIT and len(entry.summary) <= SUMMARY_LIMIT
    assert harmless(entry.title) and harmless(entry.summary)
    assert entry.id and entry.id.isprintable()
    assert len(entry.id) <= ID_LIMIT or entry.id == entry.link  # which has a limit of its own
    assert _LINK.fullmatch(entry.link) and len(entry.link) <= LINK_LIMIT
    assert entry.published is None or entry.published >= parse.EARLIEST


class Hang(BaseException):
    """A document takes too long. No Exception: the parser makes words of those."""


def hung(_: int, frame: FrameType | None) -> None:
    raise Hang(f"a document took more than {HANG} s")


def fuzz(count: int, seed: int) -> int:
    """How many of them went the lean way. A document on which anything is wrong is shown with its number."""
    went_lean = 0
    before = signal.signal(signal.SIGALRM, hung)
    try:
        for number, (body, content_type) in enumerate(mutants(count, seed)):
            signal.alarm(HANG)
            try:
                full = parse.parse(body, content_type, URL, MOST)
                check(full)
                try:
                    read = lean.parse(body, content_type, URL, MOST)
                except Refused as why:
                    assert str(why)
                else:
                    went_lean += 1
                    assert read == full
            except BaseException as error:  # raised on, with what it takes to see it again
                error.add_note(f"mutant {number} of seed {seed}: {body!r:.3000} as {content_type!r}")
                raise
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    return went_lean


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no alarm clock on this platform")
@pytest.mark.filterwarnings("ignore")
def test_some_mutated_feeds_do_no_harm() -> None:
    assert fuzz(300, 1) > 10


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no alarm clock on this platform")
@pytest.mark.filterwarnings("ignore")
def test_very_many_mutated_feeds_do_no_harm() -> None:
    count = int(os.environ.get("FUZZ", "6000"))
    assert fuzz(count, int(os.environ.get("FUZZ_SEED", "2"))) > count // 30
