"""A drawn list as files: csv for people, parquet for machines, its accounts as JSON, its rules as TOML.

A list never changes: a file that is there already is left alone if it is the same, and refused if it is not.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from features import halves
from features.commands import UserError
from features.file_words import unwritable
from features.safe_cells import safe
from models.few import FEWEST, kept_back, shown
from models.targeting import CHANNELS, TIE_RULE, Drawn, Left
from models.targeting import rules as rules_of
from models.text import Language
from models.words import MARK
from serving.area_names import named
from serving.batch import runs
from serving.console import formats

HUMAN: dict[Language, str] = {"id": "Skor membantu menyusun urutan. Keputusan ada pada petugas.",
                              "en": "The score helps to order. The decision is the officer's."}  # fmt: skip
WORDS: dict[Language, dict[str, str]] = {
    "id": {"ranked": "peringkat", "kept": "tetap dari {list}", "fast_lane": "jalur cepat guncangan",
           "random": "sampel acak", "reserve": "cadangan", "yes": "ya", "no": "", "before": "daftar atau versi lalu"},
    "en": {"ranked": "by rank", "kept": "kept from {list}", "fast_lane": "shock fast lane",
           "random": "random sample", "reserve": "reserve", "yes": "yes", "no": "",
           "before": "the last list or version"},
}  # fmt: skip
RESULTS: dict[Language, dict[str, str]] = {
    "id": {"above": "Di atas garis", "below": "Di bawah garis", "moved": "Pindah", "died": "Meninggal",
           "refused": "Menolak", "notfound": "Tidak ditemukan", "wrong": "Data salah"},
    "en": {"above": "Above the line", "below": "Below the line", "moved": "Moved", "died": "Died",
           "refused": "Declined", "notfound": "Not found", "wrong": "Wrong data"},
}  # fmt: skip
"""What a visit found, as the column of results tells it."""
PART: dict[Language, str] = {
    "id": "Sebagian dari daftar: {n} di {area}, dari kuota {of} tempat. SHA-256 itu milik seluruh daftar.",
    "en": "A part of the list: {n} in {area}, of a quota of {of} places. The SHA-256 is of the whole list.",
}  # fmt: skip
"""Said of a list of which a file or a print holds only the places in somebody's areas; n : of `families`."""
_FAMILIES: dict[Language, tuple[str, str]] = {
    "id": ("{n} keluarga", "{n} keluarga dan {reserve} cadangan"),
    "en": ("{n} families", "{n} families and {reserve} in reserve"),
}
HEADS: dict[Language, tuple[str, ...]] = {
    "id": ("No.", "Skema", "Wilayah kuota", "Kode keluarga", "Provinsi", "Kabupaten/kota", "Kecamatan", "Nama wilayah",
           "Alasan masuk", "Peringkat", "Perkiraan bila kini di atas garis (dari 100)", "Rentang bawah", "Rentang atas",
           "Periksa lapangan", "Urutan sama diundi", "Di daftar lalu", "Peluang terpilih",
           "Nama (diisi di kantor)", "Hasil kunjungan"),
    "en": ("No.", "Scheme", "Area of the quota", "Code of the family", "Province", "Regency", "Sub-district",
           "Name of the area", "Why it is on the list", "Rank", "Estimate if above the line today (of 100)",
           "Range from", "Range to",
           "Check in the field", "Equal rank drawn by lot", "On the last list", "Chance of selection",
           "Name (filled in at the office)", "Result of the visit"),
}  # fmt: skip


def write(found: Drawn, output: Path, said: dict[str, Any], *, synthetic: bool, language: Language,
          left: Sequence[Sequence[str]] = ()) -> list[Path]:  # fmt: skip
    """Write the list to a folder, or to one file that ends in .csv or .parquet; the files it is in now.

    said : its accounts (`without_few`) and where the scores come from. left : lines on who left a list before, which
    end the csv. A file on synthetic families says so in its name and in itself.

    Raises
    ------
    UserError : a file is there already and holds something else, or the place cannot be written.
    """
    makers: dict[str, Callable[[Path], None]] = {
        ".csv": lambda path: _csv(found, path, synthetic, language, left),
        ".parquet": lambda path: _parquet(found, path, synthetic),
        ".json": lambda path: _write(path, _text(said)),
        ".toml": lambda path: _write(path, rules_of.write(found.rules)),
    }  # fmt: skip
    single = output.suffix in (".csv", ".parquet")
    if output.suffix and not single and not output.is_dir():
        raise UserError(f"--output {output}: a list is written to a folder, or to a file that ends in .csv or .parquet",
                        f"--output {output}: daftar ditulis ke folder, atau ke berkas yang berakhir dengan .csv atau "
                        ".parquet")  # fmt: skip
    home, stem = (output.parent, output.stem) if single else (output, f"daftar-{found.identity[:12]}")
    if synthetic and not stem.startswith("sintetis_"):
        stem = f"sintetis_{stem}"
    paths = [home / f"{stem}{suffix}" for suffix in ([output.suffix] if single else makers)]
    try:
        home.mkdir(parents=True, exist_ok=True)
        for path in paths:
            _settle(path, makers[path.suffix])
    except OSError as error:
        raise unwritable(home, error) from None
    return paths


