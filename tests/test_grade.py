"""Corroboration: the source's letter and the news's figure, judged apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.incidents.grade import RELIABILITIES, grade


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("A", "A3"),
        ("C", "C3"),
        ("BB", "B2"),
        ("CAB", "A1"),
        ("CCCCCC", "C1"),
        ("D", "D4"),
        ("E", "E4"),
        ("F", "F6"),
        ("FF", "F3"),
        ("DF", "D3"),
        ("FFFF", "F2"),
        ("FFFFFF", "F1"),
        ("BF", "B3"),
        ("BFF", "B2"),
    ],
)
def test_the_letter_is_the_best_source_and_the_figure_counts_voices(letters: str, expected: str) -> None:
    assert grade({f"publisher-{n}": letter for n, letter in enumerate(letters)}) == expected


voices = st.dictionaries(st.text(max_size=3), st.sampled_from(RELIABILITIES), min_size=1, max_size=8)


@given(voices=voices, name=st.text(min_size=4, max_size=5), letter=st.sampled_from(RELIABILITIES))
def test_one_more_voice_never_makes_news_less_credible(
    voices: dict[str, str], name: str, letter: str
) -> None:
    before, after = grade(voices), grade(voices | {name: letter})
    assert after[0] <= before[0]
    assert after[1] <= before[1]
    assert after[1] in "12346"
