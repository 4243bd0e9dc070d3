"""What stands in another clause of the same title: counts of the dead, a denial, the object, a metonym."""

from __future__ import annotations

import pytest

from tests.default_tagger import tag
from tui.model import Kind


@pytest.mark.parametrize(
    ("title", "killed"),
    [
        # a count that opens a clause behind the ground of the news
        ("Suicide bomber strikes after prayers at mosque in Baghdad, 25 dead", 25),
        ("Israeli strike hits house in Baalbek during talks, five killed", 5),
        ("Car bomb in Manbij market; 20 dead", 20),
        # a toll, and those who are only a part of it
        ("Toll of Israeli raid on Baalbek rises to 46, 31 of them civilians", 46),
        ("Death toll from strike on Nabatieh rises to 12, including 4 children", 12),
        # those wounded beside the dead
        ("Israeli strike kills two and wounds 11 others in Tyre", 2),
        ("مقتل أربعة وإصابة 12 في غارة إسرائيلية على النبطية", 4),
        ("مقتل شخص وإصابة 12 آخرين في غارة إسرائيلية على النبطية", 1),
        # an age in brackets
        ("مقتل شاب (19 عاما) في غارة إسرائيلية على النبطية", 1),
        ("Farmer (54) killed by Israeli drone in Kafr Kila", 1),
        # several killed, told one by one
        ("Israeli strike kills farmer, his wife and two others in Khiam", 4),
        ("Two officers and their driver killed in bomb blast in Daraa", 3),
    ],
)
def test_the_dead_of_one_act_are_counted_once(title: str, killed: int) -> None:
    assert (tag(title).kind, tag(title).killed) == (Kind.INCIDENT, killed)


@pytest.mark.parametrize(
    ("event", "denial"),
    [
        (
            "Houthi missile hits tanker in Red Sea; Houthis deny it",
            "Houthis deny that missile hit tanker in Red Sea",
        ),
        (
            "Israeli strike hits house in Nabatieh, army denies targeting civilians",
            "Army denies that strike hit house in Nabatieh",
        ),
    ],
)
def test_what_is_told_before_somebody_denies_it_has_happened(event: str, denial: str) -> None:
    assert tag(event).kind is Kind.INCIDENT
    assert tag(denial).kind is Kind.STATEMENT


@pytest.mark.parametrize(
    ("title", "by"),
    [
        ("Drone strikes US outpost in Syria", "unknown"),
        ("US drone strikes militia outpost in Syria", "us-coalition"),
        ("حزب‌الله یک پایگاه اسرائیل در جلیل را هدف قرار داد", "axis"),
        ("اسرائیل مواضع حزب‌الله را هدف قرار داد", "israel"),
        ("Kurdish officials: drone launched from Iraq hits base in Syria", "axis"),
        ("Rockets launched from Syria land in Golan", "unknown"),
        ("أصابت غارات إسرائيلية قاعدة رياق الجوية", "israel"),
    ],
)
def test_who_did_it_and_not_whom_it_was_done_to(title: str, by: str) -> None:
    assert tag(title).by == by


@pytest.mark.parametrize(
    ("title", "kind", "fronts"),
    [
        ("غارة إسرائيلية على صور", Kind.INCIDENT, ("lebanon-border",)),
        ("صور نادرة من متحف في باريس", Kind.OTHER, ()),
        ("Sirens in Metula as rockets from Lebanon land", Kind.INCIDENT, ("lebanon-border",)),
        ("Sirens of the harbour, a novel", Kind.OTHER, ()),
        ("Two soldiers killed in helicopter crash in Iraq", Kind.OTHER, ()),
        ("Two soldiers killed in ambush in Iraq", Kind.INCIDENT, ("iraq-syria",)),
        ("متظاهرون يقطعون الطرق في بغداد", Kind.OTHER, ("iraq-syria",)),
        ("Voters choose provincial council in Baghdad elections", Kind.OTHER, ()),
    ],
)
def test_kind_and_front(title: str, kind: Kind, fronts: tuple[str, ...]) -> None:
    assert (tag(title).kind, tag(title).fronts) == (kind, fronts)


def test_a_city_that_is_struck_is_hit_and_one_that_is_threatened_is_not() -> None:
    assert tag("Sanaa struck by US jets").severity == "high"
    assert tag("Sanaa could be struck by US jets").severity is None


@pytest.mark.parametrize(
    ("title", "sort", "severity"),
    [
        ("Houthis storm UN office in Sanaa and detain nine staff", "raid", "low"),
        ("Houthi fighters infiltrate army camp in Marib", "clash", "medium"),
        ("قوة إسرائيلية تتوغل في قرية قرب القنيطرة وتعتقل شابين", "raid", "low"),
    ],
)
def test_a_forced_entry_to_arrest_somebody_is_a_raid(title: str, sort: str, severity: str) -> None:
    assert (tag(title).type, tag(title).severity) == (sort, severity)


def test_harm_is_done_by_the_act_that_the_title_tells_beside_it() -> None:
    assert tag("Drone kills three Iraqis as Israel strikes Syria").by == "israel"


def test_an_answer_told_in_the_summary_does_not_turn_the_hurt_into_the_doer() -> None:
    answer = "The army said it had struck the site of the launches. Hezbollah said that it had fired them."
    assert tag("Armed drones wound two Israeli troops near Shtula", answer).by == "axis"
