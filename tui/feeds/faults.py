"""What went wrong with a request, in words that a person can act on."""

from __future__ import annotations

import errno
import socket
import ssl
import zlib
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

import httpcore

from tui.clock import DAY, HOUR, MINUTE
from tui.feeds.network import Forbidden
from tui.feeds.safe_text import safe_text
from tui.feeds.web import httpx
from tui.model import Timestamp
from tui.policy import FetchPolicy
from tui.words import plural

_STATUS: Final = {
    204: "the server sent nothing",
    304: "unchanged, though nothing was asked about",
    400: "the server does not understand the request",
    401: "the server wants a password",
    402: "the server wants to be paid",
    403: "the server refuses this program",
    404: "no feed at this address",
    406: "the server has no feed that this program reads",
    410: "gone for good: take it out of feeds.toml",
    429: "polled too often",
    451: "withheld for legal reasons",
    500: "the server has a fault of its own",
    502: "the server behind the server does not answer",
    503: "the server is not available now",
    504: "the server behind the server is too slow",
}
# X509_V_ERR_* of OpenSSL's x509_vfy.h
_CERTIFICATE: Final = {
    9: "certificate not valid yet; is this machine's clock right?",
    10: "certificate expired",
    18: "certificate signed by itself",
    19: "certificate signed by an unknown authority",
    20: "certificate signed by an unknown authority",
    21: "certificate chain is incomplete",
    23: "certificate revoked",
    62: "certificate is for another host",
    64: "certificate is for another address",
}
_DATED: Final = (9, 10)
_ERRNO: Final = {
    errno.ECONNREFUSED: "refused: nothing listens there",
    errno.ECONNRESET: "cut off: the server closed the connection",
    errno.EPIPE: "cut off: the server closed the connection",
    errno.ECONNABORTED: "cut off: the connection was aborted",
    errno.ETIMEDOUT: "timeout: the host does not answer",
    errno.EHOSTUNREACH: "network: no way to the host",
    errno.ENETUNREACH: "network: no way out; is the network up?",
    errno.EACCES: "network: this machine forbids the connection",
    errno.EMFILE: "this machine: too many open files",
}
_LOOK_UP: Final = {
    socket.EAI_NONAME: "DNS: no such host",
    getattr(socket, "EAI_NODATA", socket.EAI_NONAME): "DNS: no such host",
    socket.EAI_AGAIN: "DNS: no answer; is the network up?",
    socket.EAI_FAIL: "DNS: the name server failed",
}


class Unusable(Exception):
    """The answer can't be used; ``str()`` is the words for it."""


def status_words(status: int) -> str:
    """``404: no feed at this address``."""
    words = _STATUS.get(status)
    if words is None:
        words = _PHRASES.get(status, "unknown status").lower()
    return f"{status}: {words}"


_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}


def no_entry(status: int, why: str) -> str:
    """``200 but no entry: page of HTML``: a good answer with a document that is no use."""
    return f"{status} but no entry: {why}"


def size(count: int) -> str:
    """``10 MiB``, ``512 KiB`` or ``100 bytes``."""
    for unit, name in ((1024 * 1024, "MiB"), (1024, "KiB")):
        if count >= unit:
            return f"{count / unit:.4g} {name}"
    return f"{count} bytes"


def words(error: Exception, policy: FetchPolicy) -> str:
    """What ``error`` means. Its cause tells more than itself, so the whole chain is looked at.

    Only a timeout tells more than its cause, which is a cancellation.
    """
    if isinstance(error, httpcore.TimeoutException):
        return f"timeout: {policy.silence:g} s without a word"
    for cause in _chain(error):
        told = _told(cause, policy)
        if told:
            return told
    return safe_text(f"fault: {type(error).__name__}: {error}", 200)


def reached(error: Exception) -> bool | None:
    """Whether a server was met although ``error`` came of it; None where nobody was asked."""
    chain = list(_chain(error))
    if any(isinstance(cause, Forbidden | httpx.InvalidURL | UnicodeError) for cause in chain):
        return None
    # It spoke, be it nonsense or with a certificate that does not hold.
    met = Unusable | ssl.SSLError | httpcore.RemoteProtocolError | zlib.error | httpcore.ProxyError
    return any(isinstance(cause, met) for cause in chain)


def about_dates(error: Exception) -> bool:
    """Whether a certificate was refused because of the dates between which it holds."""
    return any(
        isinstance(cause, ssl.SSLCertVerificationError) and cause.verify_code in _DATED
        for cause in _chain(error)
    )


def dated(words: str, valid: tuple[Timestamp, Timestamp] | None, now: Timestamp) -> str:
    """``words`` of a certificate, with how far from ``now`` the dates are between which it is valid."""
    if valid is None:
        return words
    start, end = valid
    if now > end:
        return f"TLS: certificate expired {_span(now - end)} ago"
    return f"TLS: certificate valid only in {_span(start - now)}; is this machine's clock right?"


def _span(seconds: float) -> str:
    """``3 days``, ``5 hours`` or ``1 minute``."""
    for unit, name in ((DAY, "day"), (HOUR, "hour")):
        if seconds >= unit:
            return plural(int(seconds // unit), name)
    return plural(max(1, int(seconds // MINUTE)), "minute")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """``error``'s causes, the deepest first, then itself."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    return reversed(chain)


def _told(error: BaseException, policy: FetchPolicy) -> str:
    """Words for this one exception, or ``""`` where another of the chain says more."""
    match error:
        case Forbidden() | Unusable():
            return str(error)
        case ssl.SSLCertVerificationError():
            return f"TLS: {_CERTIFICATE.get(error.verify_code, safe_text(error.verify_message, 100))}"
        case ssl.SSLError():
            return f"TLS: {(error.reason or 'handshake failed').replace('_', ' ').lower()}"
        case socket.gaierror():
            return _LOOK_UP.get(error.errno or 0, f"DNS: {safe_text(error.strerror or 'failed', 100)}")
        case TimeoutError() if error.errno is None:
            return f"timeout: no answer in {policy.timeout:g} s"
        case OSError():
            return _ERRNO.get(error.errno or 0, "")
        case httpcore.ProxyError():
            return f"proxy: {safe_text(str(error), 100)}"
        case httpcore.RemoteProtocolError():
            return f"broken answer: {safe_text(str(error), 150)}"
        case httpcore.NetworkError():
            return "cut off: the server closed the connection"
        case httpx.InvalidURL() | UnicodeError():
            return f"address: {safe_text(str(error), 150)}"
        case zlib.error():
            return "broken answer: the compressed data are damaged"
    return ""
