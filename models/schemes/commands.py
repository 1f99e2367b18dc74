"""What `jaga schemes` and `jaga simulate` do."""

# ruff: noqa: T201 - these are commands of the terminal
from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from features.commands import UserError
from models.schemes import checks, described, library, parts, scenario
from models.schemes.checks import Figure
from models.schemes.parts import Scheme, Shock

if TYPE_CHECKING:
    from features.crew import Crew
    from models.schemes.nation import Nation
    from models.schemes.result import Result

_SHOWN = 8
"""Splits that are printed."""


def listed(arguments: argparse.Namespace) -> int:
    """Print names, kinds and where their effects are from."""
    found = [_row("scheme", one) for one in library.schemes()] + [_row("shock", one) for one in library.shocks()]
    found += [{"kind": "scenario", "name": name, "title": scenario.named(name).title.id, "basis": ""}
              for name in library.names("scenarios")]  # fmt: skip
    width = max(len(one["name"]) for one in found)
    for one in found:
        print(f"{one['kind']:9} {one['name']:{width}}  {one['title']}{' [' if one['basis'] else ''}{one['basis']}"
              f"{']' if one['basis'] else ''}")  # fmt: skip
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _row(kind: str, own: Scheme | Shock) -> dict[str, str]:
    weakest = own.effect.basis if isinstance(own, Scheme) else own.basis
    basis = "no evidence found" if weakest == "none" else weakest
    return {"kind": kind, "name": own.name, "title": own.title.id, "basis": basis}


def shown(arguments: argparse.Namespace) -> int:
    """Print one of the library: every figure with its range, year and source; a scenario as its YAML."""
    name = arguments.name
    folder = next((one for one in library.FOLDERS if name in library.names(one)), None)
    if folder is None:
        raise UserError(f"nothing is called {name}; jaga schemes list names all there is")
    if folder == "scenarios":
        print(library.text(folder, name), end="")
        return 0
    raw, where = library.raw(folder, name), f"{name}.yaml: "
    own = parts.scheme(raw, where) if folder == "schemes" else parts.shock(raw, where)
    print(f"{own.title.id} / {own.title.en}  ({own.name}, {own.dated})")
    for reference in own.references:
        print(f"  {reference.text} [{reference.source}]")
    for field, figure in own.figures.items():
        if described.written(field, figure):
            print(f"  {field:16} {told(figure)}")
    if isinstance(own, Scheme):
        print(f"  {'rule':16} {own.rule}, {own.duration} years of support; eligible: {_scope(own.eligibility)}")
        print(f"  {'ramp':16} {', '.join(f'{share:g}' for share in own.ramp)} of the places open, year by year")
        against = f" against {own.effect.against}" if own.effect.against else ""
        rest = "; nothing is left once support ends" if own.effect.fade is None and own.effect.kind != "none" else ""
        print(f"  {'effect':16} {own.effect.kind}{against}{rest}" + ("" if own.effect.from_evidence else
              "; Respons model, bukan dampak / Model response, not effect"))  # fmt: skip
    else:
        rises = f"; the chance rises with {own.exposure} of the main earner's occupation" if own.exposure else ""
        print(f"  {'scope':16} {_scope(own.scope)}{rises}")
    return 0


def told(figure: Figure) -> str:
    """A figure in words."""
    value, low, high = (f"{one:,.12g}" for one in (figure.value, figure.low, figure.high))
    ends = "" if figure.low == figure.high else f" ({low} to {high})"
    year = "" if figure.year is None else f", {figure.year}"
    if figure.basis == "none":
        return f"{value}: no evidence found [{figure.source}]"
    return f"{value}{ends} {figure.unit}{year}: {figure.basis} [{figure.source}]"


def _scope(own: parts.Scope) -> str:
    asked = {name: value for name, value in checks.plain(own).items() if value is not None}
    return ", ".join(f"{name} {value}" for name, value in asked.items()) or "everybody"


def checked(arguments: argparse.Namespace) -> int:
    """Check files; exit code 1 if one is wrong."""
    wrong = 0
    for path in arguments.files:
        try:
            found = checks.of_file(path)
            kind = found.get("kind")
            if kind == "scenario":
                scenario.of(found, path.name)
            elif kind == "scheme":
                parts.scheme(found, f"{path.name}: ")
            elif kind == "shock":
                parts.shock(found, f"{path.name}: ")
            else:
                raise UserError(f"{path.name}: kind: must be one of scheme, shock, scenario, not {kind!r}")
            print(f"{path.name}: {kind} {found['name']}, in order")
        except UserError as error:
            wrong += 1
            print(error)
    return int(wrong > 0)