def _settle(path: Path, make: Callable[[Path], None]) -> None:
    half = halves.of(path)
    try:
        make(half)
        if path.exists():
            if path.read_bytes() != half.read_bytes():
                raise UserError(f"{path} is there and holds another list; a list is never overwritten, name another",
                                f"{path} sudah ada dan memuat daftar lain; daftar tidak pernah ditimpa, beri nama "
                                "lain")  # fmt: skip
        else:
            runs.settle(half, path)
    finally:
        half.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


def accounts(found: Drawn) -> dict[str, Any]:
    """All that is told of a list but its places, as plain values."""
    places = found.places
    counts = np.bincount(places.channel, minlength=len(CHANNELS)).tolist()
    seen = found.visited
    visited = [{"household_id": code.decode(), "area": str(area), "found": str(what), "listed": bool(on)}
               for code, area, what, on in zip(seen.household, seen.area, seen.found, seen.listed,
                                               strict=True)]  # fmt: skip
    return {
        "list": found.identity, "rules_digest": found.digest, "rules": rules_of.plain(found.rules), "seed": found.seed,
        "inputs": dict(found.inputs), "tie_rule": dict(TIE_RULE), "places": sum(cell.quota for cell in found.cells),
        "channels": dict(zip(CHANNELS, counts, strict=True)),
        "no_budget": sum(cell.no_budget for cell in found.cells),
        "too_few": sum(cell.too_few for cell in found.cells),
        "verify": {"places": sum(cell.verify for cell in found.cells),
                   "outside": sum(cell.verify_outside for cell in found.cells)},
        "cost": found.cost, "left": found.left, "cells": [dataclasses.asdict(cell) for cell in found.cells],
        "households": {name: {why or "could_be_ranked": count for why, count in own.items()}
                       for name, own in found.why_not.items()},
        "expected": [dataclasses.asdict(one) for one in found.expected], "visited": visited,
        "gone": _left(found.gone), "gone_version": _left(found.gone_version),
        "receipt": [dataclasses.asdict(one) for one in found.receipt],
    }  # fmt: skip


def _left(left: Left) -> list[dict[str, str]]:
    """Who left a list, each with the reason."""
    return [{"household_id": code.decode(), "scheme": str(scheme), "area": str(area), "why": str(why)} for
            code, scheme, area, why in zip(left.household, left.scheme, left.area, left.why, strict=True)]  # fmt: skip


def without_few(found: Drawn) -> dict[str, Any]:
    """`accounts` as the command prints and writes them: of its groups without those that are of few."""
    told_ = accounts(found)
    kept_out = {name: reasons(own, told_) for name, own in told_["households"].items()}
    # Beside how many are assessed in the area, how many could be ranked there tells how many could not.
    cells = [cell | ({"candidates": None} if kept_out[cell["scheme"]].get("could_be_ranked") is None else {})
             for cell in told_["cells"]]  # fmt: skip
    return told_ | {"expected": groups(told_["expected"]), "households": kept_out, "cells": cells}


def reasons(own: Mapping[str, int], told: Mapping[str, Any]) -> dict[str, int | None]:
    """How many households of a scheme are kept out by each reason, without those that are of few. Of a list of several
    areas neither how many have no score nor how many are poor already: the overview says it of each area that is
    large, and what is left would be that of one of few.

    told : of `accounts`.
    """
    some = {why: count for why, count in own.items() if count}
    several = len({cell["area"] for cell in told["cells"]}) > 1
    kept = kept_back(some, _OF_OVERVIEW & some.keys() if several else ())
    return {why: None if why in kept else count for why, count in own.items()}


_OF_OVERVIEW = {"no_score", "poor_now"}


def _lacks_few(expected: Sequence[Mapping[str, Any]]) -> bool:
    """Whether few of some group have no score: then how many have none in all is not told, since the overview says it
    of the other areas."""
    return any(0 < one["unscored"] < FEWEST for one in expected)


_OF_LISTED = ("listed", "caught", "exclusion", "inclusion", "poor", "neither")


