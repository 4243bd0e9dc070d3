"""Looks at the fronts over a real store: what was seen, how they stand, and what is told of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import samples
from tests.loopback import Loopback
from tests.samples import DAY, HOUR, MINUTE, NOON
from tests.workbench import Workbench, document
from tui import paths
from tui.clock import Clock
from tui.collector import run
from tui.incidents.standing import COLLECTOR, COVERAGE
from tui.lookout import LAPSE, Lookout
from tui.model import Kind, Report, Severity, Watch
from tui.policy import PosturePolicy
from tui.store.connect import StoreError
from tui.store.migrate import open_store
from tui.store.reader import Reader
from tui.store.writer import Writer

FEEDS = tuple(samples.feed(f"https://{name}.example/feed", name=name, publisher=name) for name in "abcd")
WATCH = Watch("A test's watch", samples.FRONTS, FEEDS)


@pytest.fixture
def poll(writer: Writer) -> Callable[..., None]:
    """So many of the four feeds answered well at that time."""
    records = writer.set_feeds(FEEDS)

    def poll(at: float, good: int = 4) -> None:
        for number, record in enumerate(records.values()):
            if number < good:
                writer.save_feed(record._replace(last_poll=at, last_ok=at))

    return poll


def look_for(
    lookout: Lookout, writer: Writer, start: float, seconds: float, poll: Callable[..., None]
) -> None:
    for minute in range(int(seconds // MINUTE) + 1):
        poll(start + minute * MINUTE)
        lookout.look(writer, start + minute * MINUTE)


def seen(reader: Reader, until: float, hours: int, front: str = "yemen") -> list[bool]:
    """Oldest first."""
    return list(reversed(reader.hours(front, until, hours).seen))


def test_hours_are_seen_while_most_feeds_are_fresh(
    writer: Writer, reader: Reader, poll: Callable[..., None]
) -> None:
    lookout = Lookout(WATCH)
    look_for(lookout, writer, NOON, 2 * HOUR, poll)
    for minute in range(121, 240):  # one feed of four goes on
        poll(NOON + minute * MINUTE, good=1)
        lookout.look(writer, NOON + minute * MINUTE)
    assert seen(reader, NOON + 4 * HOUR, 5) == [False, True, True, False, False]


def test_hours_in_which_nobody_watched_were_not_seen(
    writer: Writer, reader: Reader, poll: Callable[..., None]
) -> None:
    look_for(Lookout(WATCH), writer, NOON, HOUR, poll)
    later = NOON + 5 * HOUR
    poll(later)
    slept = Lookout(WATCH)
    slept.look(writer, NOON + HOUR + LAPSE / 2)
    slept.look(writer, later)
    look_for(slept, writer, later, HOUR, poll)
    assert seen(reader, later + HOUR, 6) == [True, False, False, False, False, True]


def test_most_of_an_hour_is_enough_and_a_few_minutes_are_not(
    writer: Writer, reader: Reader, poll: Callable[..., None]
) -> None:
    look_for(Lookout(WATCH), writer, NOON + 15 * MINUTE, 50 * MINUTE, poll)
    assert seen(reader, NOON + 2 * HOUR, 2) == [True, False]


def test_an_incident_counts_in_the_hour_in_which_it_began_and_context_never(
    writer: Writer, reader: Reader
) -> None:
    writer.add((), [
        samples.incident(1, at=NOON - 0.5 * HOUR, last_seen=NOON),
        samples.incident(2, at=NOON - 1.5 * HOUR, by="axis", type="ship"),
        samples.incident(3, at=NOON - 1.5 * HOUR, kind=Kind.STATEMENT),
        samples.incident(4, at=NOON - 1.5 * HOUR, fronts=("yemen",)),
        samples.incident(5, at=NOON + HOUR),
    ])  # fmt: skip
    assert reader.hours("lebanon-border", NOON, 3).counts == (1, 1, 0)
    assert reader.hours("lebanon-border", NOON, 3, type="ship").counts == (0, 1, 0)
    assert reader.hours("lebanon-border", NOON, 3, type="drone", by="israel").counts == (1, 0, 0)
    assert reader.hours("yemen", NOON, 3).counts == (0, 1, 0)


def with_history(writer: Writer, last_day: int) -> None:
    """A month with an incident a day on Yemen, every hour seen, and so many in the last three hours."""
    start = NOON - 31 * DAY
    hours = range(int(start // HOUR), int(NOON // HOUR))
    writer.saw({("yemen", hour): HOUR for hour in hours})
    daily = [start + day * DAY + day * 7 % 24 * HOUR for day in range(30)]
    late = [NOON - (n + 1) * 20 * MINUTE for n in range(last_day)]
    writer.add((), [
        samples.incident(n, at=at, fronts=("yemen",), type="ship", by="axis")
        for n, at in enumerate((*daily, *late), 1)
    ])  # fmt: skip


def test_a_surge_is_an_event_with_its_time_and_reason_that_screens_learn_of(
    writer: Writer, reader: Reader, poll: Callable[..., None]
) -> None:
    with_history(writer, 7)
    poll(NOON)
    before = reader.seq()
    (event,) = Lookout(WATCH).look(writer, NOON)
    assert (event.at, event.subject, event.before, event.state) == (NOON, "yemen", "usual", "surge")
    assert event.words == "7 in 6 h, usual 0.3"
    assert reader.events() == [event]
    assert reader.standings()["posture", "yemen"].state == "surge"
    assert reader.standings()["posture", "iraq-syria"].words == "usual not known before 7 Dec"
    assert reader.seq() > before


def test_looks_at_which_nothing_changes_wake_no_screen(
    writer: Writer, reader: Reader, poll: Callable[..., None]
) -> None:
    with_history(writer, 7)
    poll(NOON)
    lookout = Lookout(WATCH)
    lookout.look(writer, NOON)
    lookout.look(writer, NOON + 1)  # that every front is seen is known from the second look on
    seq = reader.seq()
    assert [lookout.look(writer, NOON + n) for n in range(2, 7)] == [[]] * 5
    assert reader.seq() == seq


def test_a_collector_that_starts_anew_goes_on_from_what_stood(
    writer: Writer, reader: Reader, poll: Callable[..., None]
) -> None:
    with_history(writer, 7)
    poll(NOON)
    Lookout(WATCH).look(writer, NOON)
    assert Lookout(WATCH).look(writer, NOON + HOUR) == []
    assert reader.standings()["posture", "yemen"].since == NOON
    poll(NOON + 2 * DAY)
    (event,) = Lookout(WATCH).look(writer, NOON + 2 * DAY)
    assert (event.before, event.state) == ("surge", "usual")
    assert [each.state for each in reader.events(until=NOON)] == ["surge"]  # as it stood then
    assert [each.state for each in reader.events(since=NOON + 1)] == ["usual"]


def test_a_tripwire_makes_a_front_severe_and_names_itself(
    writer: Writer, reader: Reader, poll: Callable[..., None]
) -> None:
    poll(NOON)
    tags = samples.tags("iraq-syria", severity=Severity.CRITICAL)._replace(tripwires=("A war is declared",))
    told = samples.report("War is declared", at=NOON - HOUR, tagged=tags)
    grave = samples.incident(1, at=NOON - HOUR, fronts=("iraq-syria",), severity=Severity.CRITICAL)
    writer.add([(told, 1)], [grave])
    (event,) = Lookout(WATCH).look(writer, NOON)
    assert (event.subject, event.state) == ("iraq-syria", "severe")
    assert event.words == "tripwire A war is declared; 1 critical in 24 h; usual not known before 7 Dec"


def test_a_side_on_two_fronts_is_an_event_with_its_end(
    writer: Writer, reader: Reader, poll: Callable[..., None]
) -> None:
    writer.add((), [
        samples.incident(1, at=NOON - 3 * HOUR, fronts=("yemen", "iraq-syria"), by="axis"),
        samples.incident(2, at=NOON - 2 * HOUR, fronts=("lebanon-border",), by="axis"),
        samples.incident(3, at=NOON - 2 * HOUR, fronts=("iraq-syria",), by="axis", severity=Severity.LOW),
        samples.incident(4, at=NOON - 2 * HOUR, fronts=("iraq-syria",), by="israel"),
    ])  # fmt: skip
    poll(NOON)
    lookout = Lookout(WATCH, polls=False)
    (event,) = lookout.look(writer, NOON)
    assert (event.kind, event.subject, event.state) == ("active", "axis", "active")
    assert event.words == "2 fronts active at once, by axis: Yemen / Red Sea 09:00Z, Lebanon border 10:00Z"
    assert lookout.look(writer, NOON + 3 * HOUR) == []
    (over,) = lookout.look(writer, NOON + 4 * HOUR)
    assert (over.before, over.state) == ("active", "over")


# Outages


def outages(reader: Reader) -> list[tuple[str, str, str]]:
    return [
        (event.subject, event.state, event.words)
        for event in reader.events()
        if event.kind in (COVERAGE, COLLECTOR)
    ]


def test_a_front_that_goes_blind_is_told_once_and_again_when_it_sees(
    writer: Writer, reader: Reader, poll: Callable[..., None]
) -> None:
    watch = WATCH._replace(fronts=samples.FRONTS[2:])
    lookout = Lookout(watch)
    look_for(lookout, writer, NOON, 10 * MINUTE, poll)
    assert outages(reader) == []
    for minute in range(11, 60):  # one of four feeds goes on; each counts for 16 minutes
        poll(NOON + minute * MINUTE, good=1)
        lookout.look(writer, NOON + minute * MINUTE)
    assert outages(reader) == [("yemen", "blind", "1 of 4 feeds fresh, blind since 1 Dec 12:26Z")]
    assert reader.standings()[COVERAGE, "yemen"].since == NOON + 26 * MINUTE
    look_for(lookout, writer, NOON + HOUR, 10 * MINUTE, poll)
    assert outages(reader)[1:] == [("yemen", "fresh", "4 of 4 feeds fresh")]


def test_one_look_that_finds_a_front_blind_is_no_outage(
    writer: Writer, reader: Reader, poll: Callable[..., None]
) -> None:
    lookout = Lookout(WATCH)
    look_for(lookout, writer, NOON, 5 * MINUTE, poll)
    for minute in range(30, 60, 2):  # every other look finds all feeds stale
        lookout.look(writer, NOON + minute * MINUTE)
        poll(NOON + (minute + 1) * MINUTE)
        lookout.look(writer, NOON + (minute + 1) * MINUTE)
        poll(NOON)
    assert [event for event in outages(reader) if event[1] == "blind"] == []


def test_a_watch_that_never_saw_a_front_says_so(writer: Writer, reader: Reader) -> None:
    lookout = Lookout(WATCH._replace(fronts=samples.FRONTS[2:]))
    lookout.look(writer, NOON)
    assert outages(reader) == []
    lookout.look(writer, NOON + MINUTE)
    assert outages(reader) == [("yemen", "blind", "0 of 0 feeds fresh")]


def test_what_comes_from_a_file_is_never_blind(writer: Writer, reader: Reader) -> None:
    lookout = Lookout(WATCH, polls=False)
    for hour in range(0, 100, 10):
        lookout.look(writer, NOON + hour * HOUR)
    assert outages(reader) == []


def test_a_start_after_nobody_watched_tells_from_when_to_when(writer: Writer, reader: Reader) -> None:
    assert Lookout(WATCH).start(writer, NOON) == []  # a new store: nobody was ever there
    writer.beat(samples.heartbeat(beat=NOON + HOUR))
    assert Lookout(WATCH).start(writer, NOON + HOUR + 20) == []
    Lookout(WATCH).start(writer, NOON + 4 * HOUR)
    words = "nobody watched from 1 Dec 13:00Z to 1 Dec 16:00Z"
    assert outages(reader) == [("collector", "stopped", words), ("collector", "running", words)]
    assert [event.at for event in reader.events()] == [NOON + HOUR, NOON + 4 * HOUR]
    assert reader.standings()[COLLECTOR, "collector"].state == "running"


def test_an_outage_over_the_turn_of_a_year_is_told_with_the_year_in_which_it_began(
    writer: Writer, reader: Reader
) -> None:
    writer.beat(samples.heartbeat(beat=NOON))
    Lookout(WATCH).start(writer, NOON + 400 * 24 * HOUR)
    assert outages(reader)[0][2] == "nobody watched from 1 Dec 2023 12:00Z to 4 Jan 12:00Z"


def test_an_outage_is_told_by_the_clock_that_the_collector_lived_by(writer: Writer, reader: Reader) -> None:
    writer.beat(samples.heartbeat(anchor=1000.0, beat=1010.0, origin=NOON, rate=60.0))
    Lookout(WATCH).start(writer, NOON + HOUR)
    assert reader.events()[0].at == NOON + 600.0


def test_a_machine_that_slept_did_not_watch(
    writer: Writer, reader: Reader, poll: Callable[..., None]
) -> None:
    lookout = Lookout(WATCH._replace(fronts=samples.FRONTS[2:]))
    look_for(lookout, writer, NOON, 5 * MINUTE, poll)
    look_for(lookout, writer, NOON + 8 * HOUR, 5 * MINUTE, poll)
    words = "nobody watched from 1 Dec 12:05Z to 1 Dec 20:00Z"
    assert outages(reader) == [("collector", "stopped", words), ("collector", "running", words)]


# Whether a tripwire can be relied on


def meets(letter: str, claim: str | None = None, title: str = "Iran fires missiles") -> Report:
    tagged = samples.tags("yemen", severity=Severity.CRITICAL)._replace(tripwires=("Iran fires",))
    tagged = tagged._replace(claim=claim, said_by="Iran" if claim else None)
    return samples.report(title, tagged=tagged, publisher=f"paper-{title}", reliability=letter)


RUMOUR = meets("E")
CLAIM = meets("B", "claimed", title="Tehran speaks of a salvo")


@pytest.mark.parametrize(
    ("reports", "state", "words"),
    [
        ([meets("B")], "severe", "tripwire Iran fires; 1 critical in 24 h"),
        ([meets("D")], "severe", "tripwire Iran fires; 1 critical in 24 h"),
        ([RUMOUR], "elevated", "tripwire Iran fires on the word of an unreliable source alone"),
        ([CLAIM], "elevated", "tripwire Iran fires only claimed by Iran"),
        ([meets("B", "denied")], "elevated", "tripwire Iran fires only told as denied"),
        ([RUMOUR, CLAIM], "severe", "tripwire Iran fires; 1 critical in 24 h"),
        ([RUMOUR, meets("F", title="Launches seen")], "severe", "tripwire Iran fires; 1 critical in 24 h"),
    ],
)
def test_a_tripwire_met_on_one_doubtful_word_is_elevated_until_there_is_another(
    writer: Writer, reader: Reader, reports: list[Report], state: str, words: str
) -> None:
    grave = samples.incident(1, fronts=("yemen",), severity=Severity.CRITICAL)
    writer.add([(report, 1) for report in reports], [grave])
    Lookout(WATCH, polls=False).look(writer, NOON + MINUTE)
    standing = reader.standings()["posture", "yemen"]
    assert (standing.state, standing.words) == (state, f"{words}; usual not known before 7 Dec")


def test_a_doubtful_tripwire_makes_no_surge_severe(writer: Writer, reader: Reader) -> None:
    with_history(writer, 7)
    writer.add([(RUMOUR, 9000)], [
        samples.incident(9000, at=NOON - HOUR, fronts=("yemen",), severity=Severity.CRITICAL)
    ])  # fmt: skip
    Lookout(WATCH, polls=False).look(writer, NOON)
    assert reader.standings()["posture", "yemen"].state == "surge"
    writer.add([(meets("B", title="Missiles launched"), 9000)], [
        samples.incident(9000, at=NOON - HOUR, fronts=("yemen",), severity=Severity.CRITICAL)
    ])  # fmt: skip
    Lookout(WATCH, polls=False).look(writer, NOON)
    assert reader.standings()["posture", "yemen"].state == "severe"


def test_a_front_may_have_numbers_of_its_own(writer: Writer, reader: Reader) -> None:
    with_history(writer, 7)
    deaf = samples.FRONTS[2]._replace(posture=PosturePolicy(fewest=1000))
    Lookout(WATCH._replace(fronts=(deaf,)), polls=False).look(writer, NOON)
    assert reader.standings()["posture", "yemen"].state == "usual"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with Loopback() as server:
        yield Workbench(tmp_path, server)


def states(bench: Workbench) -> dict[tuple[str, str], str]:
    try:
        with closing(Reader(bench.data / paths.STORE_NAME)) as reader:
            return {key: standing.state for key, standing in reader.standings().items()}
    except StoreError:  # a collector that starts has not made it yet
        return {}


GRAVE = "Israeli airstrike kills 14 people in Naqoura in southern Lebanon"


def test_a_round_of_polls_ends_with_a_look(bench: Workbench) -> None:
    bench.server.serve("/a", document(GRAVE))
    bench.watch("/a")
    bench.once()
    assert states(bench) == {("posture", "south"): "elevated"}


async def test_a_running_collector_looks_on_its_own(bench: Workbench) -> None:
    bench.server.serve("/a", document(GRAVE))
    bench.watch("/a")
    stop = asyncio.Event()
    collecting = asyncio.create_task(run(bench.config, bench.data, Clock(rate=30.0), stop=stop))
    for _ in range(200):
        await asyncio.sleep(0.05)
        if "elevated" in states(bench).values():
            break
    stop.set()
    await collecting
    assert states(bench)["posture", "south"] == "elevated"


def test_a_store_of_before_is_brought_up_to_date_with_what_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui.store import migrate

    path = tmp_path / "old.db"
    with monkeypatch.context() as old:
        old.setattr(migrate, "STEPS", migrate.STEPS[:1])
        old.setattr(migrate, "VERSION", 1)
        with closing(open_store(path)) as store:
            store.execute(
                "INSERT INTO report VALUES (1, 'k', NULL, 's', 'p', 'B', 'en', '', 't', '', 1, 1, '[]', "
                "'incident', NULL, NULL, NULL, NULL, '[]', '[]')"
            )
    with closing(Writer(path)) as writer:
        told = samples.report(tagged=samples.tags()._replace(against="us-coalition"))
        writer.add([(told, 1)], [samples.incident(1)])
        assert Lookout(WATCH).look(writer, NOON) == []
    with closing(Reader(path)) as reader:
        assert reader.reports(1) == [told]
        assert reader.standings()["posture", "yemen"].state == "usual"
