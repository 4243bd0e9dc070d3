"""Search over everything stored: words, names in every script, filters, ranks, counts, and nothing unsafe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import samples
from tests.samples import DAY, ERBIL, FRONTS, HOUR, MOCHA, NAQOURA, NOON
from tui.model import Kind, Report, Severity
from tui.store.desk import Desk
from tui.store.filters import Known
from tui.store.query import QueryError, parse
from tui.store.search import CANDIDATES, Answer, Searcher
from tui.store.writer import Writer
from tui.tagging.spellings import Spellings

HODEIDAH = "Missile fired from Hodeidah falls into the sea"
ARABIC = "غارة جديدة بالحديدة فجر اليوم"
MARKET = "Market reopens after the holiday"
DRILL = "Coast guard drill; a missile is shown"
HARBOUR = "Harbour news"
NAQOURA_OLD = "Drone strike hits a house near Naqoura"
ERBIL_DEAD = "Rockets kill three at a base near Erbil"
TALKS = "Envoys talk about the border"


@cache
def spellings() -> Spellings:
    return Spellings()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight reports: four of an incident each, one of context, three of no incident."""
    path: Path = tmp_path_factory.mktemp("search") / "s.db"
    yemen = samples.tags("yemen", type="rocket-missile", by="axis", severity=Severity.LOW, places=(MOCHA,))
    iraq = samples.tags("iraq-syria", type="rocket-missile", by="axis", killed=3, places=(ERBIL,))
    talks = samples.tags("lebanon-border", kind=Kind.DIPLOMACY)
    with closing(Writer(path)) as writer:
        _incident(writer, 1, samples.report(HODEIDAH, tagged=yemen, publisher="ukmto"))
        _incident(writer, 2, samples.report(ARABIC, at=NOON - HOUR, language="ar", tagged=yemen))
        _incident(writer, 3, samples.report(NAQOURA_OLD, at=NOON - 40 * DAY))
        _incident(writer, 4, samples.report(ERBIL_DEAD, at=NOON - 2 * DAY, tagged=iraq), grade="A1")
        _incident(writer, 5, samples.report(TALKS, at=NOON - 3 * DAY, tagged=talks), kind=Kind.DIPLOMACY)
        none, seen = samples.tags(kind=Kind.OTHER)._replace(fronts=()), NOON - DAY
        summary = "No missile was seen at Hodeïda, officials said"
        others = [
            samples.report(MARKET, at=seen, tagged=none),
            samples.report(DRILL, at=seen, tagged=none, publisher="ukmto"),
            samples.report(HARBOUR, at=seen, tagged=none, summary=summary),
        ]
        writer.add([(each, None) for each in others], ())
    with closing(Desk(path)) as desk:
        desk.acknowledge([4], "ab", NOON)
    return path


def _incident(writer: Writer, id: int, report: Report, **more: Any) -> None:
    tags = report.tags
    told = samples.incident(
        id,
        at=report.published,
        kind=tags.kind,
        fronts=tags.fronts,
        headline=report.title,
        type=tags.type,
        by=tags.by,
        killed=tags.killed,
        severity=tags.severity,
        place=tags.places[0],
        publishers=(report.publisher,),
    )
    writer.add([(report, id)], [told._replace(**more)])


@pytest.fixture(scope="module")
def searcher(store: Path) -> Iterator[Searcher]:
    with closing(Searcher(store)) as searcher:
        yield searcher


@pytest.fixture(scope="module")
def known(searcher: Searcher) -> Known:
    return searcher.vocabulary(replace(Known.of(FRONTS), spellings=spellings()))


def ask(searcher: Searcher, known: Known, text: str, limit: int = 100) -> Answer:
    return searcher.search(parse(text, known, NOON + HOUR), limit)


def titles(answer: Answer) -> list[str]:
    return [
        found.incident.headline if found.incident else found.report.title if found.report else ""
        for found in answer.found
    ]


def test_every_word_must_be_there_and_a_title_counts_more(searcher: Searcher, known: Known) -> None:
    *first, last = titles(ask(searcher, known, "missile"))
    assert sorted(first) == sorted([HODEIDAH, DRILL])
    assert last == HARBOUR
    assert titles(ask(searcher, known, "missile drill")) == [DRILL]
    assert titles(ask(searcher, known, "missile holiday")) == []


