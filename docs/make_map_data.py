"""Makes tui/geo/world.zip: the coasts, borders and frontier lines of the world at four finenesses.

    npm pack world-atlas@2.0.2
    python docs/make_map_data.py world-atlas-2.0.2.tgz [tui/geo/world.zip]

Source: Natural Earth 4.1.0, 1:10m admin 0 countries (naturalearthdata.com), in the public domain, as
TopoJSON in the npm package world-atlas 2.0.2 (ISC licence, Michael Bostock). The same package makes the same
bytes. What is done to it: each line is cut where it crosses 180 degrees, simplified after Douglas and Peucker
(1973) with its ends kept, rounded to a grid, and written as differences. A line between two countries is
simplified once, so they never gape.
"""

from __future__ import annotations

import json
import sys
import tarfile
import zipfile
from collections import Counter
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path

TARGET = Path(__file__).parent.parent / "tui" / "geo" / "world.zip"
SOURCE = "package/countries-10m.json"

TOLERANCES = (0.5, 0.15, 0.05, 0.015)
"""Degrees of latitude by which a line may be off, coarsest first: 56, 17, 5.6 and 1.7 km."""
GRIDS = (0.1, 0.05, 0.02, 0.008)
"""Degrees that each is rounded to."""
PIECE = 48
"""Points of a piece: what is off the screen is passed over by the piece."""

COAST, BORDER, FRONTIER, EDGE = range(4)
"""Kinds of line. An edge is drawn nowhere: it closes, on 180 degrees, the land on both sides of it."""

NOT_SETTLED = {"Palestine", "W. Sahara"}
"""Territories whose bounds are not settled, beside those for which Natural Earth gives no ISO 3166 number."""
CEASEFIRE_LINES = ({"Israel", "Lebanon"}, {"Israel", "Syria"}, {"North Korea", "South Korea"})
"""The Blue Line, the disengagement line of 1974 and the military demarcation line of 1953."""

Point = tuple[float, float]
"""Longitude and latitude in degrees."""
Line = list[Point]


def rings_of(geometry: dict) -> list[list[int]]:
    """Every ring, as numbers of arcs; outer rings and holes alike."""
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return [ring for polygon in polygons for ring in polygon]


