"""The commands `jaga compass`, the industries side by side, and `jaga openings`, jobs within a household's reach."""

from __future__ import annotations

import argparse
from pathlib import Path

from features.commands import Commands


def register(commands: Commands) -> None:
    """Add `jaga compass` and `jaga openings`."""
    commands.add("compass", help="compare industries: exposure, growth, wages, flexibility and resilience from "
                 "published figures", configure=_configure, run=_run)  # fmt: skip
    commands.add("openings", help="jobs that workers of a household could look into, with why and what is not known",
                 configure=_openings_options, run=_openings)  # fmt: skip


def _configure(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--province", default="", metavar="CODE", help="BPS code of a province (32); the nation without it")
    add("--weights", default="", metavar="LIST", help="weights of measures, 0 to 3, for example wage:2,ilo_genai:1; "
        "every measure once without it")  # fmt: skip
    add("--section", default="", metavar="LETTER", help="print all that is known of one industry (C) and its divisions")
    add("--language", choices=("id", "en"), default="id", help="language of what is printed")
    add("--json", type=Path, metavar="FILE", help="write all figures and ranks as JSON")
    add("--csv", type=Path, metavar="FILE", help="write all figures and ranks as CSV, one figure a line")


def _openings_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--household", default="", metavar="CODE", help="a household of --input, by its code")
    add("--input", type=Path, metavar="DIR", help="contract tables that hold the household")
    add("--occupation", default="", metavar="CODE", help="of one worker, KBJI 2014 or ISCO-08 (9211)")
    add("--section", default="", metavar="LETTER", help="of one worker, industry of KBLI 2020 (A)")
    add("--schooling", default="", metavar="NAME", help="of one worker (lower_secondary)")
    add("--province", default="", metavar="CODE", help="of one worker, BPS code (33); figures of the nation without it")
    add("--language", choices=("id", "en"), default="id", help="language of what is printed")
    add("--json", type=Path, metavar="FILE", help="write the answer there too, in both languages")


def _openings(arguments: argparse.Namespace) -> int:
    from models.compass import printed_openings

    return printed_openings.command(arguments)


def _run(arguments: argparse.Namespace) -> int:
    from models.compass import printing

    return printing.command(arguments)
