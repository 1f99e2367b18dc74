"""The commands `jaga lists ...`: a list from published scores, rules and a seed, and the facts it is drawn with."""

from __future__ import annotations

import argparse
from pathlib import Path

from features.commands import Commands
from features.contract import SHOCK_EVENTS, SHOCKS

SCOPES = SHOCK_EVENTS["scope"].choices


def register(commands: Commands) -> None:
    """Add `jaga lists ...`."""
    commands.add("lists facts", help="make the facts that lists are drawn with: shocks, programmes, members",
                 configure=_facts, run=_run_facts, private=True)  # fmt: skip
    commands.add("lists draw", help="draw a list by the rules of a file", configure=_draw, run=_run, private=True)


def _draw(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--rules", type=Path, required=True, metavar="FILE.toml", help="the rules of the list")
    add("--output", type=Path, required=True, metavar="DIR|FILE",
        help="folder for the list, its accounts and its rules; or one file, .csv or .parquet")  # fmt: skip
    add("--store", type=Path, metavar="DIR", help="folder of the score store; the installation's own without it")
    add("--facts", type=Path, metavar="FILE",
        help="what else is known of the households (csv or parquet): household_id and any of size, gap, programmes, "
        "shock, shock_day, or a day for each shock (job_loss, ...); jaga lists facts makes one")  # fmt: skip
    add("--previous", type=Path, metavar="FILE.parquet", help="the last list, for hysteresis and for who left")
    add("--replaces", type=Path, metavar="FILE.parquet",
        help="the version that this list replaces, which hysteresis then goes by; who left it is told too")  # fmt: skip
    add("--without-visits", action="store_true",
        help="leave out of account what visits found, which the database of the installation tells")  # fmt: skip
    add("--seed", metavar="TEXT", help="what ties and lots are drawn by; the name of the run of scores without it")
    add("--language", choices=("id", "en"), default="id", help="language of what is printed and of the csv file")
    add("--json", type=Path, metavar="FILE", help="write the accounts of the list there too")


def _facts(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--input", required=True, metavar="DIR", help="folder (or URL) of the contract tables that were scored")
    add("--output", type=Path, metavar="FILE.parquet",
        help="the file; without it that of the installation, which the service draws its lists with")  # fmt: skip
    add("--as-of", default="latest", metavar="DATE",
        help="what became known later is not seen; latest: the last day, up to today, on which "
        "anything became known")  # fmt: skip
    add("--shocks", nargs="+", default=[], choices=SHOCKS, metavar="KIND",
        help="events that may open the fast lane; without it all but illness, a fact of health")  # fmt: skip
    add("--scopes", nargs="+", default=["household", "regency"], choices=SCOPES, metavar="SCOPE",
        help="whom an event may name to count for a family: household, regency, province")  # fmt: skip
    add("--language", choices=("id", "en"), default="id", help="language of what is printed")


def _run_facts(arguments: argparse.Namespace) -> int:
    from serving.lists import commands as lists_commands

    return lists_commands.facts(arguments)


def _run(arguments: argparse.Namespace) -> int:
    from serving.lists import commands as lists_commands

    return lists_commands.draw(arguments)
