"""What `jaga compass` prints: a table of ranks and figures with its sources, JSON, or one figure a line."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Mapping

from models.compass import rank, table, telling
from models.compass.measures import Measure
from models.compass.rank import Standing
from models.compass.table import Place
from models.text import Language

_WIDE = 34


def command(arguments: argparse.Namespace) -> int:
    """Print the compass. UserError for a province or weights that cannot be used."""
    place = table.place(arguments.province)
    weights = rank.weights(rank.read_weights(arguments.weights))
    found = rank.standings(place, weights)
    if arguments.json:
        text = json.dumps(telling.compass(place, weights, found), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    elif arguments.csv:
        text = lines(place, found)
    else:
        text = page(place, weights, found, arguments.language)
    sys.stdout.write(text)
    return 0


def lines(place: Place, standings: Mapping[str, Standing]) -> str:
    """One figure a line, and the ranks as lines of the measure `rank`; what is not known has an empty value."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(("section", "measure", "value", "unit", "year", "province", "sections", "source"))
    for section, own in standings.items():
        for measure in (*place.known(), *place.unknown()):
            cell = place.cell(section, measure.key)
            told = ("",) * 6 if cell is None else (f"{cell.value:.12g}", cell.unit, cell.year, cell.province,
                                                   cell.published, cell.source)  # fmt: skip
            write((section, measure.key, *told))
        for name in ("rank", "low", "high"):
            value = getattr(own, name)
            write((section, name if name == "rank" else f"rank_{name}", "" if value is None else value,
                   "place", "", place.province, "", "this project: weighted mean of places"))  # fmt: skip
    return out.getvalue()


def page(place: Place, weights: Mapping[str, float], standings: Mapping[str, Standing], language: Language) -> str:
    """The table as text: industries by rank, then each measure with its figures, years and sources."""
    say = _ID if language == "id" else _EN
    known = place.known()
    told = [f"{say[0]}: {telling.place_name(place.province, language)}", "", f"{say[1]:<{_WIDE}} {say[2]}"]
    order = sorted(standings, key=lambda letter: (standings[letter].rank or 99, letter))
    for letter in order:
        own = standings[letter]
        name = f"{letter} {telling.section(letter, language)}"
        rank_ = say[3] if own.rank is None else f"{own.rank:>2}   {own.low}-{own.high}"
        told.append(f"{name[:_WIDE]:<{_WIDE}} {rank_}")
    for measure in known:
        told += ["", _heading(measure, weights, language, say), *_figures(place, measure, order, language)]
    told += ["", f"{say[5]}: " + "; ".join(own.name(language) for own in place.unknown()), "", say[6]]
    return "\n".join(told) + "\n"


def _heading(measure: Measure, weights: Mapping[str, float], language: Language, say: tuple[str, ...]) -> str:
    return f"{measure.key}: {measure.about(language)} ({say[4]} {weights[measure.key]:g})"


def _figures(place: Place, measure: Measure, order: list[str], language: Language) -> list[str]:
    shown, sources = [], dict[str, None]()
    for letter in order:
        cell = place.cell(letter, measure.key)
        shown.append(f"{letter} {'-' if cell is None else measure.written(cell.value, language)}")
        if cell is not None:
            sources[f"{cell.year}, {telling.where(cell, language)}: {cell.source}"] = None
    return ["  " + "  ".join(shown), *(f"  {source}" for source in sources)]


_ID = ("Kompas sektor", "Lapangan usaha", "peringkat dan rentangnya bila bobot diubah", "terlalu sedikit diketahui",
       "bobot", "Belum ada angka menurut lapangan usaha",
       "Peringkat adalah rata-rata tertimbang urutan menurut bobot di atas; ukuran-ukuran ini sering tidak "
       "sepakat.")  # fmt: skip
_EN = ("Sector compass", "Industry", "rank, and its range under other weights", "too little is known", "weight",
       "No figure by industry", "The rank is the weighted mean of places by the weights above; measures often "
       "disagree.")  # fmt: skip
