"""What is written of a feed where nobody says it: a name that is free, its publisher, its language. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from tui.model import Feed
from tui.tagging.language import detect

RELIABILITY: Final = "F"
"""Cannot be judged: what a source is worth, only a person can say."""
_NAME: Final = 60
_SECOND: Final = ("ac", "co", "com", "edu", "gob", "gouv", "gov", "mil", "ne", "net", "or", "org")
"""What stands before a country's two letters where names are given out below it, as in ``co.uk``."""
_LANDLORDS: Final = (
    "blogspot.com", "feedburner.com", "github.io", "medium.com", "substack.com", "tumblr.com",
    "wordpress.com",
)  # fmt: skip
"""Domains under which many publish, each under a name of its own."""
_RIGHT_TO_LEFT: Final = ("ar", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi")


class Names:
    """The names of a watch's feeds, of which no two may be the same, in whatever case."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {name.casefold() for name in taken}
        self._tried: dict[str, int] = {}

    def free(self, wanted: str) -> str:
        """``wanted``, with a number behind it where it is taken; then it is taken."""
        name = wanted[:_NAME]
        number = self._tried.get(name.casefold(), 1)  # a hostile list has the same name ten thousand times
        while name.casefold() in self._taken:
            number += 1
            name = f"{wanted[: _NAME - 1 - len(str(number))].rstrip()} {number}"
        self._tried[wanted[:_NAME].casefold()] = number
        self._taken.add(name.casefold())
        return name


def host_of(url: str) -> str:
    """The host of a good address, in lower case."""
    return (urlsplit(url).hostname or "").rstrip(".")


def houses(feeds: Iterable[Feed]) -> dict[str, str]:
    """Whose each domain is, by the feeds of a watch."""
    return {_domain(host_of(feed.url)): feed.publisher for feed in feeds}


def publisher(url: str, site: str, known: Mapping[str, str]) -> str:
    """Who speaks in the feed at ``url`` about the pages of ``site`` (``""``: not known).

    Feeds of one domain are one voice: that of the watch, where it is ``known`` to :func:`houses`, else the
    domain's own name. Two publishers taken for one corroborate too little, one taken for two too much.
    """
    domain = _domain(host_of(site) or host_of(url))
    return known.get(domain) or (domain if _is_address(domain) else domain.partition(".")[0])


def _domain(host: str) -> str:
    """What somebody has registered: ``example.co.uk`` of ``www.news.example.co.uk``."""
    if _is_address(host):
        return host
    labels = host.removeprefix("www.").split(".")
    count = 3 if len(labels[-1]) == 2 and len(labels) > 2 and labels[-2] in _SECOND else 2
    if ".".join(labels[-count:]) in _LANDLORDS:
        count += 1
    return ".".join(labels[-count:])


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def language(texts: Iterable[str], declared: str) -> str:
    """ISO 639-1 code of ``texts``; what is ``declared`` holds unless the script belies it."""
    declared = declared.lower()
    found = detect(" ".join(texts), declared)
    if declared and (found in _RIGHT_TO_LEFT) == (declared in _RIGHT_TO_LEFT):
        return declared
    return found
