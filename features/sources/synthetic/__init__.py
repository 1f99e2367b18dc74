"""The embedded default source: generated Indonesian families, always labelled synthetic, with known truth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from features.sources.synthetic.make import Manifest

__all__ = ["generate"]


def generate(folder: Path, *, households: int, periods: int, **options: Any) -> Manifest:
    """Write a synthetic folder; see `features.sources.synthetic.make.generate` for every option."""
    from features.sources.synthetic import make

    return make.generate(folder, households=households, periods=periods, **options)
