"""The command `jaga tune`: settings of Jaga and of the learners beside it, inside the training window only."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from features.commands import Commands, UserError

ABOUT = """Settings found by jaga tune; an input of jaga evaluate, train and retrain (--params).
Searched on {rows}, seed {seed}."""


def register(commands: Commands, configure_panel: Any) -> None:
    """Add the command; `configure_panel` adds the options that say what to read."""

    def configure(parser: argparse.ArgumentParser) -> None:
        configure_panel(parser)
        parser.add_argument("--models", nargs="+", metavar="NAME", help="jaga, random_forest, xgboost, catboost (all)")
        parser.add_argument("--trials", type=int, default=40, help="settings tried of each, the usual one first")
        parser.add_argument("--seconds", type=float, help="after which no trial of a model begins any more")
        parser.add_argument("--storage", type=Path, metavar="FILE", help="keep the trials here; a search that was cut "
                            "short goes on from them")  # fmt: skip
        parser.add_argument("--output", type=Path, required=True, metavar="FILE.toml", help="settings found")

    commands.add("tune", help="search for settings on the training rows alone", configure=configure, run=run)


def run(args: argparse.Namespace) -> int:
    """Search and write."""
    from features import periods
    from training import prepare, terminal, tune, tuning
    from training.cli import panel_of, settings_of

    names = tuple(args.models or tune.SPACES)
    for name in names:
        if name not in tune.SPACES:
            raise UserError(f"--models {name}: not known; known: {', '.join(tune.SPACES)}")
    if args.trials < 1 or (args.seconds is not None and args.seconds <= 0):
        raise UserError("--trials: at least 1; --seconds: above 0")
    panel = panel_of(args)
    split, blind = tuning.window(panel, prepare.parse_period(args.test_from), args.seed)
    rows = "every row" if split.test_from is None else f"rows known by {periods.text(split.test_from)} alone"
    if not blind:
        print("note: too few periods to keep some for judging: the search sees every row. Judge such a table with "
              "jaga evaluate --trials, which searches anew inside each window")  # fmt: skip
    budget = tune.Budget(args.trials, args.seconds, args.storage, terminal.Tuning(sys.stdout))
    found = {}
    for name in names:
        found[name] = own = tuning.settle(name, panel, split, settings_of(args), budget)
        print(f"{name}: log-loss {own.loss:.5f} out of fold after {own.trials} trials"
              + ("; cut short" if own.cut_short else ""), flush=True)  # fmt: skip
    tune.write_params(args.output, found, ABOUT.format(rows=rows, seed=args.seed))
    print(f"{args.output}: jaga evaluate --params {args.output} uses it")
    return 0
