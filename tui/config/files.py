"""Which file is the config, its text, and whether it has changed."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

from tui import paths
from tui.config.errors import ConfigError, Fault

MAX_BYTES: Final = 1024 * 1024
"""Room for some 5,000 feeds; more is not a feeds.toml."""


def find(explicit: Path | None = None) -> Path:
    """The config to use: the one named, else ``./feeds.toml``, else the user's own, else the built-in.

    A file that is there but can't be read is still the one: :func:`load` says what is wrong with it.
    """
    if explicit is not None:
        return explicit
    for path in (Path(paths.CONFIG_NAME), paths.config_file()):
        if _is_there(path):
            return path
    return paths.builtin_config()


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # it may be there, and to pass it over would show another watch without a word
        return True
    return True


class FileWatch:
    """Tells when a file has changed, by its metadata alone: cheap enough to ask every second.

    Make it before the file is loaded, so that a change during the load is seen.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = self._signature()

    def changed(self) -> bool:
        """True once for each change: written, replaced, gone, back again, made readable or unreadable."""
        signature = self._signature()
        changed = signature != self._last
        self._last = signature
        return changed

    def _signature(self) -> tuple[int, ...]:
        try:
            status = self._path.stat()
        except OSError as error:
            return (error.errno or -1,)
        return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


_MISSING: Final = "name a file that is there with --config, or leave --config away"


def read(path: Path, file: str, missing: str = _MISSING) -> str:
    """The text of a config with bare line feeds; ``file`` is its name in faults. Raises ConfigError.

    ``missing``: the mend where it is not there.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # asked first: to open a pipe would wait for its writer
            raise _error(file, "is a folder or a device, not a file", "name a file with --config")
        with path.open("rb") as stream:
            body = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _error(file, "is not there", missing) from None
    except PermissionError as error:
        mend = "give yourself the right to read the file and its folder"
        raise _error(file, f"can't be read ({error.strerror})", mend) from None
    except OSError as error:
        raise _error(file, f"can't be read ({error.strerror})", "name another file with --config") from None
    if len(body) > MAX_BYTES:
        raise _error(file, "is larger than 1 MiB", "name a feeds.toml with --config")
    try:
        return body.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        what = f"is not UTF-8 text (byte 0x{body[error.start]:02x})"
        raise _error(f"{file} line {line}", what, "save the file as UTF-8") from None


def _error(where: str, what: str, mend: str) -> ConfigError:
    return ConfigError((Fault(where, what, mend),))
