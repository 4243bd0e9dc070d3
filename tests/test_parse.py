"""Bytes of a feed document become entries, whatever the bytes are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.feeds.parse import EARLIEST, ID_LIMIT, SUMMARY_LIMIT, TITLE_LIMIT, Parsed, parse
from tui.model import Entry

URL = "https://news.example/feeds/world.xml"

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>World &amp; Region</title><link>https://news.example/</link>
<item>
  <title>Patrol &lt;b&gt;fired&lt;/b&gt; on near the river</title>
  <link>/2024/patrol?a=1&amp;b=2</link>
  <guid isPermaLink="false">item-1</guid>
  <pubDate>Fri, 01 Dec 2023 18:39:00 +0200</pubDate>
  <description><![CDATA[<p>No one was <i>hurt</i>.</p>]]></description>
  <content:encoded><![CDATA[<p>A long text.</p>]]></content:encoded>
</item>
<item>
  <title>טיל יורט מעל הים האדום</title>
  <link>https://news.example/2</link>
  <dc:date>2023-12-01T16:40:00Z</dc:date>
  <content:encoded><![CDATA[<p>Only content.</p>]]></content:encoded>
</item>
<item><description>No title, but <b>words</b> enough.</description><pubDate>soon</pubDate></item>
<item><link>https://news.example/empty</link></item>
</channel></rss>""".encode()

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Desk</title>
<entry><id>tag:news.example,2023:1</id><title type="html">&lt;em&gt;Sirens&lt;/em&gt; in the north</title>
<link rel="alternate" href="../a/1"/><updated>2023-12-02T10:00:00Z</updated>
<published>2023-12-01T10:00:00+01:00</published><summary>Short.</summary></entry>
<entry><id>tag:news.example,2023:2</id><title>Second</title><link href="https://news.example/a/2"/>
<updated>2023-12-03T10:00:00Z</updated></entry></feed>"""

RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel><title>Old desk</title></channel>
<item rdf:about="https://news.example/r1"><title>Convoy halted</title><link>https://news.example/r1</link></item>
</rdf:RDF>"""


def read(body: bytes, content_type: str = "application/xml", most: int = 100) -> Parsed:
    return parse(body, content_type, URL, most)


def rss(*items: str) -> bytes:
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>T</title>'
    return (head + "".join(f"<item>{item}</item>" for item in items) + "</channel></rss>").encode()


def only(item: str) -> Entry:
    [entry] = read(rss(item)).entries
    return entry


def test_an_rss_document() -> None:
    parsed = read(RSS)
    assert (parsed.title, parsed.fault) == ("World & Region", "")
    text = "No title, but words enough."
    first, second, third = parsed.entries
    assert first == Entry(
        "item-1",
        "Patrol fired on near the river",
        "No one was hurt.",
        "https://news.example/2024/patrol?a=1&b=2",
        1701448740.0,
    )
    assert second == Entry(
        "https://news.example/2",
        "טיל יורט מעל הים האדום",
        "Only content.",
        "https://news.example/2",
        1701448800.0,
    )
    assert (third.title, third.summary, third.link, third.published) == (text, text, "", None)
    assert re.fullmatch("[0-9a-f]{64}", third.id)


def test_an_atom_document() -> None:
    first, second = read(ATOM).entries
    assert first == Entry(
        "tag:news.example,2023:1", "Sirens in the north", "Short.", "https://news.example/a/1", 1701421200.0
    )
    assert second.published == 1701597600.0


def test_an_rdf_document() -> None:
    [entry] = read(RDF).entries
    assert (entry.title, entry.link, entry.published) == ("Convoy halted", "https://news.example/r1", None)


def test_no_more_entries_are_read_than_asked_for() -> None:
    assert [entry.id for entry in read(RSS, most=1).entries] == ["item-1"]


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1256", "iso-8859-6", "utf-8-sig"])
def test_other_encodings_are_read(encoding: str) -> None:
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    text = (
        f'<?xml version="1.0" encoding="{name}"?><rss version="2.0"><channel><item><title>قصف</title></item>'
    )
    assert read((text + "</channel></rss>").encode(encoding)).entries[0].title == "قصف"


def test_the_charset_of_the_answer_counts_where_the_document_names_none() -> None:
    body = '<rss version="2.0"><channel><item><title>غارة</title></item></channel></rss>'.encode(
        "windows-1256"
    )
    assert read(body, "application/xml; charset=windows-1256").entries[0].title == "غارة"


def test_bytes_that_are_not_in_the_declared_encoding_cost_no_entry() -> None:
    body = rss("<title>Caf\u00e9 hit</title>", "<title>Second</title>").replace("é".encode(), b"\xe9")
    assert [entry.title for entry in read(body).entries] == ["Café hit", "Second"]


def test_a_truncated_document_gives_what_it_has() -> None:
    parsed = read(RSS[: RSS.index(b"<title>\xd7")])
    assert parsed.entries[0].id == "item-1"
    assert parsed.fault == ""


