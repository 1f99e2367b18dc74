"""What the commands `jaga scores ...` do with their arguments, and what they print."""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from features import answer_file, keys
from features.commands import UserError
from features.contract import REGENCY_DIGITS
from features.home import home
from features.keys import CODE
from models.few import FEWEST
from models.text import Language, Words, words
from models.words import MARK
from serving import area_names
from serving.batch import runs
from serving.batch.progress import size
from serving.batch.rows import UNKNOWN
from serving.scores import few, publishing, scores
from serving.scores.change import between, change
from serving.scores.lines import aligned, household_lines, line_of, percent, reason_lines, sums
from serving.scores.publishing import Published, date_of
from serving.scores.scores import CERTAINTIES, Band, Scores
from serving.scores.told import change_lines
from serving.store.numbers import today

_COUNTS = ("households", "scored", "refused", "quarantined", "at_risk")
"""Counts of a group, as a distribution has them."""
_FEW = "*"
"""What stands for a count that is kept back."""


def _store(arguments: argparse.Namespace) -> Path:
    return arguments.store or home() / "scores"


def publish(arguments: argparse.Namespace) -> int:
    """Run `jaga scores publish`."""
    say = words(arguments.language).score
    done = publishing.publish(_store(arguments), arguments.folder, older=arguments.older)
    if done.state == "published" and done.previous and date_of(done.previous) > date_of(done.name):
        sys.stderr.write(f"jaga: {say['published_older'].format(day=date_of(done.previous))}\n")
    if done.state == "same":
        write_lines([say["published_same"].format(run=done.name)])
    else:
        write_lines([say["published"].format(run=done.name, before=done.previous or say["no_run"]),
                *(say["removed"].format(run=name) for name in done.removed)])  # fmt: skip
    return _told(arguments, done)


def back(arguments: argparse.Namespace) -> int:
    """Run `jaga scores back`."""
    done = publishing.back(_store(arguments))
    write_lines([words(arguments.language).score["back"].format(run=done.name)])
    return _told(arguments, done)


def check(arguments: argparse.Namespace) -> int:
    """Run `jaga scores check`."""
    own = words(arguments.language)
    say, done = own.score, publishing.check(_store(arguments))
    lines = [say["checked"].format(run=done.name, files=own.number(done.files, 0), size=size(done.bytes, own))]
    write_lines(lines)
    return 0


def _told(arguments: argparse.Namespace, done: Published) -> int:
    with scores.open_run(_store(arguments), done.name) as own:
        write_lines(head_lines(own, arguments.language))
    return 0


def show(arguments: argparse.Namespace) -> int:
    """Run `jaga scores show`."""
    store, language = _store(arguments), arguments.language
    say = words(language).score
    told, lines = [], []
    names = {"current": publishing.current(store), "previous": publishing.previous(store)}
    if names["current"] is None:
        scores.open(store)  # says what to do
    width = max(len(say[place]) for place in names) + 2
    for place, name in names.items():
        lines.append(f"{say[place]:{width}}{name or say['no_run']}")
        if name is None:
            continue
        with scores.open_run(store, name) as own:
            counts = own.run.manifest["households"]
            lines += [f"{'':{width}}{line}" for line in (*head_lines(own, language), sums(counts, language))]
            told.append({"place": place, **about(own), "households": counts})
    write_lines(lines)
    _write(arguments, {"runs": told})
    return 0


def find(arguments: argparse.Namespace) -> int:
    """Run `jaga scores find`."""
    code = keys.written(arguments.code)
    if not CODE.match(code):
        raise UserError(
            "that is no household code: it has 12 symbols of 2 to 9 and A to Z, without I and O, at "
            "least one of them a letter",
            "itu bukan kode keluarga: kode terdiri dari 12 tanda, 2 sampai 9 dan A sampai Z tanpa I dan O, "
            "sedikitnya satu huruf",
        )
    with scores.open(_store(arguments)) as own:
        row = own.household(code)
        if row is None:
            raise UserError(
                f"the run {own.run.name} has no household with this code",
                f"penilaian {own.run.name} tidak memuat keluarga dengan kode ini",
            )
        write_lines([*head_lines(own, arguments.language), "", *household_lines(row, arguments.language)])
        _write(arguments, {**about(own), "household": row})
    return 0


