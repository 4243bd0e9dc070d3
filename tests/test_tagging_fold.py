"""One normal form for five languages, and the way back from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.tagging.fold import fold, origins
from tui.tagging.language import detect


def words(text: str) -> str:
    return " ".join(fold(text).split())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Naqoura", "NAQOURA"),
        ("Sana'a", "Sana’a"),
        ("Iran-backed", "Iran–backed"),
        ("Hodeïda", "hodeida"),
        ("حِزْبُ اللّٰه", "حزب الله"),
        ("الضاحـــية", "الضاحيه"),
        ("إسرائيل", "اسرائيل"),
        ("مستشفى", "مستشفي"),
        ("كتائب", "کتائب"),
        ("۱۲ کشته", "12 كشته"),
        ("٣ قتلى", "3 قتلي"),
        ("לְבָנוֹן", "לבנון"),
        ("צה״ל", 'צה"ל'),
        ("חות׳ים", "חות'ים"),
        ("air\u00adstrike", "airstrike"),
        ("ﷲ", "الله"),
    ],
)
def test_two_ways_to_write_a_word_fold_to_one(one: str, other: str) -> None:
    assert words(one) == words(other)


def test_final_letters_of_hebrew_fold_to_the_plain_ones() -> None:
    assert fold("לבנון") == fold("לבנונ")


def test_different_words_stay_different() -> None:
    assert len({words(w) for w in ("قتل", "قاتل", "حرب", "حزب", "ירי", "הרי", "raid", "rapid")}) == 8


def test_a_zero_width_non_joiner_parts_a_persian_word_from_its_ending() -> None:
    assert words("موشک‌های") == "موشك هاي"


@given(st.text())
def test_every_character_of_the_fold_knows_where_it_came_from(text: str) -> None:
    back = origins(text)
    assert len(back) == len(fold(text)) + 1
    assert list(back) == sorted(back)
    for at, character in zip(back, fold(text), strict=False):
        assert character in fold(text[at])


@given(st.text())
def test_folding_the_fold_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_the_fold_holds_only_small_letters_digits_and_spaces(text: str) -> None:
    assert all(c == " " or c.isalnum() for c in fold(text))


@given(st.text(), st.text())
def test_folding_is_the_same_piece_by_piece(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("Rockets fired at the base in the north", "", "en"),
        ("Des roquettes tirées sur le nord du pays", "", "fr"),
        ("غارة إسرائيلية على بلدة في جنوب لبنان", "", "ar"),
        ("حمله هوایی اسرائیل به جنوب لبنان", "", "fa"),
        ('צה"ל תקף בלבנון', "", "he"),
        ("حمله اسرائیل به دمشق", "fa", "fa"),
        ("لبنان", "ar", "ar"),
        ("UNIFIL", "fr", "fr"),
        ("قوات UNIFIL في الناقورة", "en", "ar"),
        ("لاہور میں بڑے دھماکے سے کئی افراد زخمی ہو گئے", "", "ur"),
    ],
)
def test_the_language_is_told_by_script_letters_and_small_words(
    text: str, declared: str, language: str
) -> None:
    assert detect(text, declared) == language


@given(st.text(), st.sampled_from(["", "en", "fr", "ar", "fa", "he", "xx"]))
def test_any_text_has_a_language(text: str, declared: str) -> None:
    assert detect(text, declared) in {"en", "fr", "ar", "fa", "he", "ur"}
