"""The two lines on top: what time it is, whether the collector lives, and how much is new."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style

from tui.clock import DAY, STALE_HEARTBEAT, Clock, utc
from tui.feeds.health import DOWN, OFFLINE
from tui.follow import Picture
from tui.incidents.attention import GRAVE
from tui.keymap import key_name
from tui.model import Timestamp, Watch
from tui.session import Session
from tui.widgets import rtl
from tui.widgets.drawn import DrawnLines
from tui.widgets.posture_words import header_forms
from tui.widgets.words import age, local, long_age, new_forms, plural, zulu

TELL_DAMAGE = 43_200.0
"""Seconds for which it is told that the store was damaged and what was saved of it: more than a shift."""

STRIPE = "╱"
"""Fills the line of a past minute."""

WIDE = 72
"""Cells from which on the line of a past minute says in words how bad what is new was, and is."""

OTHER_DAY = 43_200.0
"""Seconds between the board's clock and the machine's from which on the header says the date too."""


class Header(DrawnLines):
    """Name, clocks, heartbeat and coverage; below, what is wrong and how much is new."""

    DEFAULT_CSS = "Header { height: 2; dock: top; background: $fw-ground; }"

    HEIGHT: ClassVar = 2
    """Lines."""

    def __init__(self, session: Session, *, way_out: str = "") -> None:
        """``way_out``: name of the command that leaves the past, on a screen that shows it."""
        super().__init__()
        self._session = session
        self._way_out = way_out
        self._machine = Clock()

    def on_mount(self) -> None:
        """Tick once a second: the clock shows that the screen itself is alive."""
        self.set_interval(1.0, self.bring_up_to_date)

    def take_picture(self) -> None:
        """Show what a new picture says; the clock and the heartbeat wait for the next tick."""
        self.bring_up_to_date(1)

    def draw(self, y: int) -> list[Segment]:
        """One of the two lines."""
        as_of = self._session.as_of if self._way_out else None
        if as_of is None:
            return self._first() if y == 0 else self._second()
        return self._past(as_of) if y == 0 else self._then_and_now()

    def _past(self, as_of: Timestamp) -> list[Segment]:
        """That this is the past, in a way that nobody overlooks: the whole line reversed, and striped."""
        style, width = self.ink, self.size.width
        tape = style.blind + style.ground + Style(reverse=True)
        now = self._session.now()
        moment = utc(as_of).strftime("%Y-%m-%d %H:%MZ")
        clock = utc(now).strftime("%H:%M:%SZ")
        heart, _ = self._heart()
        ago = f"{long_age(now - as_of)} ago"
        commands = self._session.keymap.commands
        out = next(command for command in commands if command.name == self._way_out)
        said = f" ◀ PAST  {moment}  {ago} "
        lefts = (f"{said}· {key_name(out.keys[0])}: {out.label} ", said, f" ◀ {moment} ")
        rights = (f" now {clock}  {heart} ", f" {clock} ", "")
        choices = [(lefts[0], right) for right in rights] + [(left, "") for left in lefts[1:]]
        left, right = next(
            (pair for pair in choices if rtl.cells(pair[0]) + rtl.cells(pair[1]) <= width), choices[-1]
        )
        stripes = STRIPE * max(0, width - rtl.cells(left) - rtl.cells(right))
        return [Segment(left, tape), Segment(stripes, tape), Segment(right, tape)]

    def _then_and_now(self) -> list[Segment]:
        """How much was new then, and at the right how much is now."""
        style, session = self.ink, self._session
        form = 0 if self.size.width >= WIDE else -1
        right = f"now: {new_forms(session.picture.new)[form]} "
        room = max(1, self.size.width - len(right) - 1)
        then = f" then: {new_forms(session.shown.new)[form]}"
        trouble, trouble_style = self._fault()
        if not trouble:
            forms = (f"{then}   {words}" for words in (*self._surges(), self._flood()) if words)
            trouble, trouble_style = (
                next((words for words in forms if rtl.cells(words) <= room), then),
                style.text,
            )
        words = rtl.cut(trouble, room)
        gap = " " * max(1, self.size.width - rtl.cells(words) - len(right))
        return [
            Segment(words, trouble_style),
            Segment(gap),
            Segment(right, self._new_style),
        ]

    @property
    def _new_style(self) -> Style:
        """That of what needs a response where something of it is new now."""
        new = self._session.picture.new
        return self.ink.alarm if any(severity in new for severity in GRAVE) else self.ink.muted

    def _first(self) -> list[Segment]:
        style = self.ink
        session, width = self._session, self.size.width
        now = session.now()
        clock = utc(now).strftime("%H:%M:%SZ")
        if abs(now - self._machine.now()) > OTHER_DAY:
            clock = f"{utc(now):%d %b %Y} {clock}"
        heart, heart_style = self._heart()
        total = session.picture.coverage
        feeds = f"feeds {total.fresh}/{total.total}" if session.polls else ""
        name = f" FRONTWATCH  {session.label}".rstrip()
        right = rtl.cells(heart) + 2 + len(feeds) + 1
        # Each part stands two cells behind the one before; where it is narrow the title goes first.
        room = width - rtl.cells(name) - len(clock) - right - 8
        clocks = self._local_clocks(now, room) if session.as_of is None else ""
        left_over = room - rtl.cells(clocks)
        title = rtl.cut(session.watch.title, left_over) if left_over >= 8 else ""
        about = [Segment(f"  {title}" if title else "", style.muted)]
        if session.as_of is not None:
            about = self._not_the_past(session.as_of, now, room)
        left = [
            Segment(name, style.strong),
            *about,
            Segment(f"  {clock}", style.strong),
            Segment(f"  {clocks}" if clocks else "", style.muted),
        ]
        used = sum(segment.cell_length for segment in left)
        return [
            *left,
            Segment(" " * max(1, width - used - right)),
            Segment(heart, heart_style),
            Segment(f"  {feeds} ", style.blind if total.blind else style.muted),
        ]

    def _not_the_past(self, as_of: Timestamp, now: Timestamp, room: int) -> list[Segment]:
        """That this screen shows now, while the board below it stands in the past."""
        style, then = self.ink, utc(as_of).strftime("%H:%MZ" if now - as_of < DAY else "%Y-%m-%d %H:%MZ")
        forms = (f" NOW ▶ this screen; the board stands at {then} ", f" NOW ▶ board at {then} ", " NOW ▶ ")
        words = next((form for form in forms if rtl.cells(form) <= room), forms[-1])
        tape = style.blind + style.ground + Style(reverse=True)
        return [Segment("  "), Segment(words, tape)]

    def _local_clocks(self, now: float, room: int) -> str:
        """As many of the fronts' clocks as there is room for."""
        told: list[str] = []
        for city, zone in clocks_of(self._session.watch):
            word = f"{city} {local(now, zone)}"
            if rtl.cells(" · ".join([*told, word])) > room:
                break
            told.append(word)
        return " · ".join(told)

    def _heart(self) -> tuple[str, Style]:
        style = self.ink
        heartbeat = self._session.picture.heartbeat
        if heartbeat is None:
            return "♥ –", style.muted
        silence = self._machine.now() - heartbeat.beat
        return f"♥ {age(silence)}", style.fault if silence > STALE_HEARTBEAT else style.good

    def _second(self) -> list[Segment]:
        width = self.size.width
        new = self._session.picture.new
        # That nothing is new can be left out for what is wrong.
        forms = [f"{words} " for words in new_forms(new)] + ([] if new else [""])
        for right in forms:
            room = max(1, width - len(right) - 1)
            words, words_style = self._trouble(room - 2)
            if rtl.cells(words) < room:
                break
        words = rtl.cut(f" {words}", room)
        gap = " " * max(1, width - rtl.cells(words) - len(right))
        return [Segment(words, words_style), Segment(gap), Segment(right, self._new_style)]

    def _trouble(self, room: int) -> tuple[str, Style]:
        """The one thing that a person must know before trusting the board; else what is more than usual."""
        style, picture = self.ink, self._session.picture
        fault, fault_style = self._fault()
        if fault:
            return fault, fault_style
        if words := self._flood():
            return words, style.alarm
        if surges := self._surges():
            return next((words for words in surges if rtl.cells(words) <= room), surges[-1]), style.alarm
        if damage := self._damage():
            return damage, style.blind
        heartbeat = picture.heartbeat
        if heartbeat is None or self._machine.now() - heartbeat.beat > STALE_HEARTBEAT:
            return "the collector is starting", style.muted  # what the last one did is over
        if picture.failing:
            return (
                f"{plural(picture.failing, 'feed')} failing ({self._session.keymap.key('feeds')})",
                style.muted,
            )
        return heartbeat.doing, style.muted

    def _fault(self) -> tuple[str, Style]:
        """Why the board can't be trusted, now; no words where it can."""
        style = self.ink
        session, picture = self._session, self._session.picture
        if picture.fault:
            return f"STORE {picture.fault} ", style.fault
        heartbeat = picture.heartbeat
        outage = session.outage
        if outage is not None and outage.down:
            return f"{outage.words} ", style.fault
        if failed := session.failures.told():
            return f"{failed} ", style.fault
        if session.config_fault:
            return f"CONFIG {session.config_fault} ", style.fault
        network = "" if heartbeat is None else heartbeat.network
        if network == OFFLINE:
            return "OFFLINE: nothing is polled; what is shown is as old as it says ", style.blind
        if network == DOWN and heartbeat is not None:
            return f"{heartbeat.doing[:1].upper()}{heartbeat.doing[1:]} ", style.blind
        total = picture.coverage
        if total.total and picture.failing == total.total:
            return f"NO FEED CAN BE REACHED: {picture.common_fault} ", style.blind
        if outage is not None:
            return f"{outage.words} ", style.blind
        return "", style.text

    def _damage(self) -> str:
        """That the store was damaged of late: every shift must learn of it."""
        damage, now = self._session.picture.damage, self._session.now()
        if damage is None or now - damage.since > TELL_DAMAGE:
            return ""
        return f"STORE was found damaged at {zulu(damage.since, now)}: {damage.words} "

    def _flood(self) -> str:
        picture = self._shown
        if picture.flood is None:
            return ""
        return f"FLOOD · {picture.in_window} alarms in 10 min, since {zulu(picture.flood)}"

    @property
    def _shown(self) -> Picture:
        """The figures of the minute that the screen shows."""
        return self._session.shown if self._way_out else self._session.picture

    def _surges(self) -> tuple[str, ...]:
        """Fronts in a surge and sides active on several of them, the longest words first."""
        session, picture = self._session, self._shown
        told = [
            (front.name, figures.posture)
            for front in session.watch.fronts
            if (figures := picture.figures.get(front.id)) is not None and figures.posture is not None
        ]
        return header_forms(told, picture.active)


def clocks_of(watch: Watch) -> list[tuple[str, str]]:
    """City and zone of each clock of the header, no zone twice."""
    cities = {front.zone: front.city for front in reversed(watch.fronts)}
    ordered = {front.zone: cities[front.zone] for front in watch.fronts}
    for zone in watch.zones:
        ordered.setdefault(zone, zone.rsplit("/", 1)[-1].replace("_", " "))
    return [(city, zone) for zone, city in ordered.items()]
