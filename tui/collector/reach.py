"""Whether the web can be reached at all: when no server answers, the fault is our own. Pure."""

from __future__ import annotations

from tui.feeds.health import DOWN_AFTER, HOSTS
from tui.model import FeedRecord, Timestamp


class Reach:
    """Counts what reached no server since any was met."""

    def __init__(self, hosts: int) -> None:
        self._needed = min(HOSTS, hosts)
        self._missed: dict[str, FeedRecord] = {}
        self._hosts: set[str] = set()
        self.down_since: Timestamp | None = None
        """Since when the network is taken to be down; None while it is up."""

    def missed(self, before: FeedRecord, host: str, now: Timestamp) -> bool:
        """A poll reached no server; ``before``: the record as it was. Whether the network is down by that."""
        if self.down_since is not None:
            return False
        self._missed.setdefault(before.url, before)
        self._hosts.add(host)
        if len(self._missed) < DOWN_AFTER or len(self._hosts) < self._needed:
            return False
        self.down_since = now
        return True

    def forgiven(self) -> list[FeedRecord]:
        """The records, as they were, of the polls by which the network was found to be down."""
        return list(self._missed.values())

    def met(self) -> bool:
        """A server answered. Whether the network was down until then."""
        was_down, self.down_since = self.down_since is not None, None
        self._missed.clear()
        self._hosts.clear()
        return was_down
