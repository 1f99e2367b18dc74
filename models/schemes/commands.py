"""What `jaga schemes` and `jaga simulate` do."""

# ruff: noqa: T201 - these are commands of the terminal
from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from features import answer_file, file_words
from features.commands import UserError
from models.rule_words import said, words_of
from models.schemes import checks, library, parts, printed, scenario
from models.schemes.own_files import OwnFiles
from models.schemes.parts import Scheme, Shock
from models.schemes.words import said as words_said
from models.targeting.rule_checks import RuleError
from models.words import Language, word

if TYPE_CHECKING:
    from features.crew import Crew
    from models.schemes.nation import Nation
    from models.schemes.result import Result
    from models.schemes.run import Plan


def listed(arguments: argparse.Namespace) -> int:
    """Print names, kinds and where their effects are from."""
    found = printed.rows(arguments.language)
    _lines(printed.listed(found, arguments.language))
    _json(arguments.json, found)
    return 0


def shown(arguments: argparse.Namespace) -> int:
    """Print one of the library: every figure with its range, year and source; a scenario as its YAML."""
    name = arguments.name
    folder = next((one for one in library.FOLDERS if name in library.names(one)), None)
    if folder is None:
        raise UserError(
            f"nothing is called {name}; jaga schemes list names all there is",
            f"tidak ada yang bernama {name}; jaga schemes list menyebut semuanya",
        )
    if folder == "scenarios":
        print(f"# {word(printed.WORDS, 'as_it_is', arguments.language)}")
        print(library.text(folder, name), end="")
        return 0
    raw, where = library.raw(folder, name), f"{name}.yaml: "
    own = parts.scheme(raw, where) if folder == "schemes" else parts.shock(raw, where)
    _lines(printed.shown(own, arguments.language))
    return 0


def checked(arguments: argparse.Namespace) -> int:
    """Check files; exit code 1 if one is wrong, or if by the families given nothing would be told of an answer."""
    from models.schemes.run import prepare

    wrong, language = 0, arguments.language
    nation = None if arguments.input is None else _nation(arguments)
    for path in arguments.files:
        try:
            own = _file(path)
            print(f"{path.name}: {word(printed.WORDS, printed.kind_of(own), language)} {own.name}, "
                  f"{word(printed.WORDS, 'in_order', language)}")  # fmt: skip
            settled = None
            if nation is not None and isinstance(own, scenario.Scenario):
                settled = prepare(own, nation, own.seed if arguments.seed is None else arguments.seed)
            _lines(printed.checked(own, language, settled))
            if nation is not None and settled is not None:
                absent = _left_out(settled, nation, language)
                wrong += bool(absent)
                _lines(f"  {line}" for line in absent)
        except UserError as error:
            wrong += 1
            print(words_of(error)[0 if language == "id" else 1])
    return int(wrong > 0)


def _left_out(plan: Plan, nation: Nation, language: Language) -> list[str]:
    """Of which answers nothing would be told, and why; and where one family stands for many, that more of them help."""
    from models.schemes import left_out

    rows = left_out.rows(plan, nation)
    more = [words_said("answer.more", language)] if any(row["stand_for"] > 1 for row in rows) else []
    return [*(left_out.sentence(row, language) for row in rows), *more]


def _file(path: Path) -> scenario.Scenario | Scheme | Shock:
    """What a file holds."""
    found = checks.of_file(path)
    kind, where = found.get("kind"), f"{path.name}: "
    if kind == "scenario":
        return scenario.of(found, path.name, OwnFiles(path.parent))
    if kind == "scheme":
        return parts.scheme(found, where)
    if kind == "shock":
        return parts.shock(found, where)
    raise RuleError(f"{where}kind", said("one_of", known="scheme, shock, scenario", value=kind))


def _lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _json(path: Path | None, found: Any) -> None:
    answer_file.write(path, json.dumps(found, indent=1, ensure_ascii=False) + "\n")


