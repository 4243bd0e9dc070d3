"""Feed documents of every make, as hypothesis strategies: each element that means something to feedparser,
some that don't, in any order and place, with texts and attributes that some parser somewhere trips over.
"""

from __future__ import annotations

from hypothesis import strategies as st

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "georss": "http://www.georss.org/georss",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "own": "https://news.example/ns",
}
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())

LEADS = (
    *("description", "summary", "content:encoded", "media:description", "itunes:summary", "dc:description"),
    "media:title",
)
"""Texts that become an entry's summary, or don't, by rules of their own."""
IDLE = (
    *("author", "category", "comments", "enclosure", "rights", "media:group", "media:content", "own:group"),
    *("media:thumbnail", "media:credit", "media:keywords", "itunes:keywords", "itunes:image", "dc:creator"),
    *("dc:subject", "dc:language", "dc:identifier", "feedburner:origLink", "slash:comments", "slash:title"),
    *("own:title", "own:link", "unheard-of", "source", "georss:point", "media:rating", "media:player"),
)
RARE = (
    *(
        "title",
        "link",
        "atom:link",
        "content",
        "dc:title",
        "contributor",
        "created",
        "image",
        "textInput",
        "url",
    ),
    *("name", "body", "fullitem", "tags", "links", "authors", "atom:summary", "itunes:owner", "guid", "item"),
)
TEXTS = st.one_of(
    st.sampled_from(
        [
            *("", " ", "A convoy passed", "  two \n words ", "غارة على المرفأ", "Café", "CafÃ©", "a&#150;b"),
            *(
                "<![CDATA[<p>One &amp; <b>two</b></p>]]>",
                "&lt;p&gt;x &amp;amp; y&lt;/p&gt;",
                "&#160;",
                "&amp;",
            ),
            *("a<!-- no -->b", "a<?no thing?>b", "x<![CDATA[y]]>z", "a &lt; b", "ÂÂ ", "'\"`", "\t"),
        ]
    ),
    st.text(
        st.characters(codec="utf-8", exclude_characters="<&", exclude_categories=["Cc", "Cs"]), max_size=20
    ),
)
ADDRESSES = st.sampled_from(
    [
        *(
            "https://news.example/1",
            "http://news.example/2?a=1&amp;b=2",
            " https://news.example/3 ",
            "/4",
            "5",
        ),
        *(
            "https://news.example/?",
            "https://news.example/#",
            "https:///news.example/6",
            "tag:a.example,2026:7",
        ),
        *(
            "urn:uuid:8",
            "mailto:a@b.example",
            "http:9",
            "//news.example/10",
            "https://نبأ.example/١",
            "HTTP://A.B/",
        ),
        *(
            "https://[bad",
            "https://news.example/a&amp;copy;b",
            "https://news.example/CafÃ©",
            "",
            "https://u@a.b/",
        ),
    ]
)
DATES = st.sampled_from(
    [
        *("Fri, 01 Dec 2023 18:39:00 +0200", "1 Dec 2023 18:39 GMT", "Fri, 01 Dec 2023 18:39:00 PST"),
        *("Fri, 01 Dec 2023 18:39:00 -0930", "Sat, 29 Feb 2020 00:00:00 UT", "2023-12-01T16:40:00Z"),
        *("2023-12-01T16:40:59.999999999-11:30", "2020-02-29T23:59:59.5+14:00", "9999-12-31T23:59:59+00:00"),
    ]
)
ODD_DATES = st.one_of(
    st.sampled_from(
        [
            *(
                "",
                "soon",
                "2023-12-01",
                "2023-12-01 16:40:00",
                "1970-01-01T00:00:00Z",
                "01 Dec 99 10:00:00 GMT",
            ),
            *(
                "Sun, 31 Dec 1989 23:59:59 GMT",
                "Fri, 01 Dec 2023 18:39:60 EDT",
                "Fri, 01 Dec 2023 18:39:00 A",
            ),
            *("Wed, 31 Feb 2024 00:00:00 GMT", "2024-02-29T23:59:60Z", "9999-12-31T23:59:59-23:59"),
            *("Fri, 01 Dec 2023 18:39:00", "Fri, 01 Dec 2023 18:39:00 +2400", "Fri, 01 Dec 2023 8:39:00 GMT"),
        ]
    ),
    st.datetimes().map(lambda moment: moment.strftime("%a, %d %b %Y %H:%M:%S +0000")),
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
)
FITTING = {
    "guid": ("", 'isPermaLink="false"', 'isPermaLink="true"'),
    "link": ("", 'href="https://news.example/h"', 'rel="self" href="https://news.example/s"'),
    "description": ("", "", 'type="html"', 'type="text/plain"', 'xml:lang="ar"'),
    "summary": ("", 'type="text"', 'xml:base="http://b.example/"'),
    "thumbnail": ('url="https://news.example/u"', 'href="/r"'),
    "content": ('url="https://news.example/u"', 'type="image/png" medium="image"'),
    "enclosure": ('url="https://news.example/u" length="1"',),
}
"""Attributes that an element usually has, by its local name."""
ODD_ATTRIBUTES = st.sampled_from(
    [
        *(
            'type="xhtml"',
            'mode="base64"',
            'rel="Alternate" href="/r"',
            'type="image/png" src="i.png"',
            'a="b"',
        ),
        *('rdf:about="https://news.example/a"', 'xmlns=""', 'xmlns="https://news.example/bare"', 'lang=""'),
        *('href="https://news.example/h"', 'url="/u"', 'isPermaLink="false"', 'type="html"'),
    ]
)
HOLDERS = ("media:group", "media:content", "own:group", "author", "contributor", "image", "textInput")