def test_the_last_word_may_be_unfinished(searcher: Searcher, known: Known) -> None:
    assert titles(ask(searcher, known, "mark")) == [MARKET]
    assert titles(ask(searcher, known, "mark ")) == []
    assert titles(ask(searcher, known, "mark reopens")) == []


def test_words_in_quotes_stand_together(searcher: Searcher, known: Known) -> None:
    assert titles(ask(searcher, known, '"guard drill"')) == [DRILL]
    assert titles(ask(searcher, known, '"drill guard"')) == []


def test_letters_of_one_sound_and_case_are_one(searcher: Searcher) -> None:
    as_typed = Known.of(FRONTS)
    assert titles(ask(searcher, as_typed, "بالحديده")) == [ARABIC]
    assert sorted(titles(ask(searcher, as_typed, "HODEIDA"))) == sorted([HODEIDAH, HARBOUR])


@pytest.mark.parametrize("name", ["Hudaydah", "hodeidah", "الحديدة", "חודיידה"])
def test_a_place_is_found_by_any_spelling_in_any_script(searcher: Searcher, known: Known, name: str) -> None:
    assert sorted(titles(ask(searcher, known, name))) == sorted([HODEIDAH, ARABIC, HARBOUR])


def test_a_name_in_quotes_is_looked_for_as_it_is_typed(searcher: Searcher, known: Known) -> None:
    assert titles(ask(searcher, known, '"hodeidah"')) == [HODEIDAH]
    assert titles(ask(searcher, known, '"hudaydah"')) == []


def test_an_arabic_word_is_found_with_what_is_written_onto_it(searcher: Searcher, known: Known) -> None:
    assert titles(ask(searcher, known, "فجر ")) == [ARABIC]
    assert titles(ask(searcher, Known.of(FRONTS), "الحديدة ")) == [ARABIC]


def test_a_word_with_a_minus_must_not_be_there(searcher: Searcher, known: Known) -> None:
    assert titles(ask(searcher, known, "missile -drill -harbour")) == [HODEIDAH]
    assert HODEIDAH not in titles(ask(searcher, known, "-missile front:yemen"))
    assert titles(ask(searcher, known, "-missile front:yemen")) == [ARABIC]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("front:yemen", [HODEIDAH, ARABIC]),
        ("front:red", [HODEIDAH, ARABIC]),
        ("front:yemen,iraq-syria", [HODEIDAH, ARABIC, ERBIL_DEAD]),
        ("type:drone", [NAQOURA_OLD]),
        ("by:axis -front:yemen", [ERBIL_DEAD]),
        ("killed:>0", [ERBIL_DEAD]),
        ("killed:2..5", [ERBIL_DEAD]),
        ("killed:3+", [ERBIL_DEAD]),
        ("killed:<3", []),
        ("severity:low", [HODEIDAH, ARABIC]),
        ("severity:>low", [ERBIL_DEAD, NAQOURA_OLD]),
        ("severity:medium+ since:7d", [ERBIL_DEAD]),
        ("place:Irbil", [ERBIL_DEAD]),
        ("place:moch", [HODEIDAH, ARABIC]),
        ("publisher:ukmto", [HODEIDAH, DRILL]),
        ("publisher:ukmto kind:incident", [HODEIDAH]),
        ("kind:diplomacy", [TALKS]),
        ("state:acknowledged", [ERBIL_DEAD]),
        ("state:new -front:yemen", [NAQOURA_OLD]),
        ("grade:A", [ERBIL_DEAD]),
        ("grade:B3 front:yemen", [HODEIDAH, ARABIC]),
        ("lang:ar", [ARABIC]),
        ("until:2023-11-01", [NAQOURA_OLD]),
        ("since:2023-12-01 until:2023-12-01", [HODEIDAH, ARABIC]),
        ("since:11:30 kind:incident", [HODEIDAH]),
        ("missile front:yemen", [HODEIDAH]),
        ("missile publisher:ukmto -type:drone", [HODEIDAH, DRILL]),
        ("market since:2d", [MARKET]),
        ("market since:2h", []),
    ],
)
def test_a_filter_finds_what_it_says(
    searcher: Searcher, known: Known, query: str, expected: list[str]
) -> None:
    assert sorted(titles(ask(searcher, known, query))) == sorted(expected)


