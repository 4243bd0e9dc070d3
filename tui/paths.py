"""Where config, store and log live on this platform."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

APP = "frontwatch"
CONFIG_NAME = "feeds.toml"
STORE_NAME = "frontwatch.db"
LOCK_NAME = "collector.lock"
LOG_NAME = "frontwatch.log"
"""Of every process on the store: collector and screens."""
WATCH_NAME = "watch.json"
"""The watch as a screen read it last: only to start sooner."""
MEMORY_NAME = "screen.json"


class Homeless(Exception):
    """Nobody says where this user's files live, as in a container under a bare number."""


def config_file() -> Path:
    """The user's own watch, whether or not it exists. Raises Homeless, as the other places do."""
    return _own("config") / CONFIG_NAME


def builtin_config() -> Path:
    """The default watch of the program: in the wheel inside the package, in a checkout beside it."""
    packaged = Path(__file__).parent / CONFIG_NAME
    return packaged if packaged.exists() else Path(__file__).parent.parent / CONFIG_NAME


def examples_dir() -> Path:
    """The example watches: in the wheel inside the package, in a checkout among the documents."""
    packaged = Path(__file__).parent / "examples"
    return packaged if packaged.exists() else Path(__file__).parent.parent / "docs" / "examples"


def data_dir() -> Path:
    """Folder of the store, its lock and the log."""
    return _own("data")


def memory_file() -> Path:
    """What this person's screens remember from start to start."""
    return _own("state") / MEMORY_NAME


def _own(what: Literal["config", "data", "state"]) -> Path:
    import platformdirs  # here: with --config and --data nothing asks for it, and it costs 30 ms

    places = platformdirs.PlatformDirs(APP, appauthor=False)
    try:
        return Path(getattr(places, f"user_{what}_dir"))
    except RuntimeError as error:
        raise Homeless("this user has no home folder: set HOME to one that it may write to") from error
