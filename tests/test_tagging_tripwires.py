"""Tripwires: what makes an incident critical whatever else it is."""

from __future__ import annotations

import pytest

from tests.default_tagger import FRONTS, TAGGER
from tui.model import Kind, Severity, Tags, Tripwire
from tui.tagging.tagger import Tagger
from tui.tagging.tripwires import unknown_sides

NEAR_CAPITAL = Tripwire("Near the capital", terms=("Beirut airport", "Dahiyeh", "US embassy", "مطار بيروت"))
ALLIED_DEAD = Tripwire("Allied dead", against=("us-coalition",), killed_at_least=1)
BY_SEA = Tripwire("Ship hit by them", by=("axis",), types=("ship",), fronts=("yemen",))
WAR = Tripwire("War", terms=("declares war on Lebanon",), kinds=(Kind.INCIDENT, Kind.STATEMENT))
WIRED = Tagger(FRONTS, (NEAR_CAPITAL, ALLIED_DEAD, BY_SEA, WAR))


def met(title: str, summary: str = "") -> tuple[str, ...]:
    return WIRED.tag(title, summary).tripwires


def test_an_incident_that_meets_one_is_critical_with_evidence_that_names_it() -> None:
    title = "Drone shot down near Beirut airport in Lebanon"
    tags = WIRED.tag(title)
    assert TAGGER.tag(title).severity is Severity.MEDIUM
    assert (tags.severity, tags.tripwires) == (Severity.CRITICAL, ("Near the capital",))
    (reason,) = (e for e in tags.evidence if "tripwire" in e.why)
    assert reason.why == "severity: critical, for the tripwire Near the capital"
    assert title[reason.start : reason.end] == reason.term == "Beirut airport"


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Three US troops killed in drone attack on base in Syria", ("Allied dead",)),
        ("US soldier killed in rocket attack on base in Iraq", ("Allied dead",)),
        ("Drone attack on base in Iraq wounds US soldier", ()),
        ("US strike kills twelve militia fighters in Iraq", ()),
        ("Houthi missile hits tanker in Red Sea", ("Ship hit by them",)),
        ("Pirates seize cargo ship off Yemen", ()),
        ("Hezbollah fires rockets at Metula", ()),
        ("Israeli strike on Dahiyeh kills two in Lebanon", ("Near the capital",)),
        ("غارة إسرائيلية قرب مطار بيروت في لبنان", ("Near the capital",)),
    ],
)
def test_every_stated_condition_must_hold(title: str, names: tuple[str, ...]) -> None:
    assert met(title) == names


def test_a_term_written_as_a_name_is_not_found_where_a_text_writes_it_small() -> None:
    assert met("Israeli air strike hits house by US embassy in Lebanon") == ("Near the capital",)
    wired = Tagger(FRONTS, (Tripwire("Us", terms=("US",)),))
    assert wired.tag("Israeli strike on Khiam kills two of us, villagers say").tripwires == ()


def test_a_term_may_stand_in_the_summary() -> None:
    assert met("Israeli strike on Lebanon kills two", "It hit a street beside Beirut airport.") != ()


def test_a_text_of_another_kind_becomes_an_incident_only_where_the_tripwire_says_so() -> None:
    title = "Israel declares war on Lebanon"
    tags = WIRED.tag(title)
    assert TAGGER.tag(title).kind is not Kind.INCIDENT
    assert (tags.kind, tags.severity, tags.type, tags.by) == (
        Kind.INCIDENT, Severity.CRITICAL, "other", "unknown",
    )  # fmt: skip
    assert met("Lebanon's president speaks of Beirut airport with envoy") == ()


def test_what_is_on_no_front_meets_none() -> None:
    assert met("Drone strike kills US soldier in Nebraska drill, army says") == ()


def test_without_tripwires_nothing_is_changed() -> None:
    title = "Israeli strike on Dahiyeh kills two in Lebanon"
    assert TAGGER.tag(title).tripwires == ()
    plain = WIRED.tag("Hezbollah fires rockets at Metula")
    assert plain == TAGGER.tag("Hezbollah fires rockets at Metula")
    assert isinstance(plain, Tags)


def test_a_side_that_no_list_knows_is_named() -> None:
    wires = (Tripwire("Wrong", by=("isreal",), against=("axis",)),)
    (words,) = unknown_sides(wires, TAGGER.sides)
    assert words.startswith('tripwire "Wrong": "isreal" is no side')
    assert "us-coalition" in words
