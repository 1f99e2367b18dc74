"""Ten minutes of twice the load that the service takes: what it turns away, and how long the others wait.

The rated load is measured first: as many requests as the service answers while it is asked without a pause.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import single_request
from tests.serving import load
from tests.serving.load import Answer, Call, Check

SECONDS, TIMES, WARM, AFTER, SENDERS = 600, 2.0, 10, 15, 256
BAR_MS, BAR_RECOVERY_S, BAR_GROWTH = 2000.0, 5.0, 1.2
"""Latency of 99 in 100 that are admitted; seconds until answers are quick again; memory of the last minute over that of
the second."""
SHED = (429, 503)
_PROBES, _QUICK_MS = 10, 100.0


def run() -> dict[str, Any]:
    """Load a server with a process for each processor."""
    processors = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name:
        path, kind = single_request.model()
        token, database = single_request.caller(name)
        calls = single_request.calls([json.dumps(body).encode() for body in single_request.families()], token)
        with (load.jaga(Path(name), database, "--bundle", str(path), "--workers", str(processors),
                        JAGA_RATE="100000") as (port, process),
              load.Memory(process) as memory):  # fmt: skip
            found = under_load(port, calls, single_request.scored)
    mib = memory.mib
    early, late = (float(np.median(part)) for part in (mib[60:120] or mib[:60], mib[-60:]))
    found |= {"model": path.name, "kind": kind, "workers": processors, "early_mib": round(early),
              "late_mib": round(late), "peak_mib": round(max(mib)), "bar_ms": BAR_MS,
              "bar_recovery_s": BAR_RECOVERY_S, "bar_growth": BAR_GROWTH}  # fmt: skip
    print(f"   memory {early:.0f} MiB early, {late:.0f} MiB at the end", flush=True)
    quick = found["recovered_s"] is not None and found["recovered_s"] < BAR_RECOVERY_S
    found["passed"] = bool(not found["other"] and found["shed"] and not found["shed_without_retry_after"] and quick
                           and found["admitted_ms"]["p99"] < BAR_MS and late < BAR_GROWTH * early)  # fmt: skip
    return found


def under_load(port: int, calls: Sequence[Call], check: Check, seconds: float = SECONDS, warm: float = WARM,
               after: float = AFTER) -> dict[str, Any]:  # fmt: skip
    """Find the rated load, send twice as much for so long, and see for `after` seconds when answers are quick again."""
    load.closed_loop(port, calls, 1, check)
    rated = sum(own.status == 200 for own in load.closed_loop(port, calls, warm, check)) / warm
    answers = load.open_loop(port, calls, max(1.0, TIMES * rated), seconds, check, senders=SENDERS)
    admitted = [own for own in answers if own.status == 200 and not own.wrong]
    shed = [own for own in answers if own.status in SHED]
    other = Counter(own.wrong or f"status {own.status}" for own in answers
                    if own.status not in (200, *SHED) or own.wrong)  # fmt: skip
    told = load.quantiles([_waited(own) for own in admitted])
    recovered = _recovered(port, calls, check, after)
    print(f"   rated {rated:.0f}/s; {len(answers):,} requests in {seconds:g} s: {len(admitted):,} answered (p50 "
          f"{told['p50']:.0f}, p99 {told['p99']:.0f} ms), {len(shed):,} turned away, other: {dict(other) or 'none'}; "
          f"quick again after {recovered} s", flush=True)  # fmt: skip
    return {"rated": round(rated, 1), "times": TIMES, "seconds": seconds, "requests": len(answers),
            "admitted": len(admitted), "shed": len(shed), "by_status": dict(Counter(own.status for own in answers)),
            "shed_without_retry_after": sum(not (own.wait or "").isdigit() for own in shed), "other": dict(other),
            "admitted_ms": told, "shed_ms": load.quantiles([_waited(own) for own in shed]),
            "recovered_s": recovered}  # fmt: skip


def _waited(own: Answer) -> float:
    """Milliseconds from the moment it was sent: the clients' own queue is not the server's."""
    return own.ms - own.late


def _recovered(port: int, calls: Sequence[Call], check: Check, after: float) -> float | None:
    """Seconds after the load until ten requests one after the other are all answered quickly; None where never."""
    row = 0
    for own in load.open_loop(port, calls, 20, after, check, senders=4):
        row = row + 1 if own.status == 200 and own.ms < _QUICK_MS else 0
        if row == _PROBES:
            return round(own.at, 1)
    return None
