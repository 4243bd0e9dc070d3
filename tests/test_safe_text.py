"""Whatever comes in from outside, nothing that a terminal acts on goes out."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.feeds import safe_text as door
from tui.feeds.safe_text import LINK_LIMIT, RAW_LIMIT, safe_link, safe_text

HOSTILE = [
    *(
        "<",
        ">",
        "&",
        ";",
        "#",
        '"',
        "'",
        "=",
        "/",
        "!",
        "--",
        " ",
        "\n",
        "amp",
        "lt",
        "gt",
        "a",
        "b",
        "x1b",
        "27",
    ),
    *("\x1b", "\x07", "\x9b", "\x9d", "\x90", "\x9c", "\\", "[", "]", "31m", "2J", "0;title", "\x00", "\x7f"),
    *(
        "\u200b",
        "\u200c",
        "\u200d",
        "\u200e",
        "\u202e",
        "\u2066",
        "\u061c",
        "\ufeff",
        "\ufe0f",
        "\u00ad",
        "\u034f",
    ),
    *(
        "\u0301",
        "\u0316",
        "\u0344",
        "\u05b8",
        "\u20dd",
        "\u1160",
        "\u2028",
        "\x85",
        "\ud800",
        "\uffff",
        "\ue000",
    ),
    *(
        "\ufff9",
        "\U000e0041",
        "\u037e",
        "\u00e9",
        "\u0645",
        "\u06cc",
        "\u05d0",
        "\ufb2c",
        "ö",
        "script",
        "style",
    ),
    *(
        "<b>",
        "</p>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<![CDATA[",
        "]]>",
        "&amp;",
        "&#x1b;",
        "&lt;",
        "&nbsp;",
    ),
]
anything = st.one_of(
    st.text(max_size=400),
    st.lists(st.sampled_from(HOSTILE), max_size=60).map("".join),
    st.text(alphabet=st.characters(codec=None), max_size=200),
)
ZWNJ = "\u200c"


def acts_on_a_terminal(char: str) -> bool:
    code = ord(char)
    return (
        unicodedata.category(char)[0] == "C"
        or (unicodedata.category(char)[0] == "Z" and char != " ")
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE0FFF
    )


def longest_stack(text: str) -> int:
    runs = re.findall("m+", "".join("m" if unicodedata.category(c)[0] == "M" else "." for c in text))
    return max(map(len, runs), default=0)


@given(anything, st.integers(0, 300))
def test_nothing_that_a_terminal_acts_on_comes_out(raw: str, limit: int) -> None:
    text = safe_text(raw, limit)
    assert not [char for char in text.replace(ZWNJ, "") if acts_on_a_terminal(char)]
    assert not re.search(f"(?:^|[^\u0600-\ufefc]){ZWNJ}|{ZWNJ}(?:$|[^\u0600-\ufefc])", text)
    assert text == " ".join(text.split())
    assert unicodedata.is_normalized("NFC", text)
    assert len(text) <= limit
    assert longest_stack(text) <= 5


@given(anything, st.integers(0, 300))
def test_safe_text_of_safe_text_is_the_same_text(raw: str, limit: int) -> None:
    text = safe_text(raw, limit)
    assert safe_text(text, limit) == text


@given(st.text(alphabet="abc é<>&;'\"-. 123 שלום سلام", max_size=100))
def test_plain_words_without_markup_are_left_alone(text: str) -> None:
    plain = " ".join(text.replace("<", "").replace("&", "").split())
    assert safe_text(plain, 1000) == plain


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<p>Hello&nbsp;<b>wor</b>ld</p><p>again</p>", "Hello world again"),
        ("one<br/>two<img alt='x > y' src=\"q\">three", "one two three"),
        ("<script>if (a<b) alert('<p>')</script>seen<style>p{}</style>", "seen"),
        ("<SCRIPT SRC=x>a</SCRIPT\n>after", "after"),
        ("before <!-- <b>hidden</b> --> after", "before after"),
        ("<![CDATA[Strike on <i>Tyre</i>]]>", "Strike on Tyre"),
        ("3 < 5 and 7 > 6, I <3 it", "3 < 5 and 7 > 6, I <3 it"),
        ("R&D, AT&T; a &foo; b", "R&D, AT&T; a &foo; b"),
        ("&amp;quot;Two&amp;quot; &#8220;three&#8221; &#x2019;", '"Two" “three” ’'),
        ("&lt;p&gt;Escaped &lt;em&gt;once&lt;/em&gt;&lt;/p&gt;", "Escaped once"),
        ("&amp;lt;b&amp;gt;Escaped twice&amp;lt;/b&amp;gt;", "Escaped twice"),
        ("&amp;amp;amp;lt;b&amp;amp;amp;gt;thrice", "thrice"),
        ("Israel\x92s \x93army\x94, &#147;so&#148;", "Israel’s “army”, “so”"),
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x1b]0;a new title\x07news \x1b]8;;http://x/\x1b\\link\x1b]8;;\x1b\\", "news link"),
        ("\x1bP1$r0m\x1b\\dcs \x9b2Jcsi \x9d52;c;cm0=\x9cosc", "dcs csi osc"),
        ("&#27;[2Jcleared &#x1b;]0;x&#7;", "cleared"),
        ("unfinished \x1b]52;c;text", "unfinished 52;c;text"),
        ("abc\u202edef\u2066\u200e\u061c", "abcdef"),
        (
            "zero\u200bwidth \ufeffbom soft\u00adhyphen word\u2060joiner",
            "zerowidth bom softhyphen wordjoiner",
        ),
        ("warning \u26a0\ufe0f \U0001f468\u200d\U0001f469 \U0001f44d\U0001f3fd", "warning ⚠ 👨👩 👍"),
        ("line\u2028para\u2029nel\x85tab\tnl\r\nend", "line para nel tab nl end"),
        ("e\u0301" + "\u0301" * 50 + "x", "é" + "\u0301" * 4 + "x"),
        ("\u0301\u0301lead", "lead"),
        ("lone\ud800\udfff non\uffff\U0010ffff private\ue000", "lone non private"),
        ("\U000e0041\U000e0042tag \ufff9ann\ufffaot\ufffb", "tag annot"),
        ("می\u200cشود", "می\u200cشود"),
        ("a\u200cb \u200c شد\u200c", "ab شد"),
        ("null\x00bell\x07back\x08del\x7f", "nullbellbackdel"),
        ("", ""),
    ],
)
def test_what_becomes_of(raw: str, text: str) -> None:
    assert safe_text(raw, 200) == text


def test_a_long_text_is_cut_behind_a_word() -> None:
    assert safe_text("one two three four", 12) == "one two…"
    assert safe_text("one two three four", 14) == "one two three…"
    assert safe_text("x" * 50, 10) == "x" * 9 + "…"
    assert safe_text("anything", 0) == ""


PIECES = [
    "<",
    "&",
    "<a ",
    "<!--",
    "\x1b]",
    "\x9d",
    "<script>",
    "a\u0301\u0316",
    "\u0316\u0301",
    "&amp;",
    '<a ="',
    "\x1b[",
]


@pytest.mark.parametrize("piece", [*PIECES, "&#38;#38;", "<![CDATA[", "<b>", "<a =\"'", "\u1160", "\x9b0"])
def test_ten_megabytes_of_anything_are_no_work(piece: str) -> None:
    """Quadratic work on this much would outlast any test run; the raw cap and the patterns forbid it."""
    text = safe_text(piece * (10_000_000 // len(piece)), 300)
    assert len(text) <= 300


def test_a_tag_that_the_raw_cap_cuts_in_two_does_not_show() -> None:
    assert safe_text("word " + " " * (RAW_LIMIT - 9) + '<img src="data:,aaaa">', 100) == "word"


@given(st.one_of(anything, anything.map(lambda tail: "https://example.org/" + tail)))
def test_a_link_is_printable_ascii_and_stays_itself(raw: str) -> None:
    link = safe_link(raw)
    assert link == "" or re.fullmatch(r"https?://[!-~]+", link)
    assert not re.search(r"""["'<>\\ `^{|}]""", link)
    assert len(link) <= LINK_LIMIT
    assert safe_link(link) == link


