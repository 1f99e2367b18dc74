"""The small installation in which the blocks of the docs are run: what their lines name is there, in little."""

from __future__ import annotations

from pathlib import Path

import pytest

from features import keys
from features.cli import main
from models import record
from tests import small
from tests.serving import registers
from tests.training import flat
from tests.training.small import WORD, answered, raw_tables

FAMILIES = 60
TABLE = """
household = "id"
outcome = "falls"
period = "year"
cluster = "village"
poor_now = "poor"
welfare = "cons"
line = 2.0
numeric = ["cons", "age", "rooms"]
categorical = ["job"]
"""
HEADCOUNTS = "province,urban,headcount,known_at,forecast\n32,,0.08,2026-09-01,false\n"

QUICK = ("--horizon", "1", "--lookback", "2", "--bootstrap", "40", "--threads", "1")
SIZES = {"--households": "300", "--survey": "150", "--trials": "1", "--rows": "3000", "--nworkers": "1"}
"""Options whose value in the docs is for real work, and what the test gives them; nothing else of a line is changed but
the names of `STANDS`."""
MORE = {
    "data synth": ("--workers", "1"),
    "evaluate": ("--baselines", "welfare_rule", "--refits", "1", "--bootstrap", "20", "--threads", "1"),
    "tune": ("--models", "jaga", "--threads", "1"),
    "train": (*QUICK, "--bias", "answers/bias.toml"),
    "retrain": (*QUICK, "--bias", "answers/bias.toml"),
    "drift": QUICK,
    "promote": tuple(WORD),
    "simulate": ("--draws", "10", "--workers", "1", "--force"),
    "schemes mix": ("--draws", "5"),
}
"""Options that a line gets besides, so that a test of it takes seconds and not minutes."""


def make(place: Path) -> Path:
    """A folder with an installation (`.jaga`: model promoted, scores published) and the data that the docs name.

    `register` tables of families as a register has them, `panel` of a survey, `table.csv` with `table.toml` a flat one,
    `headcounts.csv`. `JAGA_HOME` and `JAGA_KEYS` must not point elsewhere while it is made.
    """
    home = place / ".jaga"
    own = small.write(home / "bundles")
    record.promote(home, own, {
        "action": "promote", "who": "dewi", "when": "2026-11-20T08:00:00+00:00", "data_hash": "0" * 64,
        "gates": {"leak alarm": {"passed": True, "found": "AUC .8"}}, "figures": {"auc": 0.8},
    })  # fmt: skip
    registers.write(place / "register", registers.tables(FAMILIES))
    for name, table in raw_tables().items():
        if "household_id" in table:
            table["household_id"] = keys.key_ids(table["household_id"].tolist(), keys.PUBLIC_KEY)
        (place / "panel").mkdir(exist_ok=True)
        table.to_parquet(place / "panel" / f"{name}.parquet")
    flat.table().to_csv(place / "table.csv", index=False)
    (place / "table.toml").write_text(TABLE)
    (place / "headcounts.csv").write_text(HEADCOUNTS)
    (place / "answers").mkdir()
    answered(place / "answers")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        for line in (("score", "--input", "register", "--output", "scores-2026q2", "--as-of", "2026-08-01"),
                     ("scores", "publish", "scores-2026q2"),
                     ("score", "--input", "register", "--output", "published"),
                     ("scores", "publish", "published")):  # fmt: skip
            assert main(list(line)) == 0
    return place