def chosen(name: str) -> scenario.Scenario:
    """A scenario by its file, or by the name it ships under."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.exists():
        return scenario.read(path)
    return scenario.named(name)


def simulated(arguments: argparse.Namespace) -> int:
    """Simulate, print a summary, and write the files where asked."""
    from models.schemes import simulate
    from models.schemes.output import summary, write

    for path in (arguments.tables, arguments.brief):
        _new(path, force=arguments.force)
    if arguments.tables and arguments.tables.suffix not in (".csv", ".xlsx"):
        raise UserError(f"--tables must end in .csv or .xlsx, not {arguments.tables.name}")
    with _lived(arguments) as (plan, nation, crew):
        result = simulate(plan, nation, arguments.seed, crew=crew)
    found: dict[str, Any] = result.to_dict()
    for line in summary(found, arguments.language):
        print(line)
    if arguments.output:
        for path in write(found, arguments.output, arguments.language, force=arguments.force):
            print(f"written: {path}")
    if arguments.tables or arguments.brief:
        _written(result, found, plan.name, arguments)
    return 0


def mixed(arguments: argparse.Namespace) -> int:
    """Search for the best split of a budget and print the best ones."""
    from models.schemes.mix import search

    with _lived(arguments) as (plan, nation, crew):
        found = search(plan, nation, arguments.arm, arguments.budget, arguments.outcome, arguments.steps,
                       arguments.seed, crew)  # fmt: skip
    if nation.synthetic:
        print("DATA SINTETIS / SYNTHETIC DATA")
    print(f"{arguments.outcome}, Rp{arguments.budget:,} in {arguments.steps} steps; = cannot be told from the best")
    for row in found["splits"][:_SHOWN]:
        shares = ", ".join(f"{name} {100 * share:.0f} %" for name, share in row["shares"].items() if share)
        print(f"{' ' if row['worse'] else '='} {_told(row)}: {shares}")
    print(f"the best once more with seed {found['again']['seed']}: {_told(found['again'])}")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _told(figure: dict[str, Any]) -> str:
    if figure["value"] is None:
        return "not defined"
    ends = "; ".join(f"{kind} {figure[kind][0]:,.0f} to {figure[kind][1]:,.0f}" for kind in ("draws", "effects"))
    return f"{figure['value']:,.0f} ({ends})"


@contextmanager
def _lived(arguments: argparse.Namespace) -> Iterator[tuple[scenario.Scenario, Nation, Crew | None]]:
    """The scenario, the families and the workers that the options ask for; None for this process alone."""
    from features.crew import crew
    from models.schemes.published import raked
    from models.schemes.source import nation_of

    plan = chosen(arguments.scenario)
    if arguments.draws is not None:
        if not 2 <= arguments.draws <= scenario.MOST_DRAWS:
            raise UserError(f"--draws must be from 2 to {scenario.MOST_DRAWS}, not {arguments.draws}")
        plan = dataclasses.replace(plan, draws=arguments.draws)
    if arguments.workers < 1:
        raise UserError(f"--workers must be 1 or more, not {arguments.workers}")
    nation = nation_of(arguments.input, arguments.register, arguments.dynamics)
    if arguments.sample is not None:
        if arguments.sample < 1:
            raise UserError(f"--sample must be 1 or more, not {arguments.sample}")
        nation = nation.sample(arguments.sample, plan.seed if arguments.seed is None else arguments.seed)
    if arguments.published is not None:
        nation = raked(nation, arguments.published)
    if arguments.workers == 1 and arguments.scheduler is None:
        yield plan, nation, None
        return
    with crew(arguments.workers, arguments.scheduler) as own:
        yield plan, nation, own


def _new(path: Path | None, *, force: bool) -> None:
    """UserError where a file is there that may not be replaced: before anything is simulated."""
    if path is not None and path.exists() and not force:
        raise UserError(f"{path} is there already; choose another name, or --force to replace it")


def _written(result: Result, found: dict[str, Any], name: str, arguments: argparse.Namespace) -> None:
    """Write the tables as one file and the brief, where they are asked for."""
    from models.schemes import beside, brief, sheets

    alone, language = beside.together([beside.Kept(name, found, result.paired())]), arguments.language
    if path := arguments.tables:
        _write(path, (sheets.as_csv if path.suffix == ".csv" else sheets.as_xlsx)(alone, language))
    if path := arguments.brief:
        _write(path, brief.pdf(brief.drawn(alone, language)))


def _write(path: Path, made: bytes) -> None:
    try:
        path.write_bytes(made)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}") from None
    print(f"written: {path}")
