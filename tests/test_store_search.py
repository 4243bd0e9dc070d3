"""Search over all reports: folded words, ranked, and safe from whatever is typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import samples
from tui.store.reader import Reader
from tui.store.writer import Writer

TITLES = (
    "Missile fired from Hodeidah falls into the sea",
    "غارة جديدة على الحديدة فجر اليوم",
    "Market reopens after the holiday",
    "Coast guard drill; a missile is shown",
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    path: Path = tmp_path_factory.mktemp("search") / "s.db"
    with closing(Writer(path)) as writer:
        reports = [samples.report(title) for title in TITLES]
        reports.append(
            samples.report("Harbour news", summary="No missile was seen at Hodeïda, officials said")
        )
        writer.add([(reports[0], 1), *((each, None) for each in reports[1:])], [samples.incident(1)])
    with closing(Reader(path)) as reader:
        yield reader


def titles(reader: Reader, words: str) -> list[str]:
    return [found.report.title for found in reader.search(words)]


def test_every_word_must_be_there_and_a_title_counts_more(reader: Reader) -> None:
    *first, last = titles(reader, "missile")
    assert sorted(first) == sorted([TITLES[0], TITLES[3]])
    assert last == "Harbour news"
    assert titles(reader, "missile drill") == [TITLES[3]]
    assert titles(reader, "missile holiday") == []


def test_the_last_word_may_be_unfinished(reader: Reader) -> None:
    assert titles(reader, "mark") == [TITLES[2]]
    assert titles(reader, "mark ") == []
    assert titles(reader, "mark reopens") == []


def test_words_in_quotes_stand_together(reader: Reader) -> None:
    assert titles(reader, '"guard drill"') == [TITLES[3]]
    assert titles(reader, '"drill guard"') == []


def test_letters_of_one_sound_and_case_are_one(reader: Reader) -> None:
    assert titles(reader, "الحديده") == [TITLES[1]]
    assert titles(reader, "HODEIDA") == [TITLES[0], "Harbour news"]


def test_what_is_found_says_which_incident_it_is_of(reader: Reader) -> None:
    assert [found.incident for found in reader.search("hodeidah falls")] == [1]
    assert [found.incident for found in reader.search("market")] == [None]


def test_no_more_is_found_than_asked_for(reader: Reader) -> None:
    assert len(reader.search("missile", limit=2)) == 2


@given(st.text(max_size=60))
def test_whatever_is_typed_is_answered(reader: Reader, words: str) -> None:
    assert isinstance(reader.search(words), list)


@given(st.text(alphabet='missile"*^:(){}-+NEAR OR AND NOT', max_size=40))
def test_no_word_of_the_index_language_acts(reader: Reader, words: str) -> None:
    assert isinstance(reader.search(words), list)
