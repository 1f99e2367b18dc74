"""What a manifest of scores claims, held against the files that it names: whether they are made up, of which model and
day they are, and how many households each province has in each state."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from features.commands import UserError
from serving.batch.rows import UNKNOWN
from serving.batch.runs import SYNTHETIC
from serving.scores.kept_run import STATES, province_of, score_names

_COUNT = ("SELECT count(*), count(*) FILTER (status = 'scored' AND refusal IS DISTINCT FROM 'quarantined'), "
          "count(*) FILTER (status = 'refused' AND refusal IS DISTINCT FROM 'quarantined'), "
          "count(*) FILTER (refusal = 'quarantined'), count(*) FILTER (applies) "
          "FROM read_parquet($files, hive_partitioning = false)")  # fmt: skip
"""The states of `STATES`, as `serving.batch.part.count` counts them."""


def hold(connection: Any, run: Path, manifest: Mapping[str, Any]) -> None:
    """Hold a manifest against its files of scores in the folder `run`, which `connection` (`kept_run.connect`) reads.

    Raises
    ------
    UserError : a file says of itself what the manifest does not, or their rows are not its households, in all or by
        province; the file or the provinces are named.
    """
    synthetic = manifest["synthetic"]
    said = {"synthetic": str(synthetic).lower(), "as_of": manifest["as_of"], "bundle": manifest["bundle"]["identity"]}
    if manifest["run"].get("synthetic", synthetic) is not synthetic:
        raise UserError(
            f"{run}: the manifest says in one place that the data are made up and in another that they are "
            "not; score again",
            f"{run}: manifes di satu tempat menyebut datanya buatan dan di tempat lain tidak; nilai lagi",
        )
    homes: dict[str, list[str]] = {}
    for name in score_names(manifest):
        own = pq.read_schema(run / name).metadata or {}
        odd = [key for key, value in said.items() if own.get(f"jaga.{key}".encode(), value.encode()) != value.encode()]
        if Path(name).name.startswith(SYNTHETIC) and not synthetic:
            odd.append("synthetic")
        if odd:
            raise UserError(
                f"{run / name}: {odd[0]} is not what the manifest says; score again",
                f"{run / name}: {odd[0]} bukan yang disebut manifes; nilai lagi",
            )
        homes.setdefault(province_of(name) or UNKNOWN, []).append(str(run / name))
    nobody = dict.fromkeys(STATES, 0)
    counts = {province: dict(zip(STATES, connection.execute(_COUNT, {"files": files}).fetchall()[0], strict=True))
              for province, files in homes.items()}  # fmt: skip
    told = {name: {state: home[state] for state in STATES} for name, home in manifest["provinces"].items()}
    off = sorted(name for name in told.keys() | counts.keys() if told.get(name, nobody) != counts.get(name, nobody))
    whole = {state: sum(home[state] for home in counts.values()) for state in STATES}
    if off or any(manifest["households"][state] != whole[state] for state in STATES):
        raise UserError(
            f"{run}: rows and the manifest's households differ ({', '.join(off) or 'in all'}); score again",
            f"{run}: jumlah keluarga di baris dan di manifes berbeda ({', '.join(off) or 'semuanya'}); nilai lagi",
        )
