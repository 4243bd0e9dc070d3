"""From a feed's entries to stored incidents: what is unseen is tagged, merged and stored, all or nothing.

What people have ruled is done here too: it is law for the merger, and one transaction with what it changes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Final, NamedTuple

from tui.incidents.index import MEMORY_DAYS
from tui.incidents.merge import Merger
from tui.model import Entry, Feed, FeedRecord, Incident, Kind, Report, Timestamp
from tui.ruling import carry_out
from tui.store import rulings
from tui.store.feeds import Polled
from tui.store.writer import Writer
from tui.tagging.tagger import Tagger

DAY: Final = 86400.0

NEWS_AGE: Final = 7 * DAY
"""An entry older than this at first sight is stored, and can be found, but is on no front's board: an
event more than a week old is no incident (docs/tagging.md), and a feed's first poll is no news."""


class Sighting(NamedTuple):
    """An entry as it was met in a feed."""

    feed: Feed
    entry: Entry
    seen: Timestamp


class Poll(NamedTuple):
    """What a poll of a feed brought."""

    record: FeedRecord
    sightings: Sequence[Sighting] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of some entries."""

    new_reports: int
    touched: tuple[Incident, ...] = ()
    """Every incident and piece of context that they began or added to, as it stands."""
    emptied: tuple[int, ...] = ()
    """Those whose reports were all found to be of others."""

    @property
    def incidents(self) -> frozenset[int]:
        """Ids of those that are of kind incident."""
        return frozenset(each.id for each in self.touched if each.kind is Kind.INCIDENT)


class _Came(NamedTuple):
    """What came of entries of several feeds."""

    whole: Taken
    stored: Mapping[str, int]
    """New reports by the address of their feed."""
    incidents: Mapping[str, Collection[int]]
    """Ids of the incidents that those are of, in the same way."""

    def of(self, url: str) -> Taken:
        """What came of one feed's."""
        own = self.incidents.get(url, ())
        return Taken(self.stored[url], tuple(each for each in self.whole.touched if each.id in own))


def merger_of(writer: Writer, now: Timestamp) -> Merger:
    """A merger that knows what the store holds of the days before ``now``."""
    since = now - MEMORY_DAYS * DAY
    merger = Merger(
        writer.next_incident_id(),
        fixed=lambda id: writer.ask(partial(rulings.is_fixed, incident=id)),
    )
    merger.restore(writer.window(since), writer.ask(partial(rulings.corrected_since, since=since)))
    return merger