def seldom(draw: st.DrawFn, of: int = 25) -> bool:
    """Once in so many times."""
    return draw(st.integers(0, of)) == of


@st.composite
def elements(draw: st.DrawFn, depth: int = 0) -> str:
    """One element, with others in it now and then."""
    name = draw(st.sampled_from(RARE if seldom(draw) else draw(st.sampled_from((LEADS, IDLE)))))
    local = name.rpartition(":")[2]
    attributes = draw(ODD_ATTRIBUTES if seldom(draw) else st.sampled_from(FITTING.get(local, ("",))))
    if local in ("link", "guid", "url", "comments", "origLink"):
        inside = draw(ADDRESSES)
    elif depth < 2 and (name in HOLDERS or seldom(draw)):
        inside = "".join(draw(st.lists(elements(depth + 1), max_size=3)))
    else:
        inside = draw(TEXTS)
    return written(name, attributes, inside)


@st.composite
def dates(draw: st.DrawFn) -> str:
    """An element with a date."""
    names = (
        "pubDate",
        "published",
        "updated",
        "dc:date",
        "dcterms:issued",
        "dcterms:modified",
        "atom:updated",
    )
    return written(draw(st.sampled_from(names)), "", draw(ODD_DATES if seldom(draw) else DATES))


def written(name: str, attributes: str, inside: str) -> str:
    """The element, short where nothing is in it."""
    opening = f"{name} {attributes}".rstrip()
    return f"<{opening}>{inside}</{name}>" if inside else f"<{opening}/>"


@st.composite
def items(draw: st.DrawFn, name: str) -> str:
    """One item; nearly always with a title and an address, without which there is nothing to compare."""
    address = "https://news.example/l" if not seldom(draw, 10) else draw(ADDRESSES)
    link = written("link", f'href="{address}"', "") if name == "entry" else f"<link>{address}</link>"
    own = "id" if name == "entry" else "guid"
    some = [
        f"<title>{draw(TEXTS) if seldom(draw, 4) else 'Convoy halted'}</title>",
        link if not seldom(draw) else "",
        *draw(st.lists(elements(), max_size=5)),
        *draw(st.lists(dates(), max_size=2)),
        written(own, draw(st.sampled_from(FITTING["guid"])) if own == "guid" else "", draw(ADDRESSES)),
    ]
    if draw(st.booleans()):
        some.pop()
    attributes = draw(ODD_ATTRIBUTES) if seldom(draw) else ""
    return written(name, attributes, "".join(draw(st.permutations(some))))


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A whole document without its XML declaration."""
    form = draw(st.sampled_from(["rss", "atom", "rdf"]))
    title = draw(st.sampled_from(["", "<title>Desk</title>", "<title>Nachrichten für alle</title>"]))
    entries = draw(st.lists(items("entry" if form == "atom" else "item"), min_size=1, max_size=3))
    head = [title, *(draw(st.lists(elements(), max_size=2)) if seldom(draw, 5) else ())]
    around = draw(st.permutations(head))
    if form == "rss":
        parts = [*around, *entries] if draw(st.booleans()) else [*entries, *around]
        return f'<rss version="2.0" {DECLARED}><channel>{"".join(parts)}</channel></rss>'
    if form == "atom":
        return f'<feed xmlns="{NAMESPACES["atom"]}" {DECLARED}>{"".join([*around, *entries])}</feed>'
    channel = f"<channel>{''.join(around)}</channel>"
    return f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" {DECLARED}>{channel}{"".join(entries)}</rdf:RDF>'
