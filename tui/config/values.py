"""What one value may be: each check takes what tomllib read and gives what the model holds."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Final, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

T = TypeVar("T")
Check = Callable[[object], T]
"""Gives the checked value or raises :class:`Refused`."""

_ZERO_WIDTH_NON_JOINER: Final = "\u200c"
"""The one invisible character that text may hold: Persian spelling needs it."""
_VARIATION_SELECTOR: Final = "\ufe0f"
"""Printable by Unicode's book, but it changes the width of the character before it, on some terminals."""
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_BYTES: Final = {"KiB": 1024, "MiB": 1024**2}
_DURATION: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?([smhdw])")
_SIZE: Final = re.compile(r"([0-9]{1,9}) ?(KiB|MiB)")
_FRONT_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HOURS: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9]) ?- ?([01][0-9]|2[0-3]):([0-5][0-9])")
_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_LANGUAGES: Final = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv "
    "dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie "
    "ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv "
    "mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm "
    "rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts "
    "tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
"""ISO 639-1."""
_SHOWN_LENGTH: Final = 60


class Refused(Exception):
    """A value that can't stand: what is wrong with it and how to mend it, in words."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what, mend)
        self.what = what
        self.mend = mend


def shown(value: str) -> str:
    """``value`` in quotes, capped, and with what a terminal would act on written out as escapes."""
    return f'"{printable(value, _SHOWN_LENGTH)}"'


def printable(value: str, limit: int = 4096) -> str:
    """``value`` capped at ``limit``, with each character that is not plainly visible written as an escape."""
    cut = value if len(value) <= limit else value[: limit - 1] + "…"
    return "".join(
        char if char.isprintable() and char != _VARIATION_SELECTOR else ascii(char)[1:-1] for char in cut
    )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The known word that is nearest, or an empty string where none is near."""
    import difflib  # only a faulty file needs it

    near = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower()[:_SHOWN_LENGTH], near, n=1)
    return near[found[0]] if found else ""


def text(limit: int, example: str) -> Check[str]:
    """A check for one line of visible text of at most ``limit`` characters."""

    def check(value: object) -> str:
        words = string(value, example).strip(" ")
        if not words:
            raise Refused("is empty", f"write {example}")
        # Most text is plain, and every start checks some five hundred pieces of it.
        for char in "" if words.isprintable() and _VARIATION_SELECTOR not in words else words:
            if char != _ZERO_WIDTH_NON_JOINER and (not char.isprintable() or char == _VARIATION_SELECTOR):
                name = unicodedata.name(char, "a control character")
                raise Refused(
                    f"holds U+{ord(char):04X} ({name}), which no one can see",
                    "delete it, or write an ordinary space in its place",
                )
        if len(words) > limit:
            raise Refused(f"is {len(words)} characters long", f"make it at most {limit} characters")
        return words

    return check


def string(value: object, example: str) -> str:
    """``value`` if it is text at all."""
    if isinstance(value, str):
        return value
    raise Refused(f"is {type_name(value)}, not text", f"write text in quotes, as in {example}")


def type_name(value: object) -> str:
    """What TOML calls a value of this type, in words."""
    match value:
        case bool():
            return "true or false"
        case int():
            return "a whole number"
        case float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def front_id(value: object) -> str:
    """A name that scripts and links can carry: ``lebanon-border``."""
    name = string(value, '"lebanon-border"')
    if len(name) > 40 or not _FRONT_ID.fullmatch(name):
        raise Refused(
            f"{shown(name)} is no id",
            'use up to 40 lower-case letters a to z, digits and single hyphens, as in "lebanon-border"',
        )
    return name


def zone(value: object) -> str:
    """An IANA time zone that this machine knows."""
    name = string(value, '"Asia/Beirut"')
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # unknown; not a relative path; a folder of zones, as "Asia"
        near = did_you_mean(name, available_timezones())
        raise Refused(
            f"{shown(name)} is no time zone",
            f'did you mean "{near}"?' if near else 'write an IANA name, as in "Asia/Beirut"',
        ) from None
    return name


def url(value: object) -> str:
    """A whole http or https address without user name or password. It is given back unchanged."""
    example = '"https://www.example.org/rss"'
    mend = f"write the whole address, as in {example}"
    address = string(value, example)
    if not address.isprintable() or " " in address:
        raise Refused(
            f"{shown(address)} holds a space or an invisible character", "delete it, or write it as %20"
        )
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Refused(f"{shown(address)} is no address", mend) from None
    if (
        parts.username is not None or parts.password is not None
    ):  # never quoted: the fault is shown and logged
        raise Refused(
            "carries a user name or a password",
            "take out what stands before the @: addresses are shown on the screen and kept in the store",
        )
    if not parts.scheme and not parts.netloc:
        raise Refused(f"{shown(address)} does not begin with https://", mend)
    if parts.scheme not in ("http", "https"):
        raise Refused(f"{shown(address)} is not an http or https address", mend)
    if not host or not _is_host(host) or port == 0:
        raise Refused(f"{shown(address)} names no host that can be asked", mend)
    return address


