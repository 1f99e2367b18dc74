"""What came through the door, in lines and figures: rows in, admitted, quarantined, and the rules most often broken."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from features.admit import Admitted
from features.contract import HOUSEHOLDS, PLACED

TOP = 10
_VALUE = re.compile(r"^(?:'.*'|\".*\"|[-+0-9.e]+|[-+]?inf|true|false|the value|an? \w+|\d{4}-\d\d-\d\d) (?=is )")


QUARANTINE = pa.schema([("table", pa.string()), ("row", pa.int64()), ("household_id", pa.string()),
                        ("field", pa.string()), ("rule", pa.string())])  # fmt: skip
"""Columns of rows that were kept out, wherever they are written."""


def quarantine_table(admitted: Admitted) -> Any:
    """The quarantine as a `pyarrow.Table` of `QUARANTINE`."""
    return pa.table(admitted.quarantine.columns(), schema=QUARANTINE)


def row_counts(admitted: Admitted) -> dict[str, dict[str, int]]:
    """By table `rows` = `admitted` + `quarantined` + `identical`, which is there where it is not 0, for JSON."""
    return {name: {key: own for key, own in asdict(count).items() if own or key != "identical"}
            for name, count in admitted.counts.items()}  # fmt: skip


def rules_broken(quarantine: Any) -> list[dict[str, Any]]:
    """Broken rules, most frequent first: `table`, `field`, `rule` (without the cell's value) and `cells`.

    quarantine : as `quarantine_table` gives it, or as it was written to files.
    """
    broken: Counter[tuple[str, str, str]] = Counter()
    for own in quarantine.group_by(["table", "field", "rule"]).aggregate([([], "count_all")]).to_pylist():
        broken[own["table"], own["field"], _VALUE.sub("", own["rule"])] += own["count_all"]
    ordered = sorted(broken.items(), key=lambda item: (-item[1], item[0]))
    return [{"table": table, "field": field, "rule": rule, "cells": cells} for (table, field, rule), cells in ordered]


def report_counts(admitted: Admitted) -> list[str]:
    """Lines for a person: by table the rows in, admitted and quarantined, then the rules most often broken."""
    counts = admitted.counts
    width = max(len(name) for name in counts)
    lines = [f"{name:{width}}  {count.rows:>12,} rows in = {count.admitted:>12,} admitted + "
             f"{count.quarantined:>10,} quarantined"
             + (f" + {count.identical:,} identical to an earlier row, dropped" if count.identical else "")
             for name, count in counts.items()]  # fmt: skip
    for name, columns in admitted.unknown_columns.items():
        lines.append(f"{name}: not in the contract and left out: {', '.join(columns)}")
    return lines + rule_lines(quarantine_table(admitted))


def rule_lines(quarantine: Any, heading: str = "rules most often broken (cells):", more: str = "and {n} more",
               ) -> list[str]:  # fmt: skip
    """Lines for a person on the rules most often broken, under a heading; none where none is. The rules stand as in the
    quarantine."""
    broken = rules_broken(quarantine)
    lines = [heading] if broken else []
    lines += [f"{rule['cells']:>10,}  {rule['table']}.{rule['field']}: {rule['rule']}" for rule in broken[:TOP]]
    if len(broken) > TOP:
        lines.append(f"            {more.format(n=len(broken) - TOP)}")
    return lines


def unplaced(admitted: Admitted) -> list[str]:
    """Columns of `contract.PLACED` that hold nothing in any row of the households."""
    homes = admitted.tables["households"]
    may_lack = [name for name in PLACED if not HOUSEHOLDS[name].required]
    return [name for name in may_lack if len(homes["household_id"]) and np.isnan(homes.get(name, np.nan)).all()]


def counts_json(admitted: Admitted) -> dict[str, Any]:
    """The same as a JSON object: `tables`, `rules`, `columns_not_read`."""
    unread = {name: list(columns) for name, columns in admitted.unknown_columns.items()}
    rules = rules_broken(quarantine_table(admitted))
    return {"tables": row_counts(admitted), "rules": rules, "columns_not_read": unread}