@pytest.mark.parametrize("day", ["Thu, 01 Jan 1970 00:00:00 GMT", "Sun, 31 Dec 1989 23:59:59 GMT", "no date"])
def test_a_date_that_no_news_can_have_is_no_date(day: str) -> None:
    assert only(f"<title>x</title><pubDate>{day}</pubDate>").published is None


def test_a_date_ahead_of_its_time_is_told_as_it_is() -> None:
    assert only("<title>x</title><pubDate>Fri, 01 Jan 2100 00:00:00 GMT</pubDate>").published == 4102444800.0


def test_a_usable_update_stands_in_for_an_unusable_publication() -> None:
    date = '<updated xmlns="http://www.w3.org/2005/Atom">2023-12-01T16:40:00Z</updated>'
    assert only(f"<title>x</title><pubDate>rubbish</pubDate>{date}").published == 1701448800.0


def test_texts_and_ids_are_bounded() -> None:
    long = "word " * 5000
    entry = only(f"<title>{long}</title><description>{long}</description><guid>{'i' * 9999}</guid>")
    assert (len(entry.title) <= TITLE_LIMIT, len(entry.summary) <= SUMMARY_LIMIT) == (True, True)
    assert len(entry.id) <= ID_LIMIT


def test_an_id_that_could_act_on_a_terminal_becomes_a_digest() -> None:
    assert re.fullmatch("[0-9a-f]{64}", only("<title>x</title><guid>\u009b31m\u202e</guid>").id)


def test_two_entries_with_nothing_but_text_are_told_apart_and_known_again() -> None:
    body = rss("<title>One</title>", "<title>Two</title>")
    one, two = read(body).entries
    assert one.id != two.id
    assert read(body).entries == (one, two)


def test_a_link_that_is_no_web_address_is_dropped() -> None:
    assert only("<title>x</title><link>javascript:alert(1)</link>").link == ""
    assert only("<title>x</title><link>https://[bad</link>").link == ""


def test_no_entity_is_expanded_and_no_file_is_read() -> None:
    entity = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    file = '<!ENTITY f SYSTEM "file:///etc/hostname">'
    body = rss("<title>x&i;&f;y</title>").replace(b"<rss", f"<!DOCTYPE rss [{entity}{file}]><rss".encode(), 1)
    for entry in read(body).entries:
        assert len(entry.title) <= TITLE_LIMIT
        assert "aaaa" not in entry.title


PAGE = (
    "<!-- cached --> <!DOCTYPE html><html><head><link rel='alternate' type='application/rss+xml' href='{}'>"
)


@pytest.mark.parametrize(
    ("body", "content_type", "fault"),
    [
        (b"", "", "empty: the server sent nothing"),
        (b" \n", "", "empty: the server sent nothing"),
        (b"<!doctype html><title>Log in</title>", "text/html", "page of HTML"),
        (b"<p>moved", "text/html; charset=utf-8", "page of HTML"),
        (
            PAGE.format("/rss").encode(),
            "",
            "page of HTML; did you mean https://news.example/rss?",
        ),
        (PAGE.format("file:///x").encode(), "", "page of HTML"),
        (b'{"items": []}', "application/json", "not a feed: neither RSS nor Atom in it"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "", "not a feed: neither RSS nor Atom in it"),
        (b"x" * 100_000, "text/plain", "not a feed: neither RSS nor Atom in it"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff", "image/png", "not a feed: neither RSS nor Atom in it"),
        (b'<rss version="2.0"><channel><title>T', "", "broken XML: no element found"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: bytes, content_type: str, fault: str) -> None:
    parsed = read(body, content_type)
    assert parsed.entries == ()
    assert parsed.fault.startswith(fault)


def test_a_sound_feed_without_entries_is_no_fault() -> None:
    assert read(rss()) == Parsed(title="T")
    assert read(rss(), "text/html") == Parsed(title="T")


FRAGMENTS = [
    b"<item>",
    b"</item>",
    b"<title>",
    b"</title>",
    b"<![CDATA[",
    b"]]>",
    b"&#27;[2J",
    b"\xff\xfe",
    b"<!--",
]


@given(
    st.one_of(st.binary(max_size=500), st.lists(st.sampled_from([*FRAGMENTS, b"\x00", b"x"])).map(b"".join))
)
def test_no_bytes_raise(body: bytes) -> None:
    check(read(body))


@given(st.sampled_from([RSS, ATOM, RDF]), st.data())
def test_no_damage_to_a_document_raises_or_lets_a_control_through(
    document: bytes, data: st.DataObject
) -> None:
    body = bytearray(document)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body)))
        cut = data.draw(st.integers(0, 40))
        body[at : at + cut] = data.draw(st.sampled_from(FRAGMENTS) | st.binary(max_size=4))
    check(read(bytes(body)))


def check(parsed: Parsed) -> None:
    assert (parsed.title + parsed.fault).replace("\u200c", "").isprintable()
    for entry in parsed.entries:
        texts = [value for value in entry if isinstance(value, str)]
        assert all(text.replace("\u200c", "").isprintable() for text in texts)
        assert entry.title and entry.id
        assert entry.published is None or entry.published >= EARLIEST
