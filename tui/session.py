"""What a screen works with: the watch, the store and the clock, and the collector behind them."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tui import paths
from tui.clock import Clock
from tui.config import ConfigError, FileWatch, load
from tui.config.kept import load_kept
from tui.failures import Failures
from tui.follow import Follower, OneAtATime, Picture, clock_of, past_picture, take_picture
from tui.incidents.attention import QUIET_AFTER
from tui.keymap import Keymap
from tui.memory import Memory
from tui.model import Severity, Timestamp, Watch
from tui.outage import Outage, outage
from tui.store.connect import Damaged, StoreError, identity
from tui.store.desk import Desk
from tui.store.reader import Reader
from tui.supervisor import Supervisor

if TYPE_CHECKING:
    from tui.geo.stand import Stand
    from tui.store.past import Past

WHO_LIMIT = 12

CHECK_EVERY = 60.0
"""Seconds from one asking for a check of the store to the next: many screens and keys may meet one fault."""

log = logging.getLogger(__name__)


class Session:
    """One screen's hold on a store.

    Raises :class:`tui.config.ConfigError` where the watch is faulty and
    :class:`tui.store.connect.StoreError` where the store cannot be opened.
    """

    def __init__(
        self,
        config: Path,
        data: Path,
        *,
        collector: Sequence[str] | None,
        label: str = "",
        wall: bool = False,
        polls: bool = True,
        log: bool = False,
    ) -> None:
        self._files = FileWatch(config)
        self.watch: Watch = load_kept(config, data / paths.WATCH_NAME)
        self.keymap = Keymap(dict(self.watch.screen.keys))
        """The commands with the keys that do them here."""
        self.config = config
        self.data = data
        self.label = label
        """What the header says beside the name where this is no live watch: ``DEMO ×60``."""
        self._log = log
        self.polls = polls
        """Whether entries come from feeds; a replay has none that could be fresh or blind."""
        self.wall = wall
        """Wall mode: nothing may be changed from this screen."""
        self.store = data / paths.STORE_NAME
        self.reader, self.desk, self.picture = self._open_mended()
        """The picture is of the store as it is now, whatever minute the board shows."""
        self._identity = identity(self.store)
        self.queries: list[str] = []
        """What was searched for at this screen, the last one last."""
        self.config_fault = ""
        """The first fault of the config file as it is now, in words; empty while it is good."""
        self._past: tuple[Past, Picture] | None = None
        self._supervisor = Supervisor(collector, data) if collector is not None else None
        self._follower: Follower | None = None
        self._onward: OneAtATime | None = None
        self._machine = Clock()
        self._check_again = 0.0
        self._logs = False
        self.failures = Failures()
        """What failed in this program while it went on."""
        self.walked: int | None = None
        """The incident that was gone to last as the worst that is new: from there it goes on to the next."""
        self.map_stand: Stand | None = None
        """How the map was left; None before it was opened."""

    def _open_mended(self) -> tuple[Reader, Desk, Picture]:
        """The store; a damaged one that no collector is at is mended first."""
        try:
            return self._open()
        except Damaged:
            from tui.collector.repair import mend_now  # here: the first paint need not wait for it

            if not mend_now(self.data, self.store):
                raise
            return self._open()

    def _open(self) -> tuple[Reader, Desk, Picture]:
        with ExitStack() as opened:
            desk = opened.enter_context(closing(Desk(self.store)))  # the first: it makes or renews the store
            reader = opened.enter_context(closing(Reader(self.store)))
            picture = take_picture(reader, self.watch.fronts, reader.seq())
            opened.pop_all()
        return reader, desk, picture

    @property
    def initials(self) -> str:
        """Those of whoever sits at this screen; empty until they are asked."""
        from tui.initials import initials_of  # here: the first paint need not wait for it

        return initials_of(self.memory.get("initials", ""))  # anybody may have written the file

    @property
    def who(self) -> str:
        """What is done at this screen is signed with: initials, else the login name."""
        return self.initials or self.login

    @cached_property
    def login(self) -> str:
        """The name of whoever is logged in."""
        return _user()

    @property
    def first_start(self) -> bool:
        """Whether this is somebody's first look at the built-in watch, on a screen of their own."""
        live = self.watch.path is None and not self.label and not self.wall
        return live and not self.memory.get("welcomed", False)

    @cached_property
    def memory(self) -> Memory:
        """What this person's screens remember from start to start."""
        return Memory(paths.memory_file())

    @property
    def front_names(self) -> dict[str, str]:
        """The fronts of the watch: names by id."""
        return {front.id: front.name for front in self.watch.fronts}

    @property
    def clock(self) -> Clock:
        """The clock that the collector lives by."""
        return clock_of(self.picture.heartbeat)

    def now(self) -> Timestamp:
        """Seconds since the epoch by that clock."""
        return self.clock.now()

    # The minute that the board shows

    @property
    def as_of(self) -> Timestamp | None:
        """The past minute that the board shows; None while it shows now."""
        return self._past[0].at if self._past else None

    @property
    def past(self) -> Past | None:
        """The store as it stood then; None while the board shows now."""
        return self._past[0] if self._past else None

    @property
    def view(self) -> Reader | Past:
        """The store as the board shows it."""
        return self._past[0] if self._past else self.reader

    @property
    def shown(self) -> Picture:
        """The figures that the board shows: of now, or as they stood."""
        return self._past[1] if self._past else self.picture

    def moment(self) -> Timestamp:
        """The moment that the board shows: ages are told from it."""
        return self._past[0].at if self._past else self.now()

    def new(self, view: Reader | Past) -> list[tuple[int, Severity]]:
        """What is new on the watch's fronts in that view: ids and severities, the worst first."""
        now = self.now() if view is self.reader else self.moment()
        return view.new([front.id for front in self.watch.fronts], now - QUIET_AFTER)

    def go_to(self, at: Timestamp | None) -> None:
        """Show the store as it stood at ``at``; None: as it is now. Raises ``StoreError``."""
        if at is None:
            self._past = None
            return
        past = self.reader.past(at)
        self._past = past, past_picture(past, self.watch.fronts)

    @property
    def outage(self) -> Outage | None:
        """What is wrong with the collecting, or was until lately."""
        heartbeat, supervisor = self.picture.heartbeat, self._supervisor
        now = self._machine.now()
        if supervisor is None:
            return outage(heartbeat, None, now)
        said = supervisor.said_since(heartbeat.beat) if heartbeat is not None else ""
        trouble = supervisor.trouble
        if trouble is not None:
            trouble = trouble._replace(why=self._short(trouble.why))
        return outage(heartbeat, trouble, now, starting=supervisor.starting, said=self._short(said))

    def _short(self, words: str) -> str:
        """Without the folders of config and store: they are no news here, and the line is short."""
        return words.replace(str(self.config), self.config.name).replace(f"{self.data}{os.sep}", "")

    @property
    def unread_since(self) -> Timestamp | None:
        """Since when nothing is collected, where the board shows now; None where it is."""
        told = self.outage if self.as_of is None else None
        return told.blind_since if told is not None else None

    @property
    def unread(self) -> bool:
        """Whether the quiet of the board means nothing, as no store can be read or nothing is collected."""
        return bool(self.picture.fault) or self.unread_since is not None

    def ask_check(self) -> None:
        """Have the collector look the store through, which was found damaged here; once in a while."""
        if (now := self._machine.now()) < self._check_again:
            return
        self._check_again = now + CHECK_EVERY
        try:
            self.desk.ask_check(self.who, self.now())
        except StoreError as error:  # then the collector, which reads the same table, meets it by itself
            log.error("the store is damaged, and the collector could not be told: %s", error)

    def retry(self) -> None:
        """Start the collector now, where it waits to be started again."""
        if self._supervisor:
            self._supervisor.retry()

    @property
    def collector_pid(self) -> int | None:
        """Process id of the collector that this screen started."""
        return self._supervisor.pid if self._supervisor else None

    def open_log(self) -> None:
        """Log what this screen does, from now on."""
        from tui.logs import start_log  # here: the first paint need not wait for it

        if not self._logs:
            self._logs = True
            start_log(self.data, "screen", thread_ended=self.failures.note)

    def start(self, deliver: Callable[[Picture], None]) -> None:
        """Start the collector and follow the store; ``deliver`` is called from another thread."""
        if self._log:
            self.open_log()
        if self._supervisor:
            self._supervisor.start()
        self._onward = OneAtATime(deliver)
        self._follow()

    def _follow(self) -> None:
        self._follower = Follower(self.store, self.watch.fronts, self.picture.seq, self._take)
        self._follower.start()

    def _take(self, picture: Picture) -> None:
        """In the follower's thread: a picture on its way to the app."""
        if self._supervisor and picture.fault:
            self._supervisor.hear_nothing()
        elif self._supervisor and picture.heartbeat is not None:
            self._supervisor.hear(picture.heartbeat)
        if self._onward:
            self._onward.put(picture)

    def taken(self, picture: Picture) -> None:
        """A picture has come to the app: it is how the store is now, and the next one may come."""
        self.picture = picture
        if self._onward:
            self._onward.taken()

    def reopen(self) -> bool:
        """Go over to the store that lies where ours lay; False where ours is there or none can be opened.

        What stands on the screen is then to be read anew.
        """
        if identity(self.store) in (None, self._identity):
            return False
        try:
            reader, desk, picture = self._open()
        except StoreError:
            return False  # the follower tells of it until it is mended
        if self._follower:
            self._follower.stop()
        self.reader.close()
        self.desk.close()
        self.reader, self.desk, self.picture, self._past = reader, desk, picture, None
        self._identity = identity(self.store)
        if self._onward:
            self._onward.forget()
            self._follow()
        return True

    def close(self) -> None:
        """Stop the collector that this screen started and let go of the store."""
        if self._follower:
            self._follower.stop()
        if self._supervisor and self._supervisor.is_alive():
            self._supervisor.stop()
        self.reader.close()
        self.desk.close()  # the last, for it may write: what the journal holds comes into the store

    def reload(self) -> bool:
        """Read the config anew if its file has changed; True where the watch is another one now.

        A fault keeps the watch that there is and is told in :attr:`config_fault`.
        """
        if not self._files.changed():
            return False
        try:
            watch = load(self.config)
        except ConfigError as error:
            first, more = error.faults[0], len(error.faults) - 1
            # The folder is no news to whoever edits the file, and the line is short.
            where = first.where.replace(str(self.config), self.config.name)
            self.config_fault = f"{where}: {first.what}; {first.mend}" + (
                f" (and {more} more)" if more else ""
            )
            return False
        self.config_fault = ""
        self.retry()
        changed = watch != self.watch
        self.watch = watch
        self.keymap = Keymap(dict(watch.screen.keys))
        if changed:
            self.go_to(self.as_of)
        if self._follower:
            self._follower.watch_fronts(watch.fronts)
        return changed


def _user() -> str:
    """The name of whoever is logged in, as a name may stand on a screen."""
    import getpass  # here, both: the first paint need not wait for them

    from tui.feeds.safe_text import safe_text

    try:
        return safe_text(getpass.getuser(), WHO_LIMIT) or "desk"
    except (OSError, KeyError):
        # No such user in the system's list, as in a container that runs under a bare number.
        return "desk"
