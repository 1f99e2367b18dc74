"""Routes about the service itself: the model that answers, and figures for Prometheus."""

from __future__ import annotations

from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import ValueClass

from serving import schemas
from serving.access.rights import allow
from serving.api import examples
from serving.api.routes import Answer, Call, Route
from serving.api.score import loaded_of
from serving.champion import Loaded
from serving.office import Office


def card(loaded: Loaded) -> dict[str, Any]:
    """What `/v1/model` tells."""
    bundle, entry = loaded.bundle, loaded.entry or {}
    return loaded.told() | {
        "identity": bundle.identity,
        "lookback": bundle.schema["lookback"],
        "trained_rows": bundle.schema.get("trained_rows"),
        "base_rate": bundle.cuts["base_rate"],
        "labels": bundle.cuts["labels"],
        "strata": bundle.schema["strata"],
        "features": bundle.schema["features"],
        "data_hash": entry.get("data_hash"),
        "gates": entry.get("gates"),
        "figures": entry.get("figures"),
    }


def _model(office: Office, call: Call) -> Answer:
    allow(call.who, "model.see")
    loaded = loaded_of(office)
    return Answer(card(loaded), synthetic=loaded.synthetic)


def _metrics(office: Office, call: Call) -> Answer:
    allow(call.who, "service.figures")
    if ValueClass.__name__ == "MmapedValue":  # several workers write beside each other
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return Answer(generate_latest(registry), media=CONTENT_TYPE_LATEST)
    return Answer(generate_latest(REGISTRY), media=CONTENT_TYPE_LATEST)


ROUTES = (
    Route("GET", "/v1/model", "model", tag="scores", scope="score", act="model.see",
          summary="The model that answers", about="What it is, what it was trained on and why it was promoted.",
          handle=_model, answer=schemas.ModelCard, example=examples.MODEL, problems=("no_model",), logged=False),
    Route("GET", "/metrics", "metrics", tag="service", scope="metrics", act="service.figures",
          summary="Figures for Prometheus", about="Counts and times by route; nothing of a household.",
          handle=_metrics, answer=None, media="text/plain", logged=False),
)  # fmt: skip
