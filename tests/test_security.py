"""A shared machine, somebody else's folder, a config and files from anybody, as in docs/security.md."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.loopback import Loopback, Page
from tests.test_cli import frontwatch
from tests.watchfloor import Watchfloor
from tests.workbench import ROOT, STRIKE, Workbench, document
from tui import spawn
from tui.alerts.send import _plain
from tui.app import FrontwatchApp
from tui.config import ConfigError, load
from tui.exposure import exposed
from tui.feeds.fetch import Fetcher
from tui.feeds.network import _address, misplaced
from tui.feeds.safe_text import safe_link
from tui.policy import FetchPolicy
from tui.replay_lines import LINE_LIMIT, Bad, Lines
from tui.store.connect import StoreError
from tui.store.reader import Reader

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes and owners of POSIX")


# A shared machine


@POSIX
def test_nothing_is_readable_by_others_although_the_shell_would_have_it_so(
    tmp_path: Path, server: Loopback
) -> None:
    bench = Workbench(tmp_path, server)
    server.serve("/rss", Page(document(STRIKE)))
    bench.watch("/rss")
    bench.data = tmp_path / "new" / "deep" / "data"
    words = f"""
        python() {{ "{sys.executable}" -P -m tui --config "{bench.config}" --data "{bench.data}" "$@"; }}
        umask 000; set -e
        python collect --once
        python export --format csv --out "{bench.data}/out.csv"
        python export "{bench.data}/out.opml"
        "{sys.executable}" -P -m tui init "{tmp_path}/new/config/feeds.toml"
    """
    environment = {**spawn.environment(), "HOME": str(tmp_path / "new")}
    done = subprocess.run(["sh", "-c", words], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    made = [tmp_path / "new", *(tmp_path / "new").rglob("*")]
    assert {"frontwatch.db", "out.csv", "out.opml", "feeds.toml"} <= {path.name for path in made}
    for path in made:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@POSIX
def test_a_store_that_another_user_made_is_not_opened(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = floor.data / "frontwatch.db"
    owner = store.stat().st_uid
    if owner == 0:
        os.chown(store, 4711, -1)
        owner = 4711
    monkeypatch.setattr("os.geteuid", lambda: owner + 1)
    with pytest.raises(StoreError, match="belongs to another user"):
        Reader(store)
    monkeypatch.setattr("os.geteuid", lambda: owner)
    Reader(store).close()


@POSIX
def test_check_tells_what_others_could_read_or_change(tmp_path: Path) -> None:
    config, data = tmp_path / "feeds.toml", tmp_path / "data"
    config.write_text("")
    data.mkdir(mode=0o700)
    (data / "frontwatch.db").touch(mode=0o600)
    config.chmod(0o600)
    secret = ["https://gazette.example/rss?token=abc"]
    assert exposed(config, secret, data) == []
    config.chmod(0o646)
    data.chmod(0o707)
    (data / "frontwatch.db").chmod(0o644)
    assert [words.partition(": ")[2] for words in exposed(config, secret, data)] == [
        "anybody on this machine can change what is polled; chmod o-w it",
        "others can read it, and a feed's address in it holds a secret; chmod 600 it",
        "anybody on this machine can put another store there; chmod 700 it",
        "others can read it; chmod 600 it",
    ]


@pytest.mark.parametrize("module", ["tui", "tui.demo", "webbrowser"])
def test_what_lies_in_the_current_folder_is_never_run(module: str, tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'sprung')!r}, 'w')"
    for name in ("json", "argparse", "sqlite3", "webbrowser", "tui"):
        (tmp_path / f"{name}.py").write_text(trap)
    command = [*spawn.command(module), "--help"]
    subprocess.run(
        command, cwd=tmp_path, env=spawn.environment(), capture_output=True, check=False, timeout=60
    )
    assert not (tmp_path / "sprung").exists()
    # The trap is one: without the option it is sprung.
    unsafe = [word for word in command if word != "-P"]
    subprocess.run(unsafe, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert (tmp_path / "sprung").exists()


def test_a_link_is_one_argument_of_a_process_and_no_shell_reads_it(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(
        "tui.browse.subprocess.Popen", lambda command, **how: started.append([*command, *how])
    )
    session = floor.session()
    link = safe_link("https://gazette.example/?a=$(reboot)&b=`id`;c='\"|")
    FrontwatchApp(session).open_link(link)
    session.close()
    assert started[0][:5] == [*spawn.command("webbrowser"), link]
    assert "shell" not in started[0]
    assert not set(link) & set("`'\"| ;") - {";"}


# Names of files, and terminals that know few letters


@pytest.mark.parametrize(
    "words",
    [
        ("--data", "{}", "list"),
        ("--config", "{}", "check"),
        ("replay", "{}"),
        ("evaluate", "{}"),
        ("suggest", "{}"),
        ("import", "{}"),
        ("init", "{}"),
        ("export", "{}"),
        ("handover", "--out", "{}"),
        ("list", "--{}"),
        ("{}",),
    ],
)
def test_a_file_with_a_hostile_name_is_refused_and_quoted_harmlessly(words: tuple[str, ...]) -> None:
    done = frontwatch(*(word.format("a\x1b[2J\x9b31m\u202eb\nc") for word in words))
    assert done.returncode == 2
    assert "\\x1b[2J" in done.stderr
    assert all(char.isprintable() or char == "\n" for char in done.stderr)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_why_can_be_asked_of_a_headline_that_the_locale_cannot_write(encoding: str) -> None:
    command = [sys.executable, "-m", "tui", "why", "غارة على الناقورة"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run(command, capture_output=True, check=False, env=environment, cwd=ROOT)
    assert done.returncode == 0
    assert "الناقورة" in done.stdout.decode("utf-8").replace("[", "").replace("]", "")


# A config and files from anybody


@pytest.mark.parametrize(
    "text",
    ["a" + ".a" * 50_000 + " = 1", "[" + "a." * 50_000 + "a]", '"a"' + ' . "a"' * 50_000 + "=1"],
)
def test_a_key_of_50000_dots_is_refused_at_once(text: str, tmp_path: Path) -> None:
    config = tmp_path / "feeds.toml"
    config.write_text(text)
    with pytest.raises(ConfigError, match="nested too deep"):
        load(config)


def test_of_a_config_with_thousands_of_faults_the_first_are_told_and_the_rest_is_counted(
    tmp_path: Path,
) -> None:
    config = tmp_path / "feeds.toml"
    config.write_text("[[feeds]]\n" * 1000)
    with pytest.raises(ConfigError) as caught:
        load(config)
    told = str(caught.value).splitlines()
    assert len(told) == 201
    assert told[-1] == f"and {len(caught.value.faults) - 200:,} faults more"


def test_a_line_of_a_replay_without_an_end_is_one_bad_line(tmp_path: Path) -> None:
    file = tmp_path / "entries.jsonl"
    good = '{"title": "Strike", "published": "2023-12-01T10:00:00Z"}\n'
    file.write_text(good + "x" * (2 * LINE_LIMIT + 5) + good + good)
    read = list(Lines(file, load(Path(ROOT) / "feeds.toml")))
    assert [type(line).__name__ for line in read] == ["Line", "Bad", "Line"]
    assert isinstance(read[1], Bad) and (read[1].number, read[1].fault) == (2, "longer than 1,000,000 bytes")


def test_labels_of_a_hostile_file_do_not_act(tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    row = {"title": "x\x1b[2J", "fronts": ["y\x9b31m\u202e"], "lang": "\x1bc", "id": 1}
    file.write_text(json.dumps(row))
    for words in (("evaluate", file, "--errors"), ("evaluate", file, "--json"), ("suggest", file)):
        done = frontwatch(*words)
        assert done.returncode == 0, done.stderr
        assert all(char.isprintable() or char == "\n" for char in done.stdout)


def test_no_headline_calls_a_whole_channel_or_makes_a_link_of_words() -> None:
    words = "@everyone <!here> <@U1> [safe](https://evil.example) mail a@b.example"
    assert _plain(words) == "@ everyone < !here> < @ U1> [safe] (https://evil.example) mail a@ b.example"
    assert (
        _plain("Drone strike kills two in Khiam [yemen, B2]") == "Drone strike kills two in Khiam [yemen, B2]"
    )


# Where a feed may lead


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16"),
        *("::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::"),
        *("2001:0:7f00:1::1", "fd00:ec2::254", "fe80::1", "::ffff:0:127.0.0.1", "0.0.0.0", "255.255.255.255"),
    ],
)
def test_addresses_where_no_feed_lives(address: str) -> None:
    found = _address(address)
    assert found is not None and misplaced(found)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "0x7f000001", "017700000001", "0"])
def test_addresses_in_the_short_forms_that_c_reads(host: str) -> None:
    found = _address(host)
    assert found is not None and misplaced(found)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "a.localhost", "0"])
async def test_no_way_of_writing_this_machine_is_handed_to_a_proxy(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    async with Fetcher(FetchPolicy()) as fetcher:
        url = f"http://{host}/"
        assert fetcher.is_direct(httpx.URL(url))
        answer = await fetcher.fetch(url)
    assert answer.outcome == "failed"
    assert answer.error.startswith(("address:", "DNS:"))


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://127.1:1/", "//10.0.0.1/"]
)
async def test_a_redirect_leads_nowhere_that_the_feed_itself_might_not(
    location: str, server: Loopback
) -> None:
    url = server.serve("/rss", Page(status=302, headers={"Location": location}))
    async with Fetcher(FetchPolicy(allow_hosts=("127.0.0.1",))._replace(max_redirects=2)) as fetcher:
        answer = await fetcher.fetch(url)
    assert answer.outcome == "failed"
    assert answer.error.startswith(("address:", "refused:", "network:")), answer.error


async def test_a_password_in_a_redirect_is_not_sent_on(server: Loopback) -> None:
    there = server.serve("/there", Page(document(STRIKE)))
    location = there.replace("http://", "http://user:secret@")
    url = server.serve("/rss", Page(status=302, headers={"Location": location}))
    async with Fetcher(FetchPolicy(allow_hosts=("127.0.0.1",))) as fetcher:
        answer = await fetcher.fetch(url)
    assert "secret" not in answer.url + answer.error
    assert not [asked for asked in server.asked if "authorization" in asked.headers]
