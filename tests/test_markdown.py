"""Text from outside in Markdown, as a parser of CommonMark and GitHub's tables reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tui.feeds.safe_text import safe_text
from tui.markdown import escape, link

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

HOSTILE = (
    "# Heading",
    "1. first",
    "- item",
    "> quote",
    "a | b",
    "---",
    "===",
    "```code",
    "`code`",
    "*a* _b_ **c**",
    "~~gone~~",
    "[click](javascript:alert(1))",
    "![picture](https://evil.example/x.png)",
    "<script>alert(1)</script>",
    "<b>bold</b>",
    "&lt;b&gt; &amp;amp; &#35;",
    "https://evil.example/a_b_c",
    "back\\slash\\*",
    "[ref]: https://evil.example",
    "+ plus",
    "12) twelve",
    "غارة على [الناقورة](https://x.example)",
    "$x$ and $y$",
    "| a |\n|---|\n| b |",
)


def told(markdown: str) -> tuple[list[str], str, list[Token]]:
    """The sorts of blocks, the text that a reader sees, and what stands inside."""
    blocks = PARSER.parse(markdown)
    inside = [child for block in blocks for child in block.children or ()]
    return [block.type for block in blocks], "".join(child.content for child in inside), inside


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("lead", ["- ", "", "- **HIGH** "])
def test_a_headline_reads_as_it_is_and_does_nothing(text: str, lead: str) -> None:
    blocks, read, inside = told(lead + escape(text))
    paragraph = ["paragraph_open", "inline", "paragraph_close"]
    item = ["bullet_list_open", "list_item_open", *paragraph, "list_item_close", "bullet_list_close"]
    assert blocks == (item if lead else paragraph)
    assert read.removeprefix("HIGH ") == " ".join(text.split())
    assert {token.type for token in inside} <= {"text", "text_special", "strong_open", "strong_close"}


@given(st.text(st.sampled_from("ab1 \t\\`*_[]()<>#+-.!|~&;:/$=^'\"@{}\n"), max_size=40))
def test_whatever_is_made_of_signs_reads_as_it_is(text: str) -> None:
    plain = safe_text(text, 200)
    _, read, inside = told(f"- x {escape(plain)}")
    assert read == " ".join(f"x {plain}".split())
    assert {token.type for token in inside} <= {"text", "text_special"}


@given(st.text(max_size=60))
def test_whatever_a_feed_says_reads_as_it_is_at_the_beginning_too(text: str) -> None:
    plain = " ".join(safe_text(text, 200).split())
    blocks, read, _ = told(escape(plain))
    assert read == plain
    assert blocks in ([], ["paragraph_open", "inline", "paragraph_close"])


def test_a_link_goes_where_it_says_and_reads_as_its_headline() -> None:
    _, read, inside = told(link("Strike [two] (killed)", "https://wire.example/a_(b)?q=[1]|2"))
    assert read == "Strike [two] (killed)"
    (opened,) = [token for token in inside if token.type == "link_open"]
    assert opened.attrs["href"] == "https://wire.example/a_%28b%29?q=%5B1%5D%7C2"


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https:// x"]
)
def test_what_is_no_address_of_the_web_is_no_link(url: str) -> None:
    assert link("Strike", url) == "Strike"
