"""What is told of the simulation: its speed, and how often its ranges hold what families then live through."""

from __future__ import annotations

from benchmarks._page.told import Line, One, Part, both, points, spread, under

KINDS = {"cash": "cash", "jobs": "jobs that displace", "training": "training", "enterprise": "assets and enterprise",
         "insurance": "protection against a shock", "mix": "two schemes in an arm", "shock": "shocks alone",
         }  # fmt: skip
_SHOCKS = {"running": "with shocks running", "none": "without shocks"}


def coverage(one: One) -> Part:
    """How often the range of a simulation holds what families then live through."""
    every, by, bar = one["all"], one["by"], one["bar"]
    asked = f"at least {100 * bar:.0f} %"
    parts = [(f"kind: {KINDS[name]}", own) for name, own in by["kinds"].items()]
    parts += [(f"years ahead: {name}", own) for name, own in by["years"].items()]
    parts += [(_SHOCKS[name], own) for name, own in by["shocks"].items()]
    alone = [Line(what, told(own), *_alone(what, own, bar)) for what, own in parts]
    rules = [Line(f"rule: {name}", f"{100 * own['coverage']:.0f} % of {own['scenarios']}")
             for name, own in by["rules"].items() if own["scenarios"]]  # fmt: skip
    return Part(
        "Falls averted by schemes of known effect, and falls caused by shocks alone: simulated, and then lived through "
        f"by the same families. {every['scenarios']} random scenarios, one of each kind in each of {one['countries']} "
        f"synthetic countries of {one['households']:,} families, up to {one['years_ahead']} years ahead, "
        f"{one['draws']} draws, seed {one['seed']}; in brackets 95 % intervals (Wilson). The bar is of all together; a "
        "part whose whole interval lies below it is told as missed by itself.",
        [Line(f"inside the {100 * one['level']:.0f} % range, all",
              f"{told(every)} (standard error over countries {100 * one['standard_error']:.1f})", asked,
              points(every["coverage"], bar), f"simulated falls inside their {100 * one['level']:.0f} % range"),
         Line("all told over all true", f"{every['told_over_truth']:.2f}"),
         Line("median width", f"{every['width']:.2f} times what is told"), *alone, *rules])  # fmt: skip


def told(own: One) -> str:
    """A share of scenarios with its interval and which way the others miss."""
    return (f"{100 * own['coverage']:.1f} % ({100 * own['low']:.0f} to {100 * own['high']:.0f}) of {own['scenarios']}, "
            f"told above the truth {own['above']}, below it {own['below']}")  # fmt: skip


def _alone(what: str, own: One, bar: float) -> tuple[str, str, str]:
    if own["high"] >= bar:
        return "", "", ""
    return (
        f"at least {100 * bar:.0f} %, if it stood alone",
        points(own["coverage"], bar),
        f"simulated falls inside their range, {what.removeprefix('kind: ')}",
    )


def scenarios(one: One) -> Part:
    """A scenario of the console."""
    what = f"a scenario of the console, {one['years']} years"
    parts = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in one["seconds"].items())
    return Part(
        f"{one['families']:,} synthetic families x {one['years']} years x {one['draws']} draws, {one['arms']} answers "
        "with ranges of effects, lived by a process that is warm, its pictures drawn in one language, told beside "
        f"another. More years take longer: one to 2045 lives more than {one['years']} and asks besides what would "
        "reach the goal; it is not measured here, and the bar is not held to it.",
        [Line(what, spread(one["whole_s"], ".1f", " s"), f"under {one['bar_s']:g} s",
              under(max(one["whole_s"]), one["bar_s"]), what),
         Line("its parts", parts)])  # fmt: skip


def speed(one: One) -> Part:
    """`jaga simulate` at full size."""

    def told(name: str) -> str:
        own = one[name]
        return (f"{own['seconds']:.0f} s ({own['cpu_s']:.0f} s of processors), {own['rate'] / 1e6:.0f} million "
                f"family-years a second, peak {own['peak_gib']:.1f} GiB")  # fmt: skip

    few, every, sample = one["few"], one["all"], one["sample"]
    bar = f"under {one['bar_s']:g} s and {one['bar_gib']:g} GiB"

    def held(own: One) -> str:
        return both(under(own["seconds"], one["bar_s"]), under(own["peak_gib"], one["bar_gib"]))

    return Part(
        f"`jaga simulate`: {one['families']:,} made-up families x {one['years']} years x {one['draws']} draws.",
        [Line("bare: moves alone, seen at two other growths too", told("bare")),
         Line(f"few: two arms with ranges of effects, that touch {100 * few['touched']:.2g} % of the families, and no "
              "shock", told("few"), bar, held(few), "simulation of 1 million families, few touched"),
         Line("all: cash for every family in all years, rice that gets dearer for all and illness that may hit any, "
              f"with all ranges: the middle and four corners; {100 * every['touched']:.0f} % of the families touched",
              f"{told('all')}, {every['seconds'] / one['bare']['seconds']:.1f} times bare", bar, held(every),
              "simulation of 1 million families, all touched"),
         Line(f"the two arms on a sample of {sample['families']:,} families, 10 years",
              f"{sample['seconds']:.1f} s ({sample['cpu_s']:.1f} s of processors)",
              f"under {one['bar_sample_s']:g} s", under(sample["seconds"], one["bar_sample_s"]))])  # fmt: skip
