"""Takes secrets out of text that is kept or shown to others: the log, a report of a fault."""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = "***"

_OPEN_SCHEMES: Final = "https?|file|ftp"
_LOGIN: Final = re.compile(rf"\b({_OPEN_SCHEMES})(://)[^\s/?#\"'<>]+@", re.IGNORECASE)
"""``https://user:password@host``."""
_SERVICE: Final = re.compile(
    rf"\b(?!(?:{_OPEN_SCHEMES})://)([a-z][a-z0-9+.-]{{1,30}}://)[^\s\"'<>]+", re.IGNORECASE
)
"""Any other scheme is a notification service's, and its address a secret as a whole: ``tgram://TOKEN/CHAT``."""
_NAMES: Final = (
    r"[\w.-]*(?:token|secret|passw(?:or)?d|passphrase|api[_-]?key|credential|signature|authorization)[\w.-]*"
    r"|auth|key|pass|pwd|sig|sid|code|session"
)
_PARAMETER: Final = re.compile(rf"([?&;])({_NAMES})=[^\s&;#\"'<>]*", re.IGNORECASE)
"""``?token=…``"""
_HEADER: Final = re.compile(
    r"\b(authorization|proxy-authorization|cookie|set-cookie)(\s*[:=]\s*).+", re.IGNORECASE
)
_BEARER: Final = re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)


def redact(text: str) -> str:
    """``text`` without logins in addresses, secrets in their parameters, and addresses of services."""
    if "://" in text:
        text = _LOGIN.sub(rf"\1\2{HIDDEN}@", text)
        text = _SERVICE.sub(rf"\1{HIDDEN}", text)
    if "=" in text:
        text = _PARAMETER.sub(rf"\1\2={HIDDEN}", text)
    return _BEARER.sub(rf"\1 {HIDDEN}", _HEADER.sub(rf"\1\2{HIDDEN}", text))
