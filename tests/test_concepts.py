"""What words of five languages have in common, as the merger's list has it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tui.incidents import concepts
from tui.incidents.concepts import concepts_of, names_of
from tui.tagging.fold import fold
from tui.tagging.language import LANGUAGES

LISTS = tomllib.loads(Path(concepts.__file__).with_name("concepts.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("word", "language"),
    [("tankers", "en"), ("pétrolier", "fr"), ("والناقلة", "ar"), ("והמכלית", "he"), ("نفتکش", "fa")],
)
def test_a_word_is_known_in_any_language_and_behind_what_is_written_onto_it(word: str, language: str) -> None:
    assert "tanker" in concepts_of(fold(word), language)


def test_a_word_of_another_language_says_nothing() -> None:
    assert concepts_of("tankers", "he") == ()


def test_a_name_sounds_the_same_in_two_scripts() -> None:
    latin = names_of("Halden Prospect hit", fold("Halden Prospect hit").split(), "en")
    arabic = names_of("هالدن", fold("هالدن").split(), "ar")
    assert latin & arabic


def test_every_concept_is_spelled_in_most_languages_and_no_spelling_is_idle() -> None:
    for concept, spellings in LISTS.items():
        assert set(spellings) <= set(LANGUAGES), concept
        assert len(spellings) >= 4, concept
        for language, words in spellings.items():
            for word in words:
                folded = fold(word.removesuffix("*")).strip()
                assert concept in concepts_of(folded, language), (concept, word)
