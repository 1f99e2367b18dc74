"""What `jaga compass` tells: a table of ranks and figures with its sources; as files JSON, or one figure a line."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Mapping

from features import answer_file
from features.contract import SECTIONS
from models.compass import rank, sources, table, telling
from models.compass.measures import Measure
from models.compass.own import FACTS
from models.compass.rank import Standing
from models.compass.table import Cell, Place
from models.text import Language


def command(arguments: argparse.Namespace) -> int:
    """Print the compass. UserError for a province, an industry or weights that cannot be used."""
    telling.known("section", arguments.section, SECTIONS)
    telling.known("province", arguments.province, table.provinces())
    place = table.place(arguments.province)
    weights = rank.weights(rank.read_weights(arguments.weights))
    found = rank.standings(place, weights)
    for path in (arguments.json, arguments.csv):
        answer_file.writable(path)
    sys.stdout.write(section(place, arguments.section, arguments.language) if arguments.section else
                     page(place, weights, found, arguments.language))  # fmt: skip
    whole = telling.compass(place, weights, found)
    answer_file.write(arguments.json, json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    answer_file.write(arguments.csv, lines(place, found))
    return 0


def lines(place: Place, standings: Mapping[str, Standing]) -> str:
    """One figure a line: industries, their divisions, and the place as a whole; ranks are lines of the measure `rank`.
    What is not known of an industry or the place has an empty value; of a division only what is known has a line."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow

    def figure(letter: str, division: str, measure: str, cell: Cell | None) -> None:
        told = ("",) * 9 if cell is None else (f"{cell.value:.12g}", cell.unit, cell.year, cell.province,
                                               cell.published, cell.source, *_spread(cell))  # fmt: skip
        write((letter, division, measure, *told))

    write(("section", "division", "measure", "value", "unit", "year", "province", "sections", "source", "low", "high",
           "jobs"))  # fmt: skip
    for letter, own in standings.items():
        for measure in (*place.known(), *place.unknown()):
            figure(letter, "", measure.key, place.cell(letter, measure.key))
        for name in ("rank", "low", "high"):
            value = getattr(own, name)
            write((letter, "", name if name == "rank" else f"rank_{name}", "" if value is None else value,
                   "place", "", place.province, "", "this project: weighted mean of places", "", "", ""))  # fmt: skip
        for code in table.divisions(letter):
            for key in table.OF_DIVISIONS:
                if (cell := table.division(code, key)) is not None:
                    figure(letter, code, key, cell)
    for name in FACTS:
        figure("", "", name, place.facts.get(name))
    return out.getvalue()


def _spread(cell: Cell) -> tuple[str, str, str]:
    """Least and highest of the typical jobs that a figure is a mean of, and how many there are; empty of any other."""
    if cell.low is None or cell.high is None:
        return "", "", ""
    return f"{cell.low:.12g}", f"{cell.high:.12g}", str(cell.jobs)


def page(place: Place, weights: Mapping[str, float], standings: Mapping[str, Standing], language: Language) -> str:
    """The table as text: industries by rank, then each measure with its figures, years and sources."""
    say = _ID if language == "id" else _EN
    known = place.known()
    names = {letter: f"{letter} {telling.section(letter, language)}" for letter in standings}
    wide = max(map(len, names.values()))
    told = [
        f"{say[0]}: {telling.place_name(place.province, language)}",
        telling.coverage(place, language),
        "",
        f"{say[1]:<{wide}} {say[2]}",
    ]
    order = sorted(standings, key=lambda letter: (standings[letter].rank or 99, letter))
    for letter in order:
        own = standings[letter]
        rank_ = say[3] if own.rank is None else f"{own.rank:>2}   {own.low}-{own.high}"
        told.append(f"{names[letter]:<{wide}} {rank_}")
    for measure in known:
        told += ["", _heading(measure, weights, language, say), *_figures(place, measure, order, language)]
    told += ["", f"{say[5]}: " + "; ".join(own.name(language) for own in place.unknown()), ""]
    told += [f"{telling.fact(name, language)}: {_fact(place, name, language, say)}" for name in FACTS]
    return "\n".join([*told, "", say[6]]) + "\n"


def _fact(place: Place, name: str, language: Language, say: tuple[str, ...]) -> str:
    cell = place.facts.get(name)
    return say[7] if cell is None else (f"{telling.fact_value(name, cell, language)} ({cell.year}; "
                                      f"{sources.told(cell.source, language)})")  # fmt: skip


def section(place: Place, letter: str, language: Language) -> str:
    """All that is known of one industry, a line a measure with year, place and source, and its divisions."""
    say = _ID if language == "id" else _EN
    told = [f"{letter} {telling.section(letter, language)}: {telling.place_name(place.province, language)}"]
    for measure in (*place.known(), *place.unknown()):
        cell = place.cell(letter, measure.key)
        value = say[7] if cell is None else (
            f"{measure.written(cell.value, language)} ({cell.year}, {telling.where(cell, language)}; "
            f"{sources.told(cell.source, language)})")  # fmt: skip
        told.append(f"{measure.name(language)}: {value}")
    told += ["", f"{say[8]}:"]
    held: dict[str, None] = {}
    for code, title in table.divisions(letter, language).items():
        cells = {key: found for key in table.OF_DIVISIONS if (found := table.division(code, key)) is not None}
        shown = "; ".join(f"{telling.measure(key, language)} {telling.written(key, cell, language)}"
                          + (f" ({own})" if (own := telling.spread(key, cell, language)) else "")
                          for key, cell in cells.items())  # fmt: skip
        told.append(f"{code} {title}: {shown or say[7]}")
        held |= dict.fromkeys(f"  {telling.origin(key, cell, language)}" for key, cell in cells.items())
    told += held
    return "\n".join(told) + "\n"


def _heading(measure: Measure, weights: Mapping[str, float], language: Language, say: tuple[str, ...]) -> str:
    return f"{measure.key}: {measure.about(language)} ({say[4]} {weights[measure.key]:g})"


def _figures(place: Place, measure: Measure, order: list[str], language: Language) -> list[str]:
    shown, found = [], dict[str, None]()
    for letter in order:
        cell = place.cell(letter, measure.key)
        shown.append(f"{letter} {'-' if cell is None else measure.written(cell.value, language)}")
        if cell is not None:
            found[f"{cell.year}, {telling.where(cell, language)}: {sources.told(cell.source, language)}"] = None
    return ["  " + "  ".join(shown), *(f"  {source}" for source in found)]


_ID = ("Kompas sektor", "Lapangan usaha", "peringkat dan rentangnya bila bobot diubah", "terlalu sedikit diketahui",
       "bobot", "Belum ada angka menurut lapangan usaha",
       "Peringkat adalah rata-rata tertimbang urutan menurut bobot di atas; ukuran-ukuran ini sering tidak "
       "sepakat.", "tidak diketahui", "Golongan pokok")  # fmt: skip
_EN = ("Sector compass", "Industry", "rank, and its range under other weights", "too little is known", "weight",
       "No figure by industry", "The rank is the weighted mean of places by the weights above; measures often "
       "disagree.", "not known", "Divisions")  # fmt: skip
