"""The model that answers: read, verified, warmed, and replaced while requests go on."""

from __future__ import annotations

import gc
import logging
import math
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from features.commands import UserError
from features.home import home
from models import bundle as bundles
from models import record
from models.bundle import Bundle

log = logging.getLogger("jaga")

EVERY = 0.5
"""Seconds between two looks at the champion."""
AGAIN = 5.0
"""Seconds after which a record that the log did not know is held against it again: a person may accept it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A bundle that answers, and the entry of the record that promoted it (None where a path was given instead).

    record : the whole promotion record, oldest first.
    """

    bundle: Bundle
    entry: dict[str, Any] | None
    record: Sequence[dict[str, Any]] = ()

    @property
    def synthetic(self) -> bool:
        """Whether it was trained on synthetic data."""
        return bool(self.bundle.schema["synthetic"])

    def told(self) -> dict[str, Any]:
        """What every answer says of the model."""
        schema = self.bundle.schema
        return {
            "name": self.bundle.name,
            "view": schema["view"],
            "horizon": int(schema["horizon"]),
            "synthetic": self.synthetic,
            "source": schema.get("source"),
            "trained_until": schema.get("known_until"),
            "promoted": None if self.entry is None else self.entry["when"],
        }


class Champion:
    """Holds the model that answers and follows `champion` in the folder of the bundles.

    A bundle that is damaged, half-written or not the one promoted last is not taken: the one before goes on
    answering, and the log says why.
    """

    def __init__(self, folder: Path, fixed: Path | None, warm: Callable[[Loaded], None],
                 vouch: Callable[[Path], None] = lambda folder: None) -> None:  # fmt: skip
        """Prepare to follow the champion of an installation.

        Parameters
        ----------
        folder : the installation (`features.home`).
        fixed : a bundle that answers whatever was promoted, checked by its hashes alone.
        warm : called with a model before it answers, so that the first request is not the slow one.
        vouch : raises UserError where the record of the installation is not the one that was there before.
        """
        self.folder, self._fixed, self._warm, self._vouch = folder, fixed, warm, vouch
        self._seen: tuple[Any, ...] | None = None
        self._again = math.inf
        self._refused = ""
        self._stop = threading.Event()
        self.current: Loaded | None = None

    def start(self) -> None:
        """Follow the champion in a thread of its own, from now until `stop`."""
        threading.Thread(target=self._follow, name="champion", daemon=True).start()

    def stop(self) -> None:
        """Follow it no longer."""
        self._stop.set()

    def _follow(self) -> None:
        while True:
            self.refresh()
            if self._stop.wait(EVERY):
                return

    def refresh(self) -> None:
        """Look once, and take the champion if it is another one and sound."""
        try:
            path = self._fixed or record.champion(self.folder)
            seen = _traces(path, self.folder)
            if seen == self._seen and time.monotonic() < self._again:
                return
            self._seen, self._again = seen, math.inf
            self._take(path)
        except UserError as error:
            self._refuse(str(error))
        except Exception as error:  # whatever a damaged file provokes, the model before goes on answering
            self._refuse(f"{type(error).__name__} while reading it")

    def _take(self, path: Path | None) -> None:
        if path is None:
            self._refuse(f"no model is promoted in {self.folder}")
            return
        bundle = bundles.load(path)
        if self.current is not None and self.current.bundle.identity == bundle.identity:
            return
        known: list[dict[str, Any]] = []
        if self._fixed is None:
            record.check(self.folder, bundle)
            self._vouched()
            known = record.entries(self.folder)
        loaded = Loaded(bundle, known[-1] if known else None, known)
        self._warm(loaded)
        gc.collect()
        gc.freeze()  # the model lives as long as the process: no collection needs to look at it again
        self.current, self._refused = loaded, ""
        log.info("model %s answers%s", bundle.name, "" if known else " (named by its path, not by the record)")

    def _vouched(self) -> None:
        try:
            self._vouch(self.folder)
        except UserError:
            self._again = time.monotonic() + AGAIN
            raise

    def _refuse(self, why: str) -> None:
        if why == self._refused:
            return
        self._refused = why
        now = self.current.bundle.name if self.current else None
        log.warning("%s; %s", why, f"model {now} goes on answering" if now else "no model answers")


def from_environment(warm: Callable[[Loaded], None], vouch: Callable[[Path], None]) -> Champion:
    """The champion of `JAGA_HOME`, or the bundle that `JAGA_BUNDLE` names."""
    fixed = os.environ.get("JAGA_BUNDLE")
    return Champion(home(), Path(fixed) if fixed else None, warm, vouch)


def _traces(path: Path | None, folder: Path) -> tuple[Any, ...]:
    """What changes when the champion or the record does."""
    files = [record.head(folder)]
    if path is not None and path.is_dir():
        files += sorted(path.iterdir())
    return (path and os.path.realpath(path), *((file.name, _stamp(file)) for file in files))


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
