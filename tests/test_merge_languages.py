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
