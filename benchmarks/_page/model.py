"""What is told of making families, features, training and what a model learns."""

from __future__ import annotations

from statistics import median

from benchmarks._page.told import MET, Line, One, Part, least, points, spread, under
from benchmarks.synthetic_families import AIM_RATE


def families(one: One) -> Part:
    """Making synthetic families."""
    many, rate, peak = f"{one['families']:,}", one["rate"], one["peak_gib"]
    return Part(
        f"{many} synthetic families with members, {one['periods']} periods, seed {one['seed']}: registry, survey and "
        f"truth ({one['size_mib']:.0f} MiB), start of the processes included.",
        [Line("two workers", spread(rate["2"], ",.0f", " families/s"), f"{one['bar_rate']:,.0f} families/s",
              least(median(rate["2"]), one["bar_rate"]), "making synthetic families, two workers"),
         Line("the aim of the design, two workers", spread(rate["2"], ",.0f", " families/s"),
              f"{AIM_RATE:,.0f} families/s", least(median(rate["2"]), AIM_RATE), "the aim in making families"),
         Line("one worker", spread(rate["1"], ",.0f", " families/s")),
         Line("a CPU second with two, which other work on the machine changes less",
              f"{one['cpu_rate']['2']:,.0f} families"),
         Line("one worker beside pyarrow writing the same tables", f"takes {one['ratio']:.1f} times as long"),
         Line("peak memory, two workers", f"{peak['2']:.2f} GiB ({one['small_families']:,} families: "
              f"{one['small_peak_gib']:.2f})", f"under {one['bar_gib']:g} GiB", under(peak["2"], one["bar_gib"])),
         Line("peak memory, one worker", f"{peak['1']:.2f} GiB", f"under {one['bar_gib']:g} GiB",
              under(peak["1"], one["bar_gib"]))])  # fmt: skip


def features(one: One) -> Part:
    """Features of a panel."""
    taken = one["features_s"]
    return Part(
        f"{one['families']:,} synthetic families, {one['periods']} periods, members joined, seed {one['seed']}: all "
        "features of the registry view that there were, but for the protected ones.",
        [Line(f"{one['features']} features", spread(taken, ".2f", " s"), f"under {one['bar_s']:g} s",
              under(median(taken), one["bar_s"]), f"features of {one['families']:,} families"),
         Line("reading the cells", f"{one['door_s']:.1f} s more"),
         Line("beside twenty pandas group-by aggregates of the members", f"{one['ratio']:.1f} times as long"),
         ])  # fmt: skip


def training(one: One) -> Part:
    """Fitting beside a bare `lightgbm.train`."""
    lines = []
    for own in one["sizes"]:
        last, rows = own is one["sizes"][-1], f"{own['rows']:,} rows"
        ratio, memory = (f"under {one['bar_ratio']:g} times", f"under {one['bar_gib']:g} GiB") if last else ("", "")
        lines += [
            Line(rows, f"{own['fit_s']:.1f} s ({own['rounds']} rounds)"),
            Line(f"{rows}, beside the kernel", f"{own['ratio']:.2f} times", ratio,
                 under(own["ratio"], one["bar_ratio"]) if last else "",
                 f"training on {rows} beside LightGBM's kernel" if last else ""),
            Line(f"{rows}, peak memory", f"{own['peak_gib']:.1f} GiB", memory,
                 under(own["peak_gib"], one["bar_gib"]) if last else ""),
        ]  # fmt: skip
    return Part(f"Fitting and calibrating on made-up rows x {one['features']} features, seed {one['seed']}, beside a "
                "bare `lightgbm.train` (the kernel) of as many rounds on as many folds and once on all rows.",
                lines)  # fmt: skip


def memory(one: One) -> Part:
    """Fitting on many rows."""
    rows = f"{one['rows']:,} rows"
    return Part(f"The same on {rows} x {one['features']} features, seed {one['seed']}, without the kernel.", [
        Line(rows, f"{one['fit_s'] / 60:.0f} min ({one['rounds']} rounds)"),
        Line(f"{rows}, peak memory", f"{one['peak_gib']:.1f} GiB", f"under {one['bar_gib']:g} GiB",
             under(one["peak_gib"], one["bar_gib"]), f"memory of training on {rows}")])  # fmt: skip


def curve(one: One) -> Part:
    """What training rows bring."""
    lines = []
    for own in one["points"]:
        last = own is one["points"][-1]
        shares = {name: figures["share"] for name, figures in own["models"].items()}
        told = ", ".join(f"{name} {share['value']:.3f}" for name, share in shares.items())
        range_ = f" ({shares['jaga']['low']:.3f} to {shares['jaga']['high']:.3f})" if last else ""
        lines.append(Line(f"{own['rows']:,} rows", told.replace(",", f"{range_},", 1) if last else told,
                          f"Jaga over {one['bar']:g}" if last else "",
                          least(shares["jaga"]["value"], one["bar"]) if last else "",
                          "share of the best possible lift that Jaga learns" if last else ""))  # fmt: skip
    return Part(
        f"Share of the lift over chance of the best that the features allow (AUC {one['p_view']['value']:.3f}, learnt "
        f"from {one['oracle_rows']:,} rows of others), by training rows, judged on {one['judged']:,} rows; synthetic "
        f"families, seed {one['seed']}, generator {one['generator']}. {_ahead(one['points'])}", lines)  # fmt: skip