def top(arguments: argparse.Namespace) -> int:
    """Run `jaga scores top`."""
    with scores.open(_store(arguments)) as own:
        _inside([own], arguments.province, arguments.regency, arguments.subdistrict)
        band = _band(arguments.band)
        rows = own.top(arguments.count, province=arguments.province, regency=arguments.regency,
                       subdistrict=arguments.subdistrict, band=band, kind=arguments.kind,
                       certainty=arguments.certainty, offset=arguments.offset)  # fmt: skip
        whole = own.households([row["household_id"] for row in rows]) if arguments.reasons else {}
        lines = head_lines(own, arguments.language)
        for place, row in enumerate(rows, start=arguments.offset + 1):
            lines.append(f"{place:4d}. {line_of(row, arguments.language)}")
            lines += reason_lines(whole[row["household_id"]], arguments.language) if whole else []
        write_lines(lines if rows else [*lines, words(arguments.language).score["none"]])
        _write(arguments, {**about(own), "rows": [whole.get(row["household_id"], row) for row in rows]})
    return 0


def _inside(those: list[Scores], province: str | None, regency: str | None = None, subdistrict: str | None = None,
            ) -> None:  # fmt: skip
    """UserError that names the nearest areas where none of these runs has a household in the area: a code mistyped.

    Of a sub-district its regency is looked at, and its rows where that has any.
    """
    regency = regency or (subdistrict[:REGENCY_DIGITS] if subdistrict else None)
    names = [own.run.name for own in those]
    if not any(own.run.inside(province, None) for own in those):
        found = {file.province or UNKNOWN for own in those for file in own.run.files}
        raise _nowhere("province", province or "", found, names)
    if regency is not None and not any(own.run.inside(province, regency) for own in those):
        found = {code for own in those for file in own.run.inside(province, None) for code in file.regencies if code}
        raise _nowhere("regency", regency, found, names)
    if subdistrict is None or regency is None:
        return
    own_codes = {
        code
        for own in those
        for code in own.table(["subdistrict"], [regency]).column("subdistrict").unique().to_pylist()
        if code
    }
    if subdistrict not in own_codes:
        raise _nowhere("sub-district", subdistrict, own_codes, names)


_PLACES = {"province": "provinsi", "regency": "kabupaten/kota", "sub-district": "kecamatan"}


def _nowhere(kind: str, code: str, known: set[str], runs: list[str]) -> UserError:
    near = difflib.get_close_matches(code, sorted(known), 3, 0.3)

    def told(language: Language) -> str:
        return ", ".join(f"{own} ({name})" if (name := area_names.named(own, language)) != own
                         and kind != "sub-district" else own for own in near)  # fmt: skip

    return UserError(
        f"no household of {' and '.join(runs)} lies in the {kind} {code!r}"
        + (f"; nearest are {told('en')}" if near else ""),
        f"tidak ada keluarga dari {' dan '.join(runs)} di {_PLACES[kind]} {code}"
        + (f"; yang terdekat: {told('id')}" if near else ""),
    )


def _band(text: str | None) -> Band | None:
    if text is None or ":" not in text:
        return text
    try:
        low, high = (float(end) for end in text.split(":"))
    except ValueError:
        raise UserError(
            "a band of risk is written as two shares, 0.07:0.14", "pita risiko ditulis sebagai dua bagian, 0.07:0.14"
        ) from None
    return low, high


