"""Writes the pages that are made from the code, and that of the benchmarks with its pictures from their results."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import _page
from benchmarks._page import pictures
from features import commands
from features.cli import parser
from features.commands import Exit
from features.contract import SECTIONS, TABLES, Field, Table
from features.registry import Feature, all_features
from models.compass import table
from models.compass.measures import MEASURES
from models.compass.own import FACTS
from serving.access import rights
from serving.api import score
from serving.api.every import ROUTES

DOCS = Path(__file__).resolve().parent
NOTE = "<!-- Made from the code by `make docs`; change the code, not this page. -->\n\n"


def pages() -> dict[str, str]:
    """Text of each generated page by file name."""
    return {"contract.md": _contract(), "features.md": _features(), "cli.md": _cli(), "compass_sources.md": _sources(),
            "json.md": _json(), "api.md": _api(), "benchmarks.md": _page.page(_page.found())}  # fmt: skip


def leaves(tree: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Parsers of the commands that do something, in the order of their groups."""
    below = [action for action in tree._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield tree
    for action in below:
        for child in action.choices.values():
            yield from leaves(child)


def _contract() -> str:
    intro = (
        "# Data contract\n\n"
        "Every source is brought into these tables. A row that breaks a rule goes to quarantine with its row number, "
        "field and rule; the rest go on, and the counts add up. Of rows equal in every cell the first goes on, the "
        "others are dropped and counted. A table that lacks a required column, or whose column "
        "is of the wrong type throughout, is refused as a whole; where a register is scored in parts, all rows of such "
        "a column go to quarantine, and the limit of bad rows stops the run.\n\n"
        "Kinds: `id` a keyed code; `text` as it is; `period` a quarter (2026Q1) or a year (2026); `date` "
        "2026-03-31; `number`; `count` a whole number; `flag` yes or no; `choice` one word of the vocabulary. "
        "*Must* says that the column has to be there; *may be empty* that a cell can be.\n"
    )
    return NOTE + intro + "".join(_table(table) for table in TABLES.values())


def _table(table: Table) -> str:
    rows = [
        (f"`{f.name}`", f.kind, f.unit, _rule(f), "yes" if f.required else "", "yes" if f.null else "", f.doc)
        for f in table.fields
    ]
    head = ("field", "kind", "unit", "allowed", "must", "may be empty", "what it says")
    key = ", ".join(f"`{name}`" for name in table.key)
    return f"\n## {table.name}\n\n{table.doc} A row is named by {key}.\n\n" + _markdown(head, rows)


def _rule(field: Field) -> str:
    parts = [", ".join(f"`{choice}`" for choice in field.choices), _range(field.low, field.high),
             f"{field.digits} digits" if field.digits else ""]  # fmt: skip
    if field.refuse:
        parts.append("never " + ", ".join(f"{code:g}" for code in field.refuse))
    return "; ".join(part for part in parts if part)


def _range(low: float | None, high: float | None) -> str:
    least = None if low is None or np.isinf(low) else f"{low:.12g}"
    most = None if high is None or np.isinf(high) else f"{high:.12g}"
    if least and most:
        return f"{least} to {most}"
    return f"{least} and up" if least else f"up to {most}" if most else ""


def _features() -> str:
    features = all_features()
    intro = (
        "# Feature dictionary\n\n"
        f"{len(features)} features. A feature sees only what was known on the date of the score. *Views*: `survey` "
        "where welfare is measured, `registry` where it is not. A protected feature is for the audit alone: it stays "
        "out of the fit and is never a reason. A family can object to every fact that is not marked otherwise. "
        "A feature without a reason key is told only among other factors.\n"
    )
    families = dict.fromkeys(feature.family for feature in features)
    return NOTE + intro + "".join(_family(name, [f for f in features if f.family == name]) for name in families)


def _family(name: str, features: Sequence[Feature]) -> str:
    rows = [
        (
            f"`{f.name}`",
            " ".join(f.doc.split()),
            f"{f.unit}: {', '.join(f'`{choice}`' for choice in f.choices) or _range(f.low, f.high) or 'any'}",
            ", ".join(f"`{column}`" for column in f.inputs),
            ", ".join(f.views),
            _limits(f),
            f"`{f.reason}`" if f.reason else "",
        )
        for f in features
    ]
    head = ("feature", "what it says", "unit and range", "reads", "views", "limits", "reason")
    return f"\n## {name}\n\n" + _markdown(head, rows)


def _limits(feature: Feature) -> str:
    parts = [
        "protected" if feature.protected else "",
        "" if feature.contestable else "not contestable",
        f"known {feature.lag} periods later" if feature.lag else "",
    ]
    return ", ".join(part for part in parts if part)


def _cli() -> str:
    found = [*leaves(parser())]
    intro = (
        "# Command line\n\n"
        "`jaga COMMAND --help` prints the same. Exit codes: "
        + "; ".join(f"{int(code)} {_ENDS[code]}" for code in Exit)
        + ".\n\nA command with `--language` prints in Bahasa Indonesia or English, its errors and what is wrong with "
        f"the form of a call too: {_spoken(found)}. In English alone are some of what reading data files tells, and "
        "the commands without the option, which are for those who build and run the models.\n"
    )
    return NOTE + intro + "".join(map(_command, found))


def _spoken(commands: Sequence[argparse.ArgumentParser]) -> str:
    """Commands that take --language; a group of which all do by its name."""
    speaks = {tuple(one.prog.split()[1:]): any("--language" in action.option_strings for action in one._actions)
              for one in commands}  # fmt: skip
    whole = {path[0] for path in speaks} - {path[0] for path, own in speaks.items() if not own}
    names = {path[0] if path[0] in whole else " ".join(path) for path, own in speaks.items() if own}
    return ", ".join(f"`{name}`" for name in sorted(names))


_ENDS = {Exit.DONE: "done", Exit.FAILED: "done, but a check failed", Exit.WRONG: "wrong use or input",
         Exit.FAULT: "an error of the program", Exit.STOPPED: "stopped by Ctrl-C"}  # fmt: skip


def _command(command: argparse.ArgumentParser) -> str:
    actions = [action for action in command._actions if not isinstance(action, argparse._HelpAction)]
    rows = [(_names(action), _help(command, action), _default(action)) for action in actions]
    options = "\n" + _markdown(("option", "what it does", "default"), rows) if rows else ""
    return f"\n## {command.prog}\n\n{command.description or ''}\n{options}"


def _sources() -> str:
    nation, rows = table.place(), []
    places = [nation, *(table.place(code) for code in table.provinces())]
    for measure in MEASURES:
        cells = [cell for letter in SECTIONS if (cell := nation.cell(letter, measure.key)) is not None]
        local = sum(any(cell.province for (_, key), cell in place.cells.items() if key == measure.key)
                    for place in places)  # fmt: skip
        told = dict.fromkeys(f"{cell.year}: {cell.source}" for cell in cells)
        better = {1: "more", -1: "less", 0: "not judged"}[measure.better]
        rows.append((f"`{measure.key}`", measure.group, measure.about("en"), better, cells[0].unit if cells else "",
                     f"{len(cells)} of {len(SECTIONS)}", str(local) if local else "",
                     "; ".join(told) or "**not found**"))  # fmt: skip
    head = ("measure", "group", "what it says", "favourable", "unit", "sections known", "provinces", "year and source")
    facts = [(f"`{name}`", str(sum(name in place.facts for place in places[1:])), "yes" if name in nation.facts else "",
              "; ".join(dict.fromkeys(f"{place.facts[name].year}: {place.facts[name].source}" for place in places
                                      if name in place.facts))) for name in FACTS]  # fmt: skip
    intro = "# Sources of the sector compass\n\nWhat each measure of the [sector compass](compass.md) is made of.\n\n"
    return NOTE + intro + _markdown(head, rows) + "\n## Of a whole place\n\n" + _markdown(
        ("figure", "provinces", "nation", "year and source"), facts)  # fmt: skip


def _json() -> str:
    schema = json.loads((DOCS / "schema" / "evaluate.schema.json").read_text(encoding="utf-8"))
    rows = [(f"`{name}`", _kind(own, schema), own.get("description", "")) for name, own in schema["properties"].items()]
    intro = (
        f"# JSON of an evaluation\n\n{schema['description']}\n\nThe schema, with every key below these: "
        "`docs/schema/evaluate.schema.json` (JSON Schema). Requests and answers of the API are described by "
        "`/openapi.json` of a running service; the columns of scores in [Scoring a register](scoring.md#columns).\n\n"
    )
    return NOTE + intro + _markdown(("key", "type", "what it says"), rows)


def _kind(own: dict[str, Any], schema: dict[str, Any]) -> str:
    if "$ref" in own:
        own = schema["$defs"][own["$ref"].rpartition("/")[2]]
    found = own.get("type") or [f"`{value}`" for value in own.get("enum", [own.get("const")])]
    return " or ".join(found) if isinstance(found, list) else str(found)


BEGIN, END = "<!-- Routes: made from the code by `make docs`. -->\n", "<!-- End of the routes. -->\n"
ALSO = {"/v1/objections/{number}/steps": ("objection.open",), "/v1/audit": ("audit.area", "audit.all")}
"""Acts beside that of a route, of which its functions ask one or the other."""


def _api() -> str:
    """The page of the API, written by hand, with its table of routes made anew; ValueError where its marks are gone."""
    before, rest = (DOCS / "api.md").read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    taken = [("POST", path, score.SCOPE, score.ACT) for path in ("/v1/score", "/v1/openings")]
    for method, path, scope, act in [*taken, *((own.method, own.path, own.scope, own.act) for own in ROUTES)]:
        groups.setdefault((scope, (act, *ALSO.get(path, ()))), []).append(f"`{method} {path}`")
    rows = []
    for (scope, acts), routes in groups.items():
        roles = [role for role in rights.ROLES if any(role in rights.ACTS[act] for act in acts)]
        rows.append((", ".join(routes), f"`{scope}`", " or ".join(f"`{act}`" for act in acts),
                     "all" if len(roles) == len(rights.ROLES) else ", ".join(roles)))  # fmt: skip
    table = _markdown(("route", "scope", "act", "roles"), rows)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def _names(action: argparse.Action) -> str:
    value = action.metavar if isinstance(action.metavar, str) else None
    value = value or ("{" + ",".join(map(str, action.choices)) + "}" if action.choices else action.dest.upper())
    if not action.option_strings:
        return f"`{value}`"
    names = ", ".join(f"`{name}`" for name in action.option_strings)
    return names if action.nargs == 0 else f"{names} `{value}`"


def _help(command: argparse.ArgumentParser, action: argparse.Action) -> str:
    # The plain formatter: that of the command itself adds the default, which has a column of its own here.
    return argparse.HelpFormatter(command.prog)._expand_help(action) if action.help else ""


def _default(action: argparse.Action) -> str:
    if action.required:
        return "needed"
    if action.nargs == 0 or not commands.tells(action.default):
        return ""
    return f"`{commands.plain(action.default)}`"


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def main() -> None:
    """Write the pages that changed."""
    for name, text in pages().items():
        path = DOCS / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote docs/{name}")
    for name in pictures.write(_page.found(), DOCS):
        print(f"wrote docs/{name}")


if __name__ == "__main__":
    main()
