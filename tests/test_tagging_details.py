"""What else is told of an incident: the wounded, the weapon, the target, and who says so."""

from __future__ import annotations

import tomllib

import pytest

from tests.default_tagger import tag
from tui.model import Kind
from tui.tagging.lexicon import FOLDER


@pytest.mark.parametrize(
    ("title", "wounded"),
    [
        ("Israeli strike on Nabatieh wounds 12", 12),
        ("Israeli strike on Nabatieh kills three, wounds 12", 12),
        ("Drone strike near Tyre kills two and injures five people", 5),
        ("5 dead and 20 injured in Israeli air strike on Nabatieh", 20),
        ("Two wounded as rocket from Lebanon hits house in Metula", 2),
        ("Dozens wounded in Israeli air strike on Baalbek", 24),
        ("Attack on US base in Syria wounds 8 service members", 8),
        ("Frappe israélienne au Liban-Sud : deux morts et six blessés", 6),
        ("2 הרוגים ו-5 פצועים בתקיפה ישראלית בנבטיה", 5),
        ("إصابة 7 أشخاص في غارة إسرائيلية على النبطية", 7),
        ("مقتل 3 وإصابة 7 أشخاص في غارة إسرائيلية على النبطية", 7),
    ],
)
def test_the_wounded_are_counted_apart_from_the_dead(title: str, wounded: int) -> None:
    assert tag(title).wounded == wounded


@pytest.mark.parametrize(
    ("title", "wounded"),
    [
        ("Israeli air strike hits house in Nabatieh", None),
        ("Israeli air strike on Nabatieh kills three", None),
        ("Rocket from Lebanon falls near Metula, no casualties", 0),
        ("Soldier of Battalion 51 wounded in rocket attack on Metula from Lebanon", None),
        ("Rocket from Lebanon hits Metula on day 2024 of fire, several wounded", None),
    ],
)
def test_what_counts_no_wounded_gives_none_and_nobody_hurt_gives_zero(
    title: str, wounded: int | None
) -> None:
    assert tag(title).wounded == wounded


@pytest.mark.parametrize(
    ("title", "weapon", "target"),
    [
        ("Houthi drone hits tanker in Red Sea", "drone", "vessel"),
        ("Houthis claim missile attack on tanker in Red Sea", "rocket or missile", "vessel"),
        ("Drone attack on US base in Syria wounds three", "drone", "base"),
        ("Israeli warplanes bomb Nabatieh", "warplane", None),
        ("Israeli strike on Nabatieh kills three", None, None),
        ("Hezbollah attacks Israeli soldiers near Metula with rockets", "rocket or missile", "Israeli army"),
    ],
)
def test_weapon_and_target_are_named_where_they_are_told(
    title: str, weapon: str | None, target: str | None
) -> None:
    tags = tag(title)
    assert tags.kind is Kind.INCIDENT
    assert (tags.weapon, tags.target) == (weapon, target)


@pytest.mark.parametrize(
    ("title", "claim", "said_by"),
    [
        ("Hezbollah says it fired rockets at base near Safed", "claimed", "Hezbollah"),
        ("Houthis claim missile attack on tanker in Red Sea", "claimed", "Houthis"),
        ("حزب الله يعلن قصف ثكنة برانيت بصواريخ", "claimed", "Hezbollah"),
        ("Drone strike kills two in Tyre, Hezbollah says", None, "Hezbollah"),
        ("Rockets fired from Lebanon at Metula, Israeli army confirms", "confirmed", "Israeli army"),
        ("Rockets fired from Lebanon at Metula", None, None),
    ],
)
def test_who_says_it_is_told_and_whether_the_doer_claims_it(
    title: str, claim: str | None, said_by: str | None
) -> None:
    tags = tag(title)
    assert (tags.claim, tags.said_by) == (claim, said_by)


def test_a_denial_beside_the_incident_is_told() -> None:
    tags = tag("Drone hits tanker in Red Sea, crew safe", "Houthis deny that they hit the ship.")
    assert (tags.kind, tags.claim, tags.said_by) == (Kind.INCIDENT, "denied", "Houthis")


def test_every_fact_has_evidence_that_stands_in_the_text() -> None:
    title = "Hezbollah says it fired rockets at Israeli base near Safed, wounding five"
    tags = tag(title)
    reasons = {e.why.partition(":")[0]: e for e in tags.evidence}
    for what in ("wounded", "weapon", "target", "said by", "claim"):
        piece = reasons[what]
        assert piece.term
        assert title[piece.start : piece.end] == piece.term


def test_a_place_tells_how_exact_it_is() -> None:
    kinds = {place.name: place.kind for place in tag("Israeli strike hits Khiam in Lebanon").places}
    assert kinds == {"Khiam": "town", "Lebanon": "country"}


def test_what_is_no_incident_has_no_facts() -> None:
    tags = tag("Hezbollah warns of missile strikes on Israeli bases, five years after the last")
    assert (tags.wounded, tags.weapon, tags.target, tags.claim, tags.said_by) == (None,) * 5


def _spellings(name: str) -> dict[str, set[str]]:
    terms = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))["term"]
    return {
        language: {text for term in terms for text in term.get(language, [])}
        for language in ("en", "fr", "ar", "he", "fa")
    }


def test_a_phrase_of_claiming_hides_no_word_and_is_hidden_by_none() -> None:
    lists = [path.name for path in FOLDER.glob("*.toml") if path.name not in {"claims.toml", "powers.toml"}]
    lists = [name for name in lists if "[[term]]" in (FOLDER / name).read_text(encoding="utf-8")]
    for language, own in _spellings("claims.toml").items():
        others = set().union(*(_spellings(name)[language] for name in lists))
        assert {text for text in own if " " in text} <= others | {"تایید کرد"}
    claiming = {text for text in _spellings("acts.toml")["en"] if text.startswith("claim")}
    assert claiming <= _spellings("claims.toml")["en"]


def test_a_number_past_belief_is_no_toll() -> None:
    for number in ("1,000,000", "1 million", "4,900"):
        assert tag(f"Israeli strike kills {number} in Beirut").killed is None, number


def test_a_tank_shells_a_house() -> None:
    tags = tag("Israeli tank shells house in Odaisseh, nobody hurt")
    assert (tags.kind, tags.type, tags.by) == (Kind.INCIDENT, "artillery", "israel")


def test_peacekeepers_beside_an_attack_suffered_it() -> None:
    assert tag("إصابة جندي من اليونيفيل بسقوط قذيفة على مقر للقوة قرب كفركلا").by == "unknown"


def test_an_exchange_of_fire_is_no_blaze() -> None:
    assert tag("SDF and pro-Damascus militia exchange fire in Hasakah").kind is Kind.INCIDENT


@pytest.mark.parametrize(
    "title",
    [
        "Les frappes israéliennes au Liban étaient limitées et nécessaires",
        "Minister: strikes in Yemen were limited and necessary",
        "لندن: الضربات في اليمن كانت محدودة وضرورية",
    ],
)
def test_a_judgement_of_strikes_is_a_statement(title: str) -> None:
    assert tag(title).kind is Kind.STATEMENT


def test_why_names_what_was_attacked_in_words_that_fit_one_and_many() -> None:
    tags = tag("Two Israeli soldiers wounded by missile at Metula")
    assert any(each.why.startswith("target: attacked: ") for each in tags.evidence)
