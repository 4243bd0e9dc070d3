"""Attacks since a date: ours by filters, and beside them the counts that reports quote."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import samples
from tests.samples import DAY, HOUR, NOON
from tui.cli import main
from tui.incidents.figures import quoted, suffers
from tui.model import Kind, Watch
from tui.paths import STORE_NAME
from tui.store.reader import Reader
from tui.store.writer import Writer
from tui.tagging.language import LANGUAGES
from tui.tally import tally
from tui.usage import WrongUsage
from tui.when import FORMS

WATCH = Watch("A test's watch", samples.FRONTS, ())
MAY = datetime(2023, 5, 3, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("language", "text", "count", "bound", "since", "said_by"),
    [
        ("en", "The Pentagon said the outpost was attacked at least 31 times since May 3.",
         31, "at least", "2023-05-03", "Pentagon"),
        ("en", "Another rocket, bringing the total to more than 1,204 since 3 May 2022", 1204, "more than",
         "2022-05-03", ""),
        ("en", "There have been nearly 40 drone attacks on the harbour since mid-May", 40, "nearly",
         "2023-05-15", ""),
        ("en", "The number of attacks on the base now totals 18. It began small. "
               "Some 12 rocket strikes hit it since December 20.", 12, "about", "2022-12-20", ""),
        ("fr", "Le port a été attaqué au moins 31 fois depuis le 3 mai, selon le Pentagone", 31, "at least",
         "2023-05-03", "Pentagon"),
        ("fr", "Plus de 40 attaques contre le port depuis la mi-août", 40, "more than", "2023-08-15", ""),
        ("ar", "تعرض الميناء لأكثر من 31 هجوما منذ 3 مايو، بحسب البنتاغون", 31, "more than",
         "2023-05-03", "Pentagon"),
        ("ar", "هوجم الميناء ٣١ مرة منذ منتصف آب", 31, "", "2023-08-15", ""),
        ("fa", "این بندر دست‌کم ۳۱ بار از ۳ مه هدف حمله قرار گرفته است", 31, "at least", "2023-05-03", ""),
        ("he", "הנמל הותקף לפחות 31 פעמים מאז 3 במאי, מסר הפנטגון", 31, "at least", "2023-05-03", "Pentagon"),
    ],
)  # fmt: skip
def test_a_quoted_count_is_read_in_five_languages(
    language: str, text: str, count: int, bound: str, since: str, said_by: str
) -> None:
    (figure,) = quoted(text, language, NOON)
    assert (figure.count, figure.bound, figure.since.isoformat(), figure.said_by) == (
        count, bound, since, said_by,
    )  # fmt: skip
    assert text[figure.start :].startswith(figure.text)


@pytest.mark.parametrize(
    "text",
    [
        "Fourteen people were hurt since the May 3 attack on the harbour",
        "It is 60 days since the May 3 attack on the harbour",
        "After the 3 May attacks, 200 people left since June",
        "The harbour was attacked 31 times",  # since when?
        "The team hit 31 home runs since May 3",
        "Since 31 June there were 5 attacks",
        "",
    ],
)
def test_what_is_no_count_of_attacks_since_a_date_is_not_taken_for_one(text: str) -> None:
    assert list(quoted(text, "en", NOON)) == []


def test_a_language_without_patterns_has_no_figures() -> None:
    assert list(quoted("attacked 31 times since May 3", "xx", NOON)) == []
    assert not suffers("attacked", "xx", 0, 3)


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_any_text_is_read_without_a_fault(text: str, language: str) -> None:
    for figure in quoted(f"{text} attacked 31 times since May 3 {text}", language, NOON):
        assert figure.count >= 0


def test_who_suffers_is_told_by_the_words_around_the_name() -> None:
    for sentence, name, holds in (
        ("31 attacks against US forces since May 3", "US forces", True),
        ("US forces have come under fire 31 times since May 3", "US forces", True),
        ("US forces launched 31 strikes since May 3", "US forces", False),
    ):
        start = sentence.index(name)
        assert suffers(sentence, "en", start, start + len(name)) is holds


@pytest.fixture
def ask(writer: Writer, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    writer.beat(samples.heartbeat(rate=0.0))

    def ask(since: float = MAY, as_json: bool = True, **filters: Any) -> Any:
        out = io.StringIO()
        named = dict.fromkeys(("front", "against", "by", "type")) | filters
        assert tally(reader, WATCH, since=since, as_json=as_json, out=out, **named) == 0
        return json.loads(out.getvalue()) if as_json else out.getvalue()

    return ask


def attack(id: int, against: str | None, at: float = NOON - DAY, **more: Any) -> tuple[Any, Any]:
    facts = {"fronts": ("iraq-syria",), "by": "axis", "type": "drone"} | more
    tags = samples.tags("iraq-syria")._replace(against=against)
    return (samples.report(at=at, tagged=tags), id), samples.incident(id, at=at, **facts)


def put(writer: Writer, *attacks: tuple[Any, Any]) -> None:
    writer.add([report for report, _ in attacks], [incident for _, incident in attacks])


def test_ours_are_counted_by_front_side_and_date(writer: Writer, ask: Callable[..., Any]) -> None:
    put(
        writer,
        attack(1, "us-coalition"),
        attack(2, "us-coalition", type="rocket-missile", by="unknown"),
        attack(3, "israel"),
        attack(4, None),
        attack(5, "us-coalition", at=MAY - 1),
        attack(6, "us-coalition", by="us-coalition"),  # an answer, told with the harm that it is for
        attack(7, "us-coalition", at=NOON + HOUR),
        attack(8, "us-coalition", fronts=("yemen",)),
    )
    found = ask(front="iraq-syria", against="us-coalition")
    assert (found["count"], found["incidents"]) == (2, [1, 2])
    assert found["by_side"] == {"axis": 1, "unknown": 1}
    assert found["by_type"] == {"drone": 1, "rocket-missile": 1}
    assert ask(front="iraq-syria", by="axis", type="drone")["incidents"] == [1, 3, 4]
    assert ask(against="us-coalition", since=NOON - 2 * DAY)["count"] == 3


def test_an_incident_is_against_the_side_that_most_of_its_reports_tell(
    writer: Writer, ask: Callable[..., Any]
) -> None:
    (first, incident), ((second, _), _), ((third, _), _) = (
        attack(1, "israel"), attack(1, "us-coalition"), attack(1, "us-coalition"),
    )  # fmt: skip
    writer.add([first, (second, 1), (third, 1)], [incident])
    assert ask(against="us-coalition")["count"] == 1
    assert ask(against="israel")["count"] == 0


def say(title: str, *, summary: str = "", front: str = "iraq-syria", at: float = NOON - HOUR) -> Any:
    tags = samples.tags(front, kind=Kind.STATEMENT)
    return (samples.report(title, at=at, tagged=tags, summary=summary), None)


def test_figures_of_the_side_and_start_asked_for_stand_beside_ours(
    writer: Writer, ask: Callable[..., Any]
) -> None:
    quote = "US troops in Iraq have been attacked at least 31 times since May 3"
    writer.add([
        say(quote, at=NOON - 5 * HOUR),
        say("Talks go on", summary=f"{quote}, the Pentagon says."),
        say("There were 28 attacks on American forces since early spring and since May 1", at=NOON - 3 * DAY),
        say("US troops in Iraq have been attacked 90 times since January 2"),
        say("Israel has carried out 400 strikes since May 3"),
        say("US troops in Iraq have been attacked 77 times since May 3", front="yemen"),
        say("US troops in Iraq have been attacked 12 times since May 3", at=NOON + HOUR),
    ], [])  # fmt: skip
    found = ask(front="iraq-syria", against="us-coalition")
    assert [each["count"] for each in found["quoted"]] == [31, 28]
    assert found["with_another_start"] == 1
    newest = found["quoted"][0]
    assert newest["bound"] == "at least"
    assert (newest["said_by"], newest["reports"]) == ("Pentagon", 2)
    assert (newest["since"], newest["published"]) == ("2023-05-03", "2023-12-01T11:00:00Z")
    assert newest["source"] == "Example Wire"
    assert newest["text"] == f"{quote}, the Pentagon says."


def test_a_person_gets_both_counts_and_is_told_when_the_store_begins(
    writer: Writer, ask: Callable[..., Any]
) -> None:
    put(writer, attack(1, "us-coalition"))
    writer.add([say("US troops in Iraq attacked 31 times since May 3, Pentagon says")], [])
    words = ask(as_json=False, front="iraq-syria", against="us-coalition").splitlines()
    assert words[0] == "attacks against us-coalition on iraq-syria since 3 May 2023"
    assert "ours      1" in words
    assert "          the store begins on 30 Nov 2023: what was before is not in it" in words
    assert "quoted    31 since 3 May 2023" in words
    assert words[-1].startswith(
        "          1 Dec 2023, Pentagon, by Example Wire: US troops in Iraq attacked 31"
    )
    empty = ask(as_json=False, front="yemen")
    assert "no incident was ever stored there" in empty
    assert "no report quotes a figure with this start" in empty


@pytest.mark.parametrize("wrong", [{"front": "moon"}, {"against": "moon"}, {"by": "moon"}, {"type": "moon"}])
def test_a_name_that_does_not_exist_is_told_with_those_that_do(reader: Reader, wrong: dict[str, str]) -> None:
    named: dict[str, Any] = dict.fromkeys(("front", "against", "by", "type")) | wrong
    with pytest.raises(WrongUsage, match="'moon': there are "):
        tally(reader, WATCH, since=MAY, as_json=False, out=io.StringIO(), **named)


def test_the_command_takes_a_day_or_an_age(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(Writer(tmp_path / STORE_NAME)) as writer:
        writer.beat(samples.heartbeat(rate=0.0))
    where = ["--data", str(tmp_path), "tally", "--front", "iraq-syria", "--json"]
    assert main([*where, "--since", "2023-11-30"]) == 0
    assert json.loads(capsys.readouterr().out)["since"] == "2023-11-30T00:00:00Z"
    assert main([*where, "--since", "2d"]) == 0
    assert json.loads(capsys.readouterr().out)["since"] == "2023-11-29T12:00:00Z"
    with pytest.raises(SystemExit):
        main([*where, "--since", "Tuesday"])
    assert f"say {FORMS}" in capsys.readouterr().err