def points_of(topology: dict) -> list[Line]:
    """Every arc in degrees."""
    (sx, sy), (ox, oy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((round(x * sx + ox, 6), round(y * sy + oy, 6)))
        arcs.append(line)
    return arcs


def kinds_of(topology: dict) -> list[int]:
    """Coast where one country has the arc; border or frontier where two have it."""
    countries = topology["objects"]["countries"]["geometries"]
    owners: dict[int, list[int]] = {}
    for index, country in enumerate(countries):
        for ring in rings_of(country):
            for arc in ring:
                owners.setdefault(arc if arc >= 0 else ~arc, []).append(index)

    def kind(arc: int) -> int:
        # An odd number of rings: land on one side, water on the other.
        if len(owners[arc]) % 2:
            return COAST
        both = [countries[index] for index in set(owners[arc])]
        names = {country["properties"]["name"] for country in both}
        unsettled = any("id" not in country for country in both) or names & NOT_SETTLED
        return FRONTIER if unsettled or names in CEASEFIRE_LINES else BORDER

    return [kind(arc) for arc in range(len(topology["arcs"]))]


def cut_at_180(line: Line) -> list[Line]:
    """The line as pieces of which none crosses 180 degrees; each ends on that meridian."""
    pieces, piece = [], [line[0]]
    for (lon, lat), (to_lon, to_lat) in pairwise(line):
        if abs(to_lon - lon) > 180:
            side = 180.0 if lon > 0 else -180.0
            ahead = to_lon + 2 * side  # the next point, seen from this side
            share = (side - lon) / (ahead - lon) if ahead != lon else 0.0
            at = round(lat + share * (to_lat - lat), 6)
            pieces.append([*piece, (side, at)])
            piece = [(-side, at)]
        piece.append((to_lon, to_lat))
    return [*pieces, piece]


def edges(lines: list[Line]) -> list[Line]:
    """What must be added along -180 degrees, so that a parallel met from the west knows land from water."""
    ends: Counter[float] = Counter()
    for line in lines:
        for (lon, lat), (to_lon, to_lat) in pairwise(line):
            ends.update([lat] if lon == -180 else [])
            ends.update([to_lat] if to_lon == -180 else [])
    odd = sorted(lat for lat, count in ends.items() if count % 2)
    if len(odd) % 2:
        odd.insert(0, -90.0)  # the south pole is on land
    return [[(-180.0, south), (-180.0, north)] for south, north in zip(odd[::2], odd[1::2], strict=True)]


def simplify(line: Line, tolerance: float) -> Line:
    """Douglas and Peucker: no point dropped is further than ``tolerance`` from what is left.

    A degree of longitude counts as long as it is on the ground at the line's own latitude.
    """
    shrink = cos(radians(sum(lat for _, lat in line) / len(line)))
    flat = [(lon * shrink, lat) for lon, lat in line]
    keep = {0, len(line) - 1}
    todo = [(0, len(line) - 1)]
    while todo:
        first, last = todo.pop()
        (ax, ay), (bx, by) = flat[first], flat[last]
        dx, dy = bx - ax, by - ay
        square = dx * dx + dy * dy
        worst, at = tolerance, 0
        for index in range(first + 1, last):
            px, py = flat[index]
            share = max(0.0, min(1.0, ((px - ax) * dx + (py - ay) * dy) / square)) if square else 0.0
            off = hypot(px - ax - share * dx, py - ay - share * dy)
            if off > worst:
                worst, at = off, index
        if at:
            keep.add(at)
            todo += [(first, at), (at, last)]
    return [line[index] for index in sorted(keep)]


def is_speck(line: Line, tolerance: float) -> bool:
    """An island of its own that would be smaller than what can be told apart."""
    if line[0] != line[-1]:
        return False
    lons, lats = [lon for lon, _ in line], [lat for _, lat in line]
    wide = (max(lons) - min(lons)) * cos(radians(lats[0]))
    return max(wide, max(lats) - min(lats)) < tolerance


def level(lines: list[tuple[int, Line]], tolerance: float, grid: float) -> dict:
    """One fineness: pieces of lines as differences of whole numbers of ``grid`` degrees."""
    kinds, lengths, lons, lats = [], [], [], []
    for kind, line in lines:
        if is_speck(line, tolerance):
            continue
        rounded = [(round(lon / grid), round(lat / grid)) for lon, lat in simplify(line, tolerance)]
        points = [rounded[0], *(point for before, point in pairwise(rounded) if point != before)]
        for start in range(0, max(1, len(points) - 1), PIECE - 1):
            piece = points[start : start + PIECE]
            kinds.append(kind)
            lengths.append(len(piece))
            lons += [piece[0][0], *(after[0] - before[0] for before, after in pairwise(piece))]
            lats += [piece[0][1], *(after[1] - before[1] for before, after in pairwise(piece))]
    numbers = {"kinds": kinds, "lengths": lengths, "lons": lons, "lats": lats}
    return {"tolerance": tolerance, "grid": grid, **numbers}


def area(ring: Line) -> float:
    """Square degrees, by the shoelace formula, without a sign."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


def crossings(ring: Line, lat: float) -> list[float]:
    """Longitudes at which the ring crosses a parallel, from the west."""
    return sorted(
        a[0] + (lat - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for a, b in pairwise(ring)
        if (a[1] <= lat) != (b[1] <= lat)
    )


def label(ring: Line) -> tuple[float, float, float]:
    """Where a name stands best in a ring: in the middle of a wide parallel near the middle.

    Longitude, latitude and the width there, in degrees.
    """
    lats = [lat for _, lat in ring]
    south, north = min(lats), max(lats)
    best = (0.0, 0.0, 0.0, -1.0)
    for step in range(1, 20):
        lat = south + (north - south) * step / 20
        inside = crossings(ring, lat)
        for west, east in zip(inside[::2], inside[1::2], strict=False):
            worth = (east - west) * (1 - abs(step - 10) / 14)
            if worth > best[3]:
                best = ((west + east) / 2, lat, east - west, worth)
    return best[:3]


def names_of(topology: dict, arcs: list[Line]) -> list[list]:
    """Name, longitude, latitude and width in degrees of each country, the widest first."""
    found = []
    for country in topology["objects"]["countries"]["geometries"]:
        rings = []
        for numbers in rings_of(country):
            ring: Line = []
            for number in numbers:
                line = arcs[number] if number >= 0 else arcs[~number][::-1]
                ring += line[1:] if ring else line
            # One that crosses 180 degrees, seen from the east of it.
            if any(abs(b[0] - a[0]) > 180 for a, b in pairwise(ring)):
                ring = [(lon % 360, lat) for lon, lat in ring]
            rings.append(ring)
        lon, lat, width = label(max(rings, key=area))
        lon = (lon + 180) % 360 - 180
        found.append([country["properties"]["name"], round(lon, 2), round(lat, 2), round(width, 2)])
    return sorted(found, key=lambda name: (-name[3], name[0]))


def main() -> None:
    """Read the package, write the file."""
    package = Path(sys.argv[1])
    target = Path(sys.argv[2]) if len(sys.argv) > 2 else TARGET
    with tarfile.open(package) as archive:
        topology = json.load(archive.extractfile(SOURCE))  # type: ignore[arg-type]
    arcs = points_of(topology)
    lines = [
        (kind, piece) for kind, arc in zip(kinds_of(topology), arcs, strict=True) for piece in cut_at_180(arc)
    ]
    lines += [(EDGE, edge) for edge in edges([line for kind, line in lines if kind == COAST])]
    members: dict[str, object] = {
        "about.json": {
            "source": "Natural Earth 4.1.0, 1:10m admin 0 countries; naturalearthdata.com",
            "licence": "public domain",
            "through": "npm package world-atlas 2.0.2 (ISC licence), countries-10m.json",
            "made": "docs/make_map_data.py: cut at 180 degrees, simplified (Douglas and Peucker), rounded",
            "kinds": ["coast", "border", "frontier", "edge"],
            "levels": [f"level-{number}.json" for number in range(len(TOLERANCES))],
            "format": "a piece has lengths[i] points; lons and lats begin anew with each piece, as whole"
            " numbers of grid degrees, then differences; names: name, longitude, latitude, width in degrees",
        },
        "names.json": names_of(topology, arcs),
    }
    for number, (tolerance, grid) in enumerate(zip(TOLERANCES, GRIDS, strict=True)):
        members[f"level-{number}.json"] = level(lines, tolerance, grid)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, value in members.items():
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED, 9)
            print(f"{name}: {len(text)} characters")
    print(f"{target}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
