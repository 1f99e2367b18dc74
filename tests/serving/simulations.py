"""Scenarios for the tests of the service, and families that live them at once."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from models.schemes import kept
from serving.simulation import worker
from serving.simulation.families import Origin
from serving.store.engine import Store
from tests.models.schemes.worlds import nation

FAMILIES = 600


def settle(home: Path, *areas: str) -> None:
    """Keep the sample of areas, so that nobody has to draw it."""
    for area in areas:
        kept.write(nation(FAMILIES), Origin.of(home, None).file(home, area))


def live(store: Store, home: Path) -> None:
    """Live everything that waits, here and now."""
    worker.work(store, home, None, threading.Event(), idle=0)


def plain(*schemes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A scenario as YAML has it: an answer for each scheme."""
    own = schemes or ({"use": "aset-pendampingan", "years": [2027, 2028], "places": 200},)
    return {
        "format": 1, "kind": "scenario", "name": "uji", "title": {"id": "Uji", "en": "Test"},
        "question": {"id": "Apa?", "en": "What?"}, "start": 2026, "years": 7, "draws": 20, "seed": 5,
        "arms": [{"name": f"arm-{at}", "title": {"id": f"Jawaban {at}", "en": f"Answer {at}"}, "schemes": [scheme]}
                 for at, scheme in enumerate(own)],
    } | more  # fmt: skip
