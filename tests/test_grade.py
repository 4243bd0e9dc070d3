"""Corroboration: the source's letter and the news's figure, judged apart; who is a voice of its own."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import samples
from tests.samples import HOUR, NOON
from tui.incidents.grade import RELIABILITY_WORDS, assess, in_words
from tui.incidents.voices import Voice, Voices, agency_of
from tui.model import Report

TITLES = (
    "Drone strike kills two near Naqoura, residents say",
    "Two dead after a car was hit on the coast road south of Tyre",
    "Naqoura: mayor counts two victims of the morning's raid",
    "Civil defence recovers two bodies from a burnt vehicle in the south",
)
"""One event in words that share no run of three."""

letters = st.sampled_from(tuple(RELIABILITY_WORDS))


def told(title: str = TITLES[0], publisher: str = "gazette", letter: str = "B", **facts: Any) -> Report:
    """A report by that publisher; ``facts`` are tags."""
    report = samples.report(title, publisher=publisher, reliability=letter)
    return report._replace(tags=report.tags._replace(**facts))


def grade(*reports: Report) -> str:
    """The grade that the reports come to."""
    return assess(Voices(reports).heard()).grade


def of_letters(letters: str) -> list[Voice]:
    """A voice for each letter, telling the news in its own name."""
    return [Voice({f"publisher-{n}"}, letter, {""}) for n, letter in enumerate(letters)]


# Letter and figure


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
def test_the_letter_is_the_best_source_and_the_figure_counts_accounts(letters: str, expected: str) -> None:
    assert assess(of_letters(letters)).grade == expected


@given(st.lists(letters, min_size=1, max_size=8), letters)
def test_one_more_account_never_makes_news_less_credible(before: list[str], letter: str) -> None:
    once, more = assess(of_letters("".join(before))), assess(of_letters("".join(before) + letter))
    assert more.reliability <= once.reliability
    assert more.credibility <= once.credibility


def test_a_grade_can_be_said_in_words() -> None:
    assert in_words("B2") == "from a usually reliable source, probably true"


# Who is a voice


def test_a_text_in_ten_outlets_is_one_voice() -> None:
    body = "Two people died when a drone hit their car on the road to the border, the mayor said on Friday."
    copies = [
        told(TITLES[0], f"daily-{n}")._replace(summary=body[: len(body) - 3 * n], title=f"{TITLES[0]} {n}")
        for n in range(10)
    ]
    assert grade(*copies) == "B3"
    assert grade(*copies, told(TITLES[1], "agency")) == "B2"


def test_the_same_short_headline_is_one_voice_and_another_is_not() -> None:
    assert grade(told("Strike on Naqoura", "one"), told("Strike on Naqoura", "two")) == "B3"
    assert grade(told("Strike on Naqoura", "one"), told("Naqoura under fire", "two")) == "B2"


def test_texts_that_credit_one_agency_are_one_voice_however_they_are_written() -> None:
    carried = [
        told(TITLES[0], "daily")._replace(summary="BEIRUT (Reuters) - Two people died on Friday."),
        told(TITLES[1] + " - Reuters", "herald")._replace(summary="A car was burnt out."),
        told(TITLES[2], "reuters", "A"),
    ]
    assert grade(*carried) == "A3"
    assert grade(*carried, told(TITLES[3], "gazette")) == "A2"


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("BEIRUT (Reuters) - Two people died", "reuters"),
        ("Two people died in the south - AFP", "afp"),
        ("مقتل شخصين في الجنوب (رويترز)", "reuters"),
        ("(أ ف ب) - مقتل شخصين في غارة", "afp"),
        ("שני הרוגים בדרום לבנון (רויטרס)", "reuters"),
        ("دو کشته در جنوب لبنان (رویترز)", "reuters"),
        ("Deux morts dans le sud du Liban (AFP)", "afp"),
        ("Officials told Reuters that two people died", ""),
        ("Map (approximate) of the strikes", ""),
    ],
)
def test_a_credit_is_read_in_five_languages_and_a_quote_is_none(text: str, agency: str) -> None:
    assert agency_of(text, "") == agency


def test_an_agency_is_credited_at_the_head_of_a_summary_and_not_named_in_the_middle_of_it() -> None:
    assert agency_of("Two dead", "Reuters - Two people died on Friday.") == "reuters"
    assert agency_of("Two dead", "TYRE, Lebanon (AP) — Two people died on Friday.") == "ap"
    assert (
        agency_of("Two dead", f"{'Two people died on the road. ' * 4} A reporter of the agency (AP) said")
        == ""
    )


def test_a_publisher_is_one_voice_however_often_it_tells() -> None:
    assert grade(*(told(title, "gazette") for title in TITLES)) == "B3"


def test_a_publisher_that_carries_an_agency_beside_its_own_news_is_two_voices() -> None:
    own, carried = told(TITLES[0], "daily"), told(TITLES[1] + " (AFP)", "daily")
    assert grade(own, carried) == "B2"


def test_outlets_that_go_by_what_one_office_says_are_one_account() -> None:
    said = [told(title, f"daily-{n}", said_by="Pentagon") for n, title in enumerate(TITLES)]
    assert grade(*said) == "B3"
    assert grade(*said, told("Crew saw flames on deck", "wire")) == "B2"
    assert "4 voices go by what Pentagon says, and are one account." in assess(Voices(said).heard()).why()


SENTENCE = "two men died when a drone hit their car on the coast road south of the port of Tyre today"
WORDS = SENTENCE.split()
PIECES = [" ".join(WORDS[start : start + 10]) for start in (0, 2, 4, 6, 8)]
"""Each a copy of its neighbours, and the first and the last of nothing in common: a chain."""


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from("abcdefg")), max_size=8), st.randoms())
def test_voices_do_not_depend_on_the_order_of_reports(
    told_by: list[tuple[str, str]], dice: random.Random
) -> None:
    reports = [told(title, name) for title, name in told_by]
    shuffled = reports[:]
    dice.shuffle(shuffled)
    voices = [sorted(sorted(v.publishers) for v in Voices(each).heard()) for each in (reports, shuffled)]
    assert voices[0] == voices[1]
    assert {name for _, name in told_by} == {name for voice in voices[0] for name in voice}


# Claims, denials, contradictions


def test_a_belligerents_own_claim_alone_is_never_confirmed_however_many_report_it() -> None:
    claims = [
        told(title, f"daily-{n}", "A", claim="claimed", said_by="Houthis") for n, title in enumerate(TITLES)
    ]
    assert grade(*claims) == "A3"
    why = assess(Voices(claims).heard()).why()
    assert "The claim of Houthis is one account, however many report it. Alone it is never confirmed." in why


@given(st.lists(letters, min_size=1, max_size=12))
def test_no_number_of_reports_of_a_claim_confirms_it(letters: list[str]) -> None:
    claims = [Voice({f"p{n}"}, letter, claimants={"militia"}) for n, letter in enumerate(letters)]
    assert assess(claims).credibility >= 3


def test_a_claim_that_others_bear_out_counts_as_one_account_beside_theirs() -> None:
    claim = told(TITLES[0], "daily", claim="claimed", said_by="Houthis")
    assert grade(claim, told(TITLES[1], "wire")) == "B2"
    assert grade(claim, told(TITLES[1], "wire"), told(TITLES[2], "herald")) == "B1"
    assert grade(claim, told(TITLES[1], "wire", claim="confirmed", said_by="US military")) == "B2"


def test_what_a_better_source_tells_as_denied_is_improbable() -> None:
    denial = told(TITLES[1], "wire", "A", claim="denied", said_by="US military")
    assert grade(told(TITLES[0], "blog", "D"), denial) == "A5"
    assert "Denied by US military, in wire (A)." in assess(Voices([told(), denial]).heard()).why()


def test_a_mere_claim_is_improbable_where_as_good_a_source_tells_it_as_denied() -> None:
    claim = told(TITLES[0], "daily", claim="claimed", said_by="Houthis")
    denial = told(TITLES[1], "wire", claim="denied", said_by="US military")
    assert grade(claim, denial) == "B5"


def test_a_denial_in_no_better_a_source_costs_one_step() -> None:
    denial = told(TITLES[3], "blog", "C", claim="denied", said_by="Iran")
    news = [told(title, f"daily-{n}") for n, title in enumerate(TITLES[:3])]
    assert grade(*news) == "B1"
    assert grade(*news, denial) == "B2"
    assert grade(news[0], denial) == "B4"


def test_news_told_only_as_denied_is_doubtful() -> None:
    assert grade(told(claim="denied", said_by="Iran")) == "B4"


def test_news_is_not_confirmed_while_it_is_contested_who_did_it() -> None:
    sides = ("israel", "israel", "us-coalition", "us-coalition")
    news = [
        told(title, f"daily-{n}", by=side) for n, (title, side) in enumerate(zip(TITLES, sides, strict=True))
    ]
    assert grade(*news) == "B2"
    assert any("who did it (israel, us-coalition)" in reason for reason in assess(Voices(news).heard()).why())
    vague = [each._replace(tags=each.tags._replace(by="unknown")) for each in news[2:]]
    assert grade(*news[:2], *vague) == "B1"


def test_more_dead_is_an_update_and_fewer_dead_later_is_a_contradiction() -> None:
    def at(hour: float, number: int, killed: int) -> Report:
        return told(TITLES[number], f"daily-{number}", killed=killed)._replace(published=NOON + hour * HOUR)

    assert grade(at(0, 0, 2), at(1, 1, 3), at(2, 2, 3)) == "B1"
    assert grade(at(0, 0, 3), at(1, 1, 3), at(2, 2, 0)) == "B2"


def test_why_a_grade_is_told_in_sentences_that_name_sources_and_accounts() -> None:
    reasons = assess(Voices([told(TITLES[0], "wire", "A"), told(TITLES[1], "daily")]).heard()).why()
    assert reasons == [
        "A: the best is a reliable source: wire.",
        "2: probably true, with 2 independent accounts.",
    ]
