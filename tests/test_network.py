"""Where a request may go, and what it says of a way that is barred."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from tests.loopback import Loopback, Page
from tui.feeds.fetch import Answer, Fetcher
from tui.feeds.network import CheckedBackend, Forbidden, misplaced, validity
from tui.policy import FetchPolicy

POLICY = FetchPolicy(allow_hosts=("127.0.0.1",), timeout=5.0, silence=2.0)
FEED = b"<rss version='2.0'><channel><title>Desk</title></channel></rss>"


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(POLICY) as fetcher:
        yield fetcher


async def fetch(url: str, policy: FetchPolicy = POLICY) -> Answer:
    async with Fetcher(policy) as fetcher:
        return await fetcher.fetch(url)


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("http://169.254.169.254/latest/", "address: 169.254.169.254 is link-local"),
        ("http://10.0.0.5/", "address: 10.0.0.5 is private; allow 10.0.0.5 in [fetch] allow_hosts"),
        ("file:///etc/passwd", "address: file:// can't be polled; only http and https can"),
        ("http://[::1]/", "address: ::1 is loopback"),
        ("http://2130706434/", "address: 127.0.0.2 is loopback"),
    ],
)
async def test_a_redirect_leads_nowhere_that_a_feed_may_not_be(
    server: Loopback, fetcher: Fetcher, target: str, error: str
) -> None:
    url = server.serve("/feed", Page(status=302, headers={"Location": target}))
    answer = await fetcher.fetch(url)
    assert answer.outcome == "failed"
    assert answer.error.startswith(error)


async def test_an_address_of_this_machine_is_refused_unless_the_watch_allows_it(server: Loopback) -> None:
    url = server.serve("/feed", FEED)
    refused = await fetch(url, FetchPolicy())
    assert refused.error == "address: 127.0.0.1 is loopback; allow 127.0.0.1 in [fetch] allow_hosts"
    by_name = server.url("/feed", host="localhost")
    refused = await fetch(by_name, FetchPolicy())
    assert "is loopback; allow localhost in [fetch] allow_hosts" in refused.error
    assert server.asked == []
    assert (await fetch(by_name, FetchPolicy(allow_hosts=("LocalHost",)))).outcome == "ok"


async def test_a_name_that_answers_otherwise_the_second_time_gains_nothing(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the address that was checked is the one that is connected to; nobody asks twice."""
    asked = []

    def rebinding(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) > 1 else "198.51.100.7"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    answer = await fetch(server.serve("/feed", FEED).replace("127.0.0.1", "rebind.example"), FetchPolicy())
    assert answer.error == "address: 198.51.100.7 is private; allow rebind.example in [fetch] allow_hosts"
    assert asked == ["rebind.example"]
    answer = await fetch(server.url("/feed", host="rebind.example"), FetchPolicy())
    assert answer.error.startswith("address: 127.0.0.1 is loopback")
    assert server.asked == []


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("127.0.0.1", "loopback"),
        ("10.1.2.3", "private"),
        ("100.64.0.1", "private"),
        ("192.168.1.1", "private"),
        ("169.254.1.1", "link-local"),
        ("224.0.0.1", "multicast"),
        ("0.0.0.0", "reserved"),
        ("255.255.255.255", "reserved"),
        ("::", "reserved"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:8.8.8.8", ""),
        ("64:ff9b::7f00:1", "loopback"),
        ("64:ff9b::808:808", ""),
        ("2002:7f00:1::", "loopback"),
        ("fe80::1", "link-local"),
        ("fec0::1", "private"),
        ("fc00::1", "private"),
        ("ff02::1", "multicast"),
        ("8.8.8.8", ""),
        ("2606:4700::1111", ""),
    ],
)
def test_where_no_feed_can_be(address: str, word: str) -> None:
    assert misplaced(ipaddress.ip_address(address)) == word


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_the_same_however_ipv6_dresses_it(address: ipaddress.IPv4Address) -> None:
    plain = misplaced(address)
    assert misplaced(ipaddress.IPv6Address(f"::ffff:{address}")) == plain
    assert misplaced(ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(address))) == plain


