"""Right-to-left text: what the eye meets from left to right, spelled out by the letters' names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pytest
from bidi.algorithm import get_display as other_get_display
from bidi.mirror import MIRRORED
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets import rtl

NON_JOINER = "\u200c"


def spell(text: str) -> str:
    """Each letter by its name and form, the rest as it is: ``lam-initial``, ``alef``, ``3``."""
    names = []
    for char in text:
        name = unicodedata.name(char, "").lower().replace("arabic ligature ", "").replace(" form", "")
        letter = re.sub("arabic |hebrew |letter ", "", name)
        names.append(
            letter.replace(" ", "-") if unicodedata.bidirectional(char) in ("R", "AL", "NSM") else char
        )
    return " ".join("_" if name == " " else name for name in names)


def seen(text: str, *, rtl_paragraph: bool | None = None) -> str:
    return "".join(part for part, _ in rtl.visual(text, (), "visual", rtl=rtl_paragraph))


# --- shape and order -----------------------------------------------------------------------------------


def test_arabic_is_joined_and_runs_from_the_right_with_its_numbers_and_brackets() -> None:
    assert spell(seen("قتل 30 (لبنان)")) == (
        "( noon-isolated alef-final noon-medial beh-medial lam-initial ) _ 3 0 _ "
        "lam-final teh-medial qaf-initial"
    )


def test_lam_and_alef_take_one_cell() -> None:
    line = seen("سلام")
    assert spell(line) == "meem-isolated lam-with-alef-final seen-initial"
    assert rtl.cells(line) == 3


def test_a_letter_takes_the_form_of_its_place() -> None:
    assert spell(seen("بيت")) == "teh-final yeh-medial beh-initial"
    assert spell(seen("درس")) == "seen-isolated reh-isolated dal-isolated"  # dal and reh join nothing behind
    assert spell(seen("بدر")) == "reh-isolated dal-final beh-initial"
    assert spell(seen("بلا")) == "lam-with-alef-final beh-initial"
    assert spell(seen("پگ")) == "gaf-final peh-initial"  # of Persian
    assert spell(seen("بـ")) == "tatweel beh-initial"
    assert spell(seen("ۑب")) == "beh-isolated yeh-with-three-dots-below"  # Unicode has no forms of that one


def test_the_name_of_god_keeps_its_letters() -> None:
    assert spell(seen("حزب الله")) == (
        "heh-final lam-medial lam-initial alef-isolated _ beh-isolated zain-final hah-initial"
    )


def test_a_vowel_sign_stays_on_its_letter_and_does_not_part_the_word() -> None:
    assert spell(seen("كَتب")) == "beh-final teh-medial kaf-initial fatha"


def test_a_vowel_sign_inside_lam_and_alef_stays_on_both() -> None:
    assert spell(seen("لَا")) == "lam-with-alef-isolated fatha"


def test_persian_letters_digits_and_the_half_space_read_as_they_are_written() -> None:
    # "mi-" and "giram" touch without joining; 18:40 keeps its order
    assert spell(seen(f"می{NON_JOINER}گیرم ۱۸:۴۰")) == (
        "۱ ۸ : ۴ ۰ _ meem-isolated reh-final farsi-yeh-medial gaf-initial farsi-yeh-final meem-initial"
    )


def test_hebrew_keeps_latin_words_and_figures_in_their_own_order() -> None:
    assert spell(seen("רקטות נורו לעבר Metula ב-18:40")) == (
        "1 8 : 4 0 - bet _ M e t u l a _ resh bet ayin lamed _ vav resh vav nun _ tav vav tet qof resh"
    )


def test_pointed_hebrew_keeps_its_points() -> None:
    assert spell(seen("שָׁלוֹם")) == "final-mem vav point-holam lamed shin point-qamats point-shin-dot"


def test_brackets_close_on_what_they_opened_around() -> None:
    """Rule N0: without it the second bracket would go with the Latin words on both of its sides."""
    assert spell(seen("צבא (US) Army")) == "A r m y _ ( U S ) _ alef bet tsadi"


def test_a_latin_headline_with_a_hebrew_word_runs_from_the_left() -> None:
    assert spell(seen("Sirens (צבע אדום) in Metula")) == (
        "S i r e n s _ ( final-mem vav dalet alef _ ayin bet tsadi ) _ i n _ M e t u l a"
    )


def test_a_line_takes_the_direction_of_its_paragraph() -> None:
    line = "Metula (צבא)."
    assert spell(seen(line)) == "M e t u l a _ ( alef bet tsadi ) ."
    assert spell(seen(line, rtl_paragraph=True)) == ". ( alef bet tsadi ) _ M e t u l a"
    assert seen("UNIFIL.", rtl_paragraph=True) == ".UNIFIL"


def test_the_first_strong_letter_gives_the_direction() -> None:
    assert rtl.is_rtl("12: صاروخ on Metula")
    assert rtl.is_rtl("«צבא»")
    assert not rtl.is_rtl("Metula: צבא")
    assert not rtl.is_rtl("12:30 – 14:00 ۱۲")
    assert not rtl.is_rtl("")


def test_the_terminals_own_reordering_gets_the_text_as_it_is() -> None:
    text = "قتل (3)"
    assert rtl.visual(text, [(0, 3, "act")], "terminal") == [("قتل", "act"), (" (3)", None)]


def test_text_that_runs_from_the_left_goes_through_untouched() -> None:
    text = "Drone strike near Naqoura – « trois » 15"
    assert rtl.visual(text, (), "visual") == [(text, None)]
    assert rtl.visual("", (), "visual") == []


def test_every_right_to_left_character_is_known_at_a_glance() -> None:
    missed = [
        char
        for char in map(chr, range(0x110000))
        if unicodedata.bidirectional(char) in ("R", "AL", "AN") and not rtl._RIGHT_TO_LEFT.match(char)
    ]
    assert missed == []


# --- marks ---------------------------------------------------------------------------------------------


def test_marks_go_where_their_words_go() -> None:
    runs = rtl.visual("غارة في صور", [(0, 4, "act"), (8, 11, "place")], "visual")
    assert [(spell(part), mark) for part, mark in runs] == [
        ("reh-isolated waw-final sad-initial", "place"),
        ("_ yeh-final feh-initial _", None),
        ("teh-marbuta-isolated reh-isolated alef-final ghain-initial", "act"),
    ]


def test_a_mark_on_lam_reaches_the_letter_that_it_became() -> None:
    assert rtl.visual("لا", [(0, 1, "lam")], "visual") == [("\ufefb", "lam")]


def test_where_marks_overlap_the_first_counts_and_odd_ones_do_no_harm() -> None:
    marks = [(2, 4, "a"), (3, 6, "b"), (5, 5, "none"), (9, 4, "turned"), (7, 99, "c"), (-5, 1, "d")]
    assert rtl.visual("01234567", marks, "visual") == [
        ("0", "d"),
        ("1", None),
        ("23", "a"),
        ("45", "b"),
        ("6", None),
        ("7", "c"),
    ]


# --- cut and wrap --------------------------------------------------------------------------------------


def lines(text: str, width: int, most: int = 99) -> list[str]:
    return [text[start:end] for start, end in rtl.wrap(text, width, most)]


def test_lines_break_between_words() -> None:
    assert lines("Rockets fired at base in Iraq", 12) == ["Rockets", "fired at", "base in Iraq"]
    assert lines("  two   spaces  ", 12) == ["two   spaces"]
    assert lines("غارة على صور", 8) == ["غارة على", "صور"]


def test_a_word_that_is_wider_than_a_line_is_cut() -> None:
    assert lines("see https://example.org/a now", 10) == ["see", "https://ex", "ample.org/", "a now"]


def test_a_wide_character_is_never_halved() -> None:
    assert lines("無人機攻撃", 5) == ["無人", "機攻", "撃"]
    assert lines("a無b", 1) == ["a", "b"]
    assert rtl.cut("無人機攻撃", 6) == "無人…"
    assert rtl.cut("無人", 1) == "…"


def test_french_marks_are_not_parted_from_their_word() -> None:
    assert lines("Un raid «\u00a0ciblé\u00a0» hier", 10) == ["Un raid", "«\u00a0ciblé\u00a0»", "hier"]


def test_the_last_line_leaves_the_rest_to_the_caller() -> None:
    assert rtl.wrap("one two three four", 9, 2) == ((0, 7), (8, 13))
    assert rtl.wrap("one", 9, 0) == ()
    assert rtl.wrap("", 9, 2) == ()


def test_what_fits_is_not_cut() -> None:
    assert rtl.cut("صور", 3) == "صور"
    assert rtl.cut("Bab al-Mandab", 12) == "Bab al-Mand…"
    assert rtl.cut("Bab al-Mandab", 5) == "Bab…"
    assert rtl.cut("Bab", 0) == ""


# --- any text ------------------------------------------------------------------------------------------

MIXED = st.text(
    st.one_of(
        st.sampled_from("ابتثجلامنهوي آأإةىءؤئپچژگکی َُّٔ" + NON_JOINER),
        st.sampled_from("אבגדםשתִׁ abcXYZé無 01239٠١٢۰۱۲.,:;+-–%$#/()[]{}<>«»!?\"'…"),
        st.characters(),
    ),
    max_size=60,
)
PLAIN = st.text(
    st.sampled_from("ابتلجאבגדabcXYZ 0123٠١٢۰۱۲.,:;+-–%$#/!?\"'"),
    max_size=24,
)
"""What this module and the library's second, independent implementation both know: no brackets, no marks."""


