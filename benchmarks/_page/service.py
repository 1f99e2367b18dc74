"""What is told of the service: requests, pages, overload."""

from __future__ import annotations

import numpy as np

from benchmarks._page.told import MET, Line, One, Part, least, under


def request(one: One) -> Part:
    """One household a request."""
    told, many = one["latency_ms"], one["many_households"]
    return Part(
        f"Features, interval, reasons and audit row included, {one['rate']} requests/s for {one['seconds']} s, open "
        f"loop, model: {one['kind']}; {one['answers']} answers, {one['errors']} errors.",
        [Line("one household", f"p50 {told['p50']:.1f}, p90 {told['p90']:.1f}, p99 {told['p99']:.1f} ms",
              f"p99 under {one['bar_p99_ms']:g} ms", under(told["p99"], one["bar_p99_ms"]),
              f"one household a request, {one['rate']} a second"),
         Line(f"{many:,} households in one request", f"{one['many_ms']:.0f} ms", f"under {one['bar_many_ms']:g} ms",
              under(one["many_ms"], one["bar_many_ms"]), f"{many:,} households in one request")])  # fmt: skip


def throughput(one: One) -> Part:
    """Beside `mlflow models serve`."""

    def told(own: One, who: str) -> str:
        rates = own["rates"][who]
        return (f"{np.median(rates):.0f} requests/s ({min(rates):.0f} to {max(rates):.0f}), {own['cpu_ms'][who]:.1f} "
                "ms of a processor each")  # fmt: skip

    lines = []
    for workers, own in one["by_workers"].items():
        each = f"{workers} worker{'s' if workers != '1' else ''} each"
        lines += [Line(f"Jaga, {each}", told(own, "jaga")), Line(f"MLflow, {each}", told(own, "mlflow")),
                  Line(f"Jaga beside MLflow, {each}", f"{own['ratio']:.1f} times",
                       f"at least {one['bar_ratio']:g} times", least(own["ratio"], one["bar_ratio"]),
                       f"requests/s beside `mlflow models serve`, {each}")]  # fmt: skip
    return Part(
        "`POST /v1/score` beside `mlflow models serve`, one family a request; both with the same environment, "
        f"processors, number of workers and clients ({one['senders']} connections of one thread that never pause, "
        f"{one['client_ms']:.1f} ms a request), model: {one['kind']}. Jaga: token, raw rows checked, features, three "
        "boosters, interval, ladder, reasons in two languages, audit row; MLflow: the risk booster on the ready matrix "
        "row. In brackets the slowest and the fastest of the rounds.", lines)  # fmt: skip


def pages(one: One) -> Part:
    """Pages of the console under many officers."""
    (low, high), bar, every = one["think_s"], one["bar_p95_ms"], one["all_ms"]
    over = [name for name, own in one["pages"].items() if own["p95"] > bar and name != _APART]
    above = f" By itself over the bar: {', '.join(over)}, whose figures all ask for at once when a run is new."
    return Part(
        f"{one['users']} officers at once, {low:g} to {high:g} s between two pages, {one['households']:,} families in "
        f"each of two runs, {one['workers']} workers, {one['seconds']:g} s, seed {one['seed']}; "
        f"{sum(one['errors'].values())} errors. The bar is of all pages together, the drawing of a list apart."
        f"{above if over else ''}",
        [Line("all pages", f"p50 {every['p50']:.0f}, p95 {every['p95']:.0f} ms", f"p95 under {bar:g} ms",
              under(every["p95"], bar), f"pages of the console, {one['users']} officers at once"),
         *(Line(name, f"p95 {own['p95']:.0f} ms", *_alone(name, own["p95"], bar)) for name, own in
           one["pages"].items()),
         Line("peak memory", f"{one['peak_mib']:,} MiB")])  # fmt: skip


_APART = "builder, drawn"


def _alone(name: str, p95: float, bar: float) -> tuple[str, str, str]:
    """A page that is over the bar of all: the bar, by how much, and what the summary calls it."""
    if p95 <= bar or name == _APART:
        return "", "", ""
    return f"p95 under {bar:g} ms, if it stood alone", under(p95, bar), f"the page {name} alone, on a new run"


def overload(one: One) -> Part:
    """More load than it takes."""
    early, late = one["early_mib"], one["late_mib"]
    other = sum(one["other"].values())
    again = one["recovered_s"]
    return Part(
        f"{one['times']:g} times the rate that the service answers ({one['rated']:.0f}/s), {one['seconds'] / 60:g} "
        f"minutes, {one['workers']} workers.",
        [Line(f"{one['admitted']:,} answered", f"p50 {one['admitted_ms']['p50']:.0f}, p99 "
              f"{one['admitted_ms']['p99']:.0f} ms", f"p99 under {one['bar_ms']:g} ms",
              under(one["admitted_ms"]["p99"], one["bar_ms"]), "twice the load for ten minutes"),
         Line(f"{one['shed']:,} turned away with `Retry-After`", f"p50 {one['shed_ms']['p50']:.0f} ms"),
         Line("anything else", f"{other}", "nothing but answers, 429 and 503", "**missed**" if other else "met"),
         Line("memory", f"{early:,} MiB early, {late:,} at the end", f"under {one['bar_growth']:g} times",
              under(late / early, one["bar_growth"])),
         Line("quick again after", f"{again} s", f"within {one['bar_recovery_s']:g} s",
              "**missed**" if again is None else under(again, one["bar_recovery_s"]))])  # fmt: skip


def hostile(one: One) -> Part:
    """Requests that no honest client sends."""
    kinds = one["kinds"].values()
    wrong, every = sum(len(own["wrong"]) for own in kinds), sum(own["requests"] for own in kinds)
    return Part(
        f"Bent from seed {one['seed']} (`benchmarks/hostile.py` says how) and sent one after the other to a server with"
        f" {one['workers']} workers and scores of {one['households']:,} made-up families. Wrong is an answer of 5xx, "
        "none where no size was refused, or a refusal of the API that is no problem+json. `closed`: what was too large "
        "was refused while it was still on its way, and the answer went with the connection.",
        [Line(f"{every:,} requests answered wrongly", str(wrong), "none", "**missed**" if wrong else MET,
              f"{every:,} hostile requests, answered wrongly"),
         Line("answers honest requests afterwards, in the same processes", "yes" if one["stands"] else "no", "yes",
              MET if one["stands"] else "**missed**"),
         Line("memory of the workers", f"{one['grown_mib']:+} MiB", f"under {one['bar_mib']} MiB more",
              under(one["grown_mib"], one["bar_mib"])),
         *(Line(f"{own['requests']} {name}", ", ".join(f"{count} times {status}" for status, count in
                own["by_status"].items())) for name, own in one["kinds"].items())])  # fmt: skip
