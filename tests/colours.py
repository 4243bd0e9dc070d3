"""How colours look: to eyes that lack a kind of cone, and on terminals of 256 colours. For the tests only."""

from __future__ import annotations

import math
from typing import Final

from rich.color import Color, ColorSystem
from rich.terminal_theme import TerminalTheme

Linear = tuple[float, float, float]
Lab = tuple[float, float, float]

# G. M. Machado, M. M. Oliveira, L. A. F. Fernandes: "A Physiologically-based Model for Simulation of Color
# Vision Deficiency", IEEE TVCG 15 (2009), severity 1.0, for linear RGB.
DEFICIENCIES: Final = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour: str) -> Linear:
    """Linear RGB, 0 to 1, of ``#rrggbb`` in sRGB (IEC 61966-2-1)."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def contrast(first: str, second: str) -> float:
    """Contrast, 1 to 21, of two ``#rrggbb`` (WCAG 2.2)."""
    dark, light = sorted(_luminance(linear(colour)) for colour in (first, second))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Linear) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def seen_with(deficiency: str, colour: str) -> Linear:
    """What an eye with that deficiency makes of a colour."""
    red, green, blue = linear(colour)
    rows = DEFICIENCIES[deficiency]
    seen = [min(1.0, max(0.0, row[0] * red + row[1] * green + row[2] * blue)) for row in rows]
    return seen[0], seen[1], seen[2]


def lab(colour: Linear) -> Lab:
    """CIE L*a*b* of linear RGB, white D65."""
    red, green, blue = colour
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (_cube_root(part) for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _cube_root(part: float) -> float:
    return math.cbrt(part) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116


def difference(first: Lab, second: Lab) -> float:
    """CIEDE2000, as G. Sharma, W. Wu and E. N. Dalal write it (Color Research & Application 30, 2005)."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean**7 / (mean**7 + 25**7))
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1, h2 = _hue(a1 * stretch, b1), _hue(a2 * stretch, b2)
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    delta_h = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    l_mean, c_mean = (l1 + l2) / 2, (c1 + c2) / 2
    h_mean = h1 + turn / 2 if c1 * c2 else h1 + h2
    t = (
        1
        - 0.17 * _cos(h_mean - 30)
        + 0.24 * _cos(2 * h_mean)
        + 0.32 * _cos(3 * h_mean + 6)
        - 0.20 * _cos(4 * h_mean - 63)
    )
    s_l = 1 + 0.015 * (l_mean - 50) ** 2 / math.sqrt(20 + (l_mean - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c_mean, 1 + 0.015 * c_mean * t
    rotation = 60 * math.exp(-((((h_mean % 360) - 275) / 25) ** 2))
    r_t = -2 * math.sqrt(c_mean**7 / (c_mean**7 + 25**7)) * math.sin(math.radians(rotation))
    light, chroma, hue = (l2 - l1) / s_l, (c2 - c1) / s_c, delta_h / s_h
    return math.sqrt(light**2 + chroma**2 + hue**2 + r_t * chroma * hue)


def _hue(a: float, b: float) -> float:
    return math.degrees(math.atan2(b, a)) % 360 if a or b else 0.0


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def in_256(colour: str) -> str:
    """What a terminal of 256 colours is sent for ``#rrggbb`` (by Rich, whose rounding Textual uses)."""
    return Color.parse(colour).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex


def _sixteen(*colours: str) -> TerminalTheme:
    """A terminal's sixteen colours, the eight plain ones first."""
    channels = [(int(each[:2], 16), int(each[2:4], 16), int(each[4:], 16)) for each in colours]
    return TerminalTheme(channels[0], channels[7], channels[:8], channels[8:])


VGA: Final = _sixteen(
    *("000000", "aa0000", "00aa00", "aa5500", "0000aa", "aa00aa", "00aaaa", "aaaaaa"),
    *("555555", "ff5555", "55ff55", "ffff55", "5555ff", "ff55ff", "55ffff", "ffffff"),
)
XTERM: Final = _sixteen(
    *("000000", "cd0000", "00cd00", "cdcd00", "0000ee", "cd00cd", "00cdcd", "e5e5e5"),
    *("7f7f7f", "ff0000", "00ff00", "ffff00", "5c5cff", "ff00ff", "00ffff", "ffffff"),
)
"""The sixteen colours of the Linux console and of xterm, as they come."""
