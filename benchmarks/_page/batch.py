"""What is told of scoring a register, its reasons, the score store and lists."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks._page.told import MET, Line, One, Part, least, spread, under

_SAMPLED = ("Peak memory is that of all processes together, looked at every .5 s, without the pages of mapped files of "
            "rows, which the system takes back when it needs them.")  # fmt: skip
_WITH = {"bare": "without reasons", "reasons": "with the five strongest reasons for all at risk"}
_PEERS = {"predict": "bare `Booster.predict` of the {boosters} boosters that a score needs, on the ready matrix",
          "pyfunc": "`mlflow.pyfunc`, risk alone"}  # fmt: skip
_TELLERS = {"reasons": "Jaga's tables, reasons alone", "woodelf": "woodelf-explainer, contributions",
            "contributions": "LightGBM's `pred_contrib=True` of the risk alone",
            "by_hand": "pandas, predict and SHAP TreeExplainer, risk alone"}  # fmt: skip


def score(one: One) -> Part:
    """`jaga score` beside bare predict."""
    peers, worst = one["peers"], max(one["bare_ratios"])
    hours = [Line(f"the nation of 95 million {_WITH[name].split(' for')[0]}, extrapolated",
                  f"{one['hours'][name]:.2f} h", f"under {bar:g} h", under(one["hours"][name], bar),
                  f"the nation of 95 million {_WITH[name].split(' for')[0]}, extrapolated")
             for name, bar in zip(("bare", "reasons"), one["bar_hours"], strict=True)]  # fmt: skip
    ratios = " and ".join(f"{ratio:.2f}" for ratio in one["bare_ratios"])
    return Part(
        f"`jaga score`, whole command, contract parquet of {one['quarters']} quarters to score parquet, synthetic "
        f"families, seed {one['seed']}, {peers['threads']} processors; the fastest run counts. {_SAMPLED} Peers on "
        f"{peers['rows']:,} rows, the start of our processes included in our time. The hours of the nation are of "
        f"the slowest rate of {_listed([own['families'] / 1e6 for own in one['sizes']])} million families.",
        [*(line for own in one["sizes"] for name in _WITH for line in _sized(own, name, one["bar_gib"])),
         *(Line(what.format(**peers), f"{peers[name]['rate']:,.0f} rows/s") for name, what in _PEERS.items()),
         Line("time beside bare predict, without reasons", f"{ratios} times", f"under {one['bar_bare']:g} times",
              under(worst, one["bar_bare"]), "`jaga score` beside bare predict"), *hours])  # fmt: skip


def _sized(own: One, name: str, memory: float) -> Iterator[Line]:
    what = f"{own['families']:,} families {_WITH[name]}"
    taken = ", ".join(f"{seconds:.0f} s" for seconds in own[name]["seconds"])
    yield Line(what, f"{own[name]['rate']:,.0f}/s ({taken})")
    peak = own[name]["peak_gib"]
    yield Line(f"{own['families']:,} families {_WITH[name].split(' for')[0]}, peak memory", f"{peak:.2f} GiB",
               f"under {memory:g} GiB", under(peak, memory))  # fmt: skip


def small(one: One) -> Part:
    """The sizes between, for cost against size."""
    return Part(
        "The same at other sizes, without peers and without a bar of time; the fastest of "
        f"{len(one['sizes'][0]['bare']['seconds'])} runs counts.",
        [line for own in one["sizes"] for name in _WITH for line in _sized(own, name, one["bar_gib"])],
    )


def sizes(own: dict[str, One]) -> list[One]:
    """What scoring so many families took, in order of size: `families`, and `rate` and `peak_gib` by kind of run."""
    found = [size for name in ("batch", "batch_small") if name in own for size in own[name]["sizes"]]
    if "batch_nation" in own:
        found.append(own["batch_nation"]["large"])
    return sorted(found, key=lambda one: float(one["families"]))


_ASKED = (0.1, 1, 5, 20)
"""Million families whose cost the page is to tell."""


def sizes_told(own: dict[str, One]) -> str:
    """Which sizes were measured, and which were not."""
    there = [one["families"] / 1e6 for one in sizes(own)]
    lacking = [asked for asked in _ASKED if not any(abs(size / asked - 1) < 0.05 for size in there)]
    told = [f"Cost against size as far as it was measured: scoring {_listed(there)} million families, and training; "
            "lines between points are no figures, and the nation of 95 million is extrapolated."]  # fmt: skip
    if "batch_nation" in own and _busy(own["batch_nation"]["machine"]):
        told.append("The time of the most families is of a machine with other work on it.")
    if lacking:
        told.append(f"**Not measured**: scoring {_listed(lacking)} million families.")
    return " ".join(told)


def _listed(numbers: list[float]) -> str:
    told = [f"{number:.1f}".removesuffix(".0") for number in numbers]
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def nation(one: One) -> Part:
    """Twenty million families beside half a million."""
    large, bar = one["large"], one["bar_gib"]
    lines = []
    for name, what in (("bare", "without reasons"), ("reasons", "with reasons")):
        own, kept = large[name], one["kept"][name]
        lines += [
            Line(what, f"{own['rate']:,.0f}/s, {kept:.2f} of the small one's rate",
                 f"at least {one['bar_kept']:g} of the rate", least(kept, one["bar_kept"]),
                 f"rate kept at 20 million families, {what}"),
            Line(f"{what}, peak memory", f"{own['peak_gib']:.2f} GiB", f"under {bar:g} GiB",
                 under(own["peak_gib"], bar), "" if name == "reasons" else "memory at 20 million families"),
            Line(f"the nation of 95 million {what}, extrapolated from this rate", f"{one['hours'][name]:.2f} h"),
        ]  # fmt: skip
    lines.append(Line("disk", f"{large['reasons']['work_bytes'] / 1e9:.1f} GB of work, "
                      f"{large['reasons']['output_bytes'] / 1e9:.1f} GB of scores"))  # fmt: skip
    return Part(f"`jaga score`, whole command, on {large['families']:,} synthetic families of {one['quarters']} "
                f"quarters, seed {one['seed']}, beside {one['small']['families']:,} in the same run."
                f"{_beside(one['machine'])}", lines)  # fmt: skip


def _busy(on: One) -> bool:
    return bool(on["load_before"] > on["cores"])


def _beside(on: One) -> str:
    """That other work went on, where the load before says so: such hours are slower for it."""
    if not _busy(on):
        return ""
    return (f" Measured beside other work (load before {on['load_before']} on {on['cores']} cores), so that its hours "
            "differ from those above and are not to be compared with them.")  # fmt: skip


def reasons(one: One) -> Part:
    """Reasons beside those who tell them otherwise; the bar is of the whole job, which misses it."""
    peers, bar = one["peers"], one["bar_reasons"]
    asked = f"over {bar:g} times"
    return Part(
        f"Of the same run, on the ready matrix: {peers['rows']:,} rows ({peers['few']:,} for `pred_contrib` and "
        f"TreeExplainer), {peers['threads']} processors. The bar is of the whole job, and none that predicts by "
        f"LightGBM can meet it: bare predict of the boosters of a score has {one['most_ratio']:.1f} times. The "
        "benchmark judges the step that makes the reasons.",
        [*(Line(what, f"{peers[name]['rate']:,.0f} rows/s") for name, what in _TELLERS.items()),
         Line("`jaga score` with reasons beside `pred_contrib` alone", f"{one['reasons_ratio']:.1f} times", asked,
              least(one["reasons_ratio"], bar), "`jaga score` with reasons beside `pred_contrib` alone"),
         Line("the step that makes the reasons beside `pred_contrib`", f"{one['kernel_ratio']:.0f} times", asked,
              least(one["kernel_ratio"], bar), "reasons by themselves beside `pred_contrib`")])  # fmt: skip


def kills(one: One) -> Part:
    """Kills survived."""

    def bytes_(same: bool) -> str:
        return "same bytes" if same else "OTHER bytes"

    rows = "no row lost or twice" if one["exact"] else "ROWS LOST OR TWICE"
    held = MET if one["same_bytes"] and one["exact"] else "**missed**"
    return Part(
        f"`jaga score` of {one['families']:,} families killed at random, seed {one['seed']}; then two Dask workers, "
        "one killed.",
        [Line("SIGKILLs at work", f"{one['kills']} in {one['starts']} starts, {one['kills_before']} more before it and "
              f"{one['kills_after']} after it"),
         Line(f"{one['finished']} outputs finished on the way, all compared",
              f"{bytes_(one['same_bytes'])}, {rows}", "the same bytes as undisturbed", held,
              f"{one['kills']} kills of `jaga score` survived"),
         Line("a worker lost", bytes_(one["lost_worker_same_bytes"]), "the same bytes as undisturbed",
              MET if one["lost_worker_same_bytes"] else "**missed**")])  # fmt: skip


def store(one: One) -> Part:
    """Looking scores up."""

    def told(name: str) -> str:
        return f"p50 {one[name]['p50']:.1f}, p95 {one[name]['p95']:.1f} ms"

    look, draw = one["bar_look_up_ms"], one["bar_list_ms"]
    return Part(
        f"{one['households']:,} made-up score rows in {one['files']} files, {one['scores_gb']:.1f} GB.",
        [Line("one household", f"{told('look_up_ms')} ({one['look_up_cpu_ms']['p95']:.1f} ms of the processor)",
              f"p95 under {look:g} ms", under(one["look_up_ms"]["p95"], look),
              f"look-up of one of {one['households']:,} families"),
         Line("one household without the index", told("plain_ms")),
         Line("one household from starting Python", told("process_ms")),
         Line("the same, none of the files in memory", told("process_no_cache_ms")),
         Line("top 500 of a regency", told("list_ms"), f"p95 under {draw:g} ms", under(one["list_ms"]["p95"], draw),
              "top 500 of a regency"),
         Line("the same with kind and band", told("list_filtered_ms")),
         Line("top 500 of a province", told("list_of_province_ms")),
         *(Line(name, f"{seconds:.1f} s") for name, seconds in one["other_s"].items()),
         Line("publishing", f"{one['publish_s']:.0f} s, index {one['index_gb']:.2f} GB")])  # fmt: skip


def lists(one: One) -> Part:
    """Drawing a list of many families."""
    taken = one["draw_s"]
    return Part(
        f"{one['households']:,} made-up score rows: {one['cells']:,} regencies, fast lane, hysteresis, sample, "
        "reserve, expected errors by group, seed TW IV.",
        [Line(f"drawing {one['places']:,} places", spread(taken, ".1f", " s"), f"under {one['bar_s']:g} s",
              under(median(taken), one["bar_s"]), f"a list from {one['households']:,} families"),
         Line("rate", f"{one['rate']:,.0f} rows/s"), Line("processor", f"{one['cpu_s']:.1f} s of one"),
         Line("beside sorting the risks alone", f"{one['over_sort']:.1f} times")])  # fmt: skip