def letters(text: str) -> Counter[str]:
    """The characters of a text but for shape, side and what only steers shape."""
    unshaped = "".join(
        unicodedata.normalize("NFKC", char) if "\ufb50" <= char <= "\ufefc" else char for char in text
    )
    return Counter(min(char, MIRRORED.get(char, char)) for char in unshaped if char != NON_JOINER)


@given(MIXED, st.booleans())
def test_every_character_that_goes_in_comes_out(text: str, paragraph: bool) -> None:
    assert letters(seen(text)) == letters(text)
    assert letters(seen(text, rtl_paragraph=paragraph)) == letters(text)


@given(st.text(max_size=40).filter(lambda text: "\ufe0f" not in text and "\u200d" not in text))
def test_no_line_grows_when_it_is_reordered(text: str) -> None:
    assert rtl.cells(seen(f"א{text}ل")) <= rtl.cells(f"א{text}ل")


@given(
    MIXED, st.lists(st.tuples(st.integers(-5, 65), st.integers(-5, 65), st.sampled_from("abc")), max_size=4)
)
def test_marks_change_the_runs_and_never_the_line(text: str, marks: list[tuple[int, int, str]]) -> None:
    for mode in ("visual", "terminal"):
        runs = rtl.visual(text, marks, mode)
        assert "".join(part for part, _ in runs) == "".join(part for part, _ in rtl.visual(text, (), mode))
        assert all(part for part, _ in runs)


