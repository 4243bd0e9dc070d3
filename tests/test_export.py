"""``frontwatch export``: incidents for a person, a spreadsheet, a script and a map."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest

from tests import samples
from tests.samples import DAY, HOUR, NOON
from tests.test_cli import config, frontwatch
from tui.export import COLUMNS, Format, export
from tui.incidents.standing import POSTURE, Posture, Standing
from tui.listing import list_incidents
from tui.model import Kind, Place, Severity, Watch
from tui.store.reader import Reader
from tui.store.writer import Writer

Export = Callable[..., str]
WATCH = Watch("A test's watch", samples.FRONTS, (samples.feed(),))
FORMULAS = ("=1+1", "+1", "-2 dead", "@SUM(A1)", '=HYPERLINK("https://evil.example")')


@pytest.fixture
def writer(path: Path) -> Iterator[Writer]:
    """A store whose clock stands at noon, as after a replay."""
    with closing(Writer(path)) as writer:
        writer.beat(samples.heartbeat(origin=NOON, rate=0.0))
        yield writer


@pytest.fixture
def exported(path: Path, writer: Writer) -> Iterator[Export]:
    with closing(Reader(path)) as reader:

        def exported(format: Format, front: str | None = None, since: float = NOON - DAY) -> str:
            out = io.StringIO(newline="")
            export(reader, WATCH, format, front=front, since=since, out=out)
            return out.getvalue()

        yield exported


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_has_a_row_for_each_incident_told_of_since_then(writer: Writer, exported: Export) -> None:
    told = samples.report("Drone strike hits a house near Naqoura", at=NOON - HOUR)
    first = samples.incident(1, at=NOON - HOUR, killed=2, publishers=("a", "b"), reports=2)
    writer.add([(told, 1)], [first])
    writer.add((), [samples.incident(2, at=NOON - 2 * DAY), samples.incident(3, kind=Kind.STATEMENT)])
    (row,) = rows(exported(Format.CSV))
    assert tuple(row) == COLUMNS
    assert row == {
        "id": "1",
        "fronts": "lebanon-border",
        "type": "drone",
        "by": "israel",
        "killed": "2",
        "severity": "medium",
        "headline": "Drone strike hits a house near Naqoura",
        "place": "Naqoura",
        "lat": "33.118",
        "lon": "35.139",
        "first_seen": "2023-12-01T11:00:00Z",
        "last_seen": "2023-12-01T11:00:00Z",
        "publishers": "a; b",
        "grade": "B3",
        "state": "new",
        "reports": "2",
        "link": told.link,
    }
    assert exported(Format.CSV).count("\r\n") == 2
    assert [row["id"] for row in rows(exported(Format.CSV, since=NOON - 3 * DAY))] == ["1", "2"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_the_csv_is_a_formula_and_a_place_in_the_south_is_a_number(
    writer: Writer, exported: Export, text: str
) -> None:
    place = Place(text, -33.5, -70.1)
    writer.add((), [samples.incident(1, headline=text, by=text, place=place, publishers=(text, "b"))])
    (row,) = rows(exported(Format.CSV))
    assert [row[name] for name in ("headline", "by", "place")] == [f"'{text}"] * 3
    assert row["publishers"] == f"'{text}; b"
    assert (row["lat"], row["lon"]) == ("-33.5", "-70.1")
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        for name, cell in row.items()
        if name not in ("lat", "lon")
    )


def test_a_headline_with_quotes_and_commas_is_one_cell(writer: Writer, exported: Export) -> None:
    headline = 'Two "killed", he said; قتيلان'
    writer.add((), [samples.incident(1, headline=headline)])
    assert rows(exported(Format.CSV))[0]["headline"] == headline


def test_json_is_what_list_writes(writer: Writer, exported: Export, path: Path) -> None:
    writer.add((), [samples.incident(1, at=NOON - HOUR), samples.incident(2, fronts=("yemen",))])
    out = io.StringIO()
    with closing(Reader(path)) as reader:
        list_incidents(reader, front=None, since=NOON - DAY, kind=None, severity=None, as_json=True, out=out)
    assert exported(Format.JSON) == out.getvalue()
    assert [json.loads(line)["id"] for line in exported(Format.JSON, front="yemen").splitlines()] == [2]


def test_geojson_is_a_collection_of_points_and_tells_how_many_have_none(
    writer: Writer, exported: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    writer.add(
        (), [samples.incident(1, at=NOON - HOUR), samples.incident(2), samples.incident(3, place=None)]
    )
    made = json.loads(exported(Format.GEOJSON))
    assert made["type"] == "FeatureCollection"
    assert [feature["id"] for feature in made["features"]] == [2, 1]
    first = made["features"][0]
    assert first["geometry"] == {"type": "Point", "coordinates": [35.139, 33.118]}
    assert first["properties"]["headline"] == "Drone strike hits a house near Naqoura"
    assert first["properties"].keys().isdisjoint({"lat", "lon", "id"})
    assert capsys.readouterr().err == "frontwatch: 1 incident without a place left out\n"


def check_geojson(text: str) -> list[dict[str, Any]]:
    """The features of a document that is GeoJSON by RFC 7946, to the letter."""

    def none_such(word: str) -> float:
        raise AssertionError(f"{word} is no JSON number (RFC 8259, section 6)")

    made = json.loads(text, parse_constant=none_such)
    assert made.keys() == {"type", "features"}  # section 3.3; a crs is not to be (section 4)
    assert made["type"] == "FeatureCollection"
    ids = [feature["id"] for feature in made["features"]]
    assert len(set(ids)) == len(ids)
    for feature in made["features"]:
        assert feature.keys() == {"type", "id", "geometry", "properties"}  # section 3.2
        assert feature["type"] == "Feature"
        assert type(feature["id"]) is int
        assert isinstance(feature["properties"], dict)
        geometry = feature["geometry"]
        assert geometry.keys() == {"type", "coordinates"}  # section 3.1.2
        assert geometry["type"] == "Point"
        lon, lat = geometry["coordinates"]  # section 3.1.1: in this order
        assert -180 <= lon <= 180
        assert -90 <= lat <= 90
    return cast(list[dict[str, Any]], made["features"])


PLACES = {
    "on the date line": (Place("Taveuni", -16.8, 180.0), [180.0, -16.8]),
    "on its other side": (Place("Taveuni", -16.8, -180.0), [-180.0, -16.8]),
    "beyond it": (Place("Taveuni", -16.8, 181.5), [-178.5, -16.8]),
    "far beyond it": (Place("Taveuni", -16.8, -541.0), [179.0, -16.8]),
    "at the pole": (Place("Pole", 90.0, 0.0), [0.0, 90.0]),
    "beyond the pole": (Place("Pole", 90.1, 0.0), None),
    "nowhere": (Place("Nowhere", float("nan"), float("nan")), None),
    "endless": (Place("Nowhere", 1.0, float("inf")), None),
    "null": (None, None),
    "Null Island": (Place("Null Island", 0.0, 0.0), [0.0, 0.0]),
}


@pytest.mark.parametrize("where", PLACES)
def test_geojson_has_a_place_on_the_globe_or_leaves_it_out_and_says_so(
    writer: Writer, exported: Export, capsys: pytest.CaptureFixture[str], where: str
) -> None:
    place, expected = PLACES[where]
    writer.add((), [samples.incident(1, place=place)])
    features = check_geojson(exported(Format.GEOJSON))
    assert [each["geometry"]["coordinates"] for each in features] == ([expected] if expected else [])
    assert ("left out" in capsys.readouterr().err) is (expected is None)


def test_geojson_of_thousands_with_hostile_headlines_is_geojson_line_by_line(
    writer: Writer, exported: Export
) -> None:
    texts = ('"}]}', "\u2028\u2029", "\\", "</script>", "غارة", "😀", "a" * 5000)
    writer.add(
        (),
        [
            samples.incident(number, headline=texts[number % len(texts)], at=NOON - number)
            for number in range(1, 3001)
        ],
    )
    text = exported(Format.GEOJSON)
    features = check_geojson(text)
    assert len(features) == 3000
    assert {each["properties"]["headline"] for each in features} == set(texts)
    assert text.count("\n") == 3002  # one feature a line: it can be read as it comes


@pytest.mark.parametrize("format", list(Format))
def test_an_empty_store_gives_an_empty_document_that_is_whole(exported: Export, format: Format) -> None:
    text = exported(format)
    match format:
        case Format.JSON:
            assert text == ""
        case Format.GEOJSON:
            assert json.loads(text)["features"] == []
        case Format.CSV:
            assert rows(text) == []
        case Format.MD:
            assert text.count("Nothing was told.") == len(WATCH.fronts)


def test_the_situation_report_tells_each_front_the_gravest_first(writer: Writer, exported: Export) -> None:
    writer.stand(
        [Standing(POSTURE, "yemen", Posture.SURGE, NOON - HOUR, NOON, "9 in 6 h, usual 2.1")], NOON - HOUR
    )
    writer.add(
        (),
        [
            samples.incident(1, at=NOON - HOUR, severity=Severity.LOW, fronts=("yemen",), headline="Lesser"),
            samples.incident(
                2,
                at=NOON - 2 * HOUR,
                severity=Severity.HIGH,
                fronts=("yemen", "iraq-syria"),
                headline="Graver",
            ),
        ],
    )
    text = exported(Format.MD)
    assert text.startswith(
        "# Situation: A test's watch\n\n30 Nov 2023 12:00Z to 1 Dec 2023 12:00Z: 2 incidents.\n"
    )
    assert "## Yemen / Red Sea: surge\n" in text
    assert "Surge since 11:00Z: 9 in 6 h, usual 2.1.\n" in text
    assert text.count("Graver") == 1
    assert (
        text.index("## Iraq / Syria") < text.index("Graver") < text.index("## Yemen") < text.index("Lesser")
    )
    only = exported(Format.MD, front="yemen")
    assert only.index("Graver") < only.index("Lesser")
    assert "Iraq" not in only


# As commands


def test_the_commands_write_files_and_say_what_is_wrong(tmp_path: Path, writer: Writer, path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    writer.add((), [samples.incident(1, at=NOON - HOUR)])
    writer.close()
    path.rename(data / "frontwatch.db")
    places: list[str | Path] = ["--config", config(tmp_path, ["https://wire.example/rss"]), "--data", data]
    out = tmp_path / "out.csv"
    done = frontwatch(*places, "export", "--format", "csv", "--since", "11:00", "--out", out)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert out.read_bytes().count(b"\r\n") == 2
    assert frontwatch(*places, "export", "--format", "json", "--since", "30m").stdout == ""
    printed = frontwatch(*places, "handover", "--since", "2023-12-01T06:00Z")
    assert printed.returncode == 0
    assert "1 Dec 2023 06:00Z to 1 Dec 2023 12:00Z (6h)." in printed.stdout
    assert "Drone strike hits a house near Naqoura" in printed.stdout
    wrong = frontwatch(*places, "export", "--format", "csv", "--front", "yemem")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "'yemem'" in wrong.stderr and "yemen" in wrong.stderr
    for words in (("list",), ("tally",), ("export", "--format", "md"), ("handover",)):
        later = frontwatch(*places, *words, "--since", "2030-01-01")
        assert (later.returncode, later.stdout) == (2, "")
        assert "--since 2030-01-01 is yet to come: the store's clock says 1 Dec 2023" in later.stderr
    nobody = frontwatch(*places, "list", "--front", "nope")
    assert (nobody.returncode, nobody.stdout) == (2, "")
    assert "there is no front 'nope': there are lebanon-border, " in nobody.stderr
    nowhere = frontwatch(*places, "handover", "--out", tmp_path / "none" / "x.md")
    assert nowhere.returncode == 1
    assert "No such file" in nowhere.stderr and "Traceback" not in nowhere.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("export",),
        ("export", "--format", "xls"),
        ("export", "--format", "md", "--since", "soon"),
        ("handover", "--since", "25:00"),
    ],
)
def test_wrong_usage_ends_with_2(words: tuple[str, ...]) -> None:
    done = frontwatch(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["handover", "export"])
def test_both_have_help_with_an_example(command: str) -> None:
    done = frontwatch(command, "--help")
    assert done.returncode == 0
    assert f"example: frontwatch {command}" in done.stdout
