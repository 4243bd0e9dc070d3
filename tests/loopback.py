"""A real HTTP server on loopback for tests: serves what it is told to, and remembers what it was asked.

It honours ``If-None-Match`` and ``If-Modified-Since`` for pages that have validators, and can delay,
drip, redirect, cut off, or answer with any bytes at all.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self

STEP: Final = 0.02


@dataclass(frozen=True)
class Page:
    """What one path answers."""

    body: bytes = b""
    content_type: str = "application/rss+xml; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = "auto"
    """``auto`` makes one of the body; None sends none."""
    last_modified: str | None = None
    delay: float = 0.0
    """Seconds before the first byte."""
    drip: float = 0.0
    """Seconds between bytes of the body."""
    raw: bytes | None = None
    """Sent as it is instead of an HTTP answer; then the connection is closed."""


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    headers: Mapping[str, str]
    """Names in lower case."""


class Loopback:
    """The server; use it as a context manager."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[Asked] = []
        self.statuses: Counter[int] = Counter()
        self.most_at_once = 0
        self.connections = 0
        self._now = 0
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self._scheme = "http"
        if tls is not None:
            self._scheme = "https"
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(STEP,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self._scheme}://{host}:{self.port}{path}"

    def serve(self, path: str, page: Page | bytes) -> str:
        """Answer ``path`` with ``page`` from now on; returns its address."""
        self.pages[path] = page if isinstance(page, Page) else Page(page)
        return self.url(path)

    def count(self, path: str) -> int:
        return sum(asked.path == path for asked in self.asked)

    def wait_for(self, path: str, count: int = 1, seconds: float = 20.0) -> None:
        """Until ``path`` was asked for ``count`` times."""
        end = time.monotonic() + seconds
        while self.count(path) < count:
            assert time.monotonic() < end, f"{path} was asked for {self.count(path)} times, not {count}"
            time.sleep(STEP)

    def pause(self, seconds: float) -> None:
        """Sleep, but not past the end of the server."""
        self._end.wait(seconds)

    def arrive(self, asked: Asked) -> None:
        with self._lock:
            self.asked.append(asked)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)

    def leave(self, status: int) -> None:
        with self._lock:
            self.statuses[status] += 1
            self._now -= 1

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what these tests are about."""


def _handler(loopback: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            loopback.connections += 1

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            loopback.arrive(Asked(self.path, headers))
            status = 0
            try:
                status = self._answer(loopback.pages.get(self.path), headers)
            finally:
                loopback.leave(status)

        def _answer(self, page: Page | None, headers: Mapping[str, str]) -> int:
            if page is None:
                return self._send(404, {}, b"", Page())
            loopback.pause(page.delay)
            if page.raw is not None:
                self.connection.sendall(page.raw)
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_WR)
                return 0
            etag = page.etag
            if etag == "auto":
                etag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
            out = {"Content-Type": page.content_type, **page.headers}
            if etag is not None and page.status == 200:
                out["ETag"] = etag
            if page.last_modified is not None:
                out["Last-Modified"] = page.last_modified
            known = headers.get("if-none-match")
            unchanged = (
                known == etag if known else headers.get("if-modified-since", "-") == page.last_modified
            )
            if page.status == 200 and unchanged:
                return self._send(304, out, None, page)
            return self._send(page.status, out, page.body, page)

        def _send(self, status: int, headers: Mapping[str, str], body: bytes | None, page: Page) -> int:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if body is not None:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if page.drip and body:
                for at in range(len(body)):
                    self.wfile.write(body[at : at + 1])
                    loopback.pause(page.drip)
            elif body:
                self.wfile.write(body)
            return status

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    return Handler
