"""How often somebody may ask: a bucket a caller that fills with time."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from serving.problems import Problem

MOST = 10_000
"""Callers remembered; the one who asked longest ago is forgotten first, and starts with a full bucket."""
BURST = 2
"""Seconds' worth of requests that may come at once."""


class Rates:
    """Buckets of one process; threads share it. With N workers a caller has N of them."""

    def __init__(self, a_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        """a_second : requests that a bucket lets through in the long run."""
        self._rate, self._clock = a_second, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, who: str) -> float:
        """Seconds to wait, 0 where the request may go on."""
        with self._lock:
            now, most = self._clock(), self._rate * BURST
            left, then = self._buckets.pop(who, (most, now))
            left = min(most, left + (now - then) * self._rate)
            wait = 0.0 if left >= 1 else (1 - left) / self._rate
            self._buckets[who] = (left if wait else left - 1, now)
            if len(self._buckets) > MOST:
                self._buckets.popitem(last=False)
            return wait

    def pass_on(self, who: str) -> None:
        """Problem `too_many_requests`, with the seconds to wait, where somebody asks too often."""
        wait = self.take(who)
        if wait:
            seconds = str(math.ceil(wait))
            raise Problem("too_many_requests", headers={"Retry-After": seconds}, values={"n": seconds})
