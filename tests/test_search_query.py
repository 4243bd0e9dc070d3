"""The language of search: how it is read, what is wrong with it and where, and how it can go on."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import DAY, FRONTS, HOUR, NOON
from tui.store.complete import complete
from tui.store.filters import Known
from tui.store.query import LIMIT, QueryError, marker, marks, parse, pieces, typed
from tui.tagging.fold import fold
from tui.tagging.spellings import Alike, Spellings, spellings_of

KNOWN = replace(
    Known.of(FRONTS),
    sides={"axis": 9, "israel": 5},
    publishers={"ukmto": 4, "afp": 3},
    places={"Red Sea": 7, "Tyre, Lebanon": 2},
)


@cache
def spellings() -> Spellings:
    return Spellings()


def fault_of(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse(text, KNOWN, NOON)
    return caught.value


def offered(text: str) -> list[str]:
    completion = complete(text, len(text), KNOWN)
    return [each.text for each in completion.candidates] if completion else []


# How it is read


def test_words_phrases_and_filters_know_where_they_stand() -> None:
    text = 'fire "coast guard" -drill front:yemen -kind:statement'
    query = parse(text, KNOWN, NOON)
    assert [query.said(part) for part in query.parts] == [
        "fire", '"coast guard"', "-drill", "front:yemen", "-kind:statement",
    ]  # fmt: skip
    assert [term.words for term in query.wanted] == ["fire", "coast guard"]
    assert [each.negated for each in query.filters] == [False, True]


def test_a_word_is_unfinished_only_while_it_is_typed() -> None:
    assert parse("tanker fi", KNOWN, NOON).terms[-1].unfinished
    assert not parse("tanker fire ", KNOWN, NOON).terms[-1].unfinished
    assert not parse('"fire"', KNOWN, NOON).terms[-1].unfinished
    assert parse('"coast gu', KNOWN, NOON).terms[-1].unfinished


def test_a_first_letter_asks_nothing_yet() -> None:
    assert parse("tanker f", KNOWN, NOON).terms == parse("tanker ", KNOWN, NOON).terms
    assert len(parse("tanker f ", KNOWN, NOON).terms) == 2


def test_a_word_with_a_hyphen_stands_together() -> None:
    assert parse("F-16 ", KNOWN, NOON).terms[0].words == "f 16"


def test_quotes_of_any_keyboard_are_quotes() -> None:
    assert parse("“coast guard”", KNOWN, NOON).terms[0].words == "coast guard"


def test_a_time_of_day_is_no_filter() -> None:
    assert parse("06:00 ", KNOWN, NOON).terms[0].words == "06 00"


@pytest.mark.parametrize(
    ("words", "since"),
    [
        ("since:90m", NOON - 1.5 * HOUR),
        ("since:6h", NOON - 6 * HOUR),
        ("since:7d", NOON - 7 * DAY),
        ("since:2w", NOON - 14 * DAY),
        ("since:06:00", NOON - 6 * HOUR),
        ("since:18:00", NOON - 18 * HOUR),
        ("since:today", NOON - 12 * HOUR),
        ("since:yesterday", NOON - 36 * HOUR),
        ("since:2023-11-30", NOON - 36 * HOUR),
        ("since:2023-11-30T06:00", NOON - 30 * HOUR),
    ],
)
def test_times_are_read_as_a_person_means_them(words: str, since: float) -> None:
    assert parse(words, KNOWN, NOON).filters[0].meant.since == since


def test_until_a_day_holds_that_day() -> None:
    assert parse("until:2023-11-30", KNOWN, NOON).filters[0].meant.until == NOON - 12 * HOUR


def test_a_value_may_be_begun_and_several_are_or() -> None:
    assert parse("front:leb", KNOWN, NOON).filters[0].meant.values == ("lebanon-border",)
    assert parse("type:ship,rocket", KNOWN, NOON).filters[0].meant.values == ("ship", "rocket-missile")
    assert parse('place:"Tyre, Lebanon",red', KNOWN, NOON).filters[0].meant.values == (
        "Tyre, Lebanon", "Red Sea",
    )  # fmt: skip


# Names across scripts


def test_a_name_of_several_words_is_one_name() -> None:
    query = parse("rockets Ain al Asad base", replace(KNOWN, spellings=spellings()), NOON)
    assert [term.words for term in query.terms] == ["rockets", "ain al asad", "base"]
    alike = query.terms[1].alike
    assert alike is not None
    assert "عين الأسد" in alike.written


def test_a_leader_is_not_his_movement() -> None:
    alike = spellings().of("sinwar")
    assert alike is not None
    assert "السنوار" in alike.written
    assert not {"haniyeh", "hamas"} & set(alike.folded)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("hudaydah", "Hodeidah"),
        ("hudaydah", "الحديدة"),
        ("huthi", "Houthi"),
        ("hezbollah", "حزب الله"),
        ("hezbollah", "חיזבאללה"),
        ("tyre", "مدينة صور"),
        ("الحديده", "Hodeidah"),
    ],
)
def test_other_spellings_are_known(name: str, other: str) -> None:
    alike = spellings().of(name)
    assert alike is not None
    assert other in alike.written


def test_a_place_is_not_the_neighbours_that_the_gazetteer_counts_to_it() -> None:
    london, manchester = spellings().of("london"), spellings().of("manchester")
    assert london is not None
    assert manchester is not None
    assert {"londres", "لندن"} <= set(london.folded)
    assert "manchester" not in london.folded
    assert "london" not in manchester.folded


def test_a_short_word_typed_small_is_a_word() -> None:
    known = replace(KNOWN, spellings=spellings())
    assert parse("hit ", known, NOON).terms[0].alike is None
    assert parse("Hit ", known, NOON).terms[0].alike is not None


def test_a_watch_adds_names_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[[place]]\nid = "zarqun"\nlat = 1.0\nlon = 2.0\nen = ["Zarqun"]\nar = ["زرقون"]\n', encoding="utf-8"
    )
    front = FRONTS[0]._replace(lexicons=("lebanon-border", str(own)))
    alike = spellings_of([front]).of("zarqun")
    assert alike is not None
    assert alike.written == ("زرقون",)
    own.unlink()
    gone = FRONTS[0]._replace(lexicons=(str(tmp_path / "gone.toml"),))
    assert spellings_of([gone]).of("hudaydah") is not None


def test_no_spelling_that_is_looked_for_holds_another() -> None:
    for name in ("hudaydah", "tyre", "iran", "gaza", "houthi"):
        alike = spellings().of(name)
        assert alike is not None
        padded = [f" {each} " for each in alike.folded]
        assert not [(one, two) for one in padded for two in padded if one is not two and one in two]


def test_what_is_no_name_has_no_spellings() -> None:
    assert spellings().of("nosuchplace") is None
    assert spellings().of("") is None


# What is wrong, and where


@pytest.mark.parametrize(
    ("text", "where", "what", "mend"),
    [
        ("tanker frnt:yemen", "frnt", "no such filter frnt", "did you mean front:?"),
        ("front:yemn", "yemn", "front: no front yemn", "did you mean yemen?"),
        ("type:drone,shp", "shp", "type: no type shp", "did you mean ship"),
        ("since:7x", "7x", "since: 7x is no time", "8h"),
        ("since:2023-02-30", "2023-02-30", "since: 2023-02-30 is no time", "2023-12-03"),
        ("since:25:00", "25:00", "since: 25:00 is no time", "06:00"),
        ("killed:many", "many", "killed: many is no number of dead", ">=3"),
        ("severity:awful", "awful", "severity: no severity awful", "critical"),
        ("grade:Z9", "Z9", "grade: Z9 is no grade", "B2"),
        ("publisher:nobody", "nobody", "publisher: no publisher nobody", "ukmto"),
        ("lang:arabic", "arabic", "lang: arabic is no language", "ar"),
        ("ship -kind:", "-kind:", "kind: of what?", "kind:incident"),
        ("https://x.example", "https", "no such filter https", "quotes search text"),
    ],
)
def test_a_fault_says_where_it_is_and_what_would_be_right(
    text: str, where: str, what: str, mend: str
) -> None:
    fault = fault_of(text)
    assert text[fault.start : fault.end] == where
    assert fault.what == what
    assert mend in fault.mend


@given(st.text(alphabet='ab:-", frontkilled>=\u0627\u05d0', max_size=40))
def test_the_pieces_of_any_text_are_all_of_it_but_its_spaces(text: str) -> None:
    found = list(pieces(text))
    ends = [0, *(end for _, end in found)]
    between = [text[ends[at] : start] for at, (start, _) in enumerate(found)] + [text[ends[-1] :]]
    assert not "".join(between).strip()
    assert all(start < end for start, end in found)


# How it can go on


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("tanker fr", ["front:"]),
        ("-ki", ["killed:", "kind:"]),
        ("front:", ["lebanon-border", "iraq-syria", "yemen"]),
        ("front:red", ["yemen"]),
        ("type:ship,dr", ["drone"]),
        ("severity:>=h", [">=high"]),
        ("publisher:", ["ukmto", "afp"]),
        ("place:ty", ['"Tyre, Lebanon"']),
        ("by:i", ["israel"]),
    ],
)
def test_what_is_typed_is_completed(text: str, first: list[str]) -> None:
    assert offered(text) == first


@pytest.mark.parametrize("text", ["", "tanker ", '"fr', "nosuch:", "front:yemen"])
def test_nothing_is_offered_where_nothing_fits(text: str) -> None:
    assert offered(text) == []


def test_a_completion_that_is_put_in_is_read() -> None:
    for text in ("front:", "type:", "by:", "severity:", "killed:", "place:", "publisher:", "kind:", "state:"):
        for value in offered(text):
            assert parse(text + value, KNOWN, NOON).filters


# What matched


def test_what_matched_is_found_in_the_text_as_it_stands() -> None:
    pattern = marker(parse("missile hodei", replace(KNOWN, spellings=spellings()), NOON))
    text = "A Missile: fired at Hodeïda; missiles"
    assert [text[start:end] for start, end in marks(pattern, text)] == ["Missile", "Hodeïda"]


def test_other_spellings_and_arabic_prefixes_are_marked_too() -> None:
    pattern = marker(parse("Hudaydah ", replace(KNOWN, spellings=spellings()), NOON))
    text = "قصف بالحديدة أمس"
    assert [text[start:end] for start, end in marks(pattern, text)] == ["بالحديدة"]


def test_a_query_of_filters_marks_nothing() -> None:
    assert marks(marker(parse("front:yemen", KNOWN, NOON)), "yemen") == []


def test_alike_names_start_with_the_name_itself() -> None:
    alike = spellings().of(fold("Hudaydah"))
    assert isinstance(alike, Alike)
    assert alike.folded[0] == "hudaydah"
    assert alike.names == ("Hodeidah",)


def test_what_is_pasted_is_safe_and_keeps_its_meaning() -> None:
    assert typed("killed:<3 severity:<high \u202eabc\x1b[31m") == "killed:<3 severity:<high abc"
    assert typed("tanker ") == "tanker "
    assert typed("غارة\n") == "غارة "
    assert len(typed("x" * 2 * LIMIT)) == len(typed("غ" * 2 * LIMIT)) == LIMIT


def test_what_stands_there_whole_is_not_offered() -> None:
    assert ">0" in offered("killed:>")
    assert offered("killed:>0") == []
    assert offered("type:shi") == ["ship"]
    assert offered("type:ship") == []
