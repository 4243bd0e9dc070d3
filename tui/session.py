"""What a screen works with: the watch, the store and the clock, and the collector behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from tui import paths
from tui.clock import Clock
from tui.config import ConfigError, FileWatch, load
from tui.follow import Follower, Picture, clock_of, take_picture
from tui.model import Timestamp, Watch
from tui.store.desk import Desk
from tui.store.migrate import open_store
from tui.store.reader import Reader
from tui.supervisor import Supervisor

WHO_LIMIT = 12


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
        self.watch: Watch = load(config)
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
        open_store(self.store).close()
        self.reader = Reader(self.store)
        self.desk = Desk(self.store)
        self.config_fault = ""
        """The first fault of the config file as it is now, in words; empty while it is good."""
        self.picture = take_picture(self.reader, self.watch.fronts, self.reader.seq())
        self._supervisor = Supervisor(collector, data) if collector is not None else None
        self._follower: Follower | None = None

    @cached_property
    def who(self) -> str:
        """The name that what is done at this screen is signed with."""
        return _user()

    @property
    def clock(self) -> Clock:
        """The clock that the collector lives by."""
        return clock_of(self.picture.heartbeat)

    def now(self) -> Timestamp:
        """Seconds since the epoch by that clock."""
        return self.clock.now()

    @property
    def collector_words(self) -> str:
        """What is wrong with the collector; empty when nothing is."""
        return self._supervisor.words if self._supervisor else ""

    @property
    def collector_pid(self) -> int | None:
        """Process id of the collector that this screen started."""
        return self._supervisor.pid if self._supervisor else None

    def start(self, deliver: Callable[[Picture], None]) -> None:
        """Start the collector and follow the store; ``deliver`` is called from another thread."""
        if self._log:
            from tui.logs import start_log  # here: the first paint need not wait for it

            start_log(self.data, talk=False, name=paths.SCREEN_LOG_NAME)
        if self._supervisor:
            self._supervisor.start()
        self._follower = Follower(self.store, self.watch.fronts, self.picture.seq, deliver)
        self._follower.start()

    def close(self) -> None:
        """Stop the collector that this screen started and let go of the store."""
        if self._follower:
            self._follower.stop()
        if self._supervisor and self._supervisor.is_alive():
            self._supervisor.stop()
        self.desk.close()
        self.reader.close()

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
        changed = watch != self.watch
        self.watch = watch
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