def distribution(arguments: argparse.Namespace) -> int:
    """Run `jaga scores distribution`."""
    with scores.open(_store(arguments)) as own:
        _inside([own], arguments.province)
        edges = own.edges() if arguments.edges is None else tuple(arguments.edges)
        places = ("province", "regency", "subdistrict")
        heads = places[: places.index(arguments.by) + 1] if arguments.by in places else (arguments.by,)
        rows = _spread(own, arguments, heads, edges)
        told = words(arguments.language)
        say = told.score
        ends = [told.number(edge) for edge in edges]
        table = [(*(say[f"head.{name}"] for name in (*heads, *_COUNTS, "mean", "median")),
                  f"< {ends[0]}" if ends else say["head.all"], *(f">= {end}" for end in ends))]  # fmt: skip
        for row in rows:
            middle = None if row["quantiles"] is None else row["quantiles"][scores.QUANTILES.index(0.5)]
            counts, bins = ((_FEW if count is None else told.number(count, 0) for count in own_)
                            for own_ in ([row[name] for name in _COUNTS], row["histogram"]))  # fmt: skip
            table.append((*(_group(name, row[name], told) for name in heads), *counts,
                          percent(row["mean"], told.language), percent(middle, told.language), *bins))  # fmt: skip
        hidden = any(None in (*(row[name] for name in _COUNTS), *row["histogram"]) for row in rows)
        write_lines([*head_lines(own, told.language), "", *aligned(table, len(heads)),
                     *([say["few.why"].format(mark=_FEW, least=FEWEST)] if hidden else [])])  # fmt: skip
        _write(arguments, {**about(own), "by": arguments.by, "edges": edges, "quantiles": scores.QUANTILES,
                           "rows": rows})  # fmt: skip
    return 0


def _spread(own: Scores, arguments: argparse.Namespace, heads: Sequence[str],
            edges: Sequence[float]) -> list[scores.Row]:  # fmt: skip
    """The rows that are told. A province's are those it has among all: what is kept back is the same either way."""
    areas = heads[0] == "province"
    rows = few.told(own.distribution(arguments.by, province=None if areas else arguments.province, edges=edges),
                           heads)  # fmt: skip
    return [row for row in rows if not areas or arguments.province in (None, row["province"] or UNKNOWN)]


def _group(name: str, value: str | None, told: Words) -> str:
    """What a group of a distribution is called: the code of a place, else its word."""
    if value is None:
        return told.score["unknown"]
    return {"kind": told.kinds, "rung": told.rungs, "certainty": {own: told.score[own] for own in CERTAINTIES}}.get(
        name, {}).get(value, value)  # fmt: skip


def compare(arguments: argparse.Namespace) -> int:
    """Run `jaga scores change`."""
    store = _store(arguments)
    old, new = between(store, arguments.old, arguments.new)
    with scores.open_run(store, old) as before, scores.open_run(store, new) as after:
        _inside([before, after], arguments.province, arguments.regency)
        found = change(before, after, cut=arguments.cut, top=arguments.top, province=arguments.province,
                       regency=arguments.regency, count=arguments.count, offset=arguments.offset,
                       facts=arguments.facts)  # fmt: skip
        say = words(arguments.language).score
        write_lines([say["from"].format(run=old), *head_lines(before, arguments.language),
                     say["to"].format(run=new), *head_lines(after, arguments.language), "",
                     *change_lines(found, arguments.language)])  # fmt: skip
        _write(arguments, {**about(after), "change": dataclasses.asdict(found)})
    return 0


def about(own: Scores) -> dict[str, Any]:
    """What every answer says of where it comes from."""
    told = own.run.manifest["bundle"]
    return {"run": own.run.name, "as_of": own.as_of, "expires": own.expires, "expired": expired(own),
            "synthetic": own.synthetic, "bundle": told["name"], "identity": told["identity"]}  # fmt: skip


def head_lines(own: Scores, language: Language = "en") -> list[str]:
    """Date, model, label, and a warning where the scores are too old to act on."""
    say = words(language).score
    head = say["head"].format(day=own.as_of, bundle=own.run.manifest["bundle"]["name"])
    mark = MARK[language].partition(":")[0]
    lines = [f"{head}{f', {mark}' if own.synthetic else ''}"]
    if expired(own):
        lines.append(say["expired"].format(day=own.expires))
    return lines


def expired(own: Scores) -> bool:
    """Whether the scores are too old today."""
    return own.expired(today())


def _write(arguments: argparse.Namespace, answer: dict[str, Any]) -> None:
    answer_file.write(arguments.json, runs.as_json(json.loads(json.dumps(answer, default=str))))


def write_lines(lines: list[str]) -> None:
    """Print lines."""
    sys.stdout.write("\n".join(lines) + "\n")


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "publish": publish, "back": back, "check": check, "show": show, "find": find, "top": top,
    "distribution": distribution, "change": compare,
}  # fmt: skip
