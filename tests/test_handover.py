"""The handover: what the next shift must know, out of the store, and the same as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests import samples
from tests.samples import DAY, HOUR, MINUTE, NOON
from tui.briefing import Briefing, Section
from tui.handover import MOST, SHIFT, begin, hand_over
from tui.incidents.alarms import Bell, Cause, Muted
from tui.incidents.standing import ACTIVE, BLIND, COVERAGE, FRESH, POSTURE, Posture, Standing
from tui.model import Incident, Kind, Severity, State, Watch
from tui.policy import Priority
from tui.store.desk import Desk
from tui.store.reader import Reader
from tui.store.writer import Writer

NORTH, SOUTH = "lebanon-border", "yemen"
WATCH = Watch("A test's watch", samples.FRONTS, (samples.feed(),))
SINCE = NOON - 8 * HOUR


@pytest.fixture
def desk(writer: Writer, path: Path) -> Iterator[Desk]:
    with closing(Desk(path)) as desk:
        yield desk


def made(reader: Reader, since: float = SINCE) -> Briefing:
    return hand_over(reader, WATCH, since, NOON, "AB")


def section(briefing: Briefing, title: str) -> Section:
    """The first section whose title begins so."""
    return next(each for each in briefing.sections if each.title.startswith(title))


def titles(briefing: Briefing) -> list[str]:
    return [each.title for each in briefing.sections]


def tell(writer: Writer, *incidents: Incident) -> None:
    """Each with a report of its own."""
    for incident in incidents:
        reports = [
            samples.report(incident.headline, at=incident.first_seen)._replace(
                source=source,
                publisher=source.lower(),
                tags=samples.tags(killed=killed),
            )
            for source, killed in (("Wire", 2), ("Herald", 3))
        ]
        writer.add([(report, incident.id) for report in reports], [incident])


def stand(writer: Writer, kind: str, subject: str, state: str, words: str, at: float) -> None:
    writer.stand([Standing(kind, subject, state, at, at, words)], at)


def test_open_is_what_waits_for_somebody_the_gravest_first_with_who_has_seen_it(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    high = samples.incident(1, at=NOON - 2 * HOUR, severity=Severity.HIGH, killed=3, headline="First")
    tell(
        writer,
        high,
        samples.incident(2, at=NOON - HOUR, headline="Second"),
        samples.incident(3, at=NOON - HOUR, severity=Severity.LOW, headline="Third"),
        samples.incident(4, at=NOON - 2 * DAY, headline="Quiet since long"),
        samples.incident(5, at=NOON - HOUR, kind=Kind.STATEMENT, severity=None, headline="Talk"),
    )
    desk.acknowledge([2], "CD", NOON - 30 * MINUTE)
    desk.shelve([3], NOON + HOUR, "EF", NOON - 20 * MINUTE)
    desk.note(1, "Called the base", "CD", NOON - 10 * MINUTE)
    briefing = made(reader)
    assert briefing.lead[1] == "Open: 1 high, 1 medium, 1 low; 1 of them not acknowledged."
    items = section(briefing, "Open: 3").items
    assert [(item.told, item.tail.rpartition(" · ")[2]) for item in items] == [
        ("First", "not acknowledged"),
        ("Second", "acknowledged by CD"),
        ("Third", "shelved by EF until 13:00Z"),
    ]
    first = items[0]
    assert first.head == "HIGH 10:00Z 2h"
    assert first.tail == "drone · Naqoura · 3 killed · grade B3 · not acknowledged"
    assert first.more == (
        "told by Wire (B), Herald (B)",
        "killed: 2 (10:00Z Wire, superseded), 3 (10:00Z Herald)",
        "11:50Z CD: Called the base",
    )
    assert first.link.startswith("https://wire.example/")


def test_each_front_tells_its_posture_the_changes_and_its_figures(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    hours = {(NORTH, int((NOON - ago * HOUR) // HOUR)): 3600.0 for ago in range(1, 24 * 20)}
    writer.saw(hours)
    days = range(3, 20)
    tell(writer, *(samples.incident(day, at=NOON - day * DAY - HOUR) for day in days))
    tell(writer, *(samples.incident(100 + n, at=NOON - n * HOUR - MINUTE) for n in range(5)))
    stand(writer, POSTURE, NORTH, Posture.ELEVATED, "2 critical in 24 h", NOON - 9 * HOUR)
    stand(writer, POSTURE, NORTH, Posture.SURGE, "9 in 6 h, usual 2.1", NOON - HOUR)
    briefing = made(reader)
    front = section(briefing, "Lebanon border: surge")
    assert front.lead[0].startswith("5 incidents in the last 8 h, usual ")
    assert front.lead[1] == "Surge since 11:00Z: 9 in 6 h, usual 2.1."
    changes = section(briefing, "Changes of posture").items
    assert [(item.head, item.told) for item in changes] == [
        ("11:00Z", "elevated to surge: 9 in 6 h, usual 2.1")
    ]
    assert section(briefing, "Yemen").lead[-1] == "Nothing is open."


def test_an_incident_on_two_fronts_is_told_once(writer: Writer, reader: Reader) -> None:
    tell(writer, samples.incident(1, at=NOON - HOUR, fronts=(SOUTH, NORTH)))
    briefing = made(reader)
    assert [item.incident for each in briefing.sections for item in each.items] == [1]
    assert section(briefing, "Yemen").lead[-1] == "1 open incident of this front told above."


def test_what_was_closed_in_this_time_is_told_and_what_opened_again_is_not(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    from tui.incidents.attention import Turn, Verb

    tell(
        writer,
        samples.incident(1, at=NOON - 30 * HOUR, killed=2, headline="Old strike"),
        samples.incident(2, at=NOON - 30 * HOUR, headline="Opened again"),
        samples.incident(3, at=NOON - 60 * HOUR, headline="Closed before"),
    )
    desk.note(1, "Funeral tomorrow", "CD", NOON - 6 * HOUR)
    for at, ids in ((NOON - 20 * HOUR, (3,)), (NOON - HOUR, (1, 2))):
        writer.judge(0, {}, (), turns=[Turn(id, Verb.CLOSE, State.NEW) for id in ids], now=at)
    writer.judge(0, {}, (), turns=[Turn(2, Verb.REOPEN, State.CLOSED)], now=NOON - MINUTE)
    (item,) = section(made(reader), "Closed in this time: 1").items
    assert (item.told, item.tail) == (
        "Old strike",
        "2 killed · grade B3 · closed by itself, never acknowledged",
    )
    assert item.more == ("06:00Z CD: Funeral tomorrow",)


def test_what_closed_is_told_as_never_acknowledged_only_where_nobody_ever_did(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    from tui.incidents.attention import Turn, Verb

    names = ("Seen to", "Taken back", "Suppressed", "Nobody looked")
    tell(
        writer,
        *(samples.incident(n, at=NOON - (30 + n) * HOUR, headline=name) for n, name in enumerate(names, 1)),
    )
    desk.acknowledge([1], "CD", NOON - 25 * HOUR)
    desk.acknowledge([2], "CD", NOON - 24 * HOUR)
    desk.undo("CD", NOON - 23 * HOUR)
    writer.judge(0, {}, (), turns=[Turn(3, Verb.SUPPRESS, State.NEW, "Of every night")], now=NOON - 22 * HOUR)
    befores = (State.ACKNOWLEDGED, State.NEW, State.SUPPRESSED, State.NEW)
    closings = [Turn(n, Verb.CLOSE, before) for n, before in enumerate(befores, 1)]
    writer.judge(0, {}, (), turns=closings, now=NOON - HOUR)
    expected = [("Seen to", False), ("Taken back", True), ("Suppressed", False), ("Nobody looked", True)]
    for view in (reader, reader.past(NOON)):
        items = section(hand_over(view, WATCH, SINCE, NOON, "CD"), "Closed in this time: 4").items
        assert [(item.told, "never acknowledged" in item.tail) for item in items] == expected


def test_outages_are_told_from_when_to_when_also_those_that_began_before_and_are_not_over(
    writer: Writer, reader: Reader
) -> None:
    stand(writer, COVERAGE, SOUTH, BLIND, "1 of 4 feeds fresh", SINCE - HOUR)
    stand(writer, COVERAGE, SOUTH, FRESH, "4 of 4 feeds fresh", SINCE + HOUR)
    writer.unwatched(NOON - 3 * HOUR, NOON - 2 * HOUR, "nobody watched from 09:00Z to 10:00Z")
    stand(writer, COVERAGE, NORTH, BLIND, "0 of 4 feeds fresh", NOON - HOUR)
    assert [(item.head, item.told, item.tail) for item in section(made(reader), "Outages").items] == [
        ("03:00Z to 05:00Z, 2h", "Yemen / Red Sea blind", "1 of 4 feeds fresh"),
        ("09:00Z to 10:00Z, 60m", "nobody watched", "nobody watched from 09:00Z to 10:00Z"),
        ("11:00Z still, 60m now", "Lebanon border blind", "0 of 4 feeds fresh"),
    ]


def test_without_an_outage_it_says_that_none_is_on_record(reader: Reader) -> None:
    assert section(made(reader), "Outages").lead == ("None on record.",)


def test_alarms_are_counted_by_what_became_of_them(writer: Writer, reader: Reader) -> None:
    tell(writer, samples.incident(1))
    bells = [
        Bell(NOON - HOUR, 1, Priority.HIGH, cause, muted, "flood: 10 alarms in 10 minutes")
        for cause, muted in (
            (Cause.NEW, Muted.NO),
            (Cause.DEAD, Muted.NO),
            (Cause.NEW, Muted.LIMIT),
            (Cause.NEW, Muted.FLOOD),
            (Cause.NEW, Muted.FLOOD),
            (Cause.FLOOD, Muted.NO),
        )
    ]
    writer.judge(0, {}, [*bells, bells[0]._replace(at=SINCE - 1)], now=NOON)
    alarms = section(made(reader), "Alarms")
    assert alarms.lead == ("2 rang, 3 muted (2 by flood, 1 by limit), 1 flood.",)
    assert [item.told for item in alarms.items] == ["flood: 10 alarms in 10 minutes"]


def test_corrections_notes_and_failing_feeds_have_their_sections_and_what_was_taken_back_is_not_told(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    (record,) = writer.set_feeds([samples.feed()]).values()
    writer.save_feed(
        record._replace(last_poll=NOON, failures=3, failing_since=NOON - 2 * HOUR, error="DNS: no such host")
    )
    stand(writer, ACTIVE, "axis", ACTIVE, "2 fronts active at once: axis", NOON - HOUR)
    tell(writer, samples.incident(1, at=NOON - HOUR), samples.incident(2, at=NOON - 3 * DAY, headline="Old"))
    desk.correct(1, "severity", Severity.HIGH, "AB", NOON - 5 * MINUTE)
    desk.note(2, "Of an old one", "AB", NOON - 4 * MINUTE)
    desk.note(None, "Phone is down", "AB", NOON - 3 * MINUTE)
    desk.note(None, "Not so", "AB", NOON - 2 * MINUTE)
    desk.undo("AB", NOON - MINUTE)
    briefing = made(reader)
    notes = [(item.head, item.told) for item in section(briefing, "Notes").items]
    assert notes == [("11:56Z AB", "Of an old one  · Old"), ("11:57Z AB", "Phone is down")]
    assert [item.told for item in section(briefing, "Corrections by hand").items] == [
        "severity medium → high: Drone strike hits a house near Naqoura"
    ]
    (failing,) = section(briefing, "Feeds that fail now").items
    assert (failing.head, failing.told, failing.tail) == ("since 10:00Z", "Example Wire", "DNS: no such host")
    assert section(briefing, "Several fronts at once").items[0].told == "2 fronts active at once: axis"


def test_a_quiet_watch_has_no_empty_sections(reader: Reader) -> None:
    briefing = made(reader)
    assert briefing.lead[1] == "Nothing is open."
    assert titles(briefing) == [*(front.name for front in samples.FRONTS), "Outages", "Alarms"]


# When the shift began


def test_a_shift_begins_with_the_last_handover_by_anybody_else_eight_hours_ago(
    reader: Reader, desk: Desk
) -> None:
    assert begin(reader, NOON) == NOON - SHIFT
    desk.hand_over(NOON - 20 * HOUR, "clipboard", "CD", NOON - 11 * HOUR)
    assert begin(reader, NOON) == NOON - 11 * HOUR


def test_a_handover_made_again_within_the_hour_begins_where_the_first_did(reader: Reader, desk: Desk) -> None:
    desk.hand_over(NOON - 8 * HOUR, "file", "CD", NOON - 10 * MINUTE)
    assert begin(reader, NOON) == NOON - 8 * HOUR


# As Markdown

NASTY = "# Strike | [click](javascript:alert(1)) <img src=x> `rm` *now*"


def test_as_markdown_it_reads_as_it_is_and_a_headline_can_do_nothing(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    tell(writer, samples.incident(1, at=NOON - HOUR, severity=Severity.HIGH, headline=NASTY))
    desk.note(1, f"note {NASTY}", "AB", NOON - MINUTE)
    desk.note(None, NASTY, "AB", NOON - MINUTE)
    tokens = MarkdownIt("commonmark").enable("table").parse(made(reader).markdown())
    headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    assert headings == [
        "Handover: A test's watch",
        "Lebanon border",
        "Open: 1",
        "Iraq / Syria",
        "Yemen / Red Sea",
        "Notes",
        "Outages",
        "Alarms",
    ]
    inside = [child for token in tokens for child in token.children or ()]
    links = [token.attrs["href"] for token in inside if token.type == "link_open"]
    assert len(links) == 1 and str(links[0]).startswith("https://wire.example/")
    assert not {token.type for token in (*tokens, *inside)} & {
        "html_inline", "html_block", "image", "code_inline", "em_open", "table_open"
    }  # fmt: skip
    read = "".join(token.content for token in inside)
    assert read.count(NASTY) == 3


def test_as_markdown_it_has_an_item_a_line(writer: Writer, reader: Reader) -> None:
    tell(writer, samples.incident(1, at=NOON - HOUR))
    text = made(reader).markdown()
    assert text.startswith(
        "# Handover: A test's watch\n\n1 Dec 2023 04:00Z to 1 Dec 2023 12:00Z (8h), made by AB.\n"
    )
    (line,) = [
        line for line in text.splitlines() if line.startswith("- **MEDIUM 11:00Z 60m** [Drone strike hits")
    ]
    assert line.endswith("— drone · Naqoura · grade B3 · 1 publisher · not acknowledged")


def test_a_year_in_one_handover_lists_the_gravest_and_counts_the_rest(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    for id in range(1, MOST + 6):
        severity = Severity.HIGH if id > 5 else Severity.LOW
        tell(writer, samples.incident(id, at=NOON - 30 * HOUR - id, severity=severity))
    writer.close_quiet(NOON - HOUR)
    closed = section(made(reader, NOON - 365 * DAY), "Closed")
    assert closed.title == f"Closed in this time: {MOST + 5}"
    assert [each.severity for each in closed.items] == [Severity.HIGH] * MOST
    assert closed.lead == ("5 more are not listed: the log has them all.",)


def test_a_handover_since_before_all_calendars_is_made(reader: Reader, desk: Desk) -> None:
    desk.hand_over(-1e300, "file", "AB", NOON - MINUTE)
    assert "Nothing is open." in hand_over(reader, WATCH, begin(reader, NOON), NOON, "AB").markdown()
