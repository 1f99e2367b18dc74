"""What the commands `jaga scores ...` do with their arguments, and what they print."""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from features.commands import UserError
from features.home import home
from features.keys import CODE
from models.text import Language, words
from serving import runs, scores, scores_publish
from serving.scores import LEVELS, Band, Row, Scores
from serving.scores_change import between, change
from serving.scores_publish import Published, date_of
from serving.scores_told import change_lines, percent
from serving.store.numbers import today
from serving.top import reason

LABEL = "DATA SINTETIS"


def _store(arguments: argparse.Namespace) -> Path:
    return arguments.store or home() / "scores"


def publish(arguments: argparse.Namespace) -> int:
    """Run `jaga scores publish`."""
    done = scores_publish.publish(_store(arguments), arguments.folder, older=arguments.older)
    if done.state == "published" and done.previous and date_of(done.previous) > date_of(done.name):
        sys.stderr.write(f"jaga: these scores are older than those that answered before (as of "
                         f"{date_of(done.previous)})\n")  # fmt: skip
    if done.state == "same":
        write_lines([f"Nothing to do: {done.name} answers already"])
    else:
        write_lines([f"Published: {done.name} answers now; before it: {done.previous or 'none'}",
                *(f"Removed: {name}" for name in done.removed)])  # fmt: skip
    return _told(_store(arguments), done)


def back(arguments: argparse.Namespace) -> int:
    """Run `jaga scores back`."""
    done = scores_publish.back(_store(arguments))
    write_lines([f"One step back: {done.name} answers again"])
    return _told(_store(arguments), done)


def _told(store: Path, done: Published) -> int:
    with scores.open_run(store, done.name) as own:
        write_lines(head_lines(own))
    return 0


def show(arguments: argparse.Namespace) -> int:
    """Run `jaga scores show`."""
    store = _store(arguments)
    told, lines = [], []
    names = {"current": scores_publish.current(store), "previous": scores_publish.previous(store)}
    if names["current"] is None:
        scores.open(store)  # says what to do
    for place, name in names.items():
        if name is None:
            lines.append(f"{place:9} none")
            continue
        with scores.open_run(store, name) as own:
            counts = own.run.manifest["households"]
            total = (f"Households in {counts['in']:,} = scored {counts['scored']:,} + refused {counts['refused']:,} + "
                     f"quarantined {counts['quarantined']:,}; at risk {counts['at_risk']:,}")  # fmt: skip
            lines += [f"{place:9} {name}", *(f"          {line}" for line in (*head_lines(own), total))]
            told.append({"place": place, **about(own), "households": counts})
    write_lines(lines)
    _write(arguments, {"runs": told})
    return 0


def find(arguments: argparse.Namespace) -> int:
    """Run `jaga scores find`."""
    code = re.sub(r"[\s-]", "", arguments.code).upper()
    if not CODE.match(code):
        raise UserError("that is no household code: it has 12 symbols of 2 to 9 and A to Z, without I and O")
    with scores.open(_store(arguments)) as own:
        row = own.household(code)
        if row is None:
            raise UserError(f"the run {own.run.name} has no household with this code")
        write_lines([*head_lines(own, arguments.language), "", *household_lines(row, arguments.language)])
        _write(arguments, {**about(own), "household": row})
    return 0


def top(arguments: argparse.Namespace) -> int:
    """Run `jaga scores top`."""
    with scores.open(_store(arguments)) as found:
        band = _band(arguments.band)
        own = _levelled(found) if band in LEVELS else found
        rows = own.top(arguments.count, province=arguments.province, regency=arguments.regency,
                       subdistrict=arguments.subdistrict, band=band, kind=arguments.kind,
                       certainty=arguments.certainty, offset=arguments.offset)  # fmt: skip
        whole = own.households([row["household_id"] for row in rows]) if arguments.reasons else {}
        lines = head_lines(own, arguments.language)
        for place, row in enumerate(rows, start=arguments.offset + 1):
            lines.append(f"{place:4d}. {line_of(row, arguments.language)}")
            lines += _reasons(whole[row["household_id"]], arguments.language) if whole else []
        write_lines(lines if rows else [*lines, words(arguments.language).score["none"]])
        _write(arguments, {**about(own), "rows": [whole.get(row["household_id"], row) for row in rows]})
    return 0


def _band(text: str | None) -> Band | None:
    if text is None or ":" not in text:
        return text
    try:
        low, high = (float(end) for end in text.split(":"))
    except ValueError:
        raise UserError("a band of risk is written as two shares, 0.07:0.14") from None
    return low, high