@given(PLAIN, st.booleans())
def test_the_order_is_that_of_the_unicode_algorithm(text: str, paragraph: bool) -> None:
    order = [index for index, _ in rtl._order(text, paragraph)]
    assert sorted(order) == list(range(len(text)))
    assert "".join(text[index] for index in order) == other_get_display(
        text, base_dir="R" if paragraph else "L"
    )


def test_a_line_longer_than_one_digit_can_number_is_in_order() -> None:
    line = " ".join(f"{number}א" for number in range(300))
    assert seen(line) == " ".join(f"א{number}" for number in reversed(range(300)))


def test_a_text_that_no_line_can_hold_goes_through_as_it_is() -> None:
    assert seen("א" * 20_000) == "א" * 20_000


@given(MIXED, st.integers(1, 30))
def test_a_cut_text_fits_and_begins_as_the_text_does(text: str, width: int) -> None:
    cut = rtl.cut(text, width)
    assert rtl.cells(cut) <= width
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


@given(MIXED, st.integers(1, 30), st.integers(1, 5))
def test_wrapped_lines_fit_and_leave_out_only_spaces_and_what_cannot_fit(
    text: str, width: int, most: int
) -> None:
    spans = rtl.wrap(text, width, 1000)
    assert all(0 < rtl.cells(text[start:end]) <= width for start, end in spans)
    assert rtl.wrap(text, width, most) == spans[:most]
    left_out = text
    for start, end in reversed(spans):
        left_out = left_out[:start] + left_out[end:]
    assert all(char.isspace() or rtl.cells(char) in (0, 2) for char in left_out)
    if width > 1:
        assert all(char.isspace() or rtl.cells(char) == 0 for char in left_out)


@pytest.mark.parametrize(
    "char", ["\u202e", "\u2067", "\x1b", "\x00", "\t", "\n", "\u2029", "\U000e0041", "\ud800"]
)
def test_a_character_that_steers_or_cannot_be_encoded_moves_nothing_else(char: str) -> None:
    assert sorted(seen(f"א{char}ab 1")) == sorted(f"א{char}ab 1")
    assert seen(f"א{char}ab 1").replace(char, "") == "ab 1א"
    assert seen(f"{char}אב").replace(char, "") == "בא"
