"""The command `jaga lists draw`: a list from published scores, rules and a seed."""

from __future__ import annotations

import argparse
from pathlib import Path

from features.commands import Commands


def register(commands: Commands) -> None:
    """Add `jaga lists ...`."""
    commands.add("lists draw", help="draw a list by the rules of a file", configure=_draw, run=_run)


def _draw(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--rules", type=Path, required=True, metavar="FILE.toml", help="the rules of the list")
    add("--output", type=Path, required=True, metavar="DIR|FILE",
        help="folder for the list, its accounts and its rules; or one file, .csv or .parquet")  # fmt: skip
    add("--scores", type=Path, metavar="DIR", help="folder of the score store; the installation's own without it")
    add("--facts", type=Path, metavar="FILE",
        help="what else is known of the households (csv or parquet): household_id and any of size, gap, programmes, "
        "shock, shock_day")  # fmt: skip
    add("--previous", type=Path, metavar="FILE.parquet", help="the last list, for hysteresis")
    add("--without-visits", action="store_true",
        help="leave out of account what visits found, which the database of the installation tells")  # fmt: skip
    add("--seed", metavar="TEXT", help="what ties and lots are drawn by; the name of the run of scores without it")
    add("--language", choices=("id", "en"), default="id", help="language of the csv file")
    add("--json", type=Path, metavar="FILE", help="write the accounts of the list there too")


def _run(arguments: argparse.Namespace) -> int:
    from serving import lists_commands

    return lists_commands.draw(arguments)
