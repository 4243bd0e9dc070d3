"""The network, gone or lying: ``python -m tests.faults.network [NAME...]``; wants root.

The script runs itself again in a network and a mount namespace of its own (``unshare --net --mount``). There
the loopback is the whole network: it can be taken down, and so can the names in ``/etc/hosts``.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.faults.case import Case, Fault, main
from tests.faults.promises import Ledger, stored_numbers
from tests.faults.publisher import Mood, Publisher
from tests.faults.stage import Stage, until
from tests.terminal import Terminal

SEED = 20261123
INSIDE = "FRONTWATCH_FAULTS_INSIDE"
ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
NAMES = ("wire-a.test", "wire-b.test", "wire-c.test")


@contextmanager
def _watched(case: Case, folder: Path, hosts: tuple[str, ...]) -> Iterator[tuple[Stage, Publisher, Terminal]]:
    """Six feeds at three hosts, seen on a board; at the end all that was told must be stored."""
    stage = Stage(folder)
    with Publisher(6, stage.clock, random.Random(SEED), host="0.0.0.0") as publisher, stage:
        stage.watch_publisher(publisher, hosts)
        terminal = stage.screen()
        terminal.until(lambda screen: "feeds 6/6" in screen and "dispatch" in screen, 40.0)
        yield stage, publisher, terminal
        publisher.still = True

        def missing() -> set[int]:
            with closing(sqlite3.connect(f"{stage.store.as_uri()}?mode=ro", uri=True)) as db:
                return publisher.served() - stored_numbers(db)

        try:
            until(lambda: not missing(), 20.0)
        except AssertionError:
            case.broken.append(f"entries that were told and are not stored: {len(missing())}")
        case.keep(f"all {len(publisher.served())} entries that were told")
        case.promise(not (broken := Ledger().check(stage.store, publisher)), f"the store: {broken}")


def _well(screen: str) -> bool:
    return "feeds 6/6" in screen and not any(word in screen for word in ("BLIND", "etwork down", "NO FEED"))


def _cable(case: Case, folder: Path) -> None:
    with _watched(case, folder, ADDRESSES) as (_, _, terminal):
        subprocess.run(["ip", "link", "set", "lo", "down"], check=True)
        try:
            case.inject("ip link set lo down: no address can be reached")
            case.sees(terminal, lambda screen: "etwork down" in screen, "one line tells it", 40.0)
            screen = case.sees(terminal, lambda screen: "BLIND" in screen, "the panes are blind", 40.0)
            case.promise("failing" not in screen, "one line, and no row of failures")
        finally:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        case.inject("then up again")
        case.sees(terminal, _well, "all is well again", 40.0)


def _names(case: Case, folder: Path) -> None:
    hosts, resolver = folder / "hosts", folder / "resolv.conf"
    known = "127.0.0.1 localhost\n" + "".join(f"127.0.0.1 {name}\n" for name in NAMES)
    hosts.write_text(known)
    resolver.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    for ours, theirs in ((hosts, "/etc/hosts"), (resolver, "/etc/resolv.conf")):
        subprocess.run(["mount", "--bind", str(ours), theirs], check=True)
    try:
        with _watched(case, folder, NAMES) as (_, _, terminal):
            hosts.write_text("127.0.0.1 localhost\n")
            case.inject(
                "no name can be looked up: /etc/hosts emptied, /etc/resolv.conf to where nobody answers"
            )
            case.sees(terminal, lambda screen: "etwork down" in screen, "one line tells it", 60.0)
            case.sees(terminal, lambda screen: "BLIND" in screen, "the panes are blind", 40.0)
            hosts.write_text(known)
            case.inject("then the names again")
            case.sees(terminal, _well, "all is well again", 60.0)
    finally:
        for theirs in ("/etc/hosts", "/etc/resolv.conf"):
            subprocess.run(["umount", "-l", theirs], check=True)


def _mood(case: Case, folder: Path, mood: Mood, injected: str, words: str) -> None:
    with _watched(case, folder, ADDRESSES) as (_, publisher, terminal):
        publisher.mood = mood
        case.inject(injected)
        case.sees(terminal, lambda screen: words in screen, "the header says why", 40.0)
        case.sees(terminal, lambda screen: "BLIND" in screen, "the panes are blind", 40.0)
        publisher.mood = "well"
        case.inject("then feeds again")
        case.sees(terminal, _well, "all is well again", 60.0)


def _portal(case: Case, folder: Path) -> None:
    _mood(case, folder, "portal", "every address answers 200 with the login page of a captive portal", "HTML")


def _unavailable(case: Case, folder: Path) -> None:
    _mood(case, folder, "unavailable", "every server answers 503", "503")


def _hangs(case: Case, folder: Path) -> None:
    with _watched(case, folder, ADDRESSES) as (_, publisher, terminal):
        publisher.hangs = ADDRESSES[2]
        case.inject(
            f"{publisher.hangs} takes every connection and never answers; two of six feeds live there"
        )
        case.sees(terminal, lambda screen: "feeds 4/6" in screen, "its feeds are no longer fresh", 90.0)
        asked = publisher.asked
        until(lambda: publisher.asked > asked + 12, 20.0, "the other feeds are no longer polled on time")
        screen = terminal.screen()
        case.promise("BLIND" not in screen, "four of six feeds are fresh: no pane is blind")
        terminal.press("F")
        case.sees(
            terminal,
            lambda screen: "/desk-2" in screen and "/desk-5" in screen,
            "the feeds' screen names them",
        )
        rows = [line for line in terminal.screen().splitlines() if "/desk-2" in line or "/desk-5" in line]
        case.seen.append("\n".join(rows))
        terminal.press("Escape")
        publisher.hangs = ""
        publisher.end.set()
        case.inject("then it answers again")
        case.sees(terminal, _well, "all is well again", 90.0)


FAULTS: dict[str, Fault] = {
    "cable": _cable,
    "names": _names,
    "portal": _portal,
    "unavailable": _unavailable,
    "hangs": _hangs,
}

if __name__ == "__main__":
    if INSIDE not in os.environ:
        alone = 'mount --make-rprivate / && ip link set lo up && exec "$@"'
        words = [
            "unshare",
            "--net",
            "--mount",
            "sh",
            "-c",
            alone,
            "sh",
            sys.executable,
            "-m",
            "tests.faults.network",
        ]
        done = subprocess.run([*words, *sys.argv[1:]], env=os.environ | {INSIDE: "1"}, check=False)
        sys.exit(done.returncode)
    sys.exit(main(FAULTS, __doc__, "tests.faults.network"))
