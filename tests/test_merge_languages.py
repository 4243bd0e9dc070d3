"""From words to incidents in five languages: what the tagger reads is what reports meet by."""

from __future__ import annotations

import pytest

from tests import samples
from tests.default_tagger import tag
from tests.samples import HOUR, NOON
from tui.incidents.merge import Merger
from tui.model import Kind, Report

ENGLISH = "Israeli drone strike kills two people in the southern Lebanese town of Naqoura"
TOLD = {
    "ar": "مقتل شخصين في غارة لمسيرة إسرائيلية على بلدة الناقورة جنوبي لبنان",
    "he": 'שני בני אדם נהרגו בתקיפת כטב"ם ישראלי בעיירה נאקורה שבדרום לבנון',
    "fa": "دو نفر در حمله پهپادی اسرائیل به شهر ناقوره در جنوب لبنان کشته شدند",
    "fr": "Une frappe de drone israélien tue deux personnes à Naqoura, dans le sud du Liban",
}
"""One act, in the words of each language."""


def told(title: str, language: str = "en", *, hours: float = 0.0) -> Report:
    """A report with the tags that the default watch gives it."""
    report = samples.report(title, at=NOON + hours * HOUR, language=language)
    return report._replace(tags=tag(title, language=language))


def ids(*reports: Report) -> list[int]:
    """The incident of each, in the end."""
    merger, incident_of = Merger(), dict[str, int]()
    for report in reports:
        assert report.tags.fronts, report.title
        merger.place(report)
        incident_of |= merger.changes().incident_of
    return [incident_of[report.key] for report in reports]


@pytest.mark.parametrize("language", TOLD)
def test_a_report_in_another_language_meets_the_english_one_through_its_facts(language: str) -> None:
    assert ids(told(ENGLISH), told(TOLD[language], language, hours=1)) == [1, 1]
    assert ids(told(TOLD[language], language), told(ENGLISH, hours=1)) == [1, 1]


def test_one_act_in_five_languages_is_one_incident() -> None:
    others = [told(title, language, hours=n / 2) for n, (language, title) in enumerate(TOLD.items())]
    assert ids(told(ENGLISH), *others) == [1] * 5


def test_an_answer_to_an_attack_is_another_incident_in_any_language() -> None:
    attack = told("Hezbollah fires rockets at army barracks in Kiryat Shmona")
    answer = told("Israeli artillery hits outskirts of Naqoura after rocket fire", hours=0.5)
    arabic = told("مدفعية إسرائيلية تقصف أطراف الناقورة", "ar", hours=1)
    first, second, third = ids(attack, answer, arabic)
    assert first != second == third


def test_a_second_strike_in_the_evening_is_another_incident() -> None:
    morning = told("Air strike on the town of Naqoura wounds a farmer at dawn")
    evening = told("Israeli warplanes raid Naqoura again, two houses destroyed", hours=13)
    assert len(set(ids(morning, evening))) == 2


def test_a_roundup_joins_no_incident() -> None:
    roundup = told(f"Live updates: {ENGLISH}", hours=1)
    assert roundup.tags.kind is Kind.ROUNDUP
    assert ids(told(ENGLISH), roundup) == [1, 2]


@pytest.mark.parametrize(
    ("english", "other", "language"),
    [
        ("Gunmen ambush patrol near Tebnine", "إطلاق نار على دورية قرب تبنين", "ar"),
        ("Houthi drone hits container ship off Salif", "مسيّرة حوثية تصيب سفينة حاويات غرب الصليف", "ar"),
        ("Israeli strike on truck near Hermel", "غارة إسرائيلية على شاحنة في الهرمل", "ar"),
        ("Rockets hit US embassy in Baghdad", "اصابت راکت به سفارت آمریکا در بغداد", "fa"),
        (
            "Houthi missile hits tanker in Red Sea",
            "Un pétrolier touché par un missile houthi en mer Rouge",
            "fr",
        ),
    ],
)
def test_what_words_mean_brings_languages_together(english: str, other: str, language: str) -> None:
    first, second = ids(told(english), told(other, language, hours=0.3))
    assert first == second


def test_it_is_found_among_many_that_share_more_words() -> None:
    places = ["Naqoura", "Tebnine", "Houla", "Blida", "Kfar Kila", "Wazzani", "Khiam", "Metula"]
    others = [
        told(f"Israeli drone strike on car near {place} kills {number}, army says", hours=0.02 * number)
        for number, place in enumerate([*places, *places], 2)
    ]
    arabic = told("غارة لمسيّرة إسرائيلية على سيارة في الهرمل", "ar", hours=0.5)
    english = told("Israeli drone strike on car near Hermel kills 3, army says", hours=0.6)
    found = ids(*others, arabic, english)
    assert found[-1] == found[-2]


def test_a_name_that_no_list_has_is_known_by_its_sound() -> None:
    english = told("Houthi missile hits bulk carrier Halden Prospect in Gulf of Aden")
    other = told("Houthi drone hits freighter in Gulf of Aden", hours=0.2)
    arabic = told("القوات المسلحة في صنعاء تتبنى استهداف السفينة هالدن بروسبكت في خليج عدن", "ar", hours=0.5)
    first, _, third = ids(english, other, arabic)
    assert third == first


def test_ships_of_two_sorts_are_two_incidents() -> None:
    tanker = told("Houthi missile hits tanker off Salif")
    container = told("Container vessel set ablaze by Houthi missile off Salif", hours=3)
    assert len(set(ids(tanker, container))) == 2


def test_another_strike_hours_later_is_another_incident_and_a_new_toll_is_not() -> None:
    morning = told("Israeli strike on house in Bint Jbeil kills four")
    again = told("Paramedic killed as Israel strikes Bint Jbeil again", hours=7)
    toll = told("Toll of Israeli strike on house in Bint Jbeil rises to five", hours=7)
    assert len(set(ids(morning, again))) == 2
    assert len(set(ids(morning, toll))) == 1


def test_a_place_that_is_answered_for_is_not_where_it_was() -> None:
    tags = tag("Hezbollah fires rockets at Safed after strike on Bint Jbeil")
    assert [place.name for place in tags.places] == ["Safed"]
    tags = tag("Toll rises to five after strike on Bint Jbeil")
    assert [place.name for place in tags.places] == ["Bint Jbeil"]


def test_a_summary_says_more_exactly_where_but_not_elsewhere() -> None:
    tags = tag(
        "Rockets hit Ain al-Asad base", "It was revenge for the commander killed in Baghdad, a militia said."
    )
    assert "Baghdad" not in [place.name for place in tags.places]
    tags = tag("Israeli strike kills four in Dahieh", "Missiles hit a block in Haret Hreik.")
    assert "Haret Hreik" in [place.name for place in tags.places]
