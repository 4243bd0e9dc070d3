"""The dead and the wounded: what counts them, and numbers beside them that do not."""

from __future__ import annotations

import pytest

from tests.default_tagger import tag
from tui.model import Kind

KILLED = [
    # an age is no count
    ("Israeli strike kills farmer, 41, in Tyre", 1),
    ("Israeli strike kills farmer (41) in Tyre", 1),
    ("Israeli strike kills 76-year-old farmer near Tyre", 1),
    ("Israeli strike kills 41 in Tyre", 41),
    ("مقتل شاب (19) في غارة إسرائيلية على النبطية", 1),
    ("נהרג נהג (54) מירי רקטה מלבנון למטולה", 1),
    # some of those counted, and all of them
    ("Ten killed in Israeli strike on Tyre, seven of them children", 10),
    ("Israeli strike on Tyre kills nine, six of whom were medics", 9),
    ("عشرة قتلى في غارة إسرائيلية على النبطية، سبعة منهم أطفال", 10),
    ("עשרה הרוגים בתקיפה בצור, שבעה מהם ילדים", 10),
    ("Dix morts dans une frappe israélienne à Tyr, sept d'entre eux des enfants", 10),
    ("ده کشته در حمله اسرائیل به نبطیه، هفت نفر از آنها کودک", 10),
    ("Ten people, seven of them children, killed in Israeli strike on Tyre", 10),
    ("Israeli strike kills medics in Tyre, two of them volunteers", None),
    # others beside those named first
    ("Israeli strike kills commander and 11 others in Tyre", 12),
    ("Israeli strike kills two medics and four others in Tyre", 6),
    ("Israeli strike kills commander and wounds 11 in Tyre", 1),
    ("Two killed, 11 others wounded in Israeli strike on Tyre", 2),
    # a person joined by "and" is one more; what joins something else is not
    ("Drone attack kills two US soldiers and their interpreter in Syria", 3),
    ("Drone attack kills two US soldiers and damages their truck in Syria", 2),
    ("Israeli strike kills mayor and his driver near Tyre", 2),
    ("Israeli strike kills mother, father and their baby near Tyre", 3),
    ("Israeli strike kills mayor near Tyre", 1),
    ("A commander and a medic killed in Israeli strike near Tyre", 2),
    # whom a verb kills may stand behind names and adjectives
    ("Israeli strike kills senior Hezbollah elite forces commander in Tyre", 1),
    ("Turkish drone kills wanted PKK regional finance chief", 1),
    ("Israeli strike kills nobody in house of Hezbollah commander", None),
    # a number in a clause that another word opens
    ("Officer killed after 12 strikes on Tyre", 1),
    ("Soldiers killed as 40 rockets hit Metula", None),
    ("40 soldiers killed as rockets hit Metula", 40),
    # the number that opens the sentence whose end tells of death
    ("Three sailors in a skiff off Hodeidah were killed by US helicopters", 3),
    ("Trois soldats israéliens dans une embuscade du Hezbollah sur la route de Khiam ont été tués", 3),
    ("خمسة جنود في قافلة على طريق تدمر بين حمص ودير الزور قتلوا في كمين", 5),
    ("سه سرباز در حمله پهپادی به پایگاهی در نزدیکی اربیل کشته شدند", 3),
    ("سه پهپاد به پایگاهی در نزدیکی اربیل حمله کردند و سربازان کشته شدند", None),
    # counted in a clause of its own
    ("Car bomb rips through market in Baghdad; five dead", 5),
    ("Car bomb rips through market in Baghdad, 25 dead", 25),
    ("Car bomb rips through market in Baghdad, 25 hurt", None),
    ("Car bomb rips through market in Baghdad; road 25 closed", None),
    # the dead beside the wounded
    ("One killed and three others wounded in Israeli strike on Tyre", 1),
    ("Four killed and nine others injured in Israeli strike on Tyre", 4),
    ("Nine wounded and four killed in Israeli strike on Tyre", 4),
    ("أربعة قتلى وتسعة جرحى في غارة إسرائيلية على النبطية", 4),
    ("مقتل شخص وإصابة 12 في غارة إسرائيلية على النبطية", 1),
    ("ארבעה הרוגים ותשעה פצועים בתקיפה בצור", 4),
    ("Un mort et trois blessés dans une frappe israélienne à Tyr", 1),
    ("چهار کشته و نه زخمی در حمله اسرائیل به نبطیه", 4),
    ("Soldier killed and nine other soldiers badly wounded in rocket fire at Metula", 1),
    ("Fighter killed, 12 villagers were wounded in strike on Tyre", 1),
    # a toll that rises counts to its end, and some of it is not all
    ("Death toll from strike on Baalbek rises to 46 people, 9 of them children", 46),
    ("Strike on Baalbek kills 46, 31 of them children", 46),
    ("مقتل 46 شخصا في غارة على بعلبك، 31 منهم من عائلة واحدة", 46),
    ("Death toll of Israeli strike on Tyre rises from 31 to 46", 46),
    ("ارتفاع حصيلة قتلى الغارة الإسرائيلية على النبطية إلى 46", 46),
]


