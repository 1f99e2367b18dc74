"""A real evaluation of the small panel, made once for the report, the card and the schema."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from features import keys, registry
from features.admit import admit
from tests.training.small import QUICK, raw_tables
from training import panel, run
from training.backtest import Backtest
from training.prepare import Prepared

FACTS = {"source": "contract", "synthetic": False, "view": "survey", "line": None, "lookback": 2, "burn_in": 0,
         "place": None, "frequency": "quarter"}  # fmt: skip


@cache
def evaluated() -> Backtest:
    """What `jaga evaluate` finds on the small panel."""
    admitted = admit(raw_tables(), key=keys.PUBLIC_KEY)
    built = panel.build(admitted.tables, registry.select("survey"), horizon=1)
    return run.evaluate(Prepared(built, admitted, FACTS), QUICK, test_from=None, number=30)


@cache
def _written() -> str:
    return json.dumps(evaluated().result, allow_nan=False)


def as_json() -> dict[str, Any]:
    """Its result as a reader of the JSON has it; a copy of one's own."""
    return json.loads(_written())
