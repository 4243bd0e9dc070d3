"""Where a request may go: names are looked up here, and only an address that passed is connected to.

A feed (or a redirect) that names a machine of the inner network must not make this program knock
there. The check is made on the very address that the socket is opened to, in the connection's own
network backend, so a name that answers otherwise the second time (DNS rebinding) gains nothing:
there is no second time. TLS still checks the certificate against the name.

Where the environment names a proxy (``HTTPS_PROXY``, ``HTTP_PROXY``, ``NO_PROXY``) it is used, for
such a network often has no other way out. Then the proxy looks names up, and this program can only
refuse addresses written as such; hosts that the watch allows are always reached directly.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final
from urllib.request import getproxies, proxy_bypass

import httpcore

from tui.feeds.stream import Stream
from tui.feeds.web import httpx
from tui.model import Timestamp

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

ATTEMPT: Final = 4.0
"""Seconds for one of several addresses of a host before the next is tried."""
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_CLOUDS: Final = (ipaddress.IPv4Network("192.0.0.0/24"), ipaddress.IPv4Network("168.63.129.16/32"))
"""Of addresses that count as global, those at which Oracle and Azure answer their own machines alone."""


class Forbidden(Exception):
    """The address may not be reached; ``str()`` says which, why and how to allow it."""


def misplaced(address: Address) -> str:
    """Why no feed of the open web can live at ``address``, in one word; empty where one can.

    An IPv6 address that carries an IPv4 address (mapped, 6to4, Teredo, NAT64) is judged by that too.
    """
    if isinstance(address, ipaddress.IPv6Address):
        carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            carried.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        for inner in carried:
            if inner is not None and (word := misplaced(inner)):
                return word
        if address.ipv4_mapped is not None:
            return ""
    if address.is_loopback:
        return "loopback"
    if address.is_link_local:
        return "link-local"
    if address.is_multicast:
        return "multicast"
    if address.is_unspecified or (address.is_reserved and address not in _NAT64):
        return "reserved"
    if isinstance(address, ipaddress.IPv4Address) and any(address in network for network in _CLOUDS):
        return "reserved"
    site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return "private" if site_local or not address.is_global else ""


def canonical(host: str) -> str:
    """``host`` as hosts are compared: lower case, no final dot, no brackets."""
    return host.strip("[]").rstrip(".").lower()


async def look_up(host: str, port: int) -> list[str]:
    """Addresses of ``host`` in the system's order of preference; raises OSError (socket.gaierror).

    Each look-up has a daemon thread of its own: a resolver that hangs, as it does when the network
    is gone, can't hold up others, nor the end of the program.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[str]] = loop.create_future()

    def deliver(addresses: list[str], fault: OSError | None) -> None:
        if found.cancelled():
            return
        if fault is None:
            found.set_result(addresses)
        else:
            found.set_exception(fault)

    def ask() -> None:
        addresses: list[str] = []
        fault: OSError | None = None
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(str(row[4][0]) for row in rows))
        except OSError as error:
            fault = error
        except UnicodeError:  # a label that is empty or over 63 characters
            fault = socket.gaierror(socket.EAI_NONAME, "not a name")
        with suppress(RuntimeError):  # the loop has ended meanwhile, and nobody waits any more
            loop.call_soon_threadsafe(deliver, addresses, fault)

    threading.Thread(target=ask, name=f"look-up {host}", daemon=True).start()
    return await found


_VALIDITY: Final = re.compile(
    rb"\x30[\x1e\x20\x22](?:\x17\x0d(\d{12})|\x18\x0f(\d{14}))Z(?:\x17\x0d(\d{12})|\x18\x0f(\d{14}))Z"
)
"""RFC 5280, 4.1: a SEQUENCE of two times, each a UTCTime (two digits of the year) or a GeneralizedTime."""


def validity(certificate: bytes) -> tuple[Timestamp, Timestamp] | None:
    """Between which moments a certificate (DER) is valid; None where that can't be read."""
    found = _VALIDITY.search(certificate)
    if found is None:
        return None
    return _moment(found[1] or found[2]), _moment(found[3] or found[4])


def _moment(digits: bytes) -> Timestamp:
    """A time as a certificate writes it; a year of two digits is of 1950 to 2049. 0 where it is none."""
    text = digits.decode("ascii")
    if len(text) == 12:
        text = ("19" if text >= "50" else "20") + text
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0


