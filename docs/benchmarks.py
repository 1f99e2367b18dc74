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
            verdict = "" if found[name]["passed"] else "; **missed**"
            lines.append(f"| {what} | {measured} | {bar}{verdict} | {_machine(found[name]['machine'])} |")
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


def _ablation(one: dict[str, Any]) -> tuple[str, str, str]:
    share, bars, seeds = one["share"], one["bars"], one["seeds"]
    gain = np.mean([seed["planted"]["log_loss"]["value"] for seed in seeds])
    true = np.mean([seed["true_log_loss"] for seed in seeds])
    return (f"ablation of a family of known effect and of {one['noises']} of pure noise, {one['households']:,} "
            f"households and {one['years']} years, {len(seeds)} seeds, each a country of its own",
            f"found in {100 * share['found']:.0f} % of seeds, log-loss {gain:+.5f} where the true risk gains "
            f"{true:+.5f}; noise undecided in {100 * share['noise_undecided']:.0f} % of {len(seeds) * one['noises']}, "
            f"by the uncorrected p in {100 * share['noise_uncorrected']:.0f} %",
            f"{100 * bars['found']:.0f} %, {100 * bars['undecided']:.0f} % and {100 * bars['uncorrected']:.0f} %"
            )  # fmt: skip


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
    return (f"fitting and calibrating on {one['rows']:,} made-up rows x {one['features']} features, seed {one['seed']} "
            "(`make bench ARGS=training_memory`)",
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
    return (f"one household a request, features, interval and reasons included, {one['rate']} requests/s for "
            f"{one['seconds']} s, open loop, model: {one['kind']}",
            f"p50 {latency['p50']:.1f}, p90 {latency['p90']:.1f}, p99 {latency['p99']:.1f} ms; "
            f"{one['answers']} answers, {one['errors']} errors; {one['many_households']:,} households in one "
            f"request {one['many_ms']:.0f} ms",
            f"p99 under {one['bar_p99_ms']:g} ms; {one['bar_many_ms']:g} ms for the many")  # fmt: skip


def _throughput(one: dict[str, Any]) -> tuple[str, str, str]:
    def told(own: dict[str, Any], who: str) -> str:
        rates = own["rates"][who]
        return (f"{np.median(rates):.0f} requests/s ({min(rates):.0f} to {max(rates):.0f}), {own['cpu_ms'][who]:.1f} "
                "ms of a processor each")  # fmt: skip

    each = "; ".join(
        f"{workers} worker{'s' if workers != '1' else ''}: Jaga {told(own, 'jaga')}, MLflow "
        f"{told(own, 'mlflow')}, {own['ratio']:.1f} times"
        for workers, own in one["by_workers"].items()
    )
    clients = max(ms for own in one["by_workers"].values() for ms in own["client_ms"].values())
    return ("`POST /v1/score` beside `mlflow models serve`, one family a request; both with the same environment, "
            f"processors, number of workers and clients ({one['senders']} connections of one thread that never pause), "
            f"model: {one['kind']}. Jaga: token, raw rows checked, features, three boosters, interval, ladder, reasons "
            "in two languages, audit row; MLflow: the risk booster on the ready matrix row",
            f"{each}; the clients {clients:.1f} ms a request", f"at least {one['bar_ratio']:g} times")  # fmt: skip


def _pages(one: dict[str, Any]) -> tuple[str, str, str]:
    pages = "; ".join(f"{name} {own['p95']:.0f}" for name, own in one["pages"].items())
    low, high = one["think_s"]
    over = [name for name, own in one["pages"].items() if own["p95"] > one["bar_p95_ms"]]
    above = f"; by themselves over the bar: {', '.join(over)}, whose figures all ask for at once when a run is new"
    return (f"pages of the console for {one['users']} officers at once, {low:g} to {high:g} s between two pages, "
            f"{one['households']:,} families in each of two runs, {one['workers']} workers, {one['seconds']:g} s, seed "
            f"{one['seed']} (`make bench ARGS=pages`)",
            f"p50 {one['all_ms']['p50']:.0f}, p95 {one['all_ms']['p95']:.0f} ms; p95 by page: {pages} ms; "
            f"{sum(one['errors'].values())} errors, peak memory {one['peak_mib']:,} MiB",
            f"p95 of all pages together under {one['bar_p95_ms']:g} ms, the drawing of a list apart"
            f"{above if over else ''}")  # fmt: skip


def _overload(one: dict[str, Any]) -> tuple[str, str, str]:
    return (f"{one['times']:g} times the rate that the service answers ({one['rated']:.0f}/s), {one['seconds'] / 60:g} "
            f"minutes, {one['workers']} workers (`make bench ARGS=overload`)",
            f"{one['admitted']:,} answered, p50 {one['admitted_ms']['p50']:.0f}, p99 {one['admitted_ms']['p99']:.0f} ms"
            f"; {one['shed']:,} turned away with `Retry-After` (p50 {one['shed_ms']['p50']:.0f} ms); "
            f"{sum(one['other'].values())} others; memory {one['early_mib']:,} MiB early, {one['late_mib']:,} at the "
            f"end; quick again after {one['recovered_s']} s",
            f"p99 under {one['bar_ms']:g} ms, nothing but answers, 429 and 503, memory under {one['bar_growth']:g} "
            f"times, quick again within {one['bar_recovery_s']:g} s")  # fmt: skip


def _batch(one: dict[str, Any]) -> tuple[str, str, str]:
    def told(own: dict[str, Any], name: str) -> str:
        taken = ", ".join(f"{seconds:.0f} s" for seconds in own[name]["seconds"])
        return (f"{own['families'] / min(own[name]['seconds']):,.0f}/s ({taken}), "
                f"peak {own[name]['peak_gib']:.2f} GiB")  # fmt: skip

    sizes = "; ".join(f"{own['families']:,} families: {told(own, 'bare')} without reasons, {told(own, 'reasons')} with "
                      "the five strongest for all at risk" for own in one["sizes"])  # fmt: skip
    ratios = [f"{ratio:.2f}" + (f" (missed, at {own['families']:,} families)" if ratio >= one["bar_bare"] else "")
              for own, ratio in zip(one["sizes"], one["bare_ratios"], strict=True)]  # fmt: skip
    peers = "; ".join(f"{what} {one['peers'][name]['rate']:,.0f} rows/s" for name, what in (
        ("predict", f"bare `Booster.predict` of the {len(one['peers']['trees'])} boosters that a score needs, on the "
                    "ready matrix"),
        ("contributions", "`pred_contrib=True` of the risk alone"), ("reasons", "Jaga's tables, reasons alone"),
        ("woodelf", "woodelf-explainer, contributions"), ("pyfunc", "`mlflow.pyfunc`, risk alone"),
        ("by_hand", "pandas, predict and SHAP TreeExplainer, risk alone")))  # fmt: skip
    return (f"`jaga score`, whole command, contract parquet of {one['quarters']} quarters to score parquet, synthetic "
            f"families, seed {one['seed']}, {one['peers']['threads']} processors; {_SAMPLED}; peers on "
            f"{one['peers']['rows']:,} rows ({one['peers']['few']:,} for `pred_contrib` and TreeExplainer)",
            f"{sizes}. {peers}. Time {' and '.join(ratios)} times bare predict "
            f"without reasons, the start of the processes included; with reasons "
            f"{one['reasons_ratio']:.1f} times the rate of `pred_contrib` alone (bare predict has "
            f"{one['most_ratio']:.1f} times), the reasons by themselves {one['kernel_ratio']:.0f} times. The nation of "
            f"95 million, extrapolated: {one['hours']['bare']:.2f} h without reasons, {one['hours']['reasons']:.2f} h "
            "with them",
            f"under {one['bar_bare']:g} times bare predict; the step that makes the reasons over "
            f"{one['bar_reasons']:g} times `pred_contrib` (asked of the whole job, which **misses it with "
            f"{one['reasons_ratio']:.1f} times**, and none that predicts by LightGBM can: bare predict of the "
            f"boosters of a score has {one['most_ratio']:.1f} times); under {one['bar_hours'][0]:g} h and "
            f"{one['bar_hours'][1]:g} h; under {one['bar_gib']:g} GiB")  # fmt: skip


_SAMPLED = ("peak memory is that of all processes together, looked at every .5 s, without the pages of mapped files of "
            "rows, which the system takes back when it needs them")  # fmt: skip


def _nation(one: dict[str, Any]) -> tuple[str, str, str]:
    def rate(own: dict[str, Any], name: str) -> str:
        return f"{own['families'] / min(own[name]['seconds']):,.0f}/s, peak {own[name]['peak_gib']:.2f} GiB"

    large = one["large"]
    return (f"`jaga score`, whole command, on {large['families']:,} synthetic families of {one['quarters']} quarters, "
            f"seed {one['seed']}, beside {one['small']['families']:,} in the same run (`make bench "
            f"ARGS=batch_nation`); {_SAMPLED}",
            f"{rate(large, 'bare')} without reasons, {rate(large, 'reasons')} with; {one['kept']['bare']:.2f} and "
            f"{one['kept']['reasons']:.2f} of the small one's rate; {large['reasons']['work_bytes'] / 1e9:.1f} GB of "
            f"work, {large['reasons']['output_bytes'] / 1e9:.1f} GB of scores. The nation of 95 million, extrapolated "
            f"from this rate: {one['hours']['bare']:.2f} h without reasons, {one['hours']['reasons']:.2f} h with them"
            f"{_beside(one['machine'])}",
            f"at least {one['bar_kept']:g} of the rate; under {one['bar_gib']:g} GiB")  # fmt: skip


def _beside(on: dict[str, Any]) -> str:
    """That other work went on, where the load before says so: such hours are slower for it."""
    if on["load_before"] <= on["cores"]:
        return ""
    return (f". Measured beside other work (load before {on['load_before']} on {on['cores']} cores), so that its hours "
            "differ from those of the row of `jaga score` above and are not to be compared with them")  # fmt: skip


def _kills(one: dict[str, Any]) -> tuple[str, str, str]:
    return (f"`jaga score` of {one['families']:,} families killed at random, seed {one['seed']}; then two Dask "
            "workers, one killed",
            f"{one['kills']} SIGKILLs at work in {one['starts']} starts, {one['kills_before']} more before it and "
            f"{one['kills_after']} after it; {one['finished']} outputs finished on the way, all compared: "
            f"{'same' if one['same_bytes'] else 'OTHER'} bytes, "
            f"{'no row lost or twice' if one['exact'] else 'ROWS LOST OR TWICE'}; a worker lost: "
            f"{'same' if one['lost_worker_same_bytes'] else 'OTHER'} bytes",
            "the same bytes as undisturbed")  # fmt: skip


def _tree_size(one: dict[str, Any]) -> tuple[str, str, str]:
    def told(own: dict[str, Any]) -> str:
        gap = own["log_loss_less_usual"]
        return (f"{own['depth']}: log-loss {gap['value']:+.5f} ({gap['low']:+.5f} to {gap['high']:+.5f}), AUC "
                f"{own['auc']['value']:.4f}, {own['scores']:,.0f} scores/s, {own['reasons']:,.0f} with reasons, "
                f"LightGBM's predict {own['lightgbm']:,.0f}")  # fmt: skip

    points = "; ".join(told(own) for own in one["depths"])
    return (f"depth of the trees: accuracy on {one['judged']:,} later rows less that of depth {one['usual']}, against "
            f"speed on one thread; {one['train']:,} training rows, synthetic families, seed {one['seed']}",
            points, "none: it decides the depth")  # fmt: skip


def _store(one: dict[str, Any]) -> tuple[str, str, str]:
    def told(name: str) -> str:
        return f"p50 {one[name]['p50']:.1f}, p95 {one[name]['p95']:.1f} ms"

    rest = "; ".join(f"{name} {seconds:.1f} s" for name, seconds in one["other_s"].items())
    return (f"score store of {one['households']:,} made-up score rows in {one['files']} files, "
            f"{one['scores_gb']:.1f} GB (`make bench ARGS=score_store`)",
            f"one household {told('look_up_ms')} ({one['look_up_cpu_ms']['p95']:.1f} ms of the processor); without the "
            f"index {told('plain_ms')}; from starting Python {told('process_ms')}, none of the files in memory "
            f"{told('process_no_cache_ms')}; top 500 of a regency {told('list_ms')}, with kind and band "
            f"{told('list_filtered_ms')}, of a province {told('list_of_province_ms')}; {rest}; publishing "
            f"{one['publish_s']:.0f} s, index {one['index_gb']:.2f} GB",
            f"p95 of one household under {one['bar_look_up_ms']:g} ms, of a regency's list under "
            f"{one['bar_list_ms']:g} ms")  # fmt: skip


def _machine(on: dict[str, Any]) -> str:
    return f"{on['cores']} cores, {on['memory_gib']} GiB, {on['cpu']}, load before {on['load_before']}"


def _lists(one: dict[str, Any]) -> tuple[str, str, str]:
    taken = one["draw_s"]
    return (f"drawing a list from {one['households']:,} made-up score rows: {one['cells']:,} regencies, fast lane, "
            "hysteresis, sample, reserve, expected errors by group, seed TW IV",
            f"{np.median(taken):.1f} s ({min(taken):.1f} to {max(taken):.1f}, {len(taken)} runs), "
            f"{one['rate']:,.0f} rows/s, {np.median(one['cpu_s']):.1f} s of one processor; {one['places']:,} places; "
            f"{np.median(taken) / np.median(one['sort_s']):.1f} times sorting the risks alone",
            f"under {one['bar_s']:g} s")  # fmt: skip


_EFFECTS = {"cash": "cash", "jobs": "jobs that displace", "training": "training", "enterprise": "assets and enterprise",
            "insurance": "protection against a shock", "mix": "two schemes in an arm", "shock": "shocks alone",
            "running": "with shocks running", "none": "without"}  # fmt: skip


def _covered(own: dict[str, Any]) -> str:
    return (f"{100 * own['coverage']:.0f} % ({100 * own['low']:.0f} to {100 * own['high']:.0f}) of {own['scenarios']}, "
            f"told above the truth {own['above']}, below it {own['below']}")  # fmt: skip


def _coverage(one: dict[str, Any]) -> tuple[str, str, str]:
    every, by = one["all"], one["by"]
    kinds = "; ".join(f"{_EFFECTS[name]} {_covered(own)}" for name, own in by["kinds"].items())
    years = "; ".join(f"{name} {_covered(own)}" for name, own in by["years"].items())
    rules = "; ".join(f"{name} {100 * own['coverage']:.0f} % of {own['scenarios']}" for name, own in by["rules"].items()
                      if own["scenarios"])  # fmt: skip
    shocks = "; ".join(f"{_EFFECTS[name]} {_covered(own)}" for name, own in by["shocks"].items())
    return (f"falls averted by schemes of known effect, and falls caused by shocks alone: simulated, and then lived "
            f"through by the same families. {every['scenarios']} random scenarios, one of each kind in each of "
            f"{one['countries']} synthetic countries of {one['households']:,} families, up to {one['years_ahead']} "
            f"years ahead, {one['draws']} draws, seed {one['seed']}; in brackets 95 % intervals (Wilson)",
            f"inside the {100 * one['level']:.0f} % range: {_covered(every)} (standard error over countries "
            f"{100 * one['standard_error']:.1f}); all told over all true {every['told_over_truth']:.2f}, median width "
            f"{every['width']:.2f} times what is told. By kind: {kinds}. By years ahead: {years}. By rule: {rules}. "
            f"{shocks}",
            f"at least {100 * one['bar']:.0f} % inside")  # fmt: skip


def _simulation(one: dict[str, Any]) -> tuple[str, str, str]:
    def told(name: str) -> str:
        own = one[name]
        return (f"{own['seconds']:.0f} s ({own['cpu_s']:.0f} s of processors), {own['rate'] / 1e6:.0f} million "
                f"family-years a second, peak {own['peak_gib']:.1f} GiB")  # fmt: skip

    ratio = one["all"]["seconds"] / one["bare"]["seconds"]
    return (f"`jaga simulate`: {one['families']:,} made-up families x {one['years']} years x {one['draws']} draws. "
            f"Bare: moves alone, seen at two other growths too. Few: two arms with ranges of effects, that touch "
            f"{100 * one['few']['touched']:.2g} % "
            "of the families, and no shock. All: cash for every family in all years, rice that gets dearer for all and "
            "illness that may hit any, with all ranges: the middle and four corners, no life untouched. And the two "
            f"arms on a sample of {one['sample']['families']:,} families, 10 years",
            f"bare {told('bare')}; few {told('few')}; all {told('all')}, {100 * one['all']['touched']:.0f} % of the "
            f"families touched, {ratio:.1f} times bare; the sample {one['sample']['seconds']:.1f} s "
            f"({one['sample']['cpu_s']:.1f} s of processors)",
            f"few and all under {one['bar_s']:g} s and {one['bar_gib']:g} GiB; the sample under "
            f"{one['bar_sample_s']:g} s")  # fmt: skip


def _scenarios(one: dict[str, Any]) -> tuple[str, str, str]:
    parts = ", ".join(f"{name} {np.median(own):.2f} s" for name, own in one["seconds"].items())
    return (f"a scenario of the console: {one['families']:,} synthetic families x {one['years']} years x "
            f"{one['draws']} draws, {one['arms']} answers with ranges of effects, lived by a process that is warm, its "
            f"pictures drawn in one language, told beside another",
            f"{np.median(one['whole_s']):.1f} s ({min(one['whole_s']):.1f} to {max(one['whole_s']):.1f}, "
            f"{len(one['whole_s'])} runs): {parts}",
            f"under {one['bar_s']:g} s")  # fmt: skip


def _mutation(one: dict[str, Any]) -> tuple[str, str, str]:
    lived = [f"`{row['file']}:{row['line']}` (`{row['old']}` made `{row['new']}`)".replace("|", "\\|")
             for row in one["rows"] if row["caught_by"] is None]  # fmt: skip
    return (f"{one['lines']} lines of the model, contract, targeting and access code, drawn with seed {one['seed']}, "
            "each made wrong in turn (`benchmarks/mutation.py` says how)",
            f"the tests notice {one['caught']}; not noticed: {', '.join(lived) or 'none'}",
            f"at least {one['bar']}")  # fmt: skip


ROWS = {
    "synthetic_families": _generator,
    "features_of_families": _features,
    "training_time": _training,
    "training_memory": _memory,
    "learning_curve": _curve,
    "displacement": _displacement,
    "ablation": _ablation,
    "honesty": _honesty,
    "single_request": _request,
    "throughput": _throughput,
    "pages": _pages,
    "overload": _overload,
    "batch": _batch,
    "batch_nation": _nation,
    "batch_kills": _kills,
    "tree_size": _tree_size,
    "score_store": _store,
    "lists": _lists,
    "simulation_coverage": _coverage,
    "simulation_speed": _simulation,
    "scenarios": _scenarios,
    "mutation": _mutation,
}

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
