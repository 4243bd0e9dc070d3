"""A publisher on loopback whose feeds keep changing: it notes what it served."""

from __future__ import annotations

import csv
import random
import re
import threading
import time
from dataclasses import dataclass
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, Literal, Self

import tui.tagging
from tui.clock import Clock, utc

_PLACES: Final = Path(tui.tagging.__file__).parent / "lexicons" / "places.csv"
TOWNS: Final = tuple(
    row["name"]
    for row in csv.DictReader(_PLACES.read_text(encoding="utf-8").splitlines())
    if row["lexicon"] == "lebanon-border" and row["kind"] in ("village", "town")
)
"""So many that most reports are of incidents of their own."""
ACTS: Final = (
    "Drone strike kills two in a car",
    "Artillery fire hits a field",
    "Air strike kills five in a house",
    "Rockets hit a post",
    "Clashes reported",
    "Raid reported",
    "Roadside bomb kills three",
)
WINDOW: Final = 120
"""Entries in a document: so many that none leaves it before many polls have seen it."""
Mood = Literal["well", "portal", "unavailable"]
MOODS: Final[dict[Mood, tuple[int, str, bytes]]] = {
    "portal": (
        200,
        "text/html",
        b"<!doctype html><html><title>Airport WiFi</title><form>Accept</form></html>",
    ),
    "unavailable": (503, "text/plain", b"no server is available"),
}
"""Status, type and body with which everything is answered."""
NUMBER: Final = re.compile(r"dispatch (\d+)")


@dataclass
class _Feed:
    version: int = 0
    numbers: tuple[int, ...] = ()


class Publisher:
    """A server of some feeds; use it as a context manager. ``clock``: by what its entries are dated."""

    def __init__(self, feeds: int, clock: Clock, dice: random.Random, host: str = "127.0.0.1") -> None:
        self.paths = [f"/desk-{number}" for number in range(feeds)]
        self.clock = clock
        self.asked = 0
        self.sent = 0
        """Bodies sent as a whole."""
        self.unchanged = 0
        """Answers with 304."""
        self.documents: dict[tuple[str, int], tuple[int, ...]] = {}
        """Numbers of the entries of each document that was sent as a whole, by path and version."""
        self.still = False
        """No feed changes any more."""
        self.mood: Mood = "well"
        """How every request is answered,"""
        self.hangs = ""
        """but that one host never answers."""
        self.end = threading.Event()
        self._feeds = {path: _Feed() for path in self.paths}
        self._entries: dict[int, str] = {}
        self._dice = dice
        self._lock = threading.Lock()
        self._body_sent = threading.Event()
        self._server = ThreadingHTTPServer((host, 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def served(self) -> set[int]:
        """Numbers of all entries that were ever sent in a whole document."""
        with self._lock:
            return {number for numbers in self.documents.values() for number in numbers}

    def wait_for_body(self, seconds: float) -> bool:
        """Until another body was sent as a whole."""
        self._body_sent.clear()
        return self._body_sent.wait(seconds)

    def wait_for_request(self, asked: int, seconds: float) -> bool:
        """Until more requests than ``asked`` came."""
        end = time.monotonic() + seconds
        while self.asked <= asked and time.monotonic() < end:
            time.sleep(0.005)
        return self.asked > asked

    def document(self, path: str, known: str) -> tuple[int, tuple[int, ...], bytes | None]:
        """Version, numbers and document of a feed, which may just have grown; None: it is known."""
        with self._lock:
            self.asked += 1
            feed = self._feeds[path]
            if not feed.version or (not self.still and self._dice.random() < 0.7):
                feed.version += 1
                feed.numbers = (feed.numbers + tuple(self._write() for _ in range(self._dice.randint(1, 3))))[
                    -WINDOW:
                ]
            if known == f'"v{feed.version}"':
                self.unchanged += 1
                return feed.version, feed.numbers, None
            items = "".join(self._entries[number] for number in reversed(feed.numbers))
            text = f"<rss version='2.0'><channel><title>Desk</title>{items}</channel></rss>"
            return feed.version, feed.numbers, text.encode()

    def _write(self) -> int:
        number = len(self._entries) + 1
        act, town = self._dice.choice(ACTS), self._dice.choice(TOWNS)
        date = format_datetime(utc(self.clock.now()), usegmt=True)
        self._entries[number] = (
            f"<item><title>{act} near {town}, dispatch {number}</title><guid>dispatch-{number}</guid>"
            f"<link>https://desk.example/{number}</link><pubDate>{date}</pubDate>"
            f"<description>{self._dice.randint(1, 9)} wounded.</description></item>"
        )
        return number

    def note(self, path: str, version: int, numbers: tuple[int, ...]) -> None:
        """The document of that version went out as a whole."""
        with self._lock:
            self.documents[path, version] = numbers
            self.sent += 1
        self._body_sent.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(publisher: Publisher) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            if publisher.hangs and self.headers.get("Host", "").startswith(publisher.hangs):
                publisher.end.wait()
                self.close_connection = True
            elif publisher.mood == "well":
                self._tell()
            else:
                status, kind, body = MOODS[publisher.mood]
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def _tell(self) -> None:
            version, numbers, body = publisher.document(self.path, self.headers.get("If-None-Match", ""))
            try:
                self.send_response(304 if body is None else 200)
                self.send_header("ETag", f'"v{version}"')
                self.send_header("Connection", "close")  # each poll looks the name up and connects
                if body is not None:
                    self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if body is not None:
                    self.wfile.write(body)
                    self.wfile.flush()
                    publisher.note(self.path, version, numbers)
            except OSError:  # who asked was killed: that document does not count
                self.close_connection = True

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    return Handler
