"""The demo's feeds.toml: the fronts of the default watch, with the demo's outlets for feeds."""

from __future__ import annotations

import json
from typing import Final

from tui.demo.server import HOST
from tui.demo.world import Outlet, read_outlets

DEMO_RATE: Final = 60.0
"""Seconds of the demo's clock per second of the machine's: a minute a second."""
DEAD_PORT: Final = 1
"""A port below 1024 on which nothing listens (tcpmux, RFC 1078): the dead outlet's."""

_HEAD: Final = f"""\
# The demo's watch. Every outlet in it is invented and served by Frontwatch itself.
[watch]
title = "Demo watch"
every = "5m"
keep = "90d"

[fetch]
allow_hosts = ["{HOST}"]

[posture]
active_sides = ["axis"]

[[fronts]]
id = "lebanon-border"
name = "Lebanon border"
zone = "Asia/Beirut"
city = "Beirut"
lexicons = ["lebanon-border"]

[[fronts]]
id = "iraq-syria"
name = "Iraq / Syria"
zone = "Asia/Baghdad"
city = "Baghdad"
lexicons = ["iraq-syria"]

[[fronts]]
id = "yemen"
name = "Yemen / Red Sea"
zone = "Asia/Aden"
city = "Sanaa"
lexicons = ["yemen"]
"""


def demo_config(port: int) -> str:
    """The text of a feeds.toml that polls the demo server at ``port``."""
    return "\n".join([_HEAD, *(_feed(outlet, port) for outlet in read_outlets())])


def feed_url(outlet: Outlet, port: int) -> str:
    """The address at which the watch polls this outlet."""
    return f"http://{HOST}:{DEAD_PORT if outlet.fault == 'refused' else port}/feeds/{outlet.slug}.xml"


def _feed(outlet: Outlet, port: int) -> str:
    values = {
        "name": outlet.name,
        "url": feed_url(outlet, port),
        "publisher": outlet.publisher,
        "language": outlet.language,
        "reliability": outlet.reliability,
        "front": outlet.front,
    }
    # A JSON string of text without control characters is a TOML basic string.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value]
    return "\n".join(["[[feeds]]", *lines, ""])
