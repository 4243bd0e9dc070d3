"""The nouns of Frontwatch: frozen, typed, and with no behaviour that does I/O.

Times are seconds since 1970-01-01T00:00Z (UTC) as a float, durations are seconds;
text fields have passed :func:`tui.feeds.safe_text.safe_text`.
"""

# Annotations are not postponed here: a NamedTuple would compile each of them anew at every start.

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from tui.policy import AlarmPolicy, FetchPolicy, PosturePolicy, QuietHours, ScreenPolicy

Timestamp = float
"""Seconds since the Unix epoch, UTC."""

ACT_TYPES: Final = (
    "air-strike",
    "drone",
    "rocket-missile",
    "artillery",
    "clash",
    "ied",
    "ship",
    "interception",
    "raid",
    "other",
)
"""What an incident can be, after the tagging guide (docs/tagging.md)."""


class Kind(StrEnum):
    """What an entry is: exactly one, that of its main news."""

    INCIDENT = "incident"
    ROUNDUP = "roundup"
    STATEMENT = "statement"
    DIPLOMACY = "diplomacy"
    ECONOMY = "economy"
    HUMANITARIAN = "humanitarian"
    ANALYSIS = "analysis"
    OTHER = "other"


class Severity(StrEnum):
    """How bad an incident is. Compare with :attr:`rank`, not as text."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """1 for low to 4 for critical."""
        return _SEVERITY_RANK[self]


_SEVERITY_RANK: Final = {Severity.LOW: 1, Severity.MEDIUM: 2, Severity.HIGH: 3, Severity.CRITICAL: 4}


class State(StrEnum):
    """Where an incident stands with the people on watch."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    SHELVED = "shelved"
    """Put aside until some time, after which it is new again."""
    CLOSED = "closed"
    """Nothing was told of it for 24 hours. A further report makes it new again."""
    SUPPRESSED = "suppressed"
    """A rule of the watch holds: it is on its front, never rings and waits for nobody."""


class Front(NamedTuple):
    """A region that is watched in a pane of its own."""

    id: str
    name: str
    zone: str
    """IANA time zone of its local clock."""
    city: str
    """What that clock is called on the header."""
    lexicons: tuple[str, ...] = ()
    """Term lists whose actors and places are this front's: built-in ones by name, the watch's own by path."""
    terms: tuple[str, ...] = ()
    """The watch's own words that put an entry on this front."""
    vetoes: tuple[str, ...] = ()
    """The watch's own phrases that keep an entry off this front."""
    posture: PosturePolicy | None = None
    """When it is busy, where that is another than the watch's."""


class Feed(NamedTuple):
    """A source that is polled."""

    name: str
    url: str
    publisher: str
    """Who speaks: feeds of one publisher count as one voice."""
    language: str
    """ISO 639-1 code."""
    reliability: str
    """Admiralty source reliability, A (reliable) to F (cannot be judged)."""
    front: str | None = None
    """Front the feed is dedicated to, a prior for the tagger; None for a general feed."""
    every: float = 300.0
    """Usual poll interval in seconds."""


class Tripwire(NamedTuple):
    """What makes an incident critical whatever else it is: every condition that is stated must hold."""

    name: str
    terms: tuple[str, ...] = ()
    """Words of which one stands in the title or the first sentence of the summary."""
    fronts: tuple[str, ...] = ()
    """Ids of fronts of which it is on one."""
    by: tuple[str, ...] = ()
    """Sides of which one did it."""
    against: tuple[str, ...] = ()
    """Sides of which one suffered it."""
    types: tuple[str, ...] = ()
    """ACT_TYPES of which it is one."""
    killed_at_least: int | None = None
    kinds: tuple[Kind, ...] = (Kind.INCIDENT,)
    """What a text may be to meet it. One of another kind on a front becomes an incident by meeting it."""