def groups(expected: Sequence[Mapping[str, Any]], shut: Collection[str] = ()) -> list[dict[str, Any]]:
    """Groups of `accounts` with their counts, of each grouping without those that are of few (`models.few`), or of a
    province that is shut. Where few of some group have no score, of provinces alone it is told of how many: groupings
    that are told whole would tell how many there are in all."""
    kept, few = set[int](), set[int]()
    hidden = _lacks_few(expected)
    for by in {one["by"] for one in expected}:
        own = {at: one for at, one in enumerate(expected) if one["by"] == by and one["households"]}
        kept |= kept_back({at: one["households"] for at, one in own.items()},
                          [at for at, one in own.items() if by == "province" and one["level"] in shut])  # fmt: skip
        # How many are listed, or have no score, may be few beside many who are not, or have one.
        few |= {at for at, count in shown({at: one["listed"] for at, one in own.items()}).items() if count is None}
    lacking = {at for at, one in enumerate(expected) if hidden and one["unscored"]
               and (one["by"] != "province" or one["unscored"] < FEWEST)}  # fmt: skip
    return [silent(one) if at in kept else dict(one) | (dict.fromkeys(_OF_LISTED) if at in few else {}) | (
        {"unscored": None} if at in lacking else {}) for at, one in enumerate(expected)]  # fmt: skip


def silent(one: Mapping[str, Any]) -> dict[str, Any]:
    """A group without its figures."""
    return dict.fromkeys(one) | {name: one[name] for name in ("by", "level", "intervals")}


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False, default=str) + "\n"


def table(found: Drawn) -> Any:
    """Places as an Arrow table, one row each; null where there is no number."""
    own = found.places
    cells = np.array([[cell.scheme, cell.area] for cell in found.cells], dtype=str).reshape(-1, 2)
    columns: dict[str, Any] = {
        "list": pa.repeat(pa.scalar(found.identity), len(own)), "scheme": pa.array(cells[own.cell, 0], pa.string()),
        "area": pa.array(cells[own.cell, 1], pa.string()), "household_id": pa.array(own.household.astype(str)),
        "province": pa.array(own.province, mask=own.province == ""),
        "regency": pa.array(own.regency, mask=own.regency == ""),
        "subdistrict": pa.array(own.subdistrict, mask=own.subdistrict == ""),
        "channel": pa.array(np.array(CHANNELS, dtype=str)[own.channel], pa.string()),
        "rank": pa.array(own.rank.astype(np.int32), mask=own.rank == 0),
    }  # fmt: skip
    numbers = ("value", "risk", "low", "high", "probability")
    columns |= {name: pa.array(getattr(own, name), mask=np.isnan(getattr(own, name))) for name in numbers}
    return pa.table(columns | {name: pa.array(getattr(own, name)) for name in ("verify", "tied", "before")})


def _parquet(found: Drawn, path: Path, synthetic: bool) -> None:
    said = {"list": found.identity, "run": found.run, "seed": found.seed, "synthetic": str(synthetic).lower(),
            "rules": rules_of.write(found.rules), "tie_rule": TIE_RULE["en"]}  # fmt: skip
    if synthetic:
        said["label"] = MARK["id"]
    pq.write_table(table(found).replace_schema_metadata({f"jaga.{name}": value for name, value in said.items()}), path,
                   compression="zstd")  # fmt: skip


def _csv(found: Drawn, path: Path, synthetic: bool, language: Language, left: Sequence[Sequence[str]]) -> None:
    """Comma-separated, UTF-8 with its mark, so that a spreadsheet reads every letter."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    if synthetic:
        writer.writerow([MARK[language]])
    writer.writerow([safe(f"{found.rules.name}, {found.rules.period}"), found.identity, found.run])
    writer.writerow([HUMAN[language], TIE_RULE[language], safe(found.seed)])
    writer.writerow(HEADS[language])
    for number, row in enumerate(table(found).to_pylist(), start=1):
        writer.writerow(cells(number, row, language))
    writer.writerows(left)
    _write(path, "\ufeff" + out.getvalue())


def cells(number: int, row: Mapping[str, Any], language: Language, result: str = "", kept: str = "") -> list[str]:
    """Cells of one line under `HEADS`; row : a place as `table` has it. result : of the visit to it, empty while it is
    to be made. kept : what places are kept from (`console.list_words.kept_from`), where it has a name."""
    words = WORDS[language]
    code = formats.code(row["household_id"])
    chance = "" if row["probability"] is None else f"{row['probability']:.6g}"
    flags = (words["yes" if row[name] else "no"] for name in ("verify", "tied", "before"))
    risks = (of_100(row[name]) for name in ("risk", "low", "high"))
    found = [str(number), row["scheme"], row["area"], code, row["province"] or "", row["regency"] or "",
             row["subdistrict"] or "", named(row["regency"] or row["province"] or "", language),
             words[row["channel"]].format(list=kept or words["before"]), str(row["rank"] or ""),
             *risks, *flags, chance, "", result]  # fmt: skip
    return [safe(cell) for cell in found]


def families(places: int, reserve: int, language: Language) -> str:
    """How many families hold places, and how many wait in the reserve, in words: both stand among the rows."""
    return _FAMILIES[language][reserve > 0].format(n=places, reserve=reserve)


def of_100(share: float | None) -> str:
    """A chance as officers read it: whole households out of 100; empty where there is none."""
    if share is None:
        return ""
    return "<1" if share < 0.01 else ">99" if share > 0.99 else f"{100 * share:.0f}"
