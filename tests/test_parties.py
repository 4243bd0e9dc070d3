"""One party is one account, under whichever of its names it speaks."""

from __future__ import annotations

import pytest

from tests.test_grade import TITLES, grade, told
from tui.incidents.parties import names, party_of
from tui.tagging.lexicon import load


def test_every_name_is_one_that_the_term_lists_give() -> None:
    known = {
        spelling.sense.name
        for spellings in load().spellings.values()
        for spelling in spellings
        if spelling.sense.cls == "actor"
    }
    assert names() - known == set()


@pytest.mark.parametrize(
    ("speaker", "party"),
    [
        ("US military", "United States"),
        ("Israeli army", "Israel"),
        ("Israel", "Israel"),
        ("Yahya Saree", "Houthis"),
        ("Lebanese army", "Lebanese government"),
        ("UNIFIL", "UNIFIL"),
        ("", ""),
    ],
)
def test_a_speaker_speaks_for_a_party(speaker: str, party: str) -> None:
    assert party_of(speaker) == party


def test_an_army_and_its_government_are_one_account_and_two_parties_are_two() -> None:
    army = told(TITLES[0], "one", said_by="US military")
    government = told(TITLES[1], "two", said_by="United States")
    assert grade(army, government) == "B3"
    assert grade(army, told(TITLES[1], "two", said_by="United Kingdom")) == "B2"


def test_a_claim_and_the_word_of_the_same_party_are_one_account() -> None:
    claim = told(TITLES[0], "one", claim="claimed", said_by="Houthis")
    spokesman = told(TITLES[1], "two", said_by="Yahya Saree")
    assert grade(claim, spokesman) == "B3"
    assert grade(claim, told(TITLES[1], "two", said_by="United States")) == "B2"


def test_the_word_of_a_party_that_others_claim_beside_takes_nothing_away() -> None:
    quoted = [told(TITLES[0], "one", said_by="Houthis"), told(TITLES[1], "two", said_by="Hamas")]
    claims = [told(TITLES[2], "three", claim="claimed", said_by="Qassam Brigades")]
    assert grade(*quoted) == "B2"
    assert grade(*quoted, *claims) == "B2"
