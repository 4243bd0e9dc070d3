"""What a watch lets happen, by its feeds.toml: bounds on requests, when a front is busy, when it rings."""

# Annotations are not postponed here: a NamedTuple would compile each of them anew at every start.

from enum import StrEnum
from typing import NamedTuple

from tui.palette import Palette


class Priority(StrEnum):
    """How soon a person should look at an alarm. Compare with :attr:`rank`, not as text."""

    LOW = "low"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """1 for low to 3 for critical."""
        return tuple(Priority).index(self) + 1


class FetchPolicy(NamedTuple):
    """Bounds on what one request may cost or reach."""

    allow_hosts: tuple[str, ...] = ()
    """Hosts that may be polled although their address is private."""
    timeout: float = 20.0
    """Seconds that one request may take in all."""
    silence: float = 10.0
    """Seconds without a byte after which a request is given up."""
    max_bytes: int = 10 * 1024 * 1024
    """Ceiling on the decoded body."""
    max_redirects: int = 5
    max_entries: int = 2000
    """Entries read of one document."""
    per_host: int = 2
    """Requests under way at one host."""
    fastest: float = 60.0
    """Seconds between two polls of a feed at least; its own ``every`` may say less, but no less than 60."""
    slowest: float = 6 * 3600.0
    """Seconds at most, whatever its publisher asks for."""
    adaptive: bool = True
    """Whether feeds with much news are polled sooner than ``every``, and those with little later."""


class PosturePolicy(NamedTuple):
    """When a front is more than usually busy, and for how long it stays so."""

    elevated: float = 0.01
    """Chance at or below which so many incidents count as more than usual."""
    surge: float = 0.0005
    """Chance at or below which they count as a surge."""
    fewest: int = 3
    """Incidents that it takes at all, however quiet a front usually is."""
    hold: float = 12 * 3600.0
    """Seconds that a posture outlasts its reasons, so that it does not flicker."""
    active_fronts: int = 2
    """Fronts on which one side attacks for it to be told as an event of its own."""
    active_within: float = 6 * 3600.0
    """Seconds within which those attacks lie."""
    active_sides: tuple[str, ...] = ()
    """Sides of which it is told, as the lexicons name them; none: of every one."""


class QuietHours(NamedTuple):
    """A time of the day in which nothing below critical rings."""

    start: int
    """Minutes after midnight."""
    end: int
    """Minutes after midnight; below ``start`` where midnight lies between."""
    zone: str = "UTC"
    """IANA time zone of both."""


class AlarmOutput(NamedTuple):
    """A service that is told of alarms."""

    name: str
    env: str
    """Environment variable that holds the service's address: the address is a secret."""
    priority: Priority = Priority.CRITICAL
    """Alarms of this priority and above are sent."""
    at_most: int = 4
    """Messages in ten minutes."""
    quiet: QuietHours | None = None


class AlarmPolicy(NamedTuple):
    """When an alarm rings, and who is told of it."""

    ring: Priority = Priority.HIGH
    """Alarms of this priority and above ring."""
    at_most: int = 6
    """Bells in ten minutes."""
    quiet: QuietHours | None = None
    to: tuple[AlarmOutput, ...] = ()


class ScreenPolicy(NamedTuple):
    """How the screens of a watch look, and by which keys they go."""

    theme: str = ""
    """Name of the theme; empty: the one that was on last."""
    rtl: str = ""
    """``visual`` or ``terminal``: who orders right-to-left text; empty: whoever did last."""
    themes: tuple[Palette, ...] = ()
    """Themes of the watch's own."""
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Commands by name, and the keys that do them in place of the usual ones."""
