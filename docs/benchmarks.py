"""Writes `docs/benchmarks.md` from the JSON files that `make bench` leaves."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

DOCS = Path(__file__).resolve().parent

INTRO = """<!-- Made by `make bench`; run it again, do not edit. -->

# Benchmarks

`make bench` measures these on the machine it runs on and writes this page; `make bench ARGS=training_time` runs one.
Absolute seconds are of one machine; ratios to a bare kernel or a peer in the same run travel better. A missed bar ends
the command with exit code 1.
"""


def main(folder: Path) -> int:
    """Write the page from the JSON files of a folder."""
    found = {file.stem: json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))}
    lines = [INTRO, "| what | measured | bar | machine |", "| --- | --- | --- | --- |"]
    for name, row in ROWS.items():
        if name in found:
            what, measured, bar = row(found[name])
            lines.append(f"| {what} | {measured} | {bar} | {_machine(found[name]['machine'])} |")
    (DOCS / "benchmarks.md").write_text("\n".join(lines) + "\n")
    return 0


def _features(one: dict[str, Any]) -> tuple[str, str, str]:
    taken = one["features_s"]
    return (f"{one['features']} features of {one['families']:,} synthetic families, {one['periods']} periods, members "
            f"joined, seed {one['seed']}",
            f"{np.median(taken):.2f} s ({min(taken):.2f} to {max(taken):.2f}, {len(taken)} runs); reading the cells "
            f"{one['door_s']:.1f} s more; {one['ratio']:.1f} times twenty pandas group-by aggregates of the members",
            f"under {one['bar_s']:g} s")  # fmt: skip


def _generator(one: dict[str, Any]) -> tuple[str, str, str]:
    def rate(workers: str) -> str:
        rates = one["rate"][workers]
        return f"{np.median(rates):,.0f} families/s ({min(rates):,.0f} to {max(rates):,.0f}, {len(rates)} runs)"

    return (f"making {one['families']:,} synthetic families with members, {one['periods']} periods, seed "
            f"{one['seed']}: registry, survey and truth ({one['size_mib']:.0f} MiB), start of the processes included",
            f"{rate('2')} with two workers, {rate('1')} with one; "
            f"{one['families'] / np.median(one['cpu_s']['2']):,.0f} families a CPU second with two, which other work "
            f"on the machine changes less; one takes {one['ratio']:.1f} times as long as "
            f"pyarrow writing the same tables; peak memory {one['peak_gib']['2']:.2f} GiB with two workers and "
            f"{one['peak_gib']['1']:.2f} with one ({one['small_families']:,} families: {one['small_peak_gib']:.2f})",
            f"{one['bar_rate']:,.0f} families/s with two workers, under {one['bar_gib']:g} GiB")  # fmt: skip


def _displacement(one: dict[str, Any]) -> tuple[str, str, str]:
    def z(name: str) -> str:
        return ", ".join(f"{seed['z']:.1f}" for seed in one["seeds"][name])

    return (f"slope of the exposure features by `benchmarks/protocol.toml`: {one['families']:,} synthetic families, "
            f"{one['years']} years, a country a seed, generator {one['generator']}",
            f"z {z('on')} with a displacement of {one['effect']:g} points, {z('off')} without",
            f"found (z from {one['level']:g}) in most with, in none without")  # fmt: skip


def _honesty(one: dict[str, Any]) -> tuple[str, str, str]:
    def told(name: str) -> str:
        return ", ".join(f"{seed[name]['value']:.3f}" for seed in one["seeds"])

    first = one["seeds"][0]["auc"]
    return (f"AUC out of time, one year ahead, registry features: {one['families']:,} synthetic families, "
            f"{one['years']} years, a country a seed, generator {one['generator']}",
            f"Jaga {told('auc')} (the first {first['low']:.3f} to {first['high']:.3f}); the 1.0-1.5 rule, which has "
            f"seen consumption, {told('rule')}; the true risk {told('true')}; Jaga's share of its lift {told('share')}",
            f"{one['window'][0]:.2f} to {one['window'][1]:.2f} for Jaga")  # fmt: skip


def _training(one: dict[str, Any]) -> tuple[str, str, str]:
    sizes = "; ".join(f"{own['rows']:,} rows {own['fit_s']:.1f} s, {own['ratio']:.2f} times the kernel, peak "
                      f"{own['peak_gib']:.1f} GiB ({own['rounds']} rounds)" for own in one["sizes"])  # fmt: skip
    return (f"fitting and calibrating on made-up rows x {one['features']} features, seed {one['seed']}, beside a bare "
            "`lightgbm.train` of as many rounds on as many folds and once on all rows", sizes,
            f"1 million rows: under {one['bar_ratio']:g} times the kernel, under {one['bar_gib']:g} GiB")  # fmt: skip


def _memory(one: dict[str, Any]) -> tuple[str, str, str]:
    return (f"the same on {one['rows']:,} rows (`make bench ARGS=training_memory`)",
            f"{one['fit_s'] / 60:.0f} min, peak {one['peak_gib']:.1f} GiB ({one['rounds']} rounds)",
            f"under {one['bar_gib']:g} GiB")  # fmt: skip


def _curve(one: dict[str, Any]) -> tuple[str, str, str]:
    points = "; ".join(
        f"{own['rows']:,}: " + ", ".join(f"{name} {figures['share']['value']:.3f}" for name, figures in
                                         own["models"].items()) for own in one["points"])  # fmt: skip
    last = one["points"][-1]["models"]["jaga"]["share"]
    return (f"share of the lift over chance of the best that the features allow (AUC {one['p_view']['value']:.3f}, "
            f"learnt from {one['oracle_rows']:,} rows of others), by training rows, judged on {one['judged']:,} rows; "
            f"synthetic families, seed {one['seed']}, generator {one['generator']}",
            f"{points}; Jaga at the most rows {last['low']:.3f} to {last['high']:.3f}",
            f"Jaga over {one['bar']:g} at the most rows")  # fmt: skip


def _request(one: dict[str, Any]) -> tuple[str, str, str]:
    latency = one["latency_ms"]
    return (f"one household a request, features and reasons included, {one['rate']} requests/s for {one['seconds']} s, "
            f"open loop, model: {one['kind']}",
            f"p50 {latency['p50']:.1f}, p90 {latency['p90']:.1f}, p99 {latency['p99']:.1f} ms; "
            f"{one['answers']} answers, {one['errors']} errors", f"p99 under {one['bar_p99_ms']:g} ms")  # fmt: skip


def _machine(on: dict[str, Any]) -> str:
    return f"{on['cores']} cores, {on['memory_gib']} GiB, {on['cpu']}, load before {on['load_before']}"


ROWS = {
    "synthetic_families": _generator,
    "features_of_families": _features,
    "training_time": _training,
    "training_memory": _memory,
    "learning_curve": _curve,
    "displacement": _displacement,
    "honesty": _honesty,
    "single_request": _request,
}

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
