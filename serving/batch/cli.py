"""The command `jaga score`: a whole register in, scores with reasons out."""

from __future__ import annotations

import argparse
from pathlib import Path

from features import crew
from features.commands import Commands


def register(commands: Commands) -> None:
    """Add `jaga score`."""
    commands.add("score", help="score a register: a folder of tables in, a folder of scores with reasons out",
                 configure=_configure, run=_run, private=True)  # fmt: skip


def _configure(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--input", required=True, metavar="DIR",
        help="folder or URL of contract tables (parquet or CSV), or a synthetic folder")  # fmt: skip
    add("--output", required=True, metavar="DIR", help="folder or URL of the scores; one run a folder")
    add("--bundle", default="champion", metavar="PATH", help="folder of a bundle, or champion")
    add("--as-of", default="latest", metavar="DATE", help="date of the scores (2026-03-31), or latest: last known_at")
    add("--chunk", type=int, default=200_000, metavar="N", help="household rows scored at a time, about")
    add("--workers", default="auto", metavar="N", help="processes of this machine; auto takes one for each processor "
        "where the register is large")  # fmt: skip
    add("--scheduler", metavar="ADDRESS", help="use the workers of this Dask scheduler instead (tcp://host:8786); they "
        "must reach the input, the bundle and the work folder by the same paths")  # fmt: skip
    add("--work", type=Path, metavar="DIR", help="where unfinished things lie while the output is a URL (default: "
        "in the installation's folder)")  # fmt: skip
    add("--reasons", type=int, default=5, metavar="N", help="reasons kept for each household at risk")
    add("--limit-bad", type=float, default=0.05, metavar="SHARE",
        help="share of a table's rows in quarantine above which nothing is published")  # fmt: skip
    add("--limit-refused", type=float, default=0.5, metavar="SHARE",
        help="share of families without a score above which nothing is published")  # fmt: skip
    add("--headcounts", type=Path, metavar="FILE", help="bring the risks of each place to these shares of people below "
        "the line at the horizon (CSV: province, urban, headcount, known_at, forecast)")  # fmt: skip
    add("--top", type=int, metavar="N", help="households at the highest risk to print; 10 on a terminal, else none: a "
        "log is no place for codes of families")  # fmt: skip
    add("--language", choices=("id", "en"), default="id", help="language of what is printed")
    add("--json", type=Path, metavar="FILE", help="write the counts, or of --dry-run the plan, there too")
    add("--dry-run", action="store_true", help="say what would be done, how long and with how much disk, write nothing")


LARGE = 4_000_000
"""Bytes of the households' table from which there will be workers, about: they are prepared before it is known."""
_WORK = ("serving.batch.forked",)


def _run(arguments: argparse.Namespace) -> int:
    if _several(arguments):
        crew.warm(_WORK)
    from serving.batch import command

    return command.command(arguments)


def _several(arguments: argparse.Namespace) -> bool:
    """Whether it looks as if there will be several workers of this machine."""
    if arguments.scheduler is not None or arguments.dry_run or arguments.workers != "auto":
        return arguments.scheduler is None and not arguments.dry_run and arguments.workers != "1"
    home = Path(arguments.input)
    files = [path for name in ("households*", "households/*") for inside in (home, home / "registry")
             for path in inside.glob(name) if path.is_file()]  # fmt: skip
    return crew.processors() > 1 and sum(path.stat().st_size for path in files) >= LARGE