def _ahead(found: list[One]) -> str:
    """Where another learner has the larger share, by its figure alone."""
    behind = []
    for own in found:
        shares = {name: figures["share"]["value"] for name, figures in own["models"].items()}
        better = [name for name, share in shares.items() if share > shares["jaga"]]
        behind += [f"{' and '.join(better)} at {own['rows']:,} rows"] if better else []
    if not behind:
        return "Jaga's figure is the largest at each number of rows."
    return f"Ahead of Jaga, by the figure: {'; '.join(behind)}."


def honesty(one: One) -> Part:
    """Discrimination on synthetic families, which has to be neither too low nor too good."""

    def told(name: str) -> str:
        return ", ".join(f"{seed[name]['value']:.3f}" for seed in one["seeds"])

    (low, high), first = one["window"], one["seeds"][0]["auc"]
    inside = all(low <= seed["auc"]["value"] <= high for seed in one["seeds"])
    return Part(
        f"AUC out of time, one year ahead, registry features: {one['families']:,} synthetic families, {one['years']} "
        f"years, a country a seed, generator {one['generator']}. Too high would be as bad as too low: a leak.",
        [Line("Jaga", f"{told('auc')} (the first {first['low']:.3f} to {first['high']:.3f})",
              f"{low:.2f} to {high:.2f}", MET if inside else "**missed**",
              "AUC on synthetic families, registry features"),
         Line("the 1.0-1.5 rule, which has seen consumption", told("rule")), Line("the true risk", told("true")),
         Line("Jaga's share of the true risk's lift", told("share"))])  # fmt: skip


def displacement(one: One) -> Part:
    """Whether planted displacement is found."""
    level, seeds = one["level"], one["seeds"]

    def z(name: str) -> str:
        return ", ".join(f"{seed['z']:.1f}" for seed in seeds[name])

    found = sum(seed["z"] >= level for seed in seeds["on"]) / len(seeds["on"])
    wrong = any(seed["z"] >= level for seed in seeds["off"])
    return Part(
        f"Slope of the exposure features by `benchmarks/protocol.toml`: {one['families']:,} synthetic families, "
        f"{one['years']} years, a country a seed, generator {one['generator']}; found is z from {level:g}.",
        [Line(f"with a displacement of {one['effect']:g} points", f"z {z('on')}", "found in most",
              MET if found > 0.5 else "**missed**", "planted displacement found by the features"),
         Line("without", f"z {z('off')}", "found in none", "**missed**" if wrong else MET)])  # fmt: skip


def ablation(one: One) -> Part:
    """Whether the ablation finds what is there, and nothing else."""
    share, bars, noises = one["share"], one["bars"], one["countries"] * one["noises"]
    return Part(
        f"Ablation of a family of known effect and of {one['noises']} of pure noise: {one['households']:,} households "
        f"and {one['years']} years, {one['countries']} seeds, each a country of its own.",
        [Line("the family of known effect is found", f"in {100 * share['found']:.0f} % of seeds",
              f"{100 * bars['found']:.0f} %", points(share["found"], bars["found"]), "ablation finds a planted family"),
         Line("its log-loss", f"{one['gain']:+.5f} where the true risk gains {one['true_gain']:+.5f}"),
         Line("noise is undecided", f"in {100 * share['noise_undecided']:.0f} % of {noises}",
              f"{100 * bars['undecided']:.0f} %", points(share["noise_undecided"], bars["undecided"])),
         Line("noise is undecided by the uncorrected p", f"in {100 * share['noise_uncorrected']:.0f} %",
              f"{100 * bars['uncorrected']:.0f} %", points(share["noise_uncorrected"], bars["uncorrected"])),
         ])  # fmt: skip


def trees(one: One) -> Part:
    """What deeper trees bring and cost."""

    def told(own: One) -> Line:
        gap = own["log_loss_less_usual"]
        return Line(f"depth {own['depth']}",
                    f"log-loss {gap['value']:+.5f} ({gap['low']:+.5f} to {gap['high']:+.5f}), AUC "
                    f"{own['auc']['value']:.4f}; {own['scores']:,.0f} scores/s, {own['reasons']:,.0f} with reasons, "
                    f"LightGBM's predict {own['lightgbm']:,.0f}")  # fmt: skip

    return Part(f"Accuracy on {one['judged']:,} later rows less that of depth {one['usual']}, against speed on one "
                f"thread; {one['train']:,} training rows, synthetic families, seed {one['seed']}. No bar: it decides "
                "the depth.", [told(own) for own in one["depths"]])  # fmt: skip
