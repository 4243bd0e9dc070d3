"""Feeds as news outlets send them, written for benchmarks and comparisons: no outlet's text is in them.

Two hundred of them come to 15 MB and 4,500 entries, as two hundred real ones did. They are the shapes
that content systems produce: RSS 2.0 with the whole article in ``content:encoded`` beside a lead, RSS
with media, dc and CDATA, Atom, RDF, aggregators with a source, Arabic in UTF-8 and in Windows-1256; and
one in eleven has a fault of the kinds that are met in the wild.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import wraps
from html import escape
from typing import Final

_WORDS: Final = {
    "en": (
        "the council said on Monday that patrol near river drone crossed border officials denied report "
        "villages were warned after sirens sounded in the north harbour convoy reached its port unharmed"
    ),
    "fr": (
        "le maire a déclaré que la patrouille près du fleuve était rentrée après l’alerte donnée par "
        "les villages au nord où un drone a été vu dans la nuit"
    ),
    "ar": (
        "قال المجلس يوم الاثنين إن دورية قرب النهر سمعت صفارات الإنذار في الشمال بعد أن عبرت طائرة "
        "مسيرة الحدود ونفى مسؤولون التقرير"
    ),
}
_NAMESPACES: Final = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:media="http://search.yahoo.com/mrss/"'
)


_FIRST_OF_MARCH: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Written:
    """A document as a server sends it."""

    kind: str
    body: bytes
    content_type: str = "application/rss+xml; charset=utf-8"


class Outlet:
    """One made-up outlet: its language, its chance, its clock."""

    def __init__(
        self,
        number: int,
        language: str,
        entries: int,
        article: int,
        newest: datetime = _FIRST_OF_MARCH,
        stories: Sequence[str] = (),
    ) -> None:
        self.chance = random.Random(number)
        self.site = f"https://outlet{number}.example"
        self.entries = entries
        self.article = article
        """Characters of one article."""
        self.language = language
        self._words = _WORDS[language].split()
        self._number = number
        self._newest = newest
        self._stories = stories
        """Titles of events that many outlets tell of."""

    def words(self, characters: int) -> str:
        """About so many characters of text."""
        count = max(1, characters // 6)
        return " ".join(self.chance.choices(self._words, k=count))

    def title(self, number: int) -> str:
        """The title of an entry; in English one in 56 is a story that several outlets tell.

        That is one in 94 of all, as in the feeds of December 2023.
        """
        if not self._stories or self.language != "en" or (7 * self._number + number) % 56 != 8:
            return self.words(60)
        return self._stories[self._number // 12 % len(self._stories)]

    def page(self, characters: int) -> str:
        """About so many characters of an article in HTML."""
        parts, length = [f'<p><img src="{self.site}/i.jpg?w=1&amp;h=2" alt=""/></p>'], 0
        while length < characters:
            part = f'<p class="text">{self.words(300)} <a href="{self.site}/tag">{self.words(20)}</a>.</p>\n'
            parts.append(part)
            length += len(part)
        return "".join(parts)

    def date(self, number: int) -> datetime:
        """When the entry was published."""
        return self._newest - timedelta(minutes=17 * number)

    def link(self, number: int) -> str:
        """Where the entry is read."""
        return f"{self.site}/2026/03/{number}/news?utm_source=rss&amp;utm_medium=feed"


def _rss(item: Callable[[Outlet, int], str]) -> Callable[..., str]:
    """A whole document, of an outlet and in an encoding, of what writes one item of it."""

    @wraps(item)
    def document(outlet: Outlet, encoding: str = "UTF-8") -> str:
        head = (
            f'<?xml version="1.0" encoding="{encoding}"?>\n<rss version="2.0" {_NAMESPACES}>\n<channel>'
            f"<title>{outlet.words(20)}</title>\n"
            f'<atom:link href="{outlet.site}/feed" rel="self" type="application/rss+xml" />\n'
            f"<link>{outlet.site}</link><description>{outlet.words(40)}</description>\n"
            f"<lastBuildDate>{format_datetime(outlet.date(0))}</lastBuildDate>"
            f"<language>{outlet.language}</language>\n"
            f"<sy:updatePeriod>hourly</sy:updatePeriod><image><url>{outlet.site}/i.png</url>"
            f"<title>{outlet.words(20)}</title><link>{outlet.site}</link></image>\n"
        )
        return head + "".join(item(outlet, number) for number in range(outlet.entries)) + "</channel></rss>\n"

    return document


@_rss
def full_text(outlet: Outlet, number: int) -> str:
    """As the most widely used content system writes it."""
    return (
        f"<item><title>{escape(outlet.title(number))}</title><link>{outlet.link(number)}</link>"
        f"<dc:creator><![CDATA[{outlet.words(12)}]]></dc:creator>"
        f"<pubDate>{format_datetime(outlet.date(number))}</pubDate>"
        f"<category><![CDATA[{outlet.words(8)}]]></category>"
        f'<guid isPermaLink="false">{outlet.site}/?p={number}</guid>'
        f"<description><![CDATA[<p>{outlet.words(250)} [&#8230;]</p>]]></description>"
        f"<content:encoded><![CDATA[{outlet.page(outlet.article)}]]></content:encoded>"
        f"<wfw:commentRss>{outlet.link(number)}</wfw:commentRss><slash:comments>0</slash:comments></item>\n"
    )


@_rss
def with_media(outlet: Outlet, number: int) -> str:
    """As the large newspapers write it."""
    return (
        f"<item><title><![CDATA[{outlet.title(number)}]]></title><link>{outlet.link(number)}</link>"
        f"<description>{escape(outlet.page(outlet.article))}</description>"
        f"<guid>{outlet.link(number)}</guid>"
        f"<pubDate>{format_datetime(outlet.date(number), usegmt=True)}</pubDate>"
        f'<category domain="{outlet.site}">{outlet.words(8)}</category>'
        f'<media:content width="140" url="{outlet.site}/m.jpg"><media:credit scheme="urn:ebu">'
        f"{outlet.words(10)}</media:credit><media:description>{outlet.words(80)}</media:description>"
        f'</media:content><media:thumbnail width="240" height="135" url="{outlet.site}/t.jpg"/>'
        f"<dc:date>{outlet.date(number).isoformat()}</dc:date></item>\n"
    )


@_rss
def aggregator(outlet: Outlet, number: int) -> str:
    """As a search for news writes it."""
    return (
        f"<item><title>{outlet.title(number)}</title><link>{outlet.link(number)}</link>"
        f'<guid isPermaLink="false">CBM{number:032x}</guid>'
        f"<pubDate>{format_datetime(outlet.date(number), usegmt=True)}</pubDate>"
        f"<description>{escape(outlet.page(outlet.article))}</description>"
        f'<source url="{outlet.site}">{outlet.words(10)}</source></item>'
    )


def atom(outlet: Outlet) -> str:
    """Atom 1.0 with summaries and contents."""
    entries = "".join(
        f"<entry><id>tag:{outlet.site[8:]},2026:{number}</id>"
        f'<title type="html">{outlet.title(number)}</title>'
        f'<link rel="alternate" type="text/html" href="{outlet.link(number)}"/>'
        f"<published>{outlet.date(number).isoformat()}</published>"
        f"<updated>{outlet.date(number).isoformat().replace('+00:00', 'Z')}</updated>"
        f"<author><name>{outlet.words(12)}</name></author><summary>{outlet.words(200)}</summary>"
        f'<content type="html">{escape(outlet.page(outlet.article))}</content></entry>\n'
        for number in range(outlet.entries)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xml:lang="{outlet.language}"><title>{outlet.words(20)}</title><id>{outlet.site}/</id>'
        f'<updated>{outlet.date(0).isoformat()}</updated><link rel="self" href="{outlet.site}/feed"/>'
        f'<link href="{outlet.site}/"/>{entries}</feed>'
    )


def rdf(outlet: Outlet) -> str:
    """RSS 1.0."""
    items = "".join(
        f'<item rdf:about="{outlet.link(number)}"><title>{outlet.title(number)}</title>'
        f"<link>{outlet.link(number)}</link><description>{outlet.words(300)}</description>"
        f"<dc:date>{outlet.date(number).isoformat()}</dc:date>"
        f"<content:encoded><![CDATA[{outlet.page(outlet.article)}]]></content:encoded></item>\n"
        for number in range(outlet.entries)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f'<channel rdf:about="{outlet.site}/"><title>{outlet.words(20)}</title><link>{outlet.site}/</link>'
        f"<description>{outlet.words(40)}</description></channel>{items}</rdf:RDF>"
    )


def _loose_date(outlet: Outlet) -> str:
    return full_text(outlet).replace(" +0000</pubDate>", "</pubDate>")


def _doctype(outlet: Outlet) -> str:
    return full_text(outlet).replace("<rss ", '<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]>\n<rss ')


def _bare_ampersand(outlet: Outlet) -> str:
    return with_media(outlet).replace("&amp;utm", "&utm")


def _undeclared(outlet: Outlet) -> str:
    return full_text(outlet).replace(' encoding="UTF-8"', "")


_SHAPES: Final = (
    full_text,
    with_media,
    full_text,
    aggregator,
    atom,
    full_text,
    rdf,
    with_media,
    full_text,
    atom,
)
_FAULTS: Final = (_loose_date, _doctype, _bare_ampersand, _undeclared)
FAULTY: Final = frozenset(fault.__name__.strip("_") for fault in _FAULTS)
"""The kinds that are no strict feeds."""
_LANGUAGES: Final = ("en", "en", "ar", "en", "fr")


def documents(
    count: int = 200,
    characters: int = 78_000,
    entries: int = 22,
    newest: datetime = _FIRST_OF_MARCH,
    stories: Sequence[str] = (),
) -> list[Written]:
    """So many documents of about so many characters and entries each, the same ones every time.

    ``newest``: when each outlet's last entry was published; ``stories``: titles for some of the entries.
    """
    written = []
    for number in range(count):
        chance = random.Random(number)
        most = max(4, round(entries * chance.uniform(0.5, 1.5)))
        outlet = Outlet(number, _LANGUAGES[number % 5], most, 0, newest, stories)
        outlet.article = max(100, round(characters / entries * chance.uniform(0.5, 1.4)) - 900)
        if number % 11 == 10:
            fault = _FAULTS[number // 11 % len(_FAULTS)]
            sent = "application/xml" if fault is _undeclared else "application/rss+xml; charset=utf-8"
            written.append(Written(fault.__name__.strip("_"), fault(outlet).encode(), sent))
        elif number % 25 == 12:
            body = full_text(outlet, "windows-1256").encode("windows-1256", "xmlcharrefreplace")
            written.append(Written("windows-1256", body, "text/xml"))
        else:
            shape = _SHAPES[number % len(_SHAPES)]
            written.append(Written(shape.__name__, shape(outlet).encode()))
    return written
