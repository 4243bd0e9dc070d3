"""Terms are found as whole words, in their own language, with the prefixes that language writes onto them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.tagging.lexicon import Lexicon, LexiconError, load
from tui.tagging.match import Matcher

LISTS = """
about = "for the tests"

[[actor]]
id = "hezbollah"
side = "north"
en = ["Hezbollah"]
ar = ["حزب الله"]
he = ["חיזבאללה"]

[[actor]]
id = "kataib"
side = "east"
en = ["Kataib Hezbollah"]
ar = ["كتائب حزب الله"]

[[actor]]
id = "us"
side = "west"
en_cased = ["US"]
en = ["U.S."]

[[actor]]
id = "houthis"
side = "south"
ar = ["الحوثيين", "حوثيون"]

[[term]]
id = "strike"
class = "act"
en = ["strike", "strikes"]
fr = ["frappe"]
ar = ["قصف", "غارة"]
fa = ["حمله"]
he = ["ירי"]
he_exact = ["טיל"]

[[term]]
id = "long-phrase"
class = "act"
en = ["US strikes"]

[[veto]]
id = "hunger-strike"
en = ["hunger strike"]
"""


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    folder = tmp_path_factory.mktemp("lexicons")
    (folder / "test.toml").write_text(LISTS, encoding="utf-8")
    return Matcher(load(folder))


def found(matcher: Matcher, text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(text[h.start : h.end], sense.id) for h in matcher.find(text, language) for sense in h.senses]


def test_a_match_never_begins_or_ends_inside_a_word(matcher: Matcher) -> None:
    assert found(matcher, "The striker was striking; airstrike, strikers") == []
    assert found(matcher, "(strike)") == [("strike", "strike")]


def test_the_longest_name_wins(matcher: Matcher) -> None:
    assert found(matcher, "Kataib Hezbollah and Hezbollah") == [
        ("Kataib Hezbollah", "kataib"),
        ("Hezbollah", "hezbollah"),
    ]


def test_a_longer_phrase_of_words_does_not_hide_the_name_in_it(matcher: Matcher) -> None:
    assert found(matcher, "US strikes back") == [("US strikes", "long-phrase"), ("US", "us")]


def test_a_veto_swallows_the_words_inside_it(matcher: Matcher) -> None:
    assert found(matcher, "a hunger strike") == [("hunger strike", "hunger-strike")]


def test_a_cased_term_minds_the_letter_case(matcher: Matcher) -> None:
    assert found(matcher, "US tells us") == [("US", "us")]
    assert found(matcher, "The U.S. and the U.S.’s") == [("U.S", "us"), ("U.S", "us")]


def test_a_name_written_small_is_an_ordinary_word(matcher: Matcher) -> None:
    assert found(matcher, "HEZBOLLAH hezbollah") == [("HEZBOLLAH", "hezbollah")]


@pytest.mark.parametrize("prefix", ["", "و", "ب", "ال", "وال", "بال", "فال", "ول", "كال"])
def test_arabic_prefixes_and_their_runs_are_seen_through(matcher: Matcher, prefix: str) -> None:
    assert found(matcher, f"خبر {prefix}قصف مدفعي", "ar") == [("قصف", "strike")]


def test_the_article_of_a_listed_arabic_name_may_be_missing_or_melted(matcher: Matcher) -> None:
    assert found(matcher, "هجوم للحوثيين", "ar") == [("حوثيين", "houthis")]
    assert found(matcher, "والحوثيون", "ar") == [("حوثيون", "houthis")]


def test_what_is_no_prefix_keeps_an_arabic_word_another_word(matcher: Matcher) -> None:
    assert found(matcher, "يتقصف مقصف", "ar") == []


@pytest.mark.parametrize("prefix", ["", "ה", "ב", "וה", "שב", "כשה", "מ"])
def test_hebrew_prefixes_and_their_runs_are_seen_through(matcher: Matcher, prefix: str) -> None:
    assert found(matcher, f"דווח {prefix}חיזבאללה", "he") == [("חיזבאללה", "hezbollah")]


def test_an_exact_spelling_takes_no_prefix(matcher: Matcher) -> None:
    assert found(matcher, "הטיל קנס", "he") == []
    assert found(matcher, "טיל נורה", "he") == [("טיל", "strike")]


def test_a_word_is_tried_only_in_its_own_language(matcher: Matcher) -> None:
    assert found(matcher, "في حمله الأخير", "ar") == []
    assert found(matcher, "حمله هوایی", "fa") == [("حمله", "strike")]
    assert found(matcher, "la frappe", "en") == []


def test_a_name_in_latin_letters_is_found_in_arabic_text(matcher: Matcher) -> None:
    assert found(matcher, "بيان Hezbollah اليوم", "ar") == [("Hezbollah", "hezbollah")]


def test_offsets_are_those_of_the_text_as_it_stands(matcher: Matcher) -> None:
    assert found(matcher, "قـــصـف و«غارةٌ» ﴾", "ar") == [("قـــصـف", "strike"), ("غارةٌ", "strike")]


@given(st.text(alphabet=st.characters() | st.sampled_from("Hezbolahקצ ירי غارة strike"), max_size=80))
def test_hits_stand_in_order_within_any_text(matcher: Matcher, text: str) -> None:
    for language in ("en", "ar", "he", "fa", "fr", "ur"):
        hits = matcher.find(text, language)
        assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
        assert [hit.start for hit in hits] == sorted(hit.start for hit in hits)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[term]]\nid = 'x'\nspelling = ['y']", "unknown key spelling"),
        ("[[term]]\nen = ['y']", "needs an id"),
        ("[[term]]\nid = 'x'\nen = 'y'", "en must be a list"),
        ("[[term]\n", "list.toml"),
        ("[[form]]\nid = 'x'\nkind = 'other'", "x"),
    ],
)
def test_a_mistake_in_a_list_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "list.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError, match=r"list\.toml") as fault:
        load(tmp_path)
    assert told in str(fault.value)


def test_a_broken_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text(
        "id,name,lexicon,kind,lat,lon,en,ar,he,fa,fr\nx,X,,town,north,1,X,,,,\n", encoding="utf-8"
    )
    with pytest.raises(LexiconError, match=r"places.csv, x"):
        load(tmp_path)


def test_an_empty_folder_matches_nothing() -> None:
    assert Matcher(Lexicon()).find("strike", "en") == []