def test_an_allowed_host_allows_its_own_addresses_only() -> None:
    backend = CheckedBackend(["intranet.example", "10.0.0.9"])
    backend.check("intranet.example.", "10.0.0.5")
    backend.check("other.example", "10.0.0.9")
    with pytest.raises(Forbidden):
        backend.check("other.example", "10.0.0.5")


async def test_where_nothing_listens_the_fault_says_so(fetcher: Fetcher) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        answer = await fetcher.fetch(f"http://127.0.0.1:{port}/feed")
    assert answer.error == "refused: nothing listens there"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (socket.EAI_NONAME, "DNS: no such host"),
        (socket.EAI_AGAIN, "DNS: no answer; is the network up?"),
    ],
)
async def test_a_name_that_is_not_found_is_a_fault(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, code: int, error: str
) -> None:
    def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror(code, "no")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    assert (await fetcher.fetch("https://nowhere.example/feed")).error == error


def secure(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest.mark.parametrize("fault", ["", "expired", "for another address", "unknown authority"])
async def test_tls_is_checked_and_its_faults_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    authority, stranger = trustme.CA(), trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    yesterday = datetime.now(UTC) - timedelta(days=1)
    certificate = {
        "": lambda: authority.issue_cert("127.0.0.1"),
        "expired": lambda: authority.issue_cert(
            "127.0.0.1", not_before=yesterday - timedelta(days=9), not_after=yesterday
        ),
        "for another address": lambda: authority.issue_cert("other.example"),
        "unknown authority": lambda: stranger.issue_cert("127.0.0.1"),
    }[fault]()
    with Loopback(tls=secure(certificate)) as server:
        answer = await fetch(server.serve("/feed", FEED))
    if not fault:
        assert answer.outcome == "ok"
    else:
        assert answer.error.startswith("TLS: certificate")
        assert fault in answer.error
        assert answer.reached
    if fault == "expired":
        assert answer.error == "TLS: certificate expired 1 day ago"


async def test_a_certificate_of_tomorrow_says_when_it_will_be_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    start = datetime.now(UTC) + timedelta(hours=5, minutes=10)
    certificate = authority.issue_cert("127.0.0.1", not_before=start, not_after=start + timedelta(days=9))
    with Loopback(tls=secure(certificate)) as server:
        answer = await fetch(server.serve("/feed", FEED))
    assert answer.error == "TLS: certificate valid only in 5 hours; is this machine's clock right?"


@pytest.mark.parametrize(
    ("shown", "dates"),
    [
        (b"", None),
        (b"no certificate at all", None),
        (b"\x30\x1e\x17\x0d500101000000Z\x17\x0d491231235959Z", (-631152000.0, 2524607999.0)),
        (b"..\x30\x20\x17\x0d700101000000Z\x18\x0f20500101000000Z..", (0.0, 2524608000.0)),
        (b"\x30\x1e\x17\x0d999999000000Z\x17\x0d700101000001Z", (0.0, 1.0)),
    ],
)
def test_the_dates_of_a_certificate_are_read(shown: bytes, dates: tuple[float, float] | None) -> None:
    assert validity(shown) == dates


async def test_tls_to_a_server_that_speaks_none_is_a_fault(server: Loopback, fetcher: Fetcher) -> None:
    answer = await fetcher.fetch(server.url("/feed").replace("http:", "https:"))
    assert answer.error.startswith(("TLS: ", "cut off: "))


async def test_the_proxy_of_the_environment_is_used_but_not_for_allowed_hosts(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = "http://news.example/feed"
    server.pages[target] = Page(FEED)
    monkeypatch.setenv("http_proxy", server.url(""))
    monkeypatch.delenv("no_proxy", raising=False)
    assert (await fetch(target)).outcome == "ok"
    assert [asked.path for asked in server.asked] == [target]
    assert (await fetch(server.serve("/feed", FEED))).outcome == "ok"
    assert server.asked[-1].path == "/feed"
    for host in ("10.0.0.5", "localhost"):
        assert (await fetch(f"http://{host}/feed", FetchPolicy())).error.startswith("address: ")