def chosen(name: str) -> scenario.Scenario:
    """A scenario by its file or by a result made of it, or by the name it ships under."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml", ".json") or path.exists():
        return scenario.read(path)
    return scenario.named(name)


def simulated(arguments: argparse.Namespace) -> int:
    """Simulate, print a summary, and write the files where asked."""
    from models.schemes import left_out
    from models.schemes.output import ready, summary, write
    from models.schemes.result import Result
    from models.schemes.run import lived, prepare

    for path in (arguments.tables, arguments.brief):
        _new(path, force=arguments.force)
    if arguments.output:
        ready(arguments.output, force=arguments.force)
    if arguments.tables and arguments.tables.suffix not in (".csv", ".xlsx"):
        raise UserError(
            f"--tables must end in .csv or .xlsx, not {arguments.tables.name}",
            f"--tables harus berakhiran .csv atau .xlsx, bukan {arguments.tables.name}",
        )
    with _lived(arguments) as (plan, nation, crew):
        settled = prepare(plan, nation, plan.seed if arguments.seed is None else arguments.seed)
        if left_out.all_coarse(settled):
            raise UserError(*("\n".join(_left_out(settled, nation, language)) for language in ("en", "id")))
        absent = _left_out(settled, nation, arguments.language)
        print("".join(f"{line}\n" for line in absent), end="", file=sys.stderr, flush=True)
        result = Result(settled, nation, lived(settled, nation, crew=crew))
    found: dict[str, Any] = result.to_dict()
    for line in summary(found, arguments.language):
        print(line)
    if arguments.output:
        for path in write(found, arguments.output, arguments.language, force=arguments.force):
            _told(path, arguments.language)
    if arguments.tables or arguments.brief:
        _written(result, found, plan.name, arguments)
    return 0


def mixed(arguments: argparse.Namespace) -> int:
    """Search for the best split of a budget and print the best ones."""
    from models.schemes.mix import search

    with _lived(arguments) as (plan, nation, crew):
        found = search(plan, nation, arguments.arm, arguments.budget, arguments.outcome, arguments.steps,
                       arguments.seed, crew)  # fmt: skip
    _lines(printed.mixed(found, arguments.language, synthetic=nation.synthetic))
    _json(arguments.json, found)
    return 0


@contextmanager
def _lived(arguments: argparse.Namespace) -> Iterator[tuple[scenario.Scenario, Nation, Crew | None]]:
    """The scenario, the families and the workers that the options ask for; None for this process alone."""
    from features.crew import crew

    plan = chosen(arguments.scenario)
    if arguments.draws is not None:
        if not 2 <= arguments.draws <= scenario.MOST_DRAWS:
            raise UserError(
                f"--draws must be from 2 to {scenario.MOST_DRAWS}, not {arguments.draws}",
                f"--draws harus dari 2 sampai {scenario.MOST_DRAWS}, bukan {arguments.draws}",
            )
        plan = dataclasses.replace(plan, draws=arguments.draws)
    if arguments.workers < 1:
        raise UserError(
            f"--workers must be 1 or more, not {arguments.workers}",
            f"--workers harus 1 atau lebih, bukan {arguments.workers}",
        )
    nation = _nation(arguments, plan.seed)
    if arguments.workers == 1 and arguments.scheduler is None:
        yield plan, nation, None
        return
    with crew(arguments.workers, arguments.scheduler) as own:
        yield plan, nation, own


def _nation(arguments: argparse.Namespace, seed: int = 1) -> Nation:
    """The families that the options ask for; seed : of the lot where `--seed` gives none."""
    from models.schemes.published import raked
    from models.schemes.source import nation_of

    nation = nation_of(arguments.input, arguments.register, arguments.dynamics)
    if arguments.sample is not None:
        if arguments.sample < 1:
            raise UserError(
                f"--sample must be 1 or more, not {arguments.sample}",
                f"--sample harus 1 atau lebih, bukan {arguments.sample}",
            )
        nation = nation.sample(arguments.sample, seed if arguments.seed is None else arguments.seed)
    return nation if arguments.published is None else raked(nation, arguments.published)


def _new(path: Path | None, *, force: bool) -> None:
    """UserError where a file is there that may not be replaced: before anything is simulated."""
    if path is not None and path.exists() and not force:
        raise UserError(
            f"{path} is there already; choose another name, or --force to replace it",
            f"{path} sudah ada; pilih nama lain, atau --force untuk menggantinya",
        )


def _written(result: Result, found: dict[str, Any], name: str, arguments: argparse.Namespace) -> None:
    """Write the tables as one file and the brief, where they are asked for."""
    from models.schemes import beside, brief, sheets

    alone, language = beside.together([beside.Kept(name, found, result.paired())]), arguments.language
    if path := arguments.tables:
        _write(path, (sheets.as_csv if path.suffix == ".csv" else sheets.as_xlsx)(alone, language), language)
    if path := arguments.brief:
        _write(path, brief.pdf(brief.drawn(alone, language)), language)


def _told(path: Path, language: Language) -> None:
    print(f"{word(printed.WORDS, 'written', language)}: {path}")


def _write(path: Path, made: bytes, language: Language) -> None:
    try:
        path.write_bytes(made)
    except OSError as error:
        raise file_words.unwritable(path, error) from None
    _told(path, language)
