"""The command `jaga compass`: the industries side by side, weighed as asked."""

from __future__ import annotations

import argparse

from features.commands import Commands


def register(commands: Commands) -> None:
    """Add `jaga compass`."""
    commands.add("compass", help="compare industries: exposure, growth, wages, flexibility and resilience from "
                 "published figures", configure=_configure, run=_run)  # fmt: skip


def _configure(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--province", default="", metavar="CODE", help="BPS code of a province (32); the nation without it")
    add("--weights", default="", metavar="LIST", help="weights of measures, 0 to 3, for example wage:2,ilo_genai:1; "
        "every measure once without it")  # fmt: skip
    add("--language", choices=("id", "en"), default="id", help="language of what is printed")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print all figures and ranks as JSON")
    form.add_argument("--csv", action="store_true", help="print one figure a line as CSV")


def _run(arguments: argparse.Namespace) -> int:
    from models.compass import printing

    return printing.command(arguments)