def test_filters_alone_find_the_newest_first(searcher: Searcher, known: Known) -> None:
    found = titles(ask(searcher, known, "-kind:diplomacy"))
    assert found[:2] == [HODEIDAH, ARABIC]
    assert found[-1] == NAQOURA_OLD


def test_incidents_and_reports_of_none_are_counted_apart(searcher: Searcher, known: Known) -> None:
    answer = ask(searcher, known, "missile")
    assert (answer.incidents, answer.others, answer.at_least) == (1, 2, False)
    few = ask(searcher, known, "missile", limit=1)
    assert (len(few.found), few.total) == (1, 3)


def test_an_incident_is_found_once_by_the_best_of_its_reports(tmp_path: Path) -> None:
    with closing(Writer(tmp_path / "s.db")) as writer:
        told = [
            samples.report("Blast at the port", summary="A tanker burns"),
            samples.report("Tanker burns at the port"),
            samples.report("Fire at sea"),
        ]
        incident = samples.incident(1, headline="Fire at sea", reports=3)
        writer.add([(each, 1) for each in told], [incident])
    with closing(Searcher(tmp_path / "s.db")) as searcher:
        (found,) = ask(searcher, Known(), "tanker").found
        assert found.incident == incident
        assert found.report == told[1]


def test_of_equal_reports_the_newer_comes_first(tmp_path: Path) -> None:
    with closing(Writer(tmp_path / "s.db")) as writer:
        for number, days in enumerate((0, 20, 2), 1):
            _incident(writer, number, samples.report("Tanker burns", at=NOON - days * DAY))
    with closing(Searcher(tmp_path / "s.db")) as searcher:
        found = ask(searcher, Known(), "tanker").found
        assert [each.incident.id for each in found if each.incident] == [1, 3, 2]


def test_a_rare_spelling_of_a_name_counts_no_more_than_a_common_one(tmp_path: Path) -> None:
    with closing(Writer(tmp_path / "s.db")) as writer:
        for number in range(1, 6):
            _incident(writer, number, samples.report("Fire in Hodeidah", at=NOON + number * DAY))
        _incident(writer, 6, samples.report("Fire in Hudaydah", at=NOON))
    with closing(Searcher(tmp_path / "s.db")) as searcher:
        names = Known(spellings=spellings())
        found = ask(searcher, names, "Hudaydah").found
        assert [each.incident.id for each in found if each.incident] == [5, 4, 3, 2, 1, 6]


def test_a_word_of_very_many_reports_is_counted_as_at_least(tmp_path: Path) -> None:
    with closing(Writer(tmp_path / "s.db")) as writer:
        reports = [samples.report("Tanker burns", at=NOON + number) for number in range(CANDIDATES + 1)]
        writer.add([(each, None) for each in reports], ())
    with closing(Searcher(tmp_path / "s.db")) as searcher:
        answer = ask(searcher, Known(), "tanker")
        assert (answer.others, answer.at_least) == (CANDIDATES, True)
        assert answer.found[0].report == reports[-1]


def test_an_empty_answer_says_what_to_leave_out(searcher: Searcher, known: Known) -> None:
    empty = ask(searcher, known, "missile front:yemen killed:>0")
    assert empty.total == 0
    assert searcher.loosen(empty).looser == (("killed:>0", 1),)
    nothing = ask(searcher, known, "nosuchword")
    assert searcher.loosen(nothing).looser == ()


def test_what_there_is_to_ask_for_is_learnt_from_the_store(known: Known) -> None:
    assert known.sides == {"axis": 3, "israel": 1}
    assert known.publishers == {"example-wire": 4, "ukmto": 1}
    assert known.places == {NAQOURA.name: 2, MOCHA.name: 2, ERBIL.name: 1}


@given(st.text(max_size=60))
def test_whatever_is_typed_is_answered_or_refused_in_words(searcher: Searcher, text: str) -> None:
    try:
        query = parse(text, Known.of(FRONTS), NOON)
    except QueryError as fault:
        assert 0 <= fault.start <= fault.end <= len(text)
        assert fault.what
    else:
        assert isinstance(searcher.search(query), Answer)


@given(st.text(alphabet='missile"*^:(){}-+NEAR OR AND NOT,front', max_size=40))
def test_no_word_of_the_index_language_acts(searcher: Searcher, text: str) -> None:
    try:
        query = parse(text, Known.of(FRONTS), NOON)
    except QueryError:
        return
    assert isinstance(searcher.search(query), Answer)