@pytest.mark.parametrize(
    ("raw", "link"),
    [
        ("  https://example.org/a?b=1&amp;c=2#d \n", "https://example.org/a?b=1&c=2#d"),
        ("HTTPS://Example.ORG", "https://example.org"),
        ("https://bücher.example/ä b?q='\"", "https://xn--bcher-kva.example/%C3%A4%20b?q=%27%22"),
        ("https://example.org/%D8%A7?x=%zz", "https://example.org/%D8%A7?x=%zz"),
        ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("https://example.org/\u202egpj.exe", "https://example.org/%E2%80%AEgpj.exe"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("//example.org/x", ""),
        ("/relative", ""),
        ("https://user:pass@example.org/", ""),
        ("https://example.org\\@other.example/", ""),
        ("https://exa mple.org/", ""),
        ("https://example.org:99999/", ""),
        ("https://[::1/", ""),
        ("https://example.org/\x1b]0;x\x07", ""),
        ("https://example.org/" + "x" * 2000, ""),
        ("https:///path", ""),
        ("", ""),
    ],
)
def test_what_becomes_of_a_link(raw: str, link: str) -> None:
    assert safe_link(raw) == link


@pytest.mark.parametrize("word", ["လျှော့", "हिन्दी", "ক্ষেত্রে", "བསྒྲུབས", "בְּרֵאשִׁ֖ית", "مُحَمَّد"])
def test_words_of_many_marks_stay_as_they_are_written(word: str) -> None:
    assert safe_text(word, 100) == unicodedata.normalize("NFC", word)


def test_a_flood_of_signs_that_terminals_give_a_cell_or_none_ends_after_five() -> None:
    assert safe_text("क" + "ः" * 300, 400) == "क" + "ः" * 5


def test_what_is_taken_for_usual_stays_as_it_is_beside_anything() -> None:
    usual = [char for char in map(chr, range(0x10000)) if not door._UNUSUAL.search(char)]
    assert len(usual) > 500
    for char in usual:
        assert unicodedata.is_normalized("NFC", char)
        assert unicodedata.combining(char) == 0
        assert unicodedata.category(char)[0] not in "CM"
        assert door._ALLOWED[ord(char)] == char
        assert char == " " or not char.isspace()


ARTICLE = ["word ", "<b>", "</i>", "<p>", "<br/>", "ré, ", "كلمة ", "x", '<a href="/?a=1&amp;b=2">']
words = st.lists(st.sampled_from(ARTICLE), max_size=40).map("".join)
broken = st.tuples(words, st.lists(st.sampled_from(HOSTILE), max_size=3).map("".join), words, words)


@given(broken.map("".join), st.integers(0, 60))
@example("word " * 9 + ']]<b></b>><a t="x>y ' + "<i>z" * 40, 40)
@example('word <a t="x>y <![CDATA[z">' + "word <b>" * 40, 40)
@example("word " * 8 + "e<b>\u0301</b>" * 40, 40)
@example("&am<b>p;" * 40 + "&amp;lt;b>", 20)
def test_of_a_long_text_a_look_at_its_beginning_tells_the_same(raw: str, limit: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(door, "_lead", lambda raw, limit: "")
        whole = safe_text(raw, limit)
    assert safe_text(raw, limit) == whole


def test_of_an_article_no_more_is_looked_at_than_is_wanted() -> None:
    article = (
        '<p class="lead">The ferry was r&eacute;paired &#8230; <a href="/?a=1&amp;b=2">in port</a>.</p>\n'
    )
    assert door._lead(article * 9, 100).startswith("The ferry was répaired … in port. The ferry")
    assert door._lead("<!-- not this -->" + article * 9, 100) == ""
