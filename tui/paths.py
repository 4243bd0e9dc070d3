"""Where config, store and log live on this platform."""

from __future__ import annotations

from pathlib import Path

APP = "frontwatch"
CONFIG_NAME = "feeds.toml"
STORE_NAME = "frontwatch.db"
LOCK_NAME = "collector.lock"
LOG_NAME = "frontwatch.log"
"""Of every process on the store: collector and screens."""
MEMORY_NAME = "screen.json"


def config_file() -> Path:
    """The user's own watch, whether or not it exists."""
    import platformdirs  # here: with --config and --data nothing asks for it, and it costs 30 ms

    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / CONFIG_NAME


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
    import platformdirs  # as above

    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def memory_file() -> Path:
    """What this person's screens remember from start to start."""
    import platformdirs  # as above

    return Path(platformdirs.user_state_dir(APP, appauthor=False)) / MEMORY_NAME
