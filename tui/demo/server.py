"""The demo's feeds over real HTTP on loopback: conditional GET, a redirect, and every way a feed fails."""

from __future__ import annotations

import hashlib
import logging
import threading
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from tui.clock import Clock
from tui.demo.documents import CONTENT_TYPES, document, feed_title, http_date, page
from tui.demo.world import Outlet, World

HOST: Final = "127.0.0.1"
SLOW_SECONDS: Final = 8.0
"""How long the slow outlet lets a request wait, by the machine's clock."""

_log = logging.getLogger(__name__)


class DemoServer:
    """Serves what the demo's outlets have published by ``clock``; the story starts at the clock's origin."""

    def __init__(self, clock: Clock, *, slow: float = SLOW_SECONDS) -> None:
        self._http = _Server(clock, World(clock.origin), slow)
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(0.1,), name="demo feeds", daemon=True
        )

    @property
    def port(self) -> int:
        """The port that the system chose."""
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        """The server's address, no slash at its end."""
        return self._http.url

    def start(self) -> None:
        """Begin to answer, in a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """Stop answering and free the port; requests that the slow outlet holds are let go."""
        self._http.closing.set()
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
        self._http.server_close()


class _Server(ThreadingHTTPServer):
    """What the handlers, one a connection, share."""

    daemon_threads = True

    def __init__(self, clock: Clock, world: World, slow: float) -> None:
        super().__init__((HOST, 0), _Handler)
        self.clock = clock
        self.world = world
        self.slow = slow
        self.closing = threading.Event()
        self.url = f"http://{HOST}:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader that hangs up in the midst of an answer: a line in the log, no traceback on the screen."""
        _log.debug("request from %s broken off", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    """``/feeds/SLUG.xml`` is a feed, ``/SECTION/ID`` the page behind one of its items."""

    server: _Server
    server_version = "FrontwatchDemo"
    protocol_version = "HTTP/1.1"
    timeout = 60
    """Seconds after which an idle connection is closed."""

    def do_GET(self) -> None:
        """Answer a feed, a page or 404."""
        world = self.server.world
        parts = self.path.partition("?")[0].strip("/").split("/")
        folder, name = parts if len(parts) == 2 else ("", "")
        outlet = world.outlets.get(name.removesuffix(".xml"))
        if outlet and folder in ("feeds", "moved"):
            self._feed(outlet, folder)
        elif item := world.find(name):
            self._send(
                HTTPStatus.OK, page(world.outlets[item.telling.outlet], item), "text/html; charset=utf-8"
            )
        else:
            self._send(HTTPStatus.NOT_FOUND, b"There is nothing here.\n", "text/plain")

    def _feed(self, outlet: Outlet, folder: str) -> None:
        if outlet.slow and self.server.closing.wait(self.server.slow):
            self.close_connection = True
        elif outlet.moved and folder == "feeds":
            target = f"{self.server.url}/moved/{outlet.slug}.xml"
            self._send(HTTPStatus.MOVED_PERMANENTLY, b"", "text/plain", Location=target)
        elif outlet.fault == "unavailable":
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, b"Down for maintenance.\n", "text/plain")
        elif outlet.fault == "page":
            text = f"<!doctype html><title>{feed_title(outlet)}</title><p>Our feeds have been retired.</p>"
            self._send(HTTPStatus.OK, text.encode(), "text/html; charset=utf-8")
        else:
            self._document(outlet)

    def _document(self, outlet: Outlet) -> None:
        """The feed, or 304 where the reader's validators say that it has it already (RFC 9110, 13.2.2)."""
        items = self.server.world.items(outlet.slug, self.server.clock.now())
        body = document(outlet, items, self.server.url)
        if outlet.fault == "truncated":
            body = body[: len(body) // 2]
        newest = items[0].published if items else 0.0
        validators = {
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
            "Last-Modified": http_date(newest),
        }
        asked = self.headers.get("If-None-Match")
        unchanged = asked == validators["ETag"] if asked else self._has_since(newest)
        content_type = f"{CONTENT_TYPES[outlet.format]}; charset={outlet.encoding}"
        if unchanged:
            self._send(HTTPStatus.NOT_MODIFIED, b"", content_type, **validators)
        else:
            self._send(HTTPStatus.OK, body, content_type, **validators)

    def _has_since(self, newest: float) -> bool:
        """Whether If-Modified-Since is there, can be read, and is not before ``newest``."""
        try:
            since = parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except ValueError:
            return False
        return since.timestamp() >= int(newest)

    def _send(self, status: HTTPStatus, body: bytes, content_type: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """To the log, where the standard library writes over the screen."""
        _log.debug(format, *args)
