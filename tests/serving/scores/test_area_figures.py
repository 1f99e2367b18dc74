"""Answers that are kept: made once however many ask at once, and of the run that is asked."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from serving.scores.area_figures import Kept


def scores_of(name: str) -> Any:
    return SimpleNamespace(run=SimpleNamespace(path=Path(name)))


def test_many_who_ask_at_once_get_what_was_made_once() -> None:
    made: list[int] = []
    together = threading.Barrier(8)
    kept, own = Kept(), scores_of("run")

    def make() -> int:
        made.append(1)
        time.sleep(0.05)
        return 7

    def ask(_: int) -> int:
        together.wait()
        return int(kept.of(own, "key", make))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [7] * 8
    assert len(made) == 1


def test_an_answer_is_of_the_run_that_is_asked() -> None:
    kept = Kept()
    assert kept.of(scores_of("one"), "key", lambda: 1) == 1
    assert kept.of(scores_of("two"), "key", lambda: 2) == 2
    assert kept.of(scores_of("one"), "key", lambda: 3) == 3, "the run before is not kept beside it"


def test_not_more_are_kept_than_the_most() -> None:
    kept, own = Kept(most=2), scores_of("run")
    for key in range(5):
        kept.of(own, key, lambda: 0)
    assert len(kept._kept[1]) <= 2
