"""The commands `jaga data moments`, `data sensitivity` and `data oracle`: what synthetic families are held against."""

from __future__ import annotations

import argparse
from pathlib import Path

from features import answer_file
from features.commands import Commands


def register(commands: Commands) -> None:
    """Add the commands."""
    commands.add("data moments", help="hold synthetic families against the published moments",
                 configure=_configure_moments, run=_moments)  # fmt: skip
    commands.add("data sensitivity", help="show how the moments move with each assumption that no source gives",
                 configure=_configure_sensitivity, run=_sensitivity)  # fmt: skip
    commands.add("data oracle", help="learn the best risk that the features allow, from other synthetic families",
                 configure=_configure_oracle, run=_learn)  # fmt: skip


def _configure_moments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder that jaga data synth made")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure as JSON")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write a page (Markdown) with plots beside it")


def _configure_oracle(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR",
                        help="folder of jaga data synth; other families of its configuration teach")  # fmt: skip
    parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="file for jaga evaluate --oracle")
    parser.add_argument("--rows", type=int, default=2_000_000, help="rows learnt from, at least")
    parser.add_argument("--horizon", type=int, help="periods ahead (one year without it)")
    parser.add_argument("--lookback", type=int, help="as for jaga evaluate")
    parser.add_argument("--burn-in", type=int, help="as for jaga evaluate")
    parser.add_argument("--view", choices=("survey", "registry"), help="as for jaga evaluate")
    parser.add_argument("--seed", type=int, default=1_000_000, help="first seed of the other families")
    parser.add_argument("--threads", type=int, default=2, help="processes of the generator, threads of the booster")


def _configure_sensitivity(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--households", type=int, default=20_000, metavar="N", help="families of each world")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="seed of all worlds")
    parser.add_argument("--workers", type=int, default=1, metavar="W", help="worlds made at a time")
    parser.add_argument("--only", action="append", metavar="NAME", help="an assumption to move, as often as needed")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write a page (Markdown) instead of printing it")


def _moments(args: argparse.Namespace) -> int:
    from models.bundle import dump
    from training import moments

    report = moments.measure(args.folder)
    print(report.manifest.get("label", "SYNTHETIC DATA: no real family is behind these figures"))
    for line in moments.lines(report):
        print(line)
    answer_file.write(args.json, dump(report.table()))
    if args.output:
        from training import moments_page

        moments_page.write(report, args.output)
    return 0


def _learn(args: argparse.Namespace) -> int:
    from training import ceiling

    found = ceiling.learn(args.folder, args.rows, horizon=args.horizon, lookback=args.lookback, burn_in=args.burn_in,
                          view=args.view, seed=args.seed, threads=args.threads)  # fmt: skip
    found.save(args.output)
    held = found.held
    print(f"learnt from {found.rows:,} rows; on {held['rows']:,} others mean {held['told']:.4f}, true "
          f"{held['true']:.4f}, correlation {held['correlation']:.3f}")  # fmt: skip
    print(f"{args.output}: jaga evaluate --oracle {args.output} shows it beside the models")
    return 0


def _sensitivity(args: argparse.Namespace) -> int:
    import sys

    from training import sensitivity

    def tell(done: int, total: int) -> None:
        print(f"\r  worlds {done} of {total}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    found = sensitivity.measure(args.households, args.seed, args.workers, tuple(args.only or ()), tell)
    text = sensitivity.page(found)
    if not args.output:
        print(text, end="")
        return 0
    args.output.parent.mkdir(parents=True, exist_ok=True)
    args.output.write_text(text, encoding="utf-8")
    print(f"written: {args.output}")
    return 0
