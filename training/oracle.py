"""What the true risk of synthetic families says of the judged models: the ceiling that no model can pass.

The generator writes beside its data the risk that its own law gives each family, with shocks ahead and the error of
measurement integrated out (`p_latent`). It knows the whole hidden state, so that a perfect model of the features
stays below it. The file is opened here alone, for rows that are judged already: no feature and no fit can read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from features import periods
from features.commands import UserError
from features.types import Array
from training.judge import MAIN, Resamples, judged_weights, plain, summaries, summary
from training.metrics import metrics
from training.panel import Panel

if TYPE_CHECKING:
    import pandas as pd

    from training.ceiling import Ceiling

FIFTHS = 5
_RATIO, _KEYS = "ratio", ["household_id", "period"]


def place(folder: Path) -> Path | None:
    """The table of true risks of a synthetic folder; None where it was made without."""
    path = folder / "truth" / "families"
    return path if path.is_dir() else None


def judge(path: Path | None, panel: Panel, scores: Mapping[str, Array], *, number: int, seed: int,
          ceiling: Ceiling | None = None) -> dict[str, Any] | None:  # fmt: skip
    """Figures of the true risk on the judged rows, and every model's share of them; None without a truth.

    Parameters
    ----------
    path : table of true risks. panel : judged rows, all at risk with a known outcome.
    scores : name to n probabilities. number, seed : of the bootstrap, the same draws as in `training.judge`.
    ceiling : p_view, learnt from other families (`jaga data oracle`).
    """
    if path is None:
        return None
    empty = {"horizon": panel.horizon, "reason": None, "rows": 0, "latent": None, "view": None, "share": None,
             "agreement": None, "falls": None}  # fmt: skip
    found, reason = truth(path, panel)
    if found is None:
        return empty | {"reason": reason}
    y, risk = panel.poor_next, found["risk"].to_numpy()
    draws = Resamples.of(panel.clusters(), judged_weights(panel), number, seed)
    latent = metrics(risk, y, draws.weights)
    auc = {name: metrics(p, y, draws.weights)["auc"] for name, p in scores.items()}
    return empty | {
        "rows": len(panel),
        "latent": summaries(latent, draws.level),
        "view": _view(ceiling, panel, auc, risk, draws) if ceiling else None,
        "share": _shares(auc, latent["auc"], draws),
        "agreement": _agreement(scores[MAIN], risk, y, draws) if MAIN in scores else None,
        "falls": _falls(found, y, draws.weights[0]),
    }


def latent(path: Path | None, panel: Panel) -> Array | None:
    """True risk of each row of a panel, n; None where it is not known."""
    found = None if path is None else truth(path, panel)[0]
    return None if found is None else np.asarray(found["risk"])


def _shares(auc: Mapping[str, Array], oracle: Array, draws: Resamples) -> dict[str, Any]:
    return {name: summary(lift_share(own, oracle), draws.level) for name, own in auc.items()}


def _view(ceiling: Ceiling, panel: Panel, auc: Mapping[str, Array], risk: Array, draws: Resamples) -> dict[str, Any]:
    """Figures of p_view as if it were a model, each model's share of its lift, and how it lies to the truth."""
    p = ceiling.predict(panel)
    own = metrics(p, panel.poor_next, draws.weights)
    return {"rows": ceiling.rows, "figures": summaries(own, draws.level), "share": _shares(auc, own["auc"], draws),
            "correlation": summary(correlation(p, risk, draws.weights), draws.level),
            "told": plain(np.average(p, weights=draws.weights[0])),
            "true": plain(np.average(risk, weights=draws.weights[0]))}  # fmt: skip


def lift_share(auc: Array, oracle: Array) -> Array:
    """Share of the oracle's lift over chance that a model reaches; NaN where the oracle has none."""
    lift = np.where(oracle > 0.5, oracle - 0.5, np.nan)
    return np.asarray((auc - 0.5) / lift)


def truth(path: Path, panel: Panel) -> tuple[pd.DataFrame | None, str | None]:
    """True risk and true welfare now and at the horizon of every judged row, in its order, or why there is none."""
    import pandas as pd
    from pyarrow import dataset

    column = f"risk_{panel.horizon}"
    try:
        names = dataset.dataset(path).schema.names
        if column not in names:
            known = ", ".join(sorted((name[5:] for name in names if name.startswith("risk_")), key=int))
            return None, f"no true risk was written for a horizon of {panel.horizon}; it is there for {known}"
        origins = [int(t) for t in np.unique(panel.meta["period"])]
        wanted = sorted({periods.text(t + step) for t in origins for step in (0, panel.horizon)})
        table = pd.read_parquet(path, columns=[*_KEYS, column, _RATIO], filters=[("period", "in", wanted)])
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read: {error}") from None
    if table.duplicated(_KEYS).any():
        return None, "the truth tells a family twice in one period, so that rows cannot be joined"
    known_at = table.set_index(_KEYS)
    names = {t: periods.text(t) for one in origins for t in (one, one + panel.horizon)}
    ids = panel.meta["household_id"].astype(str)

    def rows(step: int) -> pd.MultiIndex:
        return pd.MultiIndex.from_arrays([ids, [names[int(t) + step] for t in panel.meta["period"]]])

    now, later = known_at.reindex(rows(0)), known_at[_RATIO].reindex(rows(panel.horizon))
    missing = int(now[column].isna().sum())
    if missing:
        return None, f"{missing} of {len(panel)} judged rows have no true risk"
    found = {"risk": now[column].to_numpy(), "now": now[_RATIO].to_numpy(), "later": later.to_numpy()}
    return pd.DataFrame(found), None


def _agreement(p: Array, risk: Array, y: Array, draws: Resamples) -> dict[str, Any]:
    """How Jaga's risk lies to the true one: correlation, and means by fifth of what Jaga told."""
    order = np.argsort(p, kind="stable")
    weight = draws.weights[0]
    fifths = []
    for rows in np.array_split(order, FIFTHS):
        if not len(rows) or weight[rows].sum() <= 0:
            continue
        means = {name: plain(np.average(values[rows], weights=weight[rows]))
                 for name, values in (("predicted", p), ("true", risk), ("observed", y))}  # fmt: skip
        fifths.append({"rows": len(rows), **means})
    return {"correlation": summary(correlation(p, risk, draws.weights), draws.level), "fifths": fifths}


def correlation(x: Array, y: Array, weights: Array) -> Array:
    """Pearson correlation under each set of weights, b; NaN where one of both does not vary."""
    total = weights.sum(axis=1, dtype=np.float64)
    x, y = x - x.mean(), y - y.mean()
    mean = {name: weights @ values / total for name, values in (("x", x), ("y", y), ("xx", x * x), ("yy", y * y),
                                                                ("xy", x * y))}  # fmt: skip
    spread = (mean["xx"] - mean["x"] ** 2) * (mean["yy"] - mean["y"] ** 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(spread > 1e-18, (mean["xy"] - mean["x"] * mean["y"]) / np.sqrt(spread), np.nan)


def _falls(truth: pd.DataFrame, y: Array, weight: Array) -> dict[str, float | None]:
    """Measured falls by what truly happened; families whose true welfare was not written later are left out."""
    mine = (y == 1) & truth["later"].notna().to_numpy()
    poor, later = truth["now"].to_numpy()[mine] < 1, truth["later"].to_numpy()[mine] < 1
    parts = {"true": ~poor & later, "poor_before": poor, "never_poor": ~poor & ~later}
    whole = float(weight[mine].sum())
    return {name: plain(float(weight[mine] @ part) / whole) if whole > 0 else None for name, part in parts.items()}