def _levelled(found: Scores) -> Scores:
    """The same scores with the levels of risk of their bundle, where it is installed and the manifest tells none."""
    told = found.run.manifest["bundle"]
    path = home() / "bundles" / told["name"]
    if found.labels is not None or not path.is_dir():
        return found
    from models import bundle

    own = bundle.load(path)
    if own.identity != told["identity"]:
        raise UserError(f"{path} is not the bundle of these scores; give a band as two risks, 0.07:0.14")
    return Scores(found.run, own.cuts["labels"])


def distribution(arguments: argparse.Namespace) -> int:
    """Run `jaga scores distribution`."""
    with scores.open(_store(arguments)) as own:
        edges = own.edges() if arguments.edges is None else tuple(arguments.edges)
        rows = own.distribution(arguments.by, province=arguments.province, edges=edges)
        places = ("province", "regency", "subdistrict")
        heads = places[: places.index(arguments.by) + 1] if arguments.by in places else (arguments.by,)
        table = [(*heads, "households", "scored", "refused", "quarantined", "at risk", "mean", "median",
                  f"< {edges[0]:.3g}" if edges else "all", *(f">= {edge:.3g}" for edge in edges))]  # fmt: skip
        for row in rows:
            middle = None if row["quantiles"] is None else row["quantiles"][scores.QUANTILES.index(0.5)]
            counts = (row[name] for name in ("households", "scored", "refused", "quarantined", "at_risk"))
            bins = (f"{count:,}" for count in row["histogram"])
            table.append((*(row[name] or "unknown" for name in heads), *(f"{count:,}" for count in counts),
                          percent(row["mean"]), percent(middle), *bins))  # fmt: skip
        write_lines([*head_lines(own), "", *aligned(table, len(heads))])
        _write(arguments, {**about(own), "by": arguments.by, "edges": edges, "quantiles": scores.QUANTILES,
                           "rows": rows})  # fmt: skip
    return 0


def compare(arguments: argparse.Namespace) -> int:
    """Run `jaga scores change`."""
    store = _store(arguments)
    old, new = between(store, arguments.old, arguments.new)
    with scores.open_run(store, old) as before, scores.open_run(store, new) as after:
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
    lines = [f"{head}{f', {LABEL}' if own.synthetic else ''}"]
    if expired(own):
        lines.append(say["expired"].format(day=own.expires))
    return lines


def expired(own: Scores) -> bool:
    """Whether the scores are too old today."""
    return own.expired(today())


def household_lines(row: Row, language: Language) -> list[str]:
    """One score row in words."""
    told = words(language)
    say = told.score
    place = "no_place" if row["urban"] is None else "urban" if row["urban"] else "rural"
    where = {name: row[name] or say["unknown"] for name in ("unit", "province", "regency")}
    lines = [say["household"].format(code=row["household_id"], place=say[place], **where)]
    if row["status"] == "refused":
        return [*lines, say["no_score"].format(why=told.refusals[row["refusal"]])]
    lines.append(say["poor"].format(now=percent(row["p_poor_now"], language),
                                    then=percent(row["p_poor_next"], language)))  # fmt: skip
    if not row["applies"]:
        return [*lines, say["not_applicable"]]
    return [*lines, say["risk"].format(risk=line_of(row, language, place=False)), *_reasons(row, language)]


def line_of(row: Row, language: Language, *, place: bool = True) -> str:
    """Risk of a household with its range, kind and certainty in one line."""
    told = words(language)
    unknown = told.score["unknown"]
    area = f"{row['household_id']}  {row['province'] or unknown}  {row['regency'] or unknown}  " if place else ""
    low, high = (percent(row[end], language) for end in ("low", "high"))
    ends = f" ({told.score['range'].format(low=low, high=high)})" if low and high else ""
    rest = [told.kinds[row["kind"]], *([told.rungs[row["rung"]]] if row["rung"] else []),
            *([told.score["verify"]] if row["certainty"] == "low" else [])]  # fmt: skip
    return f"{area}{percent(row['risk'], language)}{ends}, {', '.join(rest)}"


def _reasons(row: Row, language: Language) -> list[str]:
    told = words(language)
    return [reason(told, own) for own in row["reasons"] or ()]


def aligned(table: list[tuple[str, ...]], left: int) -> list[str]:
    """Lines of a table, its first `left` columns to the left and the others to the right."""
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    return ["  ".join(f"{cell:{'<' if at < left else '>'}{widths[at]}}" for at, cell in enumerate(row)).rstrip()
            for row in table]  # fmt: skip


def _write(arguments: argparse.Namespace, answer: dict[str, Any]) -> None:
    if arguments.json:
        runs.write_json(arguments.json, json.loads(json.dumps(answer, default=str)))


def write_lines(lines: list[str]) -> None:
    """Print lines."""
    sys.stdout.write("\n".join(lines) + "\n")


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "publish": publish, "back": back, "show": show, "find": find, "top": top, "distribution": distribution,
    "change": compare,
}  # fmt: skip
