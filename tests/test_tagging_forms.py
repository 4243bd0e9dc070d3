"""Marks of form: a pattern's ways to match, looked for one by one, find what the whole pattern finds."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.tagging.compiled import load_built_in
from tui.tagging.forms import Choice, alternatives

PATTERNS = [form.pattern for form in load_built_in().forms]
CORPUS = Path(__file__).parent / "tagging_corpus.jsonl"
PIECES = [
    "live", "alive", "day", "on day 12", "1987", "2009-", "and more.", "as it happened", "why", "how",
    "analysis", "opinion", "raid", "x", "12", ".", "مباشر", "تغطية مباشرة", "هل ", "למה ", "• ", "|", ": ",
    " – ", "?", "؟", "“", "”", " ", ", ", "\n",
]  # fmt: skip


def spans(pattern: str, text: str) -> tuple[object, object]:
    whole, choice = re.search(pattern, text), Choice(pattern).search(text)
    return whole and whole.span(), choice and choice.span()


def test_every_pattern_of_the_lists_finds_the_same_in_every_line_of_the_corpus() -> None:
    with CORPUS.open(encoding="utf-8") as lines:
        titles = [json.loads(line)["title"].lower() for line in lines]
    found = 0
    for pattern in PATTERNS:
        choice, whole = Choice(pattern), re.compile(pattern)
        for title in titles:
            match, expected = choice.search(title), whole.search(title)
            assert (match and match.span()) == (expected and expected.span()), (pattern, title)
            found += match is not None
    assert found > 0


@given(st.sampled_from(PATTERNS), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_every_pattern_of_the_lists_finds_the_same_in_made_up_titles(pattern: str, title: str) -> None:
    whole, choice = spans(pattern, title)
    assert choice == whole


@pytest.mark.parametrize(
    ("pattern", "ways"),
    [
        ("", [""]),
        ("one", ["one"]),
        ("one|two", ["one", "two"]),
        ("one|", ["one", ""]),
        ("^(?:a|b)c|d", ["^(?:a|b)c", "d"]),
        (r"[|]a|\|b|[^|\]]|c\(|d", ["[|]a", r"\|b", r"[^|\]]", r"c\(", "d"]),
        ("[]|]|[^]|]", ["[]|]", "[^]|]"]),
        ("(?<=a|b)c|(?:(?:x|y)|z)", ["(?<=a|b)c", "(?:(?:x|y)|z)"]),
    ],
)
def test_a_pattern_parts_where_no_bracket_is_open(pattern: str, ways: list[str]) -> None:
    assert list(alternatives(pattern)) == ways


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(?i)one|two", "a TWO"),
        (r"(a|b)\1|c", "xbb"),
        ("live?|five", "liv"),
        ("lives*|five", "live"),
        ("live{0}|five", "liv"),
        ("b|^ab", "ab"),
        ("^ab|^a", "ab"),
        ("ab|^a", "ab"),
        ("one|", "two"),
        (r"\bday \d+|night", "on day 9"),
    ],
)
def test_what_the_first_way_finds_is_what_the_pattern_finds(pattern: str, text: str) -> None:
    whole, choice = spans(pattern, text)
    assert whole is not None
    assert choice == whole
