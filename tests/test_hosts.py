"""What one host may be asked at a time, and when the network itself is taken to be gone."""

from __future__ import annotations

from tests import samples
from tests.samples import NOON
from tui.collector.reach import Reach
from tui.feeds.hosts import BREAK_AFTER, PROBE_FIRST, PROBE_LAST, Hosts

HOST = "news.example"


def fail(hosts: Hosts, times: int, now: float = NOON) -> None:
    """So many polls of the host that could not reach it."""
    for _ in range(times):
        assert hosts.begin(HOST, now, by_hand=True)
        hosts.end(HOST, now, reached=False)


def test_a_host_has_so_many_places_and_others_have_their_own() -> None:
    hosts = Hosts(2)
    assert [hosts.begin(HOST, NOON) for _ in range(3)] == [True, True, False]
    assert hosts.begin("other.example", NOON)
    hosts.end(HOST, NOON, reached=True)
    assert hosts.begin(HOST, NOON)


def test_a_host_that_asks_for_rest_is_left_alone_even_by_hand() -> None:
    hosts = Hosts(2)
    hosts.rest(HOST, NOON + 600)
    hosts.rest(HOST, NOON + 60)
    assert not hosts.begin(HOST, NOON + 599, by_hand=True)
    assert hosts.begin("other.example", NOON)
    assert hosts.begin(HOST, NOON + 600)


def test_a_host_that_cannot_be_reached_is_asked_by_one_feed_at_a_time() -> None:
    hosts = Hosts(2)
    fail(hosts, BREAK_AFTER - 1)
    assert hosts.probe_at(HOST) is None
    fail(hosts, 1)
    assert hosts.probe_at(HOST) == NOON + PROBE_FIRST
    assert not hosts.begin(HOST, NOON + PROBE_FIRST - 1)
    assert [hosts.begin(HOST, NOON + PROBE_FIRST) for _ in range(2)] == [True, False]


def test_probes_come_further_and_further_apart_and_one_by_hand_at_once() -> None:
    hosts = Hosts(2)
    waits = []
    for count in (BREAK_AFTER, 1, 1, 1, 1, 1):
        fail(hosts, count)
        probe = hosts.probe_at(HOST)
        assert probe is not None
        waits.append(probe - NOON)
    assert waits == [PROBE_FIRST, 120, 240, 480, PROBE_LAST, PROBE_LAST]
    assert not hosts.begin(HOST, NOON + 1)
    assert hosts.begin(HOST, NOON + 1, by_hand=True)


def test_the_first_success_gives_the_host_its_full_speed_again() -> None:
    hosts = Hosts(2)
    fail(hosts, BREAK_AFTER)
    assert hosts.begin(HOST, NOON + PROBE_FIRST)
    assert hosts.end(HOST, NOON + PROBE_FIRST, reached=True)
    assert [hosts.begin(HOST, NOON + PROBE_FIRST) for _ in range(2)] == [True, True]
    assert not hosts.end(HOST, NOON, reached=True)


def test_an_address_that_may_not_be_asked_says_nothing_of_its_host() -> None:
    hosts = Hosts(2)
    for _ in range(9):
        assert hosts.begin(HOST, NOON)
        assert not hosts.end(HOST, NOON, reached=None)
    assert hosts.probe_at(HOST) is None


# The network

FEEDS = [samples.feed_record(f"https://{name}.example/feed") for name in "abcde"]


def test_the_network_is_down_when_nothing_answers_on_any_host() -> None:
    reach = Reach(hosts=5)
    found = [reach.missed(record, record.url, NOON) for record in FEEDS]
    assert found == [False, False, False, True, False]
    assert reach.down_since == NOON
    assert reach.forgiven() == FEEDS[:4]
    assert reach.met()
    assert [reach.down_since] == [None]
    assert not reach.met()


def test_an_answer_in_between_says_that_the_network_is_up() -> None:
    reach = Reach(hosts=5)
    for record in FEEDS[:3]:
        reach.missed(record, record.url, NOON)
    reach.met()
    assert not any(reach.missed(record, record.url, NOON) for record in FEEDS[:3])


def test_one_dead_host_with_many_feeds_is_no_dead_network() -> None:
    reach = Reach(hosts=5)
    assert not any(reach.missed(record, "dead.example", NOON) for record in FEEDS)
    alone = Reach(hosts=1)
    assert [alone.missed(record, "dead.example", NOON) for record in FEEDS[:4]] == [False, False, False, True]


def test_of_a_feed_that_failed_twice_the_record_from_before_is_restored() -> None:
    reach = Reach(hosts=1)
    for failures in range(2):
        for record in FEEDS:
            reach.missed(record._replace(failures=failures), "dead.example", NOON)
    assert all(record.failures == 0 for record in reach.forgiven())
