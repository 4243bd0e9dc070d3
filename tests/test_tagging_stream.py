"""JSON lines in and out, the account for a person, and the measure of how right it all is."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.default_tagger import FRONTS, TAGGER, tag
from tui.model import Feed, Watch
from tui.tagging.evaluate import evaluate, render, to_json
from tui.tagging.stream import tag_stream
from tui.tagging.tagger import tags_json
from tui.tagging.why import explain, mark

CORPUS = Path(__file__).parent / "tagging_corpus.jsonl"
WATCH = Watch(
    "Test",
    FRONTS,
    (
        Feed("Cedar Wire", "https://cedar.example/feed", "cedar", "en", "B", "lebanon-border"),
        Feed("Cedar Sport", "https://cedar.example/sport", "cedar", "en", "B"),
        Feed("Palm", "https://palm.example/feed", "palm", "fr", "C"),
    ),
)


def run(*lines: str) -> tuple[int, list[dict[str, object]], str]:
    sink, errors = io.StringIO(), io.StringIO()
    code = tag_stream(io.StringIO("".join(f"{line}\n" for line in lines)), sink, errors, TAGGER, WATCH)
    return code, [json.loads(line) for line in sink.getvalue().splitlines()], errors.getvalue()


def test_each_line_is_answered_in_order_with_its_id() -> None:
    titles = ["Israel strikes Baalbek", "Bank cuts rates", "Houthis attack tanker in Red Sea"]
    code, answers, errors = run(*(json.dumps({"id": n, "title": title}) for n, title in enumerate(titles)))
    assert (code, errors) == (0, "")
    assert [answer["id"] for answer in answers] == [0, 1, 2]
    assert [answer["fronts"] for answer in answers] == [["lebanon-border"], [], ["yemen"]]
    assert list(answers[0]) == [
        "id", "fronts", "kind", "type", "by", "killed", "severity", "places", "evidence",
        "wounded", "weapon", "target", "claim", "said_by", "tripwires", "positions",
    ]  # fmt: skip


def test_places_have_their_positions_and_how_exact_they_are() -> None:
    _, (answer,), _ = run(json.dumps({"title": "Israeli strike hits Khiam"}))
    assert answer["places"] == ["Khiam"]
    assert answer["positions"] == [{"name": "Khiam", "lat": 33.328, "lon": 35.612, "kind": "town"}]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not JSON"),
        ("[1]", "not an object"),
        ("{}", 'no "title"'),
        ('{"title": 3}', '"title" must be a text'),
        ('{"title": "x", "summary": []}', '"summary" must be a text'),
        ("[" * 100_000, "line 2"),
    ],
)
def test_a_bad_line_is_named_and_the_stream_goes_on(line: str, told: str) -> None:
    good = json.dumps({"title": "Israel strikes Baalbek"})
    code, answers, errors = run(good, line, good)
    assert code == 1
    assert len(answers) == 2
    assert errors.startswith("line 2: ")
    assert told in errors


def test_an_answer_is_out_before_the_next_line_is_read() -> None:
    sink = io.StringIO()

    def slow() -> object:
        yield json.dumps({"title": "Israel strikes Baalbek"})
        assert sink.getvalue().count("\n") == 1
        yield json.dumps({"title": "Bank cuts rates"})

    assert tag_stream(slow(), sink, io.StringIO(), TAGGER, WATCH) == 0  # type: ignore[arg-type]  # a generator reads like a slow pipe
    assert sink.getvalue().count("\n") == 2


def test_markup_and_escapes_pass_the_door_first_and_offsets_are_behind_it() -> None:
    _, answers, _ = run(json.dumps({"title": "<b>Houthis</b> attack tanker\u001b[31m in Red&nbsp;Sea"}))
    title = "Houthis attack tanker in Red Sea"
    evidence = answers[0]["evidence"]
    assert isinstance(evidence, list)
    assert all(title[e["start"] : e["end"]] == e["term"] for e in evidence if e["field"] == "title")


def test_a_source_lends_its_language_and_its_front() -> None:
    bare = "Drone strike kills two people in their car"
    by_name, by_url, by_publisher, unknown = (
        run(json.dumps({"title": bare, "source": source}))[1][0]["fronts"]
        for source in ("Cedar Wire", "https://cedar.example/feed", "cedar", "nobody")
    )
    assert by_name == by_url == ["lebanon-border"]
    assert by_publisher == unknown == []  # two feeds of that publisher, with different fronts


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_text_is_tagged_and_can_be_explained(title: str, summary: str) -> None:
    tags = TAGGER.tag(title, summary)
    json.dumps(tags_json(tags))
    assert explain(title, summary, tags)
    for e in tags.evidence:
        text = {"title": title, "summary": summary}.get(e.field, "")
        assert text[e.start : e.end] == e.term


def test_why_tells_what_matched_what_it_weighed_and_what_was_missing() -> None:
    title = "US warns ships after Houthi missile attack on tanker in Red Sea"
    told = explain(title, "", tag(title))
    assert "[Houthi] [missile attack]" in told
    assert "only" in told or "warn" in told
    assert "It is no incident: acts told as happened weigh" in told
    event = "Houthi missile hits tanker in Red Sea"
    told = explain(event, "", tag(event))
    assert "severity  high" in told
    assert "It is no incident" not in told
    assert "no word of it tells of fighting" in explain("Bank cuts rates", "", tag("Bank cuts rates"))


def test_overlapping_marks_are_drawn_as_one() -> None:
    title = "US strikes militia base in Iraq"
    assert mark(title, list(tag(title).evidence)).replace("[", "").replace("]", "") == title


def test_the_projects_own_corpus_is_tagged_right() -> None:
    """Floors a little under what is reached; every language of the corpus must hold them."""
    result = evaluate([CORPUS], TAGGER)
    for language in ("ar", "en", "fa", "fr", "he"):
        incidents, fronts = result.incidents[language, "all"], result.fronts[language, "all"]
        assert (incidents.precision or 0) >= 0.95
        assert (incidents.recall or 0) >= 0.9
        assert (fronts.f1 or 0) >= 0.95
    assert (result.kind_accuracy or 0) >= 0.95
    for fact in ("type", "by", "killed", "severity"):
        right, judged = result.facts[fact]
        assert right / judged >= 0.95, fact


def test_evaluation_counts_right_false_and_missed(tmp_path: Path) -> None:
    rows = [
        {"title": "Israel strikes Baalbek", "fronts": ["lebanon-border"], "kind": "incident", "lang": "en"},
        {"title": "Israel strikes Baalbek", "fronts": ["yemen"], "kind": "statement", "lang": "en"},
    ]
    path = tmp_path / "labels.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    result = evaluate([path], TAGGER)
    tally = result.incidents["en", "lebanon-border"]
    assert (tally.hit, tally.false, tally.missed) == (1, 1, 0)
    assert (tally.precision, tally.recall) == (0.5, 1.0)
    assert (result.fronts["en", "yemen"].missed, result.fronts["en", "yemen"].precision) == (1, None)
    assert result.kind_accuracy == 0.5
    assert [miss.line for miss in result.misses] == [2]
    report = render(result, errors=True)
    assert "labels.jsonl line 2: Israel strikes Baalbek" in report
    assert "kind: incident, should be statement" in report
    assert "labels.jsonl line 2" not in render(result)
    assert json.loads(json.dumps(to_json(result)))["lines"] == 2


@pytest.mark.parametrize(
    ("text", "told"), [("{", "line 1: not JSON"), ("[]", 'needs an object with "title"')]
)
def test_a_bad_label_file_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"labels\.jsonl") as fault:
        evaluate([path], TAGGER)
    assert told in str(fault.value)
