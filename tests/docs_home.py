"""The small installation in which the blocks of the docs are run: what their lines name is there, in little."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from features.cli import main
from models import bundle, dynamics, record
from tests import small
from tests.models.schemes.worlds import CHAIN
from tests.serving import registers, scored
from tests.training import flat
from tests.training.small import WORD, answered, raw_tables, write_tables

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

NEWEST = "the bundle that the page trained"
"""Stands for its path: so few families open no gate, so that it is no champion."""
QUICK = ("--horizon", "1", "--lookback", "2", "--bootstrap", "40", "--threads", "1")
SIZES = {"--households": "1000", "--survey": "150", "--trials": "1", "--rows": "3000", "--nworkers": "1"}
"""Options whose value in the docs is for real work, and what the test gives them; nothing else of a line is changed but
the names of `STANDS`."""
MORE = {
    "data synth": ("--workers", "1"),
    "data oracle": ("--horizon", "1", "--lookback", "2", "--threads", "1"),
    "evaluate --table": ("--baselines", "welfare_rule", "--refits", "1", "--bootstrap", "20", "--threads", "1"),
    "evaluate": ("--baselines", "welfare_rule", "--refits", "1", *QUICK),
    "tune": ("--models", "jaga", "--threads", "1"),
    "train": (*QUICK, "--no-refit", "--bias", "answers/bias.toml"),
    "retrain": (*QUICK, "--no-refit", "--bias", "answers/bias.toml"),
    "drift": (*QUICK, "--bundle", NEWEST),
    "promote": tuple(WORD),
    "simulate": ("--draws", "10", "--workers", "1", "--force"),
    "schemes mix": ("--draws", "5"),
    "mlflow": ("--workers", "1"),
}
"""Options that a line gets besides, so that a test of it takes seconds and not minutes."""

PEOPLE = (
    "jaga people add kepala --name Sari --first --generate", "jaga people add dewi --name Dewi --no-password",
    "jaga people grant dewi officer 32", "jaga tokens add dewi --label tes --scope households.read",
)  # fmt: skip
SYNTH = "jaga data synth --households 300 --frequency year --start 2022 --periods 5 --output .jaga/demo/data"
BEFORE = {"law.md": PEOPLE, "operations.md": PEOPLE, "howto_operator.md": PEOPLE,
          "tutorial.md": ("jaga db upgrade", "cp -r .jaga demo", "mv demo .jaga/demo", SYNTH),
          "simulation.md": ("cp -r livable scores-2026q3",)}  # fmt: skip
"""Lines that a page takes as done: who works there, what was made before."""


def make(place: Path) -> Path:
    """A folder with an installation (`.jaga`: model promoted, scores published) and the data that the docs name.

    `register` tables of families as a register has them, `panel` of a survey, `table.csv` with `table.toml` a flat one,
    `headcounts.csv`, `survei` files of another shape. `JAGA_HOME` and `JAGA_KEYS` must not point elsewhere while it is
    made.
    """
    home = place / ".jaga"
    own = _lived(home / "bundles")
    record.promote(home, own, {
        "action": "promote", "who": "dewi", "when": "2026-11-20T08:00:00+00:00", "data_hash": "0" * 64,
        "gates": {"leak alarm": {"passed": True, "found": "AUC .8"}}, "figures": {"auc": {"value": 0.8}},
    })  # fmt: skip
    registers.write(place / "register", registers.tables(FAMILIES), synthetic=False)
    write_tables(place / "panel", raw_tables(300))
    flat.table(150).to_csv(place / "table.csv", index=False)
    (place / "table.toml").write_text(TABLE)
    (place / "headcounts.csv").write_text(HEADCOUNTS)
    _files_of_ones_own(place / "own")
    _two_waves(place / "survei")
    codes = sorted({row["household_id"] for row in registers.tables(FAMILIES)["households"]})
    rows = scored.rows(FAMILIES, nameless=0, bundle=own.name)
    rows = rows.set_column(0, "household_id", [codes])
    rows = rows.set_column(rows.schema.get_field_index("province"), "province", [["31"] * FAMILIES])
    scored.write(place / "livable", rows, bundle=own.name)
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


def _lived(folder: Path) -> Path:
    """A small bundle with dynamics, so that scenarios can be lived by its scores."""
    with tempfile.TemporaryDirectory() as bare:
        own = small.write(Path(bare))
        files = {path.name: path.read_bytes() for path in own.iterdir() if path.name in bundle.BEARING}
        meta = json.loads((own / "meta.json").read_text())
    files["dynamics.npz"] = dynamics.to_bytes(dynamics.Dynamics.of_matrix(CHAIN))
    return bundle.write(folder, files, meta)


def _two_waves(folder: Path) -> None:
    """The files of another shape that `data.md` shows."""
    folder.mkdir()
    for year, name in (("21", "id_rt"), ("22", "ruta")):
        (folder / f"rumah{year}.csv").write_text(
            f"{name},prov,kota,rumah,belanja\n0001,32,1,1,2150\n0002,32,2,3,990\n0003,35,1,7,1480\n"
        )
        (folder / f"orang{year}.csv").write_text(
            f"{name},no,lahir,hub,kerja\n0001,1,17/08/1979,1,1\n0002,1,01/03/1988,1,1\n0003,1,05/11/1990,1,2\n"
        )


def _files_of_ones_own(folder: Path) -> None:
    """Household and member files as an office has them: its own names, its own codes."""
    raw = raw_tables(40, 2)
    folder.mkdir()
    homes, people = raw["households"], raw["members"]
    homes.assign(urban=homes["urban"].map({True: 1, False: 2})).rename(columns={
        "household_id": "hhid", "period": "quarter", "known_at": "published", "province": "prov", "welfare": "percap",
    }).to_csv(folder / "homes.csv", index=False)  # fmt: skip
    people.assign(kin=people["relation"].map({"head": 1, "spouse": 2, "child": 3})).rename(columns={
        "household_id": "hhid", "period": "quarter", "known_at": "published", "person_id": "line",
    }).to_csv(folder / "people.csv", index=False)  # fmt: skip
    (folder / "lines.csv").write_text("from,published,line\n2019Q1,2019-04-01,1000\n")
