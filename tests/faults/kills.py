"""kill -9 at random moments: ``python -m tests.faults.kills [ROUNDS] [--seed N]``.

Most rounds kill a collector that runs alone: at its start, at any time later, and most often just after a
document was served, while it is being stored. The others kill a screen, half of them
its collector before that. All the while a desk acknowledges and notes; after each kill the whole store is
looked through.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from tests.faults.promises import Ledger, stored_numbers
from tests.faults.publisher import Publisher
from tests.faults.stage import Stage, gone, until
from tests.terminal import Terminal
from tui.collector import collect_once
from tui.config import load
from tui.model import Kind, State
from tui.store.connect import StoreError
from tui.store.desk import Desk
from tui.store.reader import Reader

FEEDS = 6
START_SECONDS = 20.0
"""That a start may take on a busy machine."""


ANSWER = r"Acknowledged \d|Acknowledged already|\w+ already, by|Nothing to|No line|Not done"
"""What the footer says when an acknowledgement was asked for."""


class Kills:
    """A watch whose programs are killed, and what came of it."""

    def __init__(self, stage: Stage, publisher: Publisher, dice: random.Random) -> None:
        self.stage = stage
        self.publisher = publisher
        self.dice = dice
        self.ledger = Ledger()
        self.count: Counter[str] = Counter()
        self.broken: list[str] = []
        self._desk: Desk | None = None

    def collector_alone(self) -> None:
        """Start one, let the desk work beside it, kill it."""
        asked = self.publisher.asked
        process = self.stage.collector()
        moment = self.dice.choices(("at its start", "at any time", "while it stores"), (2, 3, 5))[0]
        if moment == "at its start":
            time.sleep(self.dice.uniform(0.0, 1.5))
        elif not self.publisher.wait_for_request(asked, START_SECONDS):
            self.broken.append(f"round {self.count.total() + 1}: a collector did not poll after a kill")
        elif moment == "at any time":
            self._work(self.dice.uniform(0.0, 1.2))
        else:
            self._work(self.dice.uniform(0.0, 0.5))
            self.publisher.wait_for_body(5.0)
            time.sleep(self.dice.uniform(0.0, 0.06))
        process.kill()
        process.wait()
        self.count[f"collector, {moment}"] += 1
        self._look()

    def behind_a_screen(self) -> None:
        """Start a screen, kill its collector, see that it is told and replaced; kill the screen."""
        terminal = self.stage.screen(name=str(self.count.total()))
        try:
            terminal.until(lambda screen: "dispatch" in screen, START_SECONDS)
            first = self._collector(terminal)
            self._acknowledge_by_key(terminal)
            if self.dice.random() < 0.5:
                time.sleep(self.dice.uniform(0.0, 0.5))
                os.kill(first, signal.SIGKILL)
                terminal.until(lambda screen: "COLLECTOR" in screen, 10.0)
                self.count["collector, behind a screen"] += 1
                until(lambda: self._another(first), START_SECONDS, "no other collector was started")
                first = self._collector(terminal)
            else:
                self._work(self.dice.uniform(0.0, 0.5))
            os.kill(terminal.pid(), signal.SIGKILL)
            self.count["screen"] += 1
            until(lambda: gone(first), 12.0, "the collector outlived its screen")
        except AssertionError as error:
            self.broken.append(f"round {self.count.total()}: {error}")
        finally:
            terminal.close()
        self._look()

    def _collector(self, terminal: Terminal) -> int:
        """The collector of a screen, once it beats."""
        own = terminal.pid()

        def child() -> int | None:
            heartbeat = self.stage.heartbeat()
            if heartbeat is None or gone(heartbeat.pid):
                return None
            status = Path(f"/proc/{heartbeat.pid}/status").read_text()
            return heartbeat.pid if re.search(rf"^PPid:\s+{own}$", status, re.MULTILINE) else None

        until(child, START_SECONDS, "the screen's collector gives no sign of life")
        found = child()
        assert found is not None
        return found

    def _another(self, first: int) -> bool:
        heartbeat = self.stage.heartbeat()
        return heartbeat is not None and heartbeat.pid != first and not gone(heartbeat.pid)

    def _acknowledge_by_key(self, terminal: Terminal) -> None:
        """As a person does: what the screen confirms is in the ledger."""
        terminal.press("Down")
        terminal.press("a")
        screen = terminal.until(lambda screen: re.search(ANSWER, screen) is not None, 10.0)
        if "Acknowledged 1 incident" in screen:
            self.ledger.actions += 1
            self.count["acknowledged by key"] += 1

    def _work(self, seconds: float) -> None:
        """What people do for so long, each act in the ledger once it is confirmed."""
        end = time.monotonic() + seconds
        while True:
            try:
                self._act()
            except StoreError as error:
                self.count["acts refused"] += 1
                if "locked" not in str(error):
                    self.broken.append(f"an act: {error}")
            if time.monotonic() >= end:
                return
            time.sleep(0.05)

    def _act(self) -> None:
        if self._desk is None:
            self._desk = Desk(self.stage.store)
        now = self.stage.clock.now()
        with closing(Reader(self.stage.store)) as reader:
            new = [each.id for each in reader.incidents(kinds=[Kind.INCIDENT]) if each.state is State.NEW]
        if new:
            taken = self._desk.acknowledge(self.dice.sample(new, 1), "DSK", now)
            self.ledger.acknowledged.update(taken)
            self.ledger.actions += bool(taken)
            self.count["acknowledged"] += len(taken)
        words = f"note {self.count['noted']} of the desk"
        self._desk.note(None, words, "DSK", now)
        self.ledger.notes.add(words)
        self.ledger.actions += 1
        self.count["noted"] += 1

    def _look(self) -> None:
        if _is_made(self.stage.store):
            rounds = self.rounds
            found = self.ledger.check(self.stage.store, self.publisher, deep=rounds % 25 == 0)
            self.broken += [f"round {rounds}: {words}" for words in found]

    @property
    def rounds(self) -> int:
        """Kills so far."""
        return sum(count for what, count in self.count.items() if what.startswith(("collector", "screen")))

    def finish(self) -> None:
        """Poll all once more, in peace: everything that was ever served must be stored."""
        self.publisher.still = True
        asyncio.run(collect_once(load(self.stage.config), self.stage.data, self.stage.clock))
        self._look()
        with closing(sqlite3.connect(self.stage.store)) as db:
            missing = self.publisher.served() - stored_numbers(db)
            db.execute("INSERT INTO report_words (report_words) VALUES ('integrity-check')")
        if missing:
            self.broken.append(
                f"{len(missing)} entries were served and are not stored: {sorted(missing)[:9]}"
            )
        if self._desk is not None:
            self._desk.close()


def _is_made(store: Path) -> bool:
    """Whether a collector has lived for long enough to make it."""
    if not store.exists():
        return False
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)) as db:
        return bool(db.execute("PRAGMA user_version").fetchone()[0])


def kill(rounds: int, seed: int, folder: Path, *, screens: bool = True, say: bool = True) -> Kills:
    """So many kills; what came of them."""
    dice = random.Random(seed)
    stage = Stage(folder)
    with Publisher(FEEDS, stage.clock, random.Random(seed + 1)) as publisher, stage:
        stage.watch_publisher(publisher)
        kills = Kills(stage, publisher, dice)
        shown = 0
        while kills.rounds < rounds:
            if screens and dice.random() < 0.2:
                kills.behind_a_screen()
            else:
                kills.collector_alone()
            if say and kills.rounds >= shown + 25:
                shown = kills.rounds
                print(
                    f"{shown} kills, {kills.ledger.reports} reports, broken: {len(kills.broken)}",
                    file=sys.stderr,
                )
        kills.finish()
    return kills


def main() -> int:
    """As asked on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills", description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=300)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="frontwatch-kills-") as folder:
        kills = kill(asked.rounds, asked.seed, Path(folder))
    print(f"seed {asked.seed}, {kills.rounds} kills in {time.monotonic() - started:.0f} s")
    for what, count in sorted(kills.count.items()):
        print(f"  {what}: {count}")
    publisher = kills.publisher
    print(f"  served: {publisher.sent} whole documents, {publisher.unchanged} times 304")
    print(f"  entries served {len(publisher.served())}, reports stored {kills.ledger.reports}")
    print("\n".join(f"BROKEN {words}" for words in kills.broken) or "nothing lost, nothing doubled")
    return 1 if kills.broken else 0


if __name__ == "__main__":
    sys.exit(main())
