"""One polite request, bounded, and every fault of it told in words."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
import zlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.loopback import Loopback, Page
from tui.feeds import faults
from tui.feeds.fetch import CONCURRENT, Answer, Body, Fetcher, max_age, retry_after
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


async def test_a_feed_is_fetched_with_its_validators(server: Loopback, fetcher: Fetcher) -> None:
    day = "Fri, 01 Dec 2023 10:00:00 GMT"
    url = server.serve("/feed", Page(FEED, etag='W/"caf\xe9 1"', last_modified=day))
    answer = await fetcher.fetch(url)
    assert (answer.outcome, answer.status, answer.body) == ("ok", 200, FEED)
    assert answer.content_type == "application/rss+xml; charset=utf-8"
    assert (answer.etag, answer.last_modified, answer.url) == ('W/"caf\xe9 1"', day, url)


async def test_validators_are_sent_verbatim_and_a_304_keeps_or_renews_them(
    server: Loopback, fetcher: Fetcher
) -> None:
    day = "Fri, 01 Dec 2023 10:00:00 GMT"
    url = server.serve("/feed", Page(FEED, etag='"caf\xe9"', last_modified=day))
    answer = await fetcher.fetch(url, '"caf\xe9"', "not even a date")
    sent = server.asked[0].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"caf\xe9"', "not even a date")
    assert (answer.outcome, answer.status, answer.body, answer.error) == ("not_modified", 304, b"", "")
    assert (answer.etag, answer.last_modified) == ('"caf\xe9"', day)


async def test_a_connection_is_kept_for_the_next_request_also_behind_a_304(
    server: Loopback, fetcher: Fetcher
) -> None:
    url = server.serve("/feed", FEED)
    answer = await fetcher.fetch(url)
    for _ in range(3):
        assert (await fetcher.fetch(url, answer.etag)).outcome == "not_modified"
    assert server.connections == 1


async def test_a_validator_with_controls_in_it_or_without_end_is_none(
    server: Loopback, fetcher: Fetcher
) -> None:
    head = b'HTTP/1.1 200 OK\r\nETag: "\x1b[2J"\r\nLast-Modified: ' + b"x" * 2000
    url = server.serve("/feed", Page(raw=head + b"\r\nContent-Length: 0\r\n\r\n"))
    answer = await fetcher.fetch(url)
    assert (answer.outcome, answer.etag, answer.last_modified) == ("ok", "", "")


async def test_a_304_that_nobody_asked_for_is_a_fault(server: Loopback, fetcher: Fetcher) -> None:
    answer = await fetcher.fetch(server.serve("/feed", Page(status=304)))
    assert answer.outcome == "failed"
    assert answer.error.startswith("304: ")


async def test_the_program_names_itself_offers_gzip_alone_and_keeps_no_cookie(
    server: Loopback, fetcher: Fetcher
) -> None:
    url = server.serve("/feed", Page(FEED, headers={"Set-Cookie": "id=1; Path=/"}))
    await fetcher.fetch(url)
    await fetcher.fetch(url)
    headers = server.asked[1].headers
    assert headers["user-agent"].startswith("frontwatch/")
    assert headers["accept-encoding"] == "gzip"
    assert "cookie" not in headers


async def test_redirects_are_followed_to_the_feed(server: Loopback, fetcher: Fetcher) -> None:
    server.serve("/new feed", FEED)
    server.pages["/new%20feed"] = server.pages["/new feed"]
    server.serve("/old", Page(status=301, headers={"Location": "/middle#part"}))
    server.serve("/middle", Page(status=307, headers={"Location": server.url("/new feed")}))
    answer = await fetcher.fetch(server.url("/old"))
    assert (answer.outcome, answer.url) == ("ok", server.url("/new%20feed"))


async def test_an_address_is_moved_for_good_only_where_every_step_to_it_is(
    server: Loopback, fetcher: Fetcher
) -> None:
    def redirect(path: str, status: int, to: str) -> str:
        return server.serve(path, Page(status=status, headers={"Location": to}))

    new = server.serve("/new", FEED)
    for_good = redirect("/308", 308, "/new")
    for_now = redirect("/307", 307, "/new")
    chains = [for_good, redirect("/301", 301, "/308"), for_now, redirect("/a", 301, "/307")]
    chains += [redirect("/b", 302, "/308"), new]
    assert [(await fetcher.fetch(url)).moved for url in chains] == [new, new, "", "", "", ""]
    assert (await fetcher.fetch(redirect("/lost", 301, "/nowhere"))).outcome == "failed"


async def test_the_longest_rest_that_is_asked_for_on_the_way_counts(
    server: Loopback, fetcher: Fetcher
) -> None:
    server.serve("/new", Page(FEED, headers={"Retry-After": "5"}))
    rest = {"Location": "/new", "Retry-After": "60"}
    assert (await fetcher.fetch(server.serve("/old", Page(status=302, headers=rest)))).retry_after == 60.0


def test_a_max_age_counts_without_what_it_spent_in_a_cache() -> None:
    assert max_age("public, max-age=600", "") == 600.0
    assert max_age('MAX-AGE="600"', "100") == 500.0
    assert max_age("max-age=600", "900") == 0.0
    assert [max_age(value, "") for value in ("", "no-cache, max-age=60", "s-maxage=60", "max-age=x")] == [
        None
    ] * 4


async def test_an_answer_says_whether_a_server_was_met(server: Loopback, fetcher: Fetcher) -> None:
    with Loopback() as gone:
        away = gone.url("/feed")
    big = server.serve("/big", Page(b"<rss/>", headers={"Content-Encoding": "br"}))
    asked = [server.serve("/feed", FEED), server.url("/404"), big, away, "http://10.0.0.5/", "ftp://x/"]
    assert [(await fetcher.fetch(url)).reached for url in asked] == [True, True, True, False, None, None]


async def test_five_redirects_are_followed_and_a_sixth_is_not(server: Loopback, fetcher: Fetcher) -> None:
    for step in range(1, 7):
        server.serve(f"/{step}", Page(status=302, headers={"Location": f"/{step - 1}"}))
    server.serve("/0", FEED)
    assert (await fetcher.fetch(server.url("/5"))).outcome == "ok"
    assert (await fetcher.fetch(server.url("/6"))).error == "redirects: more than 5"


async def test_a_compressed_body_is_inflated(server: Loopback, fetcher: Fetcher) -> None:
    half = len(FEED) // 2
    members = gzip.compress(FEED[:half], mtime=0) + gzip.compress(FEED[half:], mtime=0) + b"\0" * 8
    url = server.serve("/feed", Page(members, headers={"Content-Encoding": "gzip"}))
    assert (await fetcher.fetch(url)).body == FEED


@given(st.binary(max_size=3000), st.integers(1, 200), st.booleans())
def test_a_body_comes_out_as_it_went_in_however_it_is_cut(data: bytes, step: int, compressed: bool) -> None:
    body = Body("gzip" if compressed else "", len(data))
    sent = gzip.compress(data, mtime=0) if compressed else data
    for at in range(0, len(sent), step):
        body.add(sent[at : at + step])
    assert body.whole() == data


async def test_a_bomb_is_stopped_at_the_cap_of_the_inflated_size(server: Loopback) -> None:
    policy = POLICY._replace(max_bytes=1024 * 1024)
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    url = server.serve("/bomb", Page(bomb, headers={"Content-Encoding": "gzip"}))
    assert (await fetch(url, policy)).error == "too large: more than 1 MiB"
    assert (await fetch(server.serve("/big", bytes(2 * 1024 * 1024)), policy)).error.startswith("too large")
    assert (await fetch(server.serve("/fits", bytes(1024 * 1024)), policy)).outcome == "ok"


@pytest.mark.parametrize(
    ("encoding", "body", "error"),
    [
        ("br", FEED, "encoding: the server sent br; asked was gzip"),
        ("gzip, gzip", FEED, "encoding: the server sent gzip, gzip; asked was gzip"),
        ("gzip", FEED, "broken answer: the compressed data are damaged"),
        ("gzip", gzip.compress(FEED, mtime=0)[:-12], "cut off: the compressed data end too early"),
    ],
)
async def test_a_body_that_cannot_be_decoded_is_a_fault(
    server: Loopback, fetcher: Fetcher, encoding: str, body: bytes, error: str
) -> None:
    answer = await fetcher.fetch(server.serve("/feed", Page(body, headers={"Content-Encoding": encoding})))
    assert (answer.outcome, answer.error) == ("failed", error)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (403, "403: the server refuses this program"),
        (404, "404: no feed at this address"),
        (410, "410: gone for good: take it out of feeds.toml"),
        (429, "429: polled too often"),
        (418, "418: i'm a teapot"),
        (599, "599: unknown status"),
    ],
)
async def test_a_status_is_told_in_words(server: Loopback, fetcher: Fetcher, status: int, error: str) -> None:
    url = server.serve("/feed", Page(b"sorry", status=status, headers={"Retry-After": "120"}))
    answer = await fetcher.fetch(url)
    assert (answer.outcome, answer.status, answer.error) == ("failed", status, error)
    assert answer.retry_after == 120.0


def test_a_retry_after_is_seconds_or_a_date() -> None:
    now = "Fri, 01 Dec 2023 10:00:00 GMT"
    assert retry_after("90", now) == 90.0
    assert retry_after("Fri, 01 Dec 2023 10:30:00 GMT", now) == 1800.0
    assert retry_after("Fri, 01 Dec 2023 09:30:00 GMT", now) == 0.0
    assert [retry_after(value, now) for value in ("", "soon", "-5", "²", "Fri, 01 Dec 2023 10:00:00")] == [
        None
    ] * 5
    assert retry_after("Fri, 01 Dec 2023 10:30:00 GMT", "") is None


async def test_a_server_that_says_nothing_is_given_up(server: Loopback) -> None:
    policy = POLICY._replace(silence=0.3)
    answer = await fetch(server.serve("/feed", Page(FEED, delay=5.0)), policy)
    assert answer.error == "timeout: 0.3 s without a word"


async def test_a_server_that_drips_is_given_up_in_time(server: Loopback) -> None:
    policy = POLICY._replace(timeout=0.5)
    started = time.monotonic()
    answer = await fetch(server.serve("/feed", Page(FEED, drip=0.1)), policy)
    assert answer.error == "timeout: no answer in 0.5 s"
    assert time.monotonic() - started < 3.0


async def test_redirects_share_one_allowance_of_time(server: Loopback) -> None:
    for step in range(1, 6):
        server.serve(f"/{step}", Page(status=302, headers={"Location": f"/{step - 1}"}, delay=0.2))
    server.serve("/0", FEED)
    answer = await fetch(server.url("/5"), POLICY._replace(timeout=0.5))
    assert answer.error == "timeout: no answer in 0.5 s"


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", "broken answer: Server disconnected without sending a response."),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "broken answer: "),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "broken answer: "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "broken answer: "),
    ],
)
async def test_an_answer_that_is_no_http_is_a_fault(
    server: Loopback, fetcher: Fetcher, raw: bytes, error: str
) -> None:
    answer = await fetcher.fetch(server.serve("/feed", Page(raw=raw)))
    assert answer.outcome == "failed"
    assert answer.error.startswith(error)
    assert answer.error.isprintable()


@pytest.mark.parametrize(
    "url", ["", "ftp://example.org/", "https://", "http://[::/", "http://a\x00b/", "x" * 99]
)
async def test_what_is_no_address_is_a_fault_and_not_an_error(fetcher: Fetcher, url: str) -> None:
    answer = await fetcher.fetch(url)
    assert answer.outcome == "failed"
    assert answer.error.startswith("address: ")


async def test_one_host_gets_two_requests_at_a_time(server: Loopback, fetcher: Fetcher) -> None:
    url = server.serve("/slow", Page(FEED, delay=0.1))
    answers = await asyncio.gather(*(fetcher.fetch(url) for _ in range(8)))
    assert {answer.outcome for answer in answers} == {"ok"}
    assert server.most_at_once == POLICY.per_host


async def test_all_hosts_together_get_sixteen_and_a_crowded_one_does_not_hold_the_rest(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, port, **how: real("127.0.0.1", port, **how))
    hosts = [f"host{number}.example" for number in range(30)]
    server.serve("/slow", Page(FEED, delay=0.1))
    crowded = server.serve("/crowded", Page(FEED, delay=0.1)).replace("127.0.0.1", hosts[0])
    async with Fetcher(POLICY._replace(allow_hosts=tuple(hosts))) as fetcher:
        urls = [crowded] * 40 + [server.url("/slow", host=host) for host in hosts[1:]]
        answers = await asyncio.gather(*(fetcher.fetch(url) for url in urls))
    assert {answer.outcome for answer in answers} == {"ok"}
    assert server.most_at_once == CONCURRENT
    first_forty = [asked.path for asked in server.asked[:40]]
    assert first_forty.count("/slow") == len(hosts) - 1


async def test_a_request_that_is_cancelled_frees_its_place(server: Loopback, fetcher: Fetcher) -> None:
    url = server.serve("/slow", Page(FEED, delay=5.0))
    for _ in range(2 * POLICY.per_host):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await fetcher.fetch(url)
    assert (await fetcher.fetch(server.serve("/feed", FEED))).outcome == "ok"


def test_sizes_are_told_in_the_unit_that_fits() -> None:
    assert [faults.size(count) for count in (100, 2048, 10 * 1024**2)] == ["100 bytes", "2 KiB", "10 MiB"]


def test_rubbish_in_compressed_data_is_an_error_of_zlib_alone() -> None:
    with pytest.raises(zlib.error):
        Body("gzip", 100).add(b"no gzip at all, and long enough")
