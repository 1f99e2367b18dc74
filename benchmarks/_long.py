"""Benchmarks that run only when they are named or all are asked for, each with what it takes on two cores."""

from __future__ import annotations

LONG = {
    "batch": "40 min with `batch_small`, `batch_kills` and `score_store`",
    "batch_kills": "see `batch`",
    "batch_nation": "an hour and 60 GB of disk",
    "batch_small": "see `batch`",
    "mutation": "about an hour, not timed",
    "overload": "10 min of load",
    "pages": "3 min of load on 5 million families, 3 GB of disk",
    "score_store": "see `batch`",
    "simulation_speed": "4 min",
    "training_memory": "an hour and a half",
    "tree_size": "not timed",
}
