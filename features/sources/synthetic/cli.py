"""Commands of the synthetic source; everything heavy is imported when one runs."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from features.commands import Commands


def register(commands: Commands) -> None:
    """Add `jaga data synth` and `jaga data story`."""
    commands.add("data synth", help="make synthetic Indonesian families, marked synthetic everywhere",
                 configure=_synth_options, run=_synth, private=True)  # fmt: skip
    commands.add("data story", help="tell the lives of some synthetic families in plain words",
                 configure=_story_options, run=_story)  # fmt: skip


def _synth_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--households", type=int, required=True, metavar="N", help="families in the register")
    parser.add_argument("--periods", type=int, required=True, metavar="P", help="number of periods")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="same seed and options, same bytes")
    parser.add_argument("--start", default="2019", help="first year, or quarter such as 2019Q1")
    parser.add_argument("--frequency", choices=("quarter", "year"), default="quarter", help="length of a period")
    parser.add_argument("--workers", type=int, default=1, metavar="W", help="processes; changes no byte")
    parser.add_argument("--survey", type=int, metavar="N",
                        help="families that the survey follows too (default: all, at most 100000)")  # fmt: skip
    parser.add_argument("--no-truth", action="store_true", help="leave out the true risks")
    parser.add_argument("--displacement", type=float, default=1.5, metavar="X",
                        help="true effect of exposure to automation on one-year risk, in points")  # fmt: skip
    parser.add_argument("--assume", action=_Assume, metavar="NAME=VALUE",
                        help="another value of an assumption, as often as needed; `list` names them all")  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace synthetic data of another configuration")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder to make")


class _Assume(argparse.Action):
    """Collects `NAME=VALUE`; `list` prints the assumptions and ends, as --help does."""

    def __call__(self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object,
                 option_string: str | None = None) -> None:  # fmt: skip
        if values == "list":
            from features.sources.synthetic.parameters import Parameters

            for name, (value, why) in Parameters().reasons().items():
                print(f"{name:22} {value:<8g} {why}")
            parser.exit()
        setattr(namespace, self.dest, [*(getattr(namespace, self.dest) or []), values])


def _synth(arguments: argparse.Namespace) -> int:
    from features.sources.synthetic import make
    from features.sources.synthetic.parameters import parse

    began = time.monotonic()
    manifest = make.generate(
        arguments.output, households=arguments.households, periods=arguments.periods, seed=arguments.seed,
        start=arguments.start, frequency=arguments.frequency, workers=arguments.workers,
        truth=not arguments.no_truth, displacement=arguments.displacement, survey=arguments.survey,
        assume=parse(arguments.assume or []), force=arguments.force, progress=_bar if sys.stderr.isatty() else None,
    )  # fmt: skip
    if not manifest.made:
        print(f"{arguments.output}: these synthetic families are there already; nothing to do")
        return 0
    print(make.LABEL)
    for name in sorted({str(Path(path).parent) for path in manifest.tables}):
        files = [facts for path, facts in manifest.tables.items() if str(Path(path).parent) == name]
        rows, size = (sum(facts[key] for facts in files) for key in ("rows", "bytes"))
        parts = f"{len(files):,} part{'s'[: len(files) - 1]}"
        print(f"  {name:26} {rows:>12,} rows {_size(size):>13} in {parts}")
    spent = time.monotonic() - began
    print(f"{arguments.households:,} families, {arguments.periods} periods in {spent:.1f} s -> {arguments.output}")
    return 0


def _size(size: int) -> str:
    """Bytes in words: a small table has a size too."""
    return f"{size / 2**20:.1f} MiB" if size >= 2**20 / 10 else f"{max(1, round(size / 2**10))} KiB"


def _story_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder that jaga data synth made")
    parser.add_argument("--families", type=int, default=20, metavar="N", help="families to tell of")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="other seed, other families")


def _story(arguments: argparse.Namespace) -> int:
    from features.sources.synthetic import story

    for line in story.tell(arguments.folder, arguments.families, arguments.seed):
        print(line)
    return 0


def _bar(done: int, total: int) -> None:
    filled = 30 * done // total
    end = "\n" if done == total else ""
    sys.stderr.write(f"\r  families [{'#' * filled}{'.' * (30 - filled)}] {100 * done // total:3d} %{end}")
    sys.stderr.flush()
