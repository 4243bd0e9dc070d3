"""Facts over time: what was told of an incident, by whom, when, and how it holds by now."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests import samples
from tests.samples import ERBIL, HOUR, LEBANON, NAQOURA, NOON
from tui.incidents.account import Said, Validity, account
from tui.model import Place, Report

STANDS, SUPERSEDED, CONTRADICTED = Validity
TYRE = Place("Tyre", 33.27, 35.2, "city")


def told(hour: float, source: str = "Gazette", **facts: Any) -> Report:
    """A report at that hour; ``facts`` are tags, those left out are not told."""
    nothing = {"type": None, "by": None, "killed": None, "places": ()}
    tags = samples.tags()._replace(**(nothing | facts))
    return samples.report(at=NOON + hour * HOUR, source=source, publisher=source.lower(), tagged=tags)


def values(fact: str, *reports: Report) -> list[tuple[str, Validity]]:
    """What is told of one fact, and how it holds."""
    return [(said.value, said.validity) for said in account(reports) if said.fact == fact]


def test_dead_that_rise_supersede_the_number_told_before() -> None:
    reports = told(0, "Gazette", killed=2), told(1, "Herald", killed=3), told(2, "Courier", killed=3)
    assert account(reports) == [
        Said("killed", "2", "Gazette", NOON, SUPERSEDED),
        Said("killed", "3", "Herald", NOON + HOUR, STANDS, others=1),
    ]


def test_an_outlet_that_is_slow_contradicts_nobody() -> None:
    reports = told(0, killed=2), told(1, killed=3), told(2, "Herald", killed=2)
    assert values("killed", *reports) == [("2", SUPERSEDED), ("3", STANDS)]


def test_a_lower_number_told_first_after_a_higher_one_contradicts_it_and_both_are_kept() -> None:
    reports = told(0, killed=5), told(1, "Herald", killed=0)
    assert values("killed", *reports) == [("5", CONTRADICTED), ("0", CONTRADICTED)]


def test_a_more_exact_place_supersedes_the_wide_one_around_it_whenever_it_is_told() -> None:
    wide, exact = told(1, places=(LEBANON,)), told(0, places=(NAQOURA, LEBANON))
    assert values("where", wide, exact) == [("Naqoura", STANDS), ("Lebanon", SUPERSEDED)]


def test_two_towns_contradict_each_other() -> None:
    assert values("where", told(0, places=(NAQOURA,)), told(1, places=(ERBIL,))) == [
        ("Naqoura", CONTRADICTED),
        ("Erbil", CONTRADICTED),
    ]


def test_a_side_named_supersedes_an_unknown_one_and_two_sides_are_contested() -> None:
    unknown, one, other = told(0, by="unknown"), told(1, by="axis"), told(2, by="other-side")
    assert values("by", unknown, one) == [("unknown", SUPERSEDED), ("axis", STANDS)]
    assert values("by", unknown, one, other) == [
        ("unknown", SUPERSEDED),
        ("axis", CONTRADICTED),
        ("other-side", CONTRADICTED),
    ]


def test_weapons_that_outlets_take_for_one_another_do_not_contradict_but_a_raid_and_a_drone_do() -> None:
    drone, strike, raid = told(0, type="drone"), told(1, type="air-strike"), told(2, type="raid")
    assert values("what", drone, strike) == [("drone", STANDS), ("air-strike", STANDS)]
    assert [validity for _, validity in values("what", drone, raid)] == [CONTRADICTED] * 2


def test_a_claim_and_its_denial_contradict() -> None:
    claim = told(0, claim="claimed", said_by="Houthis")
    denial = told(1, claim="denied", said_by="US military")
    assert values("claim", claim) == [("claimed by Houthis", STANDS)]
    assert values("claim", claim, denial) == [
        ("claimed by Houthis", CONTRADICTED),
        ("denied by US military", CONTRADICTED),
    ]


def test_what_nobody_tells_is_left_out() -> None:
    assert account([told(0)]) == []
    assert account([]) == []


facts = st.fixed_dictionaries(
    {
        "type": st.sampled_from([None, "drone", "raid", "other"]),
        "by": st.sampled_from([None, "axis", "israel", "unknown"]),
        "killed": st.sampled_from([None, 0, 2, 3]),
        "wounded": st.sampled_from([None, 1]),
        "places": st.sampled_from([(), (NAQOURA, LEBANON), (LEBANON,), (TYRE,)]),
    }
)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["Gazette", "Herald"]), facts), max_size=8),
    st.randoms(),
)
def test_an_account_keeps_every_value_once_whatever_the_order_of_reports(
    stories: list[tuple[int, str, dict[str, Any]]], dice: random.Random
) -> None:
    reports = [told(hour, source, **said) for hour, source, said in stories]
    shuffled = reports[:]
    dice.shuffle(shuffled)
    rows = account(reports)
    assert rows == account(shuffled)
    assert {row.value for row in rows if row.fact == "killed"} == {
        str(each.tags.killed) for each in reports if each.tags.killed is not None
    }
    assert len({(row.fact, row.value) for row in rows}) == len(rows)
    for fact in {row.fact for row in rows}:
        assert any(row.validity is not SUPERSEDED for row in rows if row.fact == fact)