def url_identity(address: str) -> str:
    """What is equal for two spellings of one address: letter case of scheme and host, and the fragment."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.lower(), fragment="").geturl()


def allowed_host(value: object) -> str:
    """A host name or IP address alone, in lower case."""
    name = string(value, '"127.0.0.1"').lower()
    if not _is_host(name):
        raise Refused(
            f"{shown(name)} is no host",
            'write a host name or an IP address alone, without scheme, port or path, as in "127.0.0.1"',
        )
    return name


def _is_host(name: str) -> bool:
    if ":" in name:
        try:
            ipaddress.IPv6Address(name)
        except ValueError:
            return False
        return True
    labels = name.removesuffix(".").split(".")
    return all(0 < len(label) < 64 and label.replace("-", "").replace("_", "").isalnum() for label in labels)


def language(value: object) -> str:
    """An ISO 639-1 code."""
    code = string(value, '"ar"')
    if code not in _LANGUAGES.split():
        raise Refused(
            f"{shown(code)} is no language code",
            'write the two letters of ISO 639-1, as in "ar", "en", "fa" (Persian), "fr" or "he" (Hebrew)',
        )
    return code


def reliability(value: object) -> str:
    """An Admiralty source reliability."""
    letter = string(value, '"B"')
    if letter not in ("A", "B", "C", "D", "E", "F"):
        raise Refused(
            f"{shown(letter)} is no reliability",
            'write one letter from "A" (reliable) to "E" (unreliable), or "F" (cannot be judged)',
        )
    return letter


def one_of(known: tuple[str, ...], what: str) -> Check[str]:
    """A check for one of the names in ``known``; ``what`` is the noun for it, as ``front``."""

    def check(value: object) -> str:
        name = string(value, shown(known[0]) if known else f"the name of a {what}")
        if name not in known:
            near = did_you_mean(name, known)
            choice = ", ".join(map(shown, known)) or "none"
            raise Refused(
                f"{shown(name)} is no {what}",
                f"did you mean {shown(near)}?" if near else f"there are: {choice}",
            )
        return name

    return check


def duration(least: str, most: str) -> Check[float]:
    """A check for a duration such as ``"5m"``, in seconds, between two bounds written the same way."""

    def check(value: object) -> float:
        words = string(value, f'"{least}"')
        seconds = _seconds(words)
        if seconds is None:
            raise Refused(
                f"{shown(words)} is no duration",
                'write a number and one of s, m, h, d, w, as in "45s", "5m", "2h", "90d" or "1w"',
            )
        low, high = _seconds(least), _seconds(most)
        assert low is not None and high is not None
        if not low <= seconds <= high:
            raise Refused(f"{shown(words)} is out of bounds", f'write a duration from "{least}" to "{most}"')
        return seconds

    return check


def _seconds(words: str) -> float | None:
    match = _DURATION.fullmatch(words)
    return None if match is None else float(match[1]) * _SECONDS[match[2]]


def size(least: int, most: int) -> Check[int]:
    """A check for a size such as ``"10MiB"``, in bytes, between two bounds in bytes."""
    span = f'"{least // 1024}KiB" to "{most // 1024**2}MiB"'

    def check(value: object) -> int:
        words = string(value, '"10MiB"')
        match = _SIZE.fullmatch(words)
        if match is None:
            raise Refused(f"{shown(words)} is no size", 'write a whole number and KiB or MiB, as in "10MiB"')
        count = int(match[1]) * _BYTES[match[2]]
        if not least <= count <= most:
            raise Refused(f"{shown(words)} is out of bounds", f"write a size from {span}")
        return count

    return check


def hours_of_day(value: object) -> tuple[int, int]:
    """A part of the day such as ``"22:00-06:00"``, as minutes after midnight from and to."""
    words = string(value, '"22:00-06:00"')
    match = _HOURS.fullmatch(words)
    start, end = (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])) if match else (0, 0)
    if start == end:
        mend = 'write two different times of the day, from and to, as in "22:00-06:00"'
        raise Refused(f"{shown(words)} is no part of a day", mend)
    return start, end


def end(value: object) -> float:
    """A day, which is its end in UTC, or a moment with its offset: seconds since the epoch."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise Refused(
                "does not say in which time zone", "add Z for UTC or an offset, as in 2023-12-31T18:00:00Z"
            )
        return value.timestamp()
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp() + _SECONDS["d"]
    raise Refused(f"is {type_name(value)}, not a date", "write a date without quotes, as in 2023-12-31")


def variable(value: object) -> str:
    """The name of an environment variable. What is not one is never quoted: it may be the secret itself."""
    name = string(value, '"FRONTWATCH_PHONE"')
    if len(name) > 80 or not _VARIABLE.fullmatch(name):
        raise Refused(
            "is no name of an environment variable",
            "write the name of the variable that holds the address (the address is a secret and stays out of "
            'this file): capitals, digits and _, as in "FRONTWATCH_PHONE"',
        )
    return name


def number(least: float, most: float) -> Check[float]:
    """A check for a number, whole or not, between two bounds."""

    def check(value: object) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise Refused(
                f"is {type_name(value)}, not a number",
                f"write a number from {least:g} to {most:g}, without quotes",
            )
        if not least <= value <= most:
            raise Refused("is out of bounds", f"write a number from {least:g} to {most:g}")
        return float(value)

    return check


def yes_or_no(value: object) -> bool:
    """``true`` or ``false``."""
    if isinstance(value, bool):
        return value
    raise Refused(f"is {type_name(value)}, not true or false", "write true or false, without quotes")


def whole_number(least: int, most: int) -> Check[int]:
    """A check for a whole number between two bounds."""

    def check(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Refused(
                f"is {type_name(value)}, not a whole number",
                f"write a number from {least} to {most}, without quotes",
            )
        if not least <= value <= most:
            raise Refused("is out of bounds", f"write a number from {least} to {most}")
        return value

    return check
