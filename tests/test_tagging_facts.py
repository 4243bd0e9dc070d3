"""Type, by, killed, severity and place of an incident, in five languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.default_tagger import tag
from tui.model import Severity


@pytest.mark.parametrize(
    ("title", "sort", "by"),
    [
        # who did it to whom, by the order of words
        ("US strikes militia base in Iraq", "air-strike", "us-coalition"),
        ("Kataib Hezbollah strikes US base in Iraq with drone", "drone", "axis"),
        ("US base in Iraq struck by Iraqi militia drone", "drone", "axis"),
        ("Israeli strike on Hezbollah depot in Lebanon", "air-strike", "israel"),
        ("Hezbollah strike on Israeli depot in Galilee", "other", "axis"),
        ("Ship hit by Houthi missile in Gulf of Aden", "ship", "axis"),
        ("Turkish drone kills PKK commander in northern Iraq", "drone", "other"),
        ("Israel and Hezbollah exchange fire across border", "clash", "unknown"),
        ("Gunmen kill two officers in Basra", "clash", "unknown"),
        ("Army: we struck Hezbollah launch pads in Lebanon", "air-strike", "israel"),
        # an unnamed launcher in Lebanon or Yemen, and elsewhere
        ("Rockets fired from Lebanon at Kiryat Shmona", "rocket-missile", "axis"),
        ("Missile fired from Yemen at Eilat", "rocket-missile", "axis"),
        ("Rockets fired at Ain al-Asad base in Iraq", "rocket-missile", "unknown"),
        # for an interception, who launched what was shot down
        ("Israel shoots down drone launched from Yemen", "interception", "axis"),
        ("US destroyer intercepts Houthi missile", "interception", "axis"),
        ("Syrian air defences shoot down Israeli missiles over Damascus", "interception", "israel"),
        # a vessel for a target outweighs the weapon
        ("Houthi drone boat strikes tanker off Hodeidah", "ship", "axis"),
        ("Pirates board cargo ship in Gulf of Aden", "ship", "other"),
        ("Unidentified gunmen seize tanker off Yemen", "ship", "unknown"),
        # the lead act decides where an attack and its answer share the title
        ("Israel bombs southern Lebanon after Hezbollah rocket fire", "air-strike", "israel"),
        ("Hezbollah fires rockets after Israeli strike", "rocket-missile", "axis"),
        (
            "US launches strikes in Iraq over drone attack blamed on Iran-backed militia",
            "air-strike",
            "us-coalition",
        ),
        ("Roadside bomb kills soldier near Mosul", "ied", "unknown"),
        # those who came to harm lead, and the act by which they did tells the rest
        ("Six dead as Israeli jets bomb village in Lebanon", "air-strike", "israel"),
        ("Soldier killed as Hezbollah rocket hits base in Galilee", "rocket-missile", "axis"),
        ("Nine soldiers killed in desert ambush near Palmyra", "clash", "unknown"),
        # what was struck is no weapon of who struck; who stands before a colon is not always the doer
        ("US strikes Houthi missile launchers near Hodeidah", "air-strike", "us-coalition"),
        ("Houthi missile strikes base near Marib", "rocket-missile", "axis"),
        ("Israël : deux morts par un missile antichar tiré depuis le Liban", "rocket-missile", "axis"),
        # gunfire without a weapon is a clash, with one it is that weapon's
        ("Israeli troops open fire on shepherds at Shebaa Farms", "clash", "israel"),
        ("Hezbollah opens fire on outpost with rockets in Galilee", "rocket-missile", "axis"),
        # a thing that suffers, without an object; a base that a power only uses
        ("Coalition bases in Syria attacked again", "other", "unknown"),
        ("Rockets land near Iraqi camp used by US advisers", "rocket-missile", "unknown"),
        # a weapon by its people; a shield's owner before the attack that was fended off
        ("Warship attacked by Yemeni drones", "ship", "axis"),
        ("Un cargo touché par un missile houthi en mer Rouge", "ship", "axis"),
        # nobody named, no place that it came from
        ("Warship shoots down drone in Red Sea", "interception", "unknown"),
        ("Warship shoots down drone fired from Yemen", "interception", "axis"),
        ("Tanker hit by missile in Gulf of Aden", "ship", "unknown"),
        ("Militia rockets land near base in Iraq", "rocket-missile", "axis"),
        ("Rockets land near base in Iraq", "rocket-missile", "unknown"),
        ("Air raid on building at edge of Nabatieh", "air-strike", "israel"),
        ("صاروخ حوثي يسقط على حي في مأرب", "rocket-missile", "axis"),
        ("الدفاعات تسقط صاروخا حوثيا فوق مأرب", "interception", "axis"),
        ("صواريخ تستهدف القاعدة الأميركية في حقل العمر", "rocket-missile", "unknown"),
        ('כטב"ם ששוגר מלבנון התרסק בגליל', "drone", "axis"),
        ("מחבל חיזבאללה חוסל בתקיפה בדרום לבנון", "air-strike", "israel"),
        ("Israeli troops detain man in raid on Lebanese village", "raid", "israel"),
        ("غارة إسرائيلية على بلدة كفركلا", "air-strike", "israel"),
        ("قصف مدفعي إسرائيلي على الناقورة", "artillery", "israel"),
        ("حزب الله يقصف ثكنة إسرائيلية بالصواريخ", "rocket-missile", "axis"),
        ('צה"ל תקף מחסן נשק של חיזבאללה בלבנון', "air-strike", "israel"),
        ('חיזבאללה שיגר רחפן לעבר כוח צה"ל בלבנון', "drone", "axis"),
        ("حمله موشکی انصارالله به کشتی آمریکایی در دریای سرخ", "ship", "axis"),
        ("Frappe israélienne sur un dépôt du Hezbollah au Liban", "air-strike", "israel"),
    ],
)
def test_type_and_doer(title: str, sort: str, by: str) -> None:
    tags = tag(title)
    assert (tags.type, tags.by) == (sort, by)


@pytest.mark.parametrize(
    ("title", "killed"),
    [
        ("Israeli strike kills 14 in Nabatieh", 14),
        ("Fourteen killed in Israeli strike on Nabatieh", 14),
        ("Israeli strike kills two, wounds nine in Nabatieh", 2),
        ("Israeli strike wounds nine in Nabatieh", None),
        ("Dozens killed in Israeli strike on Nabatieh", 24),
        ("Israeli strike kills journalist in Nabatieh", 1),
        ("Israeli strike on Nabatieh, no casualties", 0),
        ("Israeli strike hits Nabatieh", None),
        ("Israeli strike kills 3 in Tyre, 1,200 people flee", 3),
        ("استشهاد خمسة أشخاص في غارة إسرائيلية على النبطية", 5),
        ("مقتل جنديين في هجوم بمسيرة في العراق", 2),
        ("غارة على النبطية دون وقوع إصابات", 0),
        ("שלושה הרוגים בתקיפה בנבטייה", 3),
        ("נפילת רקטה במטולה, אין נפגעים", 0),
        ("پنج کشته در حمله اسرائیل به جنوب لبنان", 5),
        ("Sept morts dans une frappe israélienne à Tyr", 7),
        ("Frappe israélienne à Tyr, aucune victime", 0),
        # a number is of the word that it stands at; a person beside a number is not another
        ("Two killed and five wounded in Israeli strike on Nabatieh", 2),
        ("قتيل وأربعة جرحى في غارة إسرائيلية على كفركلا", 1),
        ('הרוג ושלושה פצועים מירי נ"ט לעבר מרגליות', 1),
        ("Two guard officers killed in Israeli strike near Damascus", 2),
        ("Paramedic killed in Israeli strike on Nabatieh", 1),
        # the toll of one act
        ("Toll of Israeli raid on Baalbek rises to 12", 12),
        ("לבנון: מניין ההרוגים בתקיפה בדאחייה עלה ל-11", 11),
        ("قتيلان في غارة إسرائيلية على النبطية", 2),
        ("استشهاد شهيدان في غارة على النبطية", 2),
        ("Israeli shells fall near Khiam, no damage reported", None),
    ],
)
def test_the_killed_of_this_event(title: str, killed: int | None) -> None:
    assert tag(title).killed == killed


def test_the_highest_number_told_counts_and_a_total_since_long_does_not() -> None:
    assert tag("Israeli strike kills three in Tyre", "Officials now say five people were killed.").killed == 5
    summary = "It was the latest raid. Some 900 people have been killed in Lebanon since October."
    assert tag("Israeli strike kills three in Tyre", summary).killed == 3


def test_an_act_that_only_the_summary_tells_gives_the_facts_too() -> None:
    summary = (
        "In the early hours of Sunday US jets carried out a strike against Houthi missiles near Hodeidah."
    )
    tags = tag("Attack on Houthis", summary)
    assert (tags.type, tags.by) == ("air-strike", "us-coalition")
    assert tag("Houthis hit", summary).type == "air-strike"


def test_the_dead_of_the_attack_that_is_answered_are_not_those_of_the_answer() -> None:
    assert tag("Turkey bombs PKK camps in northern Iraq after 12 soldiers killed").killed is None
    answer = "Turkey bombs PKK camps in northern Iraq in retaliation for soldiers' deaths"
    assert tag(answer, "Twelve soldiers were killed last weekend.").killed is None
    assert tag("Turkey bombs PKK camps in northern Iraq", "Twelve fighters were killed.").killed == 12


@pytest.mark.parametrize(
    ("title", "severity"),
    [
        ("Israeli strike kills 14 in Nabatieh", Severity.CRITICAL),
        ("Three US soldiers killed in drone attack on base in Syria", Severity.CRITICAL),
        ("Three Iraqi soldiers killed in drone attack on base in Syria", Severity.HIGH),
        ("Israeli strike kills two in Nabatieh", Severity.HIGH),
        ("Houthis seize cargo ship in Red Sea", Severity.HIGH),
        ("Missile hits tanker in Red Sea", Severity.HIGH),
        ("Missile misses tanker in Red Sea, attack under way", Severity.MEDIUM),
        ("Rockets hit US embassy in Baghdad", Severity.HIGH),
        ("Rockets fired toward US embassy in Baghdad", Severity.MEDIUM),
        ("Israeli strike puts Aleppo airport out of service", Severity.HIGH),
        ("Israeli strike near Aleppo airport, no damage", Severity.MEDIUM),
        ("Drone hits gas field in Iraqi Kurdistan", Severity.MEDIUM),
        ("Israeli jets bomb port of Hodeidah", Severity.HIGH),
        ("Israeli jets bomb launch positions at port of Hodeidah", Severity.MEDIUM),
        ("Iraqi forces arrest five over rocket attack on US embassy", Severity.LOW),
        ("US strikes militia depot in Iraq", Severity.MEDIUM),
        ("Two wounded by rocket fire in Metula", Severity.MEDIUM),
        ("US destroyer shoots down drone off Yemen", Severity.MEDIUM),
        ("Sirens sound in Metula", Severity.LOW),
        ("Iraqi forces arrest Islamic State suspect in Mosul", Severity.LOW),
    ],
)
def test_severity_by_the_table(title: str, severity: Severity) -> None:
    assert tag(title).severity == severity


def test_severity_comes_with_its_reason() -> None:
    why = [e.why for e in tag("Israeli strike kills 14 in Nabatieh").evidence]
    assert "severity: critical, for 14 killed, 10 or more" in why


def test_places_come_the_most_exact_first_with_their_position() -> None:
    places = tag("Israeli strike hits Khiam in southern Lebanon").places
    assert places[0].name == "Khiam"
    assert 33.2 < places[0].lat < 33.5
    assert 35.5 < places[0].lon < 35.8


def test_a_text_that_is_no_incident_on_a_front_has_no_facts() -> None:
    for title in ("Israel could strike Nabatieh", "Israeli strike kills nine in Khan Younis"):
        tags = tag(title)
        assert (tags.type, tags.by, tags.killed, tags.severity) == (None, None, None, None)


with (Path(__file__).parent / "tagging_corpus.jsonl").open(encoding="utf-8") as lines:
    WORDS = sorted({word for line in lines for word in json.loads(line)["title"].split()})
TEXTS = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)


@given(title=TEXTS, summary=TEXTS)
def test_any_words_in_any_order_give_tags_whose_evidence_points_at_its_words(
    title: str, summary: str
) -> None:
    tags = tag(title, summary)
    fields = {"title": title, "summary": summary}
    assert tags.killed is None or tags.killed >= 0
    assert all(fields[e.field][e.start : e.end] == e.term for e in tags.evidence if e.field in fields)
    assert (tags.type is None) == (tags.severity is None)
