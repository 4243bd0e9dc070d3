"""How the map's data is made out of Natural Earth's."""

from __future__ import annotations

import importlib.util
import json
import tarfile
import zipfile
from io import BytesIO
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.geo import world

SCRIPT = Path(__file__).parents[1] / "docs" / "make_map_data.py"

points = st.lists(st.tuples(st.floats(-20, 20), st.floats(-60, 60)), min_size=2, max_size=60)


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_map_data", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make = _load()

TWO_COUNTRIES = {
    # Two squares that share a side, and an island of the second of them on the 180th meridian.
    "transform": {"scale": [1.0, 1.0], "translate": [0.0, 0.0]},
    "arcs": [
        [[10, 0], [0, 10]],
        [[10, 10], [-10, 0], [0, -10], [10, 0]],
        [[10, 10], [10, 0], [0, -10], [-10, 0]],
        [[179, 40], [0, 4], [-358, 0], [0, -4], [358, 0]],
    ],
    "objects": {
        "countries": {
            "geometries": [
                {"type": "Polygon", "id": "001", "properties": {"name": "West"}, "arcs": [[0, 1]]},
                {
                    "type": "MultiPolygon",
                    "id": "002",
                    "properties": {"name": "East"},
                    "arcs": [[[-1, 2]], [[3]]],
                },
            ]
        }
    },
}


def off(point: tuple[float, float], line: list[tuple[float, float]], shrink: float) -> float:
    """How far a point is from a line, in degrees of latitude."""
    px, py = point[0] * shrink, point[1]
    found = []
    for (ax, ay), (bx, by) in pairwise(line):
        dx, dy = (bx - ax) * shrink, by - ay
        square = dx * dx + dy * dy
        share = max(0.0, min(1.0, ((px - ax * shrink) * dx + (py - ay) * dy) / square)) if square else 0.0
        found.append(hypot(px - ax * shrink - share * dx, py - ay - share * dy))
    return min(found)


@given(points, st.floats(0.01, 5))
def test_no_point_left_out_is_further_from_the_line_than_the_tolerance(
    line: list[tuple[float, float]], tolerance: float
) -> None:
    kept = make.simplify(line, tolerance)
    shrink = cos(radians(sum(lat for _, lat in line) / len(line)))
    assert (kept[0], kept[-1]) == (line[0], line[-1])
    assert set(kept) <= set(line)
    assert all(off(point, kept, shrink) <= tolerance + 1e-9 for point in line)


def test_a_line_over_the_180th_meridian_is_cut_there() -> None:
    pieces = make.cut_at_180([(170.0, 0.0), (179.0, 10.0), (-179.0, 12.0), (-170.0, 20.0)])
    assert pieces == [
        [(170.0, 0.0), (179.0, 10.0), (180.0, 11.0)],
        [(-180.0, 11.0), (-179.0, 12.0), (-170.0, 20.0)],
    ]


def test_land_on_both_sides_of_that_meridian_is_closed_along_it() -> None:
    lines = make.cut_at_180([(179.0, 40.0), (179.0, 44.0), (-179.0, 44.0), (-179.0, 40.0), (179.0, 40.0)])
    assert make.edges(lines) == [[(-180.0, 40.0), (-180.0, 44.0)]]


def test_a_side_of_two_countries_is_a_border_and_any_other_a_coast() -> None:
    assert make.kinds_of(TWO_COUNTRIES) == [make.BORDER, make.COAST, make.COAST, make.COAST]


def test_the_side_of_a_territory_without_a_number_is_a_frontier() -> None:
    unsettled = json.loads(json.dumps(TWO_COUNTRIES))
    del unsettled["objects"]["countries"]["geometries"][1]["id"]
    assert make.kinds_of(unsettled)[0] == make.FRONTIER


def test_a_name_stands_in_the_middle_of_its_country() -> None:
    names = {name: where for name, *where in make.names_of(TWO_COUNTRIES, make.points_of(TWO_COUNTRIES))}
    assert names["West"] == [5.0, 5.0, 10.0]


def test_the_same_package_makes_the_same_bytes_and_they_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "package.tgz"
    text = json.dumps(TWO_COUNTRIES).encode()
    with tarfile.open(package, "w:gz") as archive:
        member = tarfile.TarInfo(make.SOURCE)
        member.size = len(text)
        archive.addfile(member, BytesIO(text))
    made = [tmp_path / "one.zip", tmp_path / "two.zip"]
    for target in made:
        monkeypatch.setattr("sys.argv", ["make_map_data.py", str(package), str(target)])
        make.main()
    assert made[0].read_bytes() == made[1].read_bytes()
    with zipfile.ZipFile(made[0]) as archive:
        level = json.loads(archive.read("level-0.json"))
    pieces = list(world._pieces(level))
    assert {piece.kind for piece in pieces} == {world.Kind.COAST, world.Kind.BORDER, world.Kind.EDGE}
    border = next(piece for piece in pieces if piece.kind is world.Kind.BORDER)
    assert (border.west, border.east, border.south, border.north) == (10.0, 10.0, 0.0, 10.0)


def test_the_file_in_the_package_was_made_by_this_script() -> None:
    assert make.TOLERANCES == world.TOLERANCES
    for number, grid in enumerate(make.GRIDS):
        assert world.level(number).grid == grid
    with zipfile.ZipFile(world.DATA) as archive:
        assert archive.namelist() == ["about.json", "names.json", *(f"level-{at}.json" for at in range(4))]
        assert world.DATA.stat().st_size < 400_000
