"""The map without a screen: degrees to dots and back, lines and land, marks and their room."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import incident
from tui.geo import raster, world
from tui.geo.clusters import Room, clusters
from tui.geo.glyphs import CHARACTERS, Glyphs, glyphs_for
from tui.geo.names import Sort, home, names_in, own_places, plain
from tui.geo.raster import BITS, clip, draw, line
from tui.geo.stand import Stand
from tui.geo.stock import Stock
from tui.geo.view import COARSEST, FINEST, Frame, View, fit, wrapped
from tui.geo.world import TOLERANCES, Kind, level_for
from tui.model import Incident, Place, Severity, State

BEIRUT = (33.89, 35.5)
LEVANT = Frame(View(33.2, 35.4, 0.02), 80, 30)

lats = st.floats(-80, 80)
lons = st.floats(-180, 180)
steps = st.floats(FINEST, COARSEST)
sizes = st.integers(2, 120)
coordinates = st.floats(-500, 500)


def land_at(frame: Frame, lat: float, lon: float) -> bool:
    """Whether the map shows land there."""
    x, y = frame.cell(lat, lon)
    return bool(draw(frame).land[y * frame.width + x])


def around(lat: float, lon: float, step: float) -> Frame:
    """A small frame with a place in the middle of its middle cell."""
    return Frame(View(lat, lon, step), 21, 11)


def at(id: int, lat: float, lon: float, severity: Severity = Severity.MEDIUM, name: str = "") -> Incident:
    """An incident at a place."""
    place = Place(name or f"place {id}", lat, lon, "village")
    return incident(id)._replace(place=place, severity=severity)


# The view


@given(lats, lons, steps, sizes, sizes, st.floats(0, 1), st.floats(0, 1))
def test_a_cell_is_found_again_from_the_place_in_its_middle(
    lat: float, lon: float, step: float, width: int, height: int, right: float, down: float
) -> None:
    frame = Frame(View(lat, lon, step), width, height)
    x, y = int(right * (width - 1)), int(down * (height - 1))
    place = frame.position(x + 0.5, y + 0.5)
    if abs(x + 0.5 - width / 2) * 2 / frame.per_lon < 180:  # no more than once around the world
        assert frame.cell(*place) == (x, y)


@given(st.lists(st.tuples(lats, lons), min_size=1, max_size=20), st.integers(20, 320), st.integers(6, 90))
def test_a_fit_shows_every_place_as_far_as_one_world_is_wide(
    places: list[tuple[float, float]], width: int, height: int
) -> None:
    view = fit(places, width, height)
    if view.step < COARSEST:
        frame = Frame(view, width, height)
        assert all(frame.holds(*place) for place in places)


def test_a_fit_goes_the_short_way_round_over_the_180th_meridian() -> None:
    frame = Frame(fit([(-17.0, 178.0), (-14.0, -172.0)], 80, 30), 80, 30)
    assert frame.east - frame.west < 90
    assert frame.holds(-17.0, 178.0)
    assert frame.holds(-14.0, -172.0)


def test_nothing_to_fit_shows_the_whole_world() -> None:
    frame = Frame(fit([], 120, 40), 120, 40)
    assert frame.holds(64.1, -21.9)
    assert frame.holds(-33.9, 151.2)
    assert frame.holds(21.3, -157.9)


def test_a_lone_place_is_shown_with_what_is_around_it_and_a_wide_one_whole() -> None:
    near, wide = Frame(fit([BEIRUT], 80, 24), 80, 24), Frame(fit([BEIRUT], 80, 24, least=450.0), 80, 24)
    assert 1.0 < near.north - near.south < 2.0
    assert 4.0 < wide.north - wide.south < 6.0


def test_a_square_degree_at_60_north_is_half_as_wide_as_high() -> None:
    frame = Frame(View(60.0, 10.0, 0.01), 100, 40)
    assert frame.per_lon * frame.view.step == pytest.approx(0.5)


@given(lats, lons, st.floats(0.02, 0.2), st.floats(0.5, 2.0), st.floats(0, 60), st.floats(0, 20))
def test_zooming_keeps_the_place_under_the_pointer_where_it_is(
    lat: float, lon: float, step: float, factor: float, x: float, y: float
) -> None:
    frame = Frame(View(lat * 0.7, lon, step), 60, 20)
    held = frame.position(x, y)
    after = Frame(frame.zoomed(factor, (x, y)), 60, 20)
    there = after.position(x, y)
    assert there[0] == pytest.approx(held[0], abs=1e-6)
    # The middle parallel moves a little, and with it how long a degree of longitude is.
    assert abs(wrapped(there[1] - held[1])) * after.per_lon < 20


def test_panning_there_and_back_ends_where_it_began() -> None:
    there = Frame(LEVANT.panned(20, 0), 80, 30)
    assert there.panned(-20, 0).lon == pytest.approx(LEVANT.view.lon)
    assert there.view.lon > LEVANT.view.lon
    assert LEVANT.panned(0, 5).lat < LEVANT.view.lat


def test_a_view_never_leaves_the_world() -> None:
    assert LEVANT.view.moved(200.0, 500.0, 99.0) == View(84.0, 140.0, COARSEST)
    assert LEVANT.zoomed(1e9).step == FINEST


# The world's lines


@pytest.mark.parametrize("level", range(len(TOLERANCES)))
def test_every_level_holds_the_world_in_degrees(level: int) -> None:
    data = world.level(level)
    assert {piece.kind for piece in data.pieces} == set(Kind)
    for piece in data.pieces:
        assert len(piece.lons) == len(piece.lats) >= 1
        assert -180.01 <= piece.west <= piece.east <= 180.01
        assert -90.01 <= piece.south <= piece.north <= 90.01


def test_finer_levels_hold_more_and_the_file_says_where_it_is_from() -> None:
    points = [sum(len(piece.lons) for piece in world.level(at).pieces) for at in range(len(TOLERANCES))]
    assert points == sorted(points)
    about = world._member("about.json")
    assert "Natural Earth" in about["source"]
    assert about["licence"] == "public domain"
    assert "world-atlas" in about["through"]
    assert [world._member(name)["tolerance"] for name in about["levels"]] == list(TOLERANCES)


@pytest.mark.parametrize("step", [2.0, 0.2, 0.06, 0.01])
def test_the_level_is_the_coarsest_that_is_exact_enough(step: float) -> None:
    assert TOLERANCES[level_for(step)] <= max(1.5 * step, TOLERANCES[-1])


@pytest.mark.parametrize("step", [0.4, 0.1, 0.03, 0.004])
@pytest.mark.parametrize(
    ("lat", "lon", "is_land"),
    [
        (33.3, 44.4, True),  # Baghdad
        (15.4, 44.2, True),  # Sanaa
        (20.0, 38.5, False),  # the Red Sea
        (34.5, 34.0, False),  # between Cyprus and Lebanon
        (42.0, 51.0, False),  # the Caspian, within the land of Eurasia
        (65.0, -100.0, True),  # Canada
        (-25.0, 135.0, True),  # Australia
        (-80.0, 20.0, True),  # Antarctica
        (0.0, -150.0, False),  # the Pacific
    ],
)
def test_land_is_told_from_water_at_every_closeness(
    lat: float, lon: float, is_land: bool, step: float
) -> None:
    assert land_at(around(lat, lon, step), lat, lon) is is_land


def test_land_goes_on_over_the_180th_meridian() -> None:
    frame = Frame(View(67.5, 180.0, 0.15), 60, 20)
    assert land_at(frame, 67.5, 178.0)
    assert land_at(frame, 67.5, -178.0)
    assert not land_at(frame, 74.0, 180.0)
    # A parallel through the Pacific crosses Fiji's cut and must be water behind it.
    pacific = Frame(View(-16.5, 180.0, 0.3), 100, 20)
    assert not land_at(pacific, -16.5, -170.0)


def test_the_frame_around_the_world_shows_it_once_in_each_copy() -> None:
    wide = Frame(View(0.0, 0.0, COARSEST), 200, 20)
    row = draw(wide).land[10 * 200 : 11 * 200]
    assert any(row)
    assert not all(row)


def test_coast_border_and_frontier_are_drawn_and_the_blue_line_is_a_frontier() -> None:
    shown = draw(LEVANT)
    kinds = set(shown.kinds)
    assert {Kind.COAST, Kind.BORDER, Kind.FRONTIER} <= kinds
    assert Kind.EDGE not in kinds
    # The Blue Line runs east from the coast at Naqoura.
    x, y = LEVANT.cell(33.09, 35.2)
    near = {shown.kinds[(y + down) * LEVANT.width + x + right] for right in (0, 1, 2) for down in (-1, 0, 1)}
    assert Kind.FRONTIER in near


def test_a_cell_has_a_kind_exactly_where_it_has_dots() -> None:
    shown = draw(LEVANT)
    assert all(
        (dots == 0) == (kind == raster.EMPTY) for dots, kind in zip(shown.dots, shown.kinds, strict=True)
    )


@given(coordinates, coordinates, coordinates, coordinates)
def test_what_is_clipped_lies_within_and_what_is_within_is_not_clipped(
    x: float, y: float, to_x: float, to_y: float
) -> None:
    clipped = clip(x, y, to_x, to_y, 99, 59)
    if clipped is not None:
        assert all(0 <= value <= most for value, most in zip(clipped, (99, 59, 99, 59), strict=True))
    if all(0 <= value <= most for value, most in zip((x, y, to_x, to_y), (99, 59, 99, 59), strict=True)):
        assert clipped == tuple(int(value + 0.5) for value in (x, y, to_x, to_y))


def test_a_line_past_the_corner_is_not_drawn_and_one_through_it_is() -> None:
    assert clip(-30, 10, 10, -30, 99, 59) is None
    assert clip(-10, 5, 200, 5, 99, 59) == (0, 5, 99, 5)


whole = st.integers(-40, 40)


@given(whole, whole, whole, whole)
def test_a_line_of_dots_has_no_gap_and_keeps_to_the_straight(x: int, y: int, to_x: int, to_y: int) -> None:
    dots = [*line(x, y, to_x, to_y), (to_x, to_y)]
    assert dots[0] == (x, y)
    for (ax, ay), (bx, by) in pairwise(dots):
        assert max(abs(bx - ax), abs(by - ay)) <= 1
    length = max(abs(to_x - x), abs(to_y - y))
    for px, py in dots:
        off = abs((to_x - x) * (py - y) - (to_y - y) * (px - x))
        assert off <= length / 2 + 1e-9 or length == 0


# The dots as characters


def test_every_pattern_of_dots_has_a_character_one_cell_wide() -> None:
    for glyphs, characters in CHARACTERS.items():
        assert len(characters) == 256
        assert all(len(character) == 1 for character in characters)
        assert all((character == " ") == (dots == 0) for dots, character in enumerate(characters)), glyphs
    assert all(character.isascii() for character in CHARACTERS[Glyphs.ASCII])
    assert set(CHARACTERS[Glyphs.BLOCKS]) == set(" ▀▄▌▐█")


def test_braille_has_each_dot_where_it_is() -> None:
    assert CHARACTERS[Glyphs.BRAILLE][BITS[0][0]] == "⠁"
    assert CHARACTERS[Glyphs.BRAILLE][BITS[3][1]] == "⢀"
    assert CHARACTERS[Glyphs.BRAILLE][255] == "⣿"


@pytest.mark.parametrize(
    ("dots", "character"),
    [
        (BITS[0][0] | BITS[1][0] | BITS[2][0] | BITS[3][0], "|"),
        (BITS[3][0] | BITS[3][1], "_"),
        (BITS[3][0] | BITS[0][1], "/"),
        (BITS[0][0] | BITS[3][1], "\\"),
        (BITS[3][0], "."),
    ],
)
def test_a_letter_goes_the_way_of_the_line(dots: int, character: str) -> None:
    assert CHARACTERS[Glyphs.ASCII][dots] == character


@pytest.mark.parametrize(
    ("environment", "glyphs"),
    [
        ({"LANG": "en_GB.UTF-8", "TERM": "xterm-256color"}, Glyphs.BRAILLE),
        ({"LANG": "en_GB.utf8"}, Glyphs.BRAILLE),
        ({}, Glyphs.BRAILLE),
        ({"LC_ALL": "C", "LANG": "de_DE.ISO-8859-1"}, Glyphs.BRAILLE),
        ({"LANG": "de_DE.ISO-8859-15@euro"}, Glyphs.ASCII),
        ({"LC_ALL": "ru_RU.KOI8-R", "LANG": "en_GB.UTF-8"}, Glyphs.ASCII),
        ({"LANG": "en_GB.UTF-8", "TERM": "linux"}, Glyphs.BLOCKS),
    ],
)
def test_the_drawing_is_one_that_the_terminal_has(environment: dict[str, str], glyphs: Glyphs) -> None:
    assert glyphs_for(environment) is glyphs


# Names


def test_cities_are_named_near_by_and_countries_that_are_wide_enough() -> None:
    near = {name.text: name.sort for name in names_in(LEVANT)}
    assert near["Beirut"] is Sort.CITY
    assert near["Lebanon"] is Sort.COUNTRY
    far = {name.text: name.sort for name in names_in(Frame(fit([], 200, 60), 200, 60))}
    assert far["Brazil"] is Sort.COUNTRY
    assert "Lebanon" not in far
    assert "Beirut" not in far


def test_a_front_is_at_home_where_its_cities_are_and_one_of_its_own_terms_nowhere() -> None:
    assert any(
        abs(lat - BEIRUT[0]) < 0.1 and abs(lon - BEIRUT[1]) < 0.1 for lat, lon in home({"lebanon-border"})
    )
    assert home({"/etc/own.toml"}) == []


def test_the_watchs_own_places_are_named_and_are_its_home(tmp_path: Path) -> None:
    own = tmp_path / "sahel.toml"
    own.write_text(
        '[[place]]\nid = "djibo"\nname = "Dj\\u001bibo"\nkind = "town"\nlat = 14.1\nlon = -1.63\n'
        '[[place]]\nid = "mali"\nname = "Mali"\nkind = "country"\nlat = 17.0\nlon = -4.0\n',
        encoding="utf-8",
    )
    places = own_places(["lebanon-border", str(own)])
    assert [place.kind for place in places] == ["town", "country"]
    assert "\x1b" not in places[0].name
    assert home([str(own)], places) == [(14.1, -1.63)]
    frame = Frame(fit(home([str(own)], places), 80, 24), 80, 24)
    assert places[0].name in {name.text for name in names_in(frame, places)}


def test_a_list_that_cannot_be_read_has_no_places_and_says_so_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[[place]]\nid = 'x'\nlat = 'north'\nlon = 1\n", encoding="utf-8")
    assert own_places([str(broken), str(tmp_path / "gone.toml")]) == ()
    assert "broken.toml" in caplog.text
    assert "gone.toml" in caplog.text


def test_what_tells_a_name_from_its_namesake_is_left_out() -> None:
    assert plain("Tripoli, Lebanon") == "Tripoli"
    assert plain("Naqoura") == "Naqoura"


# Marks


def test_incidents_beside_each_other_are_one_mark_with_the_worst_first() -> None:
    near = [at(1, 33.12, 35.14), at(2, 33.12, 35.14, Severity.HIGH), at(3, 33.10, 35.2), at(4, 33.9, 35.5)]
    marks = clusters(near, LEVANT)
    assert [[each.id for each in mark.incidents] for mark in marks] == [[2, 3, 1], [4]]
    assert marks[0].places == ("place 2", "place 3", "place 1")
    assert (marks[0].x, marks[0].y) == LEVANT.cell(33.12, 35.14)


@given(st.lists(st.tuples(st.floats(32.5, 33.9), st.floats(34.6, 36.2)), max_size=60), st.randoms())
def test_every_incident_in_view_is_in_one_mark_and_their_order_does_not_matter(
    places: list[tuple[float, float]], random: object
) -> None:
    incidents = [at(number, *place) for number, place in enumerate(places)]
    marks = clusters(incidents, LEVANT)
    told = sorted(each.id for mark in marks for each in mark.incidents)
    assert told == [
        each.id for each in incidents if each.place and LEVANT.holds(each.place.lat, each.place.lon)
    ]
    assert len({(mark.x, mark.y) for mark in marks}) == len(marks)
    assert clusters(incidents[::-1], LEVANT) == marks


def test_what_is_out_of_view_or_has_no_place_has_no_mark() -> None:
    nowhere = incident(1)._replace(place=None)
    assert clusters([nowhere, at(2, 15.4, 44.2)], LEVANT) == []


def test_a_name_stands_behind_its_mark_else_before_it_else_nowhere() -> None:
    room = Room(30, 2)
    room.take(10, 0, 2)
    assert room.beside(10, 0, 2, 6) == 13
    assert room.beside(10, 0, 2, 6) == 3
    assert room.beside(10, 0, 2, 6) is None
    assert room.beside(28, 1, 2, 7) == 20
    assert room.beside(20, 5, 2, 3) is None


# What the map is about


def test_the_stock_takes_what_comes_and_lets_go_of_what_is_old_or_elsewhere() -> None:
    now = incident(1).last_seen
    stock = Stock(Stand(Glyphs.BRAILLE, hours=24))
    stock.replace(Stand(Glyphs.BRAILLE, hours=24), [at(1, *BEIRUT), incident(2)._replace(place=None)], now)
    assert len(stock) == 2
    assert [each.id for each in stock.marked] == [1]
    shelved = at(1, *BEIRUT)._replace(state=State.SHELVED)
    assert stock.take([shelved, at(3, *BEIRUT)], now, None) == {1, 3}
    assert [each.id for each in stock.marked] == [3]
    assert stock.shelved == 1
    assert stock.take([], now, None) == set()
    assert stock.take([], now + 86_401.0, 3) == {1, 2}
    assert len(stock) == 1


def test_the_stock_is_fitted_to_its_marks_or_to_home_where_it_has_none() -> None:
    now = incident(1).last_seen
    stock = Stock(Stand(Glyphs.BRAILLE))
    assert stock.fitted(80, 24, lambda: [BEIRUT]) == fit([BEIRUT], 80, 24)
    country = incident(1)._replace(place=Place("Yemen", 15.6, 47.5, "country"))
    stock.replace(Stand(Glyphs.BRAILLE), [country], now)
    wide = Frame(stock.fitted(80, 24, lambda: [BEIRUT]), 80, 24)
    assert wide.holds(15.6, 47.5)
    assert wide.north - wide.south > 4.0
    stock.replace(Stand(Glyphs.BRAILLE), [country, at(2, 15.3, 47.0)], now)
    assert stock.fitted(80, 24, lambda: []).step < wide.view.step


def test_the_stock_of_one_front_holds_that_front_only() -> None:
    now = incident(1).last_seen
    here, there = at(1, *BEIRUT), at(2, *BEIRUT)._replace(fronts=("elsewhere",))
    stock = Stock(Stand(Glyphs.BRAILLE))
    stock.replace(Stand(Glyphs.BRAILLE, front="elsewhere"), [here, there], now)
    assert [each.id for each in stock.marked] == [2]


def test_the_map_is_drawn_without_textual_and_without_rich() -> None:
    code = (
        "import sys\n"
        "from tui.geo import clusters, glyphs, names, raster, stand, stock, view, world\n"
        "raster.draw(view.Frame(view.View(33.0, 35.0, 0.1), 40, 12))\n"
        "assert not {name.partition('.')[0] for name in sys.modules} & {'textual', 'rich'}\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
