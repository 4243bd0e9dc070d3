"""Two hundred feeds on loopback: cold, unchanged, and under an open board.

    uv run python -m tests.benchmarks.bench_many_feeds [FEEDS]

Prints what ``collect --once`` takes when everything is new and when every server answers 304, with process
start, and then the time from a key to its answer while the dashboard's own collector polls them all.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from email.utils import formatdate
from pathlib import Path

from tests.benchmarks.terminals import Program, keys
from tests.loopback import Loopback

ENTRIES = 20
FRONTS = ("lebanon-border", "iraq-syria", "yemen")
SUBJECTS = (
    "Drone strike near Naqoura wounds {n}, mayor says",
    "Rockets fired at Ain al-Asad base, round {n}",
    "Houthi missile misses tanker {n} in Red Sea",
    "Parliament debates budget line {n}",
    "Team {n} wins after extra time",
)


def document(feed: int, entries: int) -> bytes:
    """A feed of so many entries, each told once only."""
    items = []
    for number in range(entries):
        title = SUBJECTS[(feed + number) % len(SUBJECTS)].format(n=feed * 1000 + number)
        date = formatdate(time.time() - number * 600)
        link = f"https://outlet{feed}.example/{number}"
        items.append(
            f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{date}</pubDate><description>{title}. More follows.</description></item>"
        )
    body = f"<channel><title>Outlet {feed}</title><link>https://outlet{feed}.example/</link>{''.join(items)}"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0">{body}</channel></rss>'.encode()


def config(
    urls: Sequence[str], *, every: str = "1m", hosts: Sequence[str] = ("127.0.0.1",), per_host: int = 4
) -> str:
    """The watch for them."""
    lines = ["[watch]", 'title = "Benchmark"', f'every = "{every}"']
    lines += ["[fetch]", f"allow_hosts = {json.dumps(hosts)}", f"per_host = {per_host}"]
    for front in FRONTS:
        lines += ["[[fronts]]", f'id = "{front}"', f'name = "{front}"', 'zone = "UTC"']
        lines += [f'lexicons = ["{front}"]']
    for number, url in enumerate(urls):
        lines += ["[[feeds]]", f'name = "Outlet {number}"', f'url = "{url}"', f'publisher = "outlet{number}"']
        lines += ['language = "en"', 'reliability = "C"']
    return "\n".join(lines)


def collect(folder: Path) -> tuple[dict[str, float], float]:
    """``collect --once --json``: what it says, and the seconds from process start to end."""
    command = [sys.executable, "-m", "tui", "--config", str(folder / "feeds.toml"), "--data", str(folder)]
    started = time.perf_counter()
    done = subprocess.run([*command, "collect", "--once", "--json"], capture_output=True, check=True)
    return json.loads(done.stdout), time.perf_counter() - started


def serve(feeds: int) -> None:
    """The server, in a process of its own; says the addresses, and ends with its standard input."""
    with Loopback() as server:
        urls = [server.serve(f"/{number}", document(number, ENTRIES)) for number in range(feeds)]
        print(json.dumps(urls), flush=True)
        sys.stdin.read()


def main() -> None:
    """Print the figures."""
    feeds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    code = f"from tests.benchmarks.bench_many_feeds import serve; serve({feeds})"
    with (
        tempfile.TemporaryDirectory() as name,
        subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as server,
    ):
        assert server.stdout is not None
        assert server.stdin is not None
        folder = Path(name)
        (folder / "feeds.toml").write_text(config(json.loads(server.stdout.readline())), encoding="utf-8")
        for run in ("cold", "unchanged"):
            summary, took = collect(folder)
            print(f"{run}: {took:.2f} s with process start; {summary}")
        for file in folder.glob("frontwatch.db*"):
            file.unlink()
        words = ["--config", str(folder / "feeds.toml"), "--data", name]
        with Program([sys.executable, "-m", "tui", *words]) as program:
            program.until("┃".encode())  # the first incident: now a key has a line to act on
            took_keys = keys(program, 100)
            longest, median = max(took_keys), statistics.median(took_keys)
            print(f"keys while the board fills: median {median:.1f} ms, longest {longest:.0f} ms")
        server.stdin.close()


if __name__ == "__main__":
    main()