def _address(host: str) -> Address | None:
    """The address that ``host`` is, also as C reads it (``127.1``, ``0x7f000001``); None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Opens sockets, but only to addresses on the open web or of hosts that the watch allows."""

    def __init__(self, allow_hosts: Collection[str]) -> None:
        self._allowed = frozenset(canonical(host) for host in allow_hosts)
        self._inner = httpcore.AnyIOBackend()

    def allows(self, host: str) -> bool:
        """Whether the watch names ``host`` as one that may have any address."""
        return canonical(host) in self._allowed

    def check(self, host: str, address: str) -> None:
        """Raise Forbidden unless ``address``, found for ``host``, may be connected to."""
        plain = address.partition("%")[0]  # without the scope of a link-local address
        word = misplaced(ipaddress.ip_address(plain))
        if word and not self.allows(host) and not self.allows(plain):
            raise Forbidden(f"address: {plain} is {word}; allow {canonical(host)} in [fetch] allow_hosts")

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's signature)
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of ``host`` that answers; all of them must be allowed."""
        try:
            addresses = [str(ipaddress.ip_address(host.strip("[]")))]
        except ValueError:
            addresses = await look_up(host, port)
        for address in addresses:
            self.check(host, address)
        last = len(addresses) - 1
        for position, address in enumerate(addresses):
            patience = timeout if position == last else min(ATTEMPT, timeout or ATTEMPT)
            try:
                return Stream(
                    await self._inner.connect_tcp(address, port, patience, local_address, socket_options)
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if position == last:
                    raise
        raise socket.gaierror(socket.EAI_NONAME, "no address")

    async def sleep(self, seconds: float) -> None:
        """As httpcore asks for between its own attempts."""
        await asyncio.sleep(seconds)


class _Stream(httpx.AsyncByteStream):
    """The bytes of an answer as they come, undecoded."""

    def __init__(self, parts: Any) -> None:
        self._parts = parts

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._parts:
            yield part

    async def aclose(self) -> None:
        await self._parts.aclose()


class Transport(httpx.AsyncBaseTransport):
    """httpx's way to the network, through CheckedBackend or the environment's proxy.

    Faults leave it as httpcore raises them (and Forbidden as it is).
    """

    def __init__(self, allow_hosts: Collection[str], connections: int) -> None:
        self._backend = CheckedBackend(allow_hosts)
        self._connections = connections
        self._direct: dict[str, httpcore.AsyncConnectionPool] = {}
        """By scheme, each made when it is first wanted: what TLS needs takes 20 ms."""
        proxies = {
            scheme: proxy
            for scheme, proxy in getproxies().items()
            if scheme in ("http", "https") and proxy.startswith(("http://", "https://"))
        }
        context = httpx.create_ssl_context() if proxies else None
        self._proxied = {
            scheme: httpcore.AsyncHTTPProxy(proxy, ssl_context=context, max_connections=connections)
            for scheme, proxy in proxies.items()
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` and give its answer, the body still to be read."""
        url = request.url
        answer = await self._pool(url).handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Stream(answer.stream),
            extensions=answer.extensions,
        )

    def _pool(self, url: httpx.URL) -> httpcore.AsyncConnectionPool:
        """The connections that a request for ``url`` goes out on."""
        if (proxy := self._proxy(url)) is not None:
            return proxy
        if url.scheme not in self._direct:
            self._direct[url.scheme] = httpcore.AsyncConnectionPool(
                ssl_context=httpx.create_ssl_context() if url.scheme == "https" else None,
                max_connections=self._connections,
                max_keepalive_connections=self._connections,
                keepalive_expiry=30.0,
                network_backend=self._backend,
            )
        return self._direct[url.scheme]

    def _proxy(self, url: httpx.URL) -> httpcore.AsyncHTTPProxy | None:
        """The proxy that a request for ``url`` goes through; None where it goes out directly."""
        host = canonical(url.raw_host.decode("ascii"))
        proxy = self._proxied.get(url.scheme)
        here = f".{host}".endswith(".localhost")  # RFC 6761
        if proxy is None or here or self._backend.allows(host) or proxy_bypass(host):
            return None
        address = _address(host)
        # A name is the proxy's to look up. An address of no feed goes out directly, where it is refused.
        return None if address is not None and misplaced(address) else proxy

    def is_direct(self, url: httpx.URL) -> bool:
        """Whether a request for ``url`` goes out directly, and not through a proxy."""
        return self._proxy(url) is None

    def check(self, host: str, address: str) -> None:
        """Raise Forbidden unless ``address``, found for ``host``, may be connected to."""
        self._backend.check(host, address)

    async def certificate_dates(self, url: httpx.URL) -> tuple[Timestamp, Timestamp] | None:
        """Between which moments the certificate of that host is valid; None where it does not show one.

        It is asked for on a connection of its own, on which nothing else is said: to the one that refused
        the certificate Python does not tell it.
        """
        if not self.is_direct(url):
            return None
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        host = url.raw_host.decode("ascii")
        try:
            plain = await self._backend.connect_tcp(host, url.port or 443, timeout=ATTEMPT)
        except (OSError, httpcore.NetworkError, httpcore.TimeoutException, Forbidden):
            return None
        try:
            stream = await plain.start_tls(context, server_hostname=host, timeout=ATTEMPT)
            shown = stream.get_extra_info("ssl_object").getpeercert(binary_form=True)
            await stream.aclose()
        except (OSError, httpcore.NetworkError, httpcore.TimeoutException):
            await plain.aclose()
            return None
        return validity(shown or b"")

    async def aclose(self) -> None:
        """Close every connection."""
        for pool in (*self._direct.values(), *self._proxied.values()):
            await pool.aclose()