class Suppression(NamedTuple):
    """What makes an incident one that waits for nobody: every condition that is stated must hold."""

    name: str
    fronts: tuple[str, ...] = ()
    """Ids of fronts: it is on these and on no other."""
    types: tuple[str, ...] = ()
    """ACT_TYPES of which it is one."""
    by: tuple[str, ...] = ()
    """Sides of which one did it."""
    severity_at_most: Severity | None = None
    terms: tuple[str, ...] = ()
    """Words of which one stands in the title of one of its reports."""
    publishers: tuple[str, ...] = ()
    """It is told by these and by nobody else."""
    hours: QuietHours | None = None
    """The part of the day in which it began."""
    until: Timestamp | None = None
    """When the rule ends; None: never."""


class Watch(NamedTuple):
    """What is watched: the whole of a feeds.toml, checked."""

    title: str
    fronts: tuple[Front, ...]
    feeds: tuple[Feed, ...]
    every: float = 300.0
    keep: float = 90 * 86400.0
    """Seconds for which reports of no incident are kept."""
    zones: tuple[str, ...] = ()
    """Further IANA zones to show a clock for."""
    tripwires: tuple[Tripwire, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    fetch: FetchPolicy = FetchPolicy()
    posture: PosturePolicy = PosturePolicy()
    alarms: AlarmPolicy = AlarmPolicy()
    screen: ScreenPolicy = ScreenPolicy()
    path: Path | None = None
    """The file it was read from; None for the built-in watch."""


class Entry(NamedTuple):
    """One item of a feed document, its text already safe."""

    id: str
    """The feed's own id for it (guid, atom:id), else its link, else a digest of its text."""
    title: str
    summary: str
    link: str
    """Absolute http or https address, or empty."""
    published: Timestamp | None
    """None where the feed gives no usable date."""


class Evidence(NamedTuple):
    """One reason for a tag: a piece of the text, what it stands for and what it weighed."""

    term: str
    """The text as it stands in the field."""
    start: int
    """Offset in characters of the field, half open with ``end``."""
    end: int
    field: str
    """``title``, ``summary``, ``link`` or ``feed``."""
    why: str
    """In words: what it is and what it did."""
    weight: float = 0.0
    """What it added (or, below zero, took away)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A named place with its position in degrees (WGS 84)."""

    name: str
    lat: float
    lon: float
    kind: str = field(default="", compare=False)
    """How exact it is: ``village``, ``base`` ... to ``region``, ``sea``, ``country``; empty: not said."""


class Tags(NamedTuple):
    """What the tagger says of one text."""

    fronts: tuple[str, ...] = ()
    kind: Kind = Kind.OTHER
    type: str | None = None
    """One of ACT_TYPES; None unless an incident on a front."""
    by: str | None = None
    """Side that did it, as the lexicons name sides, or ``unknown``; None unless an incident on a front."""
    killed: int | None = None
    """Highest number told, 0 where it says nobody was hurt, None where it does not say."""
    severity: Severity | None = None
    places: tuple[Place, ...] = ()
    """Most exact first: the first is where the incident is drawn."""
    evidence: tuple[Evidence, ...] = ()
    wounded: int | None = None
    """Number told, 0 where it says nobody was hurt, None where it does not say."""
    weapon: str | None = None
    """What it was done with, by the lexicon's name for it."""
    target: str | None = None
    """What was attacked: a sort of thing (vessel, base ...), else the actor who suffered it."""
    claim: str | None = None
    """``claimed`` by the side that did it, ``denied``, ``confirmed``; None where nobody is told to say so."""
    said_by: str | None = None
    """Who is told to say that it happened, by the lexicon's name."""
    tripwires: tuple[str, ...] = ()
    """Names of the watch's tripwires that it meets."""
    against: str | None = None
    """Side that suffered it, as the lexicons name sides; None where it is not told."""


class Report(NamedTuple):
    """One entry as one source told it, tagged."""

    key: str
    """Digest of source and entry id: the same entry polled twice has the same key."""
    source: str
    """The feed's name."""
    publisher: str
    reliability: str
    language: str
    link: str
    title: str
    summary: str
    published: Timestamp
    """As the feed dates it; the moment it was first seen where it has no usable date."""
    seen: Timestamp
    """When the collector first had it."""
    tags: Tags

    @property
    def dated_when_seen(self) -> bool:
        """Whether its own date was missing, unusable or yet to come, so that it counts as of then."""
        return self.published >= self.seen


class Incident(NamedTuple):
    """One event (or, with another kind, one piece of context) told by one or more reports."""

    id: int
    kind: Kind
    fronts: tuple[str, ...]
    headline: str
    language: str
    """Language of the headline."""
    type: str | None
    by: str | None
    killed: int | None
    severity: Severity | None
    place: Place | None
    first_seen: Timestamp
    """Earliest time at which a report of it was published."""
    last_seen: Timestamp
    """Latest time at which a report of it was published."""
    publishers: tuple[str, ...]
    """Who told it, each once, in order of their first report."""
    reports: int
    grade: str
    """Admiralty grade: source reliability A to F and credibility 1 to 6, as ``B2``."""
    state: State = State.NEW
    state_by: str = ""
    """Who put it in that state."""
    state_until: Timestamp | None = None
    """When a shelved one is new again."""


class FeedRecord(NamedTuple):
    """What is known of a feed's polling, as the store keeps it."""

    url: str
    name: str
    publisher: str
    front: str | None
    every: float
    last_poll: Timestamp | None = None
    last_ok: Timestamp | None = None
    """Last answer that was a good feed or a 304."""
    next_poll: Timestamp | None = None
    newest: Timestamp | None = None
    """Date of the newest entry ever seen in it."""
    failures: int = 0
    """Polls failed in a row."""
    failing_since: Timestamp | None = None
    error: str = ""
    """The last fault in words a person can act on; empty when the last poll was good."""
    etag: str = ""
    """Validator, stored verbatim."""
    last_modified: str = ""
    """Validator, stored verbatim."""
    digest: str = ""
    """Digest of the last body, so that an unchanged one is not parsed."""
    entries: int = 0
    """Entries in the last good document."""
    interval: float = 0.0
    """Seconds between its polls, as planned last; 0 where that was never planned: then ``every`` holds."""
    status: int = 0
    """HTTP status of the last poll; 0 where no server answered."""
    rest_until: Timestamp | None = None
    """Until when its server asked to be left alone."""
    moved: str = ""
    """Where the server says, for good, that it lives now."""
    ttl: float | None = None
    """Seconds for which its documents say that they stand."""
    max_age: float | None = None
    """The same as its server says."""
    skip_hours: int = 0
    """Hours of the day (UTC) in which it wants no poll: bit ``1 << hour``."""
    skip_days: int = 0
    """Days of the week: bit ``1 << day``, Monday 0."""
    gap: float | None = None
    """Median of the seconds between its entries; None while too few are dated."""
    longest: float | None = None
    """The longest of those."""
    bytes: int = 0
    """Of the last document."""
    took: float = 0.0
    """Seconds that the last answer took."""
    answers: int = 0
    """Good answers."""
    unchanged: int = 0
    """Of these, with 304: unchanged."""
    terms: str = ""
    """Digest of what the config says of it: other terms begin anew, with a whole document."""
    stored: int = 0
    """Its reports; the store counts them, and"""
    relevant: int = 0
    """those of them on a front."""
    paused_by: str = ""
    """Who paused it; empty: nobody. People's alone to change."""


class Heartbeat(NamedTuple):
    """The collector's sign of life and the clock that it lives by."""

    pid: int
    started: Timestamp
    beat: Timestamp
    """By the machine's clock, whatever clock the collector lives by."""
    origin: Timestamp
    """Reading of the collector's clock when the machine's stood at ``anchor``."""
    anchor: Timestamp
    rate: float
    """Seconds of the collector's clock per second of the machine's: 1.0 but for demo and replay."""
    doing: str = ""
    """In words, for the person: what it is at."""
    network: str = ""
    """Whether it reaches the web: DOWN or OFFLINE of :mod:`tui.feeds.health`, else empty."""


class Change(NamedTuple):
    """What happened in the store after some ``seq``."""

    seq: int
    incidents: tuple[Incident, ...] = ()
    feeds: tuple[FeedRecord, ...] = ()
