"""OPML in and out: which feeds of a watch outlines become, and a watch's feeds as OPML. Pure."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Collection
from typing import Final

from tui import proposal
from tui.config import values as check
from tui.config.edit import Row
from tui.config.watch import EVERY
from tui.feeds import opml
from tui.feeds.opml import Complaint, Outline
from tui.feeds.safe_text import LINK_LIMIT
from tui.model import Feed, Watch
from tui.words import plural

_SHOWN: Final = 60
_UNITS: Final = (("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))


class Plan:
    """What an import comes to: take the outlines one after another, then read what to add and what to say.

    ``reliability`` and ``language`` are for feeds that do not say their own; empty: cannot be judged, and
    as the name reads.
    """

    def __init__(self, watch: Watch, *, reliability: str = "", language: str = "") -> None:
        self._allowed = watch.fetch.allow_hosts
        self._houses = proposal.houses(watch.feeds)
        self._fronts = {front.name.casefold(): front.id for front in watch.fronts}
        self._fronts |= {front.id: front.id for front in watch.fronts}
        self._reliability, self._language = reliability, language
        self._lines = {check.url_identity(feed.url): 0 for feed in watch.feeds}
        """Where an address stood first; 0: in the watch."""
        self._names = proposal.Names(feed.name for feed in watch.feeds)
        self._homeless: Counter[str] = Counter()
        self._unrated = self._unread = 0
        self.rows: list[Row] = []
        """The feeds to add."""
        self.there = 0
        """How many feeds the watch has already."""
        self.left_out: list[Complaint] = []
        """Which outlines were left out and why."""

    def take(self, outline: Outline) -> None:
        """One more outline: a row, or a word why not."""
        named = f'"{outline.name or check.printable(outline.url, _SHOWN)}"'
        url = outline.url.removeprefix("feed:") if outline.url.startswith("feed:http") else outline.url
        if fault := _fault(url, self._allowed):
            self.left_out.append((outline.line, f"{named}: {fault}"))
            return
        identity = check.url_identity(url)
        line = self._lines.get(identity)
        if line == 0:
            self.there += 1
        elif line is not None:
            self.left_out.append((outline.line, f"{named}: is on line {line} already"))
        else:
            self._lines[identity] = outline.line
            self._add(outline, url)

    def _add(self, outline: Outline, url: str) -> None:
        own = outline.own
        said = outline.language[:2].lower()
        declared = said if _holds(check.language, said) else self._language
        rated = own.get("reliability", "").upper()
        if not _holds(check.reliability, rated):
            rated = self._reliability
        row = {
            "name": self._names.free(outline.name or proposal.host_of(url)),
            "url": url,
            "publisher": own.get("publisher") or proposal.publisher(url, outline.site, self._houses),
            "language": declared or proposal.language([outline.name], ""),
            "reliability": rated or proposal.RELIABILITY,
        }
        if front := self._front(outline):
            row["front"] = front
        elif outline.folders:
            self._homeless[outline.folders[-1]] += 1
        if _holds(EVERY, own.get("every", "")):
            row["every"] = own["every"]
        self._unrated += not rated
        self._unread += not declared
        self.rows.append(row)

    def _front(self, outline: Outline) -> str:
        """The front that it names itself, else that of the innermost folder named as one; else ``""``."""
        words = (outline.own.get("front", ""), *reversed(outline.folders))
        return next((self._fronts[word.casefold()] for word in words if word.casefold() in self._fronts), "")

    def remarks(self) -> list[str]:
        """What a person should look at, of what the document does not say."""
        said = []
        for folder, count in self._homeless.items():
            feeds = "its feed is" if count == 1 else f"its {count} feeds are"
            said.append(f'the folder "{folder}" is no front of this watch: {feeds} added without a front')
        if self._unread:
            feeds = plural(self._unread, "feed does", "feeds do")
            said.append(f"{feeds} not say the language: taken as the name reads; see to it")
        if self._unrated:
            feeds = plural(self._unrated, "feed")
            said.append(
                f"{feeds} with reliability F, cannot be judged: write what you know of the publishers"
            )
        return said


def _holds(checker: check.Check[object], value: str) -> bool:
    try:
        checker(value)
    except check.Refused:
        return False
    return True


def _fault(url: str, allow_hosts: Collection[str]) -> str:
    """Why no feed can be polled at ``url``, in words; empty where one may be."""
    if len(url) > LINK_LIMIT:
        return f"its address has more than {LINK_LIMIT} characters"
    try:
        check.url(url)
    except check.Refused as refused:
        return refused.what
    host = proposal.host_of(url)
    if host in allow_hosts:
        return ""
    word = "loopback" if host == "localhost" else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:  # a name
        pass
    else:
        from tui.feeds.network import misplaced  # 170 ms with its httpx, and few hosts are numbers

        word = misplaced(address)
    return f"{host} is {word}; allow it in [fetch] allow_hosts first" if word else ""


def opml_of(watch: Watch) -> bytes:
    """The watch's feeds as OPML 2.0: first those of no front, then a folder for each front that has some."""
    folders = [("", None), *((front.name, front.id) for front in watch.fronts)]
    groups = ((name, [feed for feed in watch.feeds if feed.front == front]) for name, front in folders)
    return opml.write(
        watch.title,
        ((name, [_outline(feed, watch.every) for feed in feeds]) for name, feeds in groups if feeds),
    )


def _outline(feed: Feed, usual: float) -> Outline:
    own = {
        "publisher": feed.publisher,
        "reliability": feed.reliability,
        "front": feed.front or "",
        "every": "" if feed.every == usual else _duration(feed.every),
    }
    return Outline(feed.name, feed.url, language=feed.language, own=own)


def _duration(seconds: float) -> str:
    """``30m`` for 1800.0: as a feeds.toml has it."""
    unit, size = next(((unit, size) for unit, size in _UNITS if seconds % size == 0), ("s", 1))
    return f"{seconds / size:.15g}{unit}"