@pytest.mark.parametrize(("title", "killed"), KILLED)
def test_the_dead_are_counted_and_other_numbers_are_not(title: str, killed: int | None) -> None:
    tags = tag(title)
    assert (tags.kind, tags.killed) == (Kind.INCIDENT, killed)


@pytest.mark.parametrize(
    ("summary", "killed"),
    [
        ("The death toll from the strike rose to 17.", 17),
        ("The death toll in the war has risen to 1,700 since October.", None),
        ("At least 17 people were killed, the ministry said.", 17),
        ("At least 1,700 people have been killed in Lebanon since the start of the war.", None),
    ],
)
def test_a_toll_in_the_summary_is_that_of_the_act_or_that_of_the_war(
    summary: str, killed: int | None
) -> None:
    assert tag("Israeli strike hits apartment building in Tyre", summary).killed == killed


@pytest.mark.parametrize(
    "title",
    [
        "Pro-Iran militias have attacked US troops in Iraq 61 times since October",
        "US bases in Syria attacked 14 times in past two weeks",
        "US troops in Iraq attacked 12 times this month",
        "Bases américaines en Irak: 40 attaques depuis octobre",
        "استهداف القوات الأميركية في العراق أربعين مرة منذ أكتوبر",
        'בסיסי ארה"ב בסוריה הותקפו 40 פעמים מאז אוקטובר',
        "پایگاه آمریکا در عراق ۴۰ بار از زمان آغاز جنگ هدف حمله قرار گرفت",
    ],
)
def test_attacks_counted_over_weeks_are_no_incident(title: str) -> None:
    tags = tag(title)
    assert (tags.kind, tags.fronts) == (Kind.ANALYSIS, ("iraq-syria",))


@pytest.mark.parametrize(
    "title",
    [
        "Death toll from Israeli strike on Tyre rises to 17",
        "US base in Syria attacked twice overnight",
        "US troops in Iraq attacked with drones, 12 wounded",
        "Base américaine en Irak attaquée par des drones, deux blessés",
        "Drone hits US base in Syria, wounding two, in latest attack since October",
    ],
)
def test_one_attack_with_a_toll_or_a_history_is_an_incident(title: str) -> None:
    assert tag(title).kind is Kind.INCIDENT


@pytest.mark.parametrize(
    "title",
    [
        "قواعد أميركية في العراق تعرضت لأربعين هجوما منذ أكتوبر",
        "Death toll in Lebanon passes 3,000 since war began",
        "حصيلة الحرب في لبنان تتجاوز ثلاثة آلاف قتيل",
    ],
)
def test_totals_of_a_war_are_no_incident_in_other_tongues_either(title: str) -> None:
    assert tag(title).kind is not Kind.INCIDENT
    assert "lebanon-border" in tag(title).fronts or "iraq-syria" in tag(title).fronts