class Ingest:
    """Takes entries in. One at a time: it and its writer belong to one thread."""

    def __init__(self, tagger: Tagger, merger: Merger, writer: Writer) -> None:
        self._tagger = tagger
        self._merger = merger
        self._writer = writer
        self._torn = False

    def take(
        self, feed: Feed, entries: Sequence[Entry], now: Timestamp, record: FeedRecord | None = None
    ) -> Taken:
        """Stores those of a feed's entries that were never seen, and ``record``, in one transaction.

        Raises ``StoreError``; then nothing of it is stored, and the same entries may be given again.
        """
        sightings = [Sighting(feed, entry, now) for entry in entries]
        return self._take(sightings, () if record is None else (record,)).whole

    def take_all(self, sightings: Sequence[Sighting]) -> Taken:
        """The same for entries of any feeds."""
        return self._take(sightings, ()).whole

    def take_polls(self, polls: Sequence[Poll]) -> list[Taken]:
        """The same for what several polls brought, in one transaction; what came of each."""
        sightings = [sighting for poll in polls for sighting in poll.sightings]
        came = self._take(sightings, [poll.record for poll in polls])
        return [came.of(poll.record.url) if poll.sightings else Taken(0) for poll in polls]

    def _take(self, sightings: Sequence[Sighting], records: Sequence[FeedRecord]) -> _Came:
        unseen = self._unseen(sightings)
        if not unseen and not records:
            return _Came(Taken(0), {}, {})
        if unseen:
            self._mend(max(one.seen for one in sightings))
        made = [(self._report(key, sighting), sighting.feed.url) for key, sighting in unseen.items()]
        stored = Counter(url for _, url in made)
        relevant = Counter(url for report, url in made if report.tags.fronts)
        reports = sorted((report for report, _ in made), key=lambda report: (report.published, report.key))
        # Until it is stored, the merger knows more than the store: after a failure it is read anew.
        self._torn = bool(reports)
        for report in reports:
            if report.tags.fronts and report.seen - report.published <= NEWS_AGE:
                self._merger.place(report)
        changes = self._merger.changes()
        placed = [(report, changes.incident_of.pop(report.key, None)) for report in reports]
        left, polls = Counter(stored), []
        for record in records:
            count = left.pop(record.url, 0)  # of two records of one feed the first brings them
            polls.append(Polled(record, count, relevant[record.url] if count else 0))
        self._writer.add(placed, changes.incidents, polls, moved=changes.incident_of, emptied=changes.emptied)
        self._torn = False
        of_feeds: defaultdict[str, set[int]] = defaultdict(set)
        for report, incident in placed:
            if incident is not None:
                of_feeds[unseen[report.key].feed.url].add(incident)
        return _Came(Taken(len(placed), changes.incidents, changes.emptied), stored, of_feeds)

    def on_fronts(self, feed: Feed, entries: Sequence[Entry]) -> int:
        """How many of a feed's entries are on a front; nothing of them is stored."""
        tag = partial(self._tagger.tag, language=feed.language, front=feed.front)
        return sum(bool(tag(each.title, each.summary, link=each.link).fronts) for each in entries)

    def rule(self, now: Timestamp) -> Taken:
        """Does what people have ruled and what is not done yet, in order; each in one transaction.

        Cheap where there is nothing to do. Raises ``StoreError``; what was not stored then is still asked.
        """
        touched: dict[int, Incident] = {}
        emptied: dict[int, None] = {}
        while (ruling := self._writer.ask(rulings.next_asked)) is not None:
            self._mend(now)
            self._torn = True
            effect = carry_out(ruling, self._writer, self._merger)
            self._torn = False
            for incident in effect.incidents:
                touched[incident.id] = incident
                emptied.pop(incident.id, None)
            for id in effect.emptied:
                touched.pop(id, None)
                emptied[id] = None
        return Taken(0, tuple(touched.values()), tuple(emptied))

    def _mend(self, now: Timestamp) -> None:
        """After a failure, the merger as the store has it."""
        if self._torn:
            self._merger = merger_of(self._writer, now)
            self._torn = False

    def _unseen(self, sightings: Sequence[Sighting]) -> dict[str, Sighting]:
        """The sightings of reports that are not stored, by key; of one key met twice the first."""
        keyed: dict[str, Sighting] = {}
        for sighting in sightings:
            keyed.setdefault(key_of(sighting.feed, sighting.entry), sighting)
        for key in self._writer.known(keyed):
            del keyed[key]
        return keyed

    def _report(self, key: str, sighting: Sighting) -> Report:
        feed, entry, seen = sighting.feed, sighting.entry, sighting.seen
        published = seen if entry.published is None else min(entry.published, seen)
        return Report(
            key=key,
            source=feed.name,
            publisher=feed.publisher,
            reliability=feed.reliability,
            language=feed.language,
            link=entry.link,
            title=entry.title,
            summary=entry.summary,
            published=published,
            seen=seen,
            tags=self._tagger.tag(
                entry.title, entry.summary, language=feed.language, front=feed.front, link=entry.link
            ),
        )


def key_of(feed: Feed, entry: Entry) -> str:
    """A report's key: by the feed's address, since ids are unique within a feed and nowhere else."""
    return blake2b(f"{feed.url}\n{entry.id}".encode(errors="surrogatepass"), digest_size=16).hexdigest()
