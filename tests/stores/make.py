"""Makes the sample stores: each by the program of its own version, out of the repository's history.

    python -m tests.stores.make

For every version a tree of its commit is laid out in a temporary folder. Its own ``collect`` polls a small
feed from loopback, people do what they could do in that version, and its collector runs for some seconds
more, so that there is posture, and alarms, where it knows them. The headlines are made up.

Versions 4 and 5 came into the history together with 6. They are stores of version 3, brought up to date by
the program of 6 with its later steps cut off, at whose desk people then did what these versions added.
"""

from __future__ import annotations

import gzip
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from email.utils import formatdate
from pathlib import Path
from typing import Final

from tests.loopback import Loopback

COLLECTS: Final = {1: "c41e3d1", 2: "837b009", 3: "281c734", 4: "281c734", 5: "281c734", 6: "8ca43ab"}
"""The commit by which each version's store is filled, and"""
DESKS: Final = {**COLLECTS, 4: "8ca43ab", 5: "8ca43ab"}
"""by which people work at it."""

HERE: Final = Path(__file__).parent

HEADLINES: Final = (
    "Two killed in drone strike on a car near Naqoura",
    "Drone strike on car near Naqoura kills two",
    "Shelling of Khiam wounds three villagers",
    "غارة إسرائيلية على بلدة الخيام في جنوب لبنان",
    "Rockets fired at base near Naqoura, no casualties",
    "Foreign minister calls for restraint at Naqoura talks",
    "Cup final goes to extra time",
)

CONFIG: Final = """\
[watch]
title = "Sample"
[fetch]
allow_hosts = ["127.0.0.1"]
[[fronts]]
id = "lebanon-border"
name = "Lebanon border"
zone = "Asia/Beirut"
lexicons = ["lebanon-border"]
"""

FEED: Final = '[[feeds]]\nname = "{0}"\nurl = "{1}"\npublisher = "{0}"\nlanguage = "en"\nreliability = "B"\n'

CUT: Final = """
import sys
from tui.store import migrate
migrate.STEPS = migrate.STEPS[:int(sys.argv[1])]
migrate.VERSION = len(migrate.STEPS)
"""
"""Run before anything of a program: its store is of that version."""

RUN: Final = CUT + "from tui.cli import main\nsys.exit(main(sys.argv[2:]))\n"

PEOPLE: Final = (
    CUT
    + """
import time
from pathlib import Path
from tui.store.desk import Desk
from tui.store.reader import Reader
store = Path(sys.argv[2])
desk, reader, now = Desk(store), Reader(store), time.time()
ids = sorted(incident.id for incident in reader.incidents() if incident.kind == "incident")
assert desk.acknowledge(ids[:1], "JS", now) == ids[:1]
if hasattr(desk, "shelve"):
    assert desk.shelve(ids[1:2], now + 7200.0, "MK", now) == ids[1:2]
if hasattr(desk, "note"):
    desk.note(ids[0], "called the desk in Tyre", "JS", now)
if hasattr(desk, "correct"):
    desk.correct(ids[0], "killed", 3, "JS", now)
desk.ask_poll(None, "JS", now)
desk.close()
reader.close()
"""
)


def feed(titles: tuple[str, ...]) -> bytes:
    """An RSS document of these, told just now."""
    items = "".join(
        f"<item><title>{title}</title><link>https://gazette.example/{n}</link><guid>{title}</guid>"
        f"<pubDate>{formatdate()}</pubDate></item>"
        for n, title in enumerate(titles)
    )
    return f"<rss version='2.0'><channel><title>Gazette</title>{items}</channel></rss>".encode()


def make(version: int, tree: Path, folder: Path) -> None:
    """One store, by the programs that are laid out in ``tree``, each in its turn."""
    config, data = folder / "feeds.toml", folder / "data"
    store = data / "frontwatch.db"
    places = ["--config", str(config), "--data", str(data)]

    def python(code: str, *words: str) -> list[str]:
        return [sys.executable, "-c", code, str(version), *words]

    with Loopback() as server:
        text = CONFIG
        for name, titles in (("gazette", HEADLINES), ("wire", HEADLINES[:3])):
            text += FEED.format(name, server.serve(f"/{name}", feed(titles)))
        config.write_text(text, encoding="utf-8")
        lay_out(COLLECTS[version], tree)
        subprocess.run(python(RUN, *places, "collect", "--once"), cwd=tree, check=True)
        if DESKS[version] == COLLECTS[version]:
            subprocess.run(python(PEOPLE, str(store)), cwd=tree, check=True)
        with subprocess.Popen(python(RUN, *places, "collect"), cwd=tree) as collector:
            try:
                collector.wait(8.0)
            except subprocess.TimeoutExpired:
                collector.terminate()
    if DESKS[version] != COLLECTS[version]:
        lay_out(DESKS[version], tree)
        subprocess.run(python(PEOPLE, str(store)), cwd=tree, check=True)
    with closing(sqlite3.connect(store, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("UPDATE feed SET url = 'https://' || name || '.example/feed'")  # no port of this machine
        db.execute("VACUUM")
        assert db.execute("PRAGMA user_version").fetchone() == (version,)
    (HERE / f"version_{version}.db.gz").write_bytes(gzip.compress(store.read_bytes(), mtime=0))


def lay_out(commit: str, tree: Path) -> None:
    """The files of that commit in ``tree``."""
    subprocess.run(["git", "-C", str(tree), "checkout", "--quiet", commit], check=True)


def main() -> None:
    """All of them."""
    for version in COLLECTS:
        with tempfile.TemporaryDirectory(prefix="frontwatch-") as name:
            folder = Path(name)
            tree = folder / "tree"
            subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(tree)], check=True)
            try:
                make(version, tree, folder)
            finally:
                subprocess.run(["git", "worktree", "remove", "--force", str(tree)], check=True)


if __name__ == "__main__":
    main()
