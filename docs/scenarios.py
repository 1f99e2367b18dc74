"""Writes `docs/scenarios.md` and its pictures from the folders that `make scenarios` leaves."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from models.schemes import against, judging, named, started, telling, whom
from models.schemes.pictures import about as picture_about
from models.schemes.pictures import labels, left_out, titled
from models.schemes.words import between, said
from models.words import CHARTS, word

DOCS = Path(__file__).resolve().parent
Row = dict[str, Any]

INTRO = """<!-- Made by `make scenarios`; run it again, do not edit. -->

# Worked scenarios

Each is a YAML file that ships with Jaga (`jaga schemes show NAME` prints it), lived by the same synthetic families:
`make scenarios` makes them, runs all four and writes this page. **Data sintetis**: the families are made up after
published moments, the effects are partly assumed (every figure's basis: `jaga schemes show`), so the numbers show how
to ask and how to read the answer. They are no forecast.
"""

PARTS = (
    ("robot-tekstil-jawa", ("hasil", "biaya_bertahan"),
     "Three answers to the same wave for the same Rp 5.2 trillion. Dots are means; the thin bar is the range of the "
     "draws (chance, and what is unsure of the moves), the thick one that of the effects' ends. Where the latter "
     "reaches 0, nobody knows whether it helps; a dashed one has no upper end. Below 0: placing or employing some "
     "pushes down others of the same trade (displacement, an assumption), and more of those fall than are kept. Where "
     "an effect ends with support, no family lasts by it."),
    ("kerja-atau-usaha", ("hasil", "biaya_bertahan"),
     "A created job lifts far more while it lasts and ends with the wage: after it the same families are poor as "
     "without it, so none lasts. An asset with coaching lifts little, reaches many for the same money, and what it "
     "lifts may stay: how much of it is left after support is an assumption."),
    ("menuju-2045", ("kelas_menengah", "tangga_without"),
     "Where nothing changes the ladder stays as it is: moves up and down balance. Schemes for millions of families "
     "move it by points, the goal asks for tens of them."),
    ("kilas-balik-2019", ("tangga_without",),
     "The check: from the published shares of 2019, with the pandemic by industry and a line that rose faster than "
     "consumption, by as much for the lower 40 % and the others as was measured, to 2024. **Growth is an input of the "
     "end year**: mean consumption, the line and the share of the lower 40 % of March 2024 are of the same survey as "
     "the published shares of 2024, and could not be known in 2019. So the known shocks alone, without growth, stand "
     "beside it: they tell a tenth of the fall of the middle and upper class. Of the means, 2019 and 2024, only "
     "press reports were found. The published middle class is 21.45 and 17.13 %, the upper one .38 % in both "
     "years; they are held together here, as Jaga counts them. With growth it tells three fifths of the fall of the "
     "middle and upper class; those below the line rise where they fell, most in 2021, since an industry's loss is "
     "taken as a loss of consumption of all its families; and of the rise of the vulnerable it tells a sixth."),
)  # fmt: skip


def main(folder: Path) -> int:
    """Write the page from the folder that holds one folder a scenario."""
    results = {name: json.loads((folder / name / "sintetis_hasil.json").read_text(encoding="utf-8"))
               for name, *_ in PARTS}  # fmt: skip
    shared = _start(next(iter(results.values())))
    lines = [
        INTRO,
        "## Where they start",
        "",
        f"{' '.join(shared)} The check at the end starts from the published shares of 2019.",
        "",
    ]
    for name, pictures, about in PARTS:
        place, found = folder / name, results[name]
        lines += [
            f"## {found['scenario']['title']['en']}",
            "",
            f"*{found['scenario']['question']['en']}*",
            "",
            about,
            "",
            *(f"- {line}" for line in whom.lines(found, "en")),
            "",
        ]
        if found["arms"]:
            lines += [*_arms(found, shared), ""]
        if found["goal"]["inverse"]:
            lines += [*_goal(found["goal"]["inverse"]), "", telling.growth(found, "en"), ""]
        if len(found["published"]) > 1:
            lines += [*_published(found["published"]), ""]
        for picture in pictures:
            file = f"scenario_{name}_{picture}.svg"
            shutil.copyfile(place / f"sintetis_{picture}.svg", DOCS / file)
            lines += [f"![{_alt(picture, found)}]({file})", ""]
            if picture == "biaya_bertahan" and (absent := left_out(found, "en")):
                lines += [absent, ""]
        lines += [f"`jaga simulate {name}`: {found['data']['source']}, {found['draws']} draws, seed {found['seed']}, "
                  f"scenario {found['scenario']['sha256'][:12]}.", ""]  # fmt: skip
    (DOCS / "scenarios.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    return 0


def _alt(picture: str, found: Row) -> str:
    """What a picture is and says, what it leaves out with it."""
    told = f"{word(CHARTS, titled(picture, found), 'en')}. {picture_about(picture, found, 'en')}"
    return f"{found['scenario']['title']['en']}: {told}"


def _start(found: Row) -> list[str]:
    """Sentences on where a scenario starts."""
    return [*started.missed(found, "en"), *started.first_year(found, "en")]


def _answer(found: Row, shared: list[str]) -> str:
    """The answer; of a start that the page tells at its head a link to that in its place."""
    if _start(found) != shared:
        return judging.answer(found, "en")
    told = [line for line in judging.sentences(found, "en") if line not in shared]
    told += [*against.rough(told, "en"), "[Where it starts](#where-they-start)."]
    return " ".join(told)


def _arms(found: Row, shared: list[str]) -> list[str]:
    lines = ["| arm | families | Rp billion | falls averted | lasting 24 months | Rp million for each that lasts "
             "| aspirin: of 100 averted falls come back |", "| --- | --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    for arm in found["arms"]:
        own = arm["outcomes"]
        label = "" if arm["label"] is None else f" ({arm['label']['en'].lower()})"
        lines.append(f"| {arm['title']['en']}{label} | {sum(one['families'] for one in arm['schemes']):,.0f} "
                     f"| {_cost(arm)} | {_ranges(own['falls_averted'])} "
                     f"| {_ranges(own['lasting_24'])} | {_each(arm)} "
                     f"| {_aspirin(arm)} |")  # fmt: skip
    called = labels(found["arms"], "en")
    for row in found["differences"]:
        own = row["outcomes"]["lasting_24"]
        first, second = called[row["first"]], called[row["second"]]
        verdict = {"first": first, "second": second}.get(own["verdict"], own["verdict"])
        lines += ["", f"Lasting 24 months, {first} less {second}: {_ranges(own)}: **{verdict}**."]
    return [*lines, "", f"The answer, as the page and the brief have it: {_answer(found, shared)}"]


def _cost(arm: Row) -> str:
    """Billion rupiah, as far as they are known."""
    least = arm["cost_at_least"]
    if least is None:
        return f"{arm['outcomes']['cost']['value'] / 1e9:,.0f}"
    return f"at least {least / 1e9:,.0f}" if least else "not known"


def _aspirin(arm: Row) -> str:
    """Averted falls that come back, of 100, with both ranges, or why there is no such share."""
    told = telling.no_aspirin(arm, "en") or _ranges(arm["outcomes"]["aspirin"], 0.01)
    return "; ".join([told, *telling.doubts(arm, "aspirin", "en")])


def _each(arm: Row) -> str:
    """Million rupiah for each family that lasts, or why there is no such cost."""
    name = "cost_per_lasting_24"
    told = telling.no_price(arm, name, "en")
    return told or "; ".join([_ranges(arm["outcomes"][name], 1e6), *telling.doubts(arm, name, "en")])


def _ranges(figure: Row, scale: float = 1.0) -> str:
    """Value, range of the draws, range of the effects."""
    if figure["value"] is None:
        return "-"

    def told(value: float | None) -> str:
        return "no upper end" if value is None else f"{value / scale:,.0f}"

    ends = "; ".join(f"{kind} {said('range', 'en', low=told(low), high=told(high))}"
                     for kind in ("draws", "effects") for low, high in [figure[kind]])  # fmt: skip
    return f"{told(figure['value'])} ({ends})"


def _title(one: Row) -> str:
    return named.kept(one["name"], "en")


def _goal(goal: Row) -> list[str]:
    def percent(value: float | None, places: int = 1) -> str:
        return "never" if value is None else f"{100 * value:.{places}f} %"

    ranges = goal["ranges"]
    lines = [f"The middle and upper class, {percent(goal['now'])} of people in {goal['start']}, is "
             f"{percent(goal['unchanged'])} "
             f"in {goal['year']} if moves stay as they are ({percent(ranges['unchanged'][0])} to "
             f"{percent(ranges['unchanged'][1])}: the expected share by the best estimate, with the range of the draws "
             f"of the law; the answer above tells the mean of the lived families' draws, with their range, so that "
             f"the two differ a little). For {percent(goal['goal'], 0)}, "
             f"consumption over the line has to grow by {percent(goal['growth_needed'])} a year "
             f"({percent(ranges['growth_needed'][0])} to {percent(ranges['growth_needed'][1])}), "
             f"{goal['points_a_year_needed']:.1f} points a year in it where the best pace between "
             f"published years ({', '.join(str(one['year']) for one in goal['seen'])}) is "
             f"{goal['points_a_year_best_seen']:.2f}: "
             f"{'within' if goal['feasible'] else '**not within**'} what has been seen.", "",
             "| every family below the middle, for good | middle and upper class in the last year (ends of the effect) "
             "| Rp trillion a year | basis |", "| --- | --- | --- | --- |"]  # fmt: skip
    for one in goal["schemes"]:
        cost = _priced(one)
        low, high = one["effects"]
        lines.append(f"| {_title(one)} | {percent(one['share'])} ({percent(low)} to {percent(high)}) | {cost} "
                     f"| {one['basis']} |")  # fmt: skip
    lines.append("")
    for end, what in (("value", "at the middle of their effects"), ("high", "at the upper ends of their effects")):
        mix = goal["mix"][end]
        names = ", ".join(f"{_title(one)} for {100 * one['covered']:.0f} %" for one in mix["schemes"])
        cost = "-" if mix["cost_a_year"] is None else f"Rp {mix['cost_a_year'] / 1e12:,.0f} trillion a year"
        verdict = "the goal is reached" if mix["reaches"] else (
            "**the goal is reached only together with schemes whose cost is not known**"
            if mix["reaches_with_left_out"] else "**no mix reaches the goal**")  # fmt: skip
        lines.append(f"- Those whose cost is known in full, cheapest first, {what}: {percent(mix['share'])} for {cost} "
                     f"({names}): {verdict}.")  # fmt: skip
        if mix["left_out"]:
            out = ", ".join(f"{_title(one)} ({' and '.join(_COSTS[part] for part in one['unknown'])} not known)"
                            for one in mix["left_out"])  # fmt: skip
            lines.append(f"  Left out of that order: {out}. With all of them {percent(mix['share_with_left_out'])}.")
    return lines


_COSTS = {"cost": "cost a year", "setup": "cost once"}


def _priced(one: Row) -> str:
    """Trillion rupiah a year, as far as they are known."""
    if one["cost_a_year"] is not None:
        return f"{one['cost_a_year'] / 1e12:,.0f}"
    least = f"at least {one['cost_at_least'] / 1e12:,.0f}" if one["cost_at_least"] else "not known"
    return f"{least} ({' and '.join(_COSTS[part] for part in one['unknown'])} not known)"


def _published(rows: list[Row]) -> list[str]:
    lines = ["| year | share of people | simulated | known shocks alone, without growth | published | miss, points |",
             "| --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    for row in rows:
        for name, one in row["shares"].items():
            if one["published"] is not None:
                miss = f"{100 * one['miss']:+.2f}".replace("-0.00", "+0.00")
                alone = "-" if one["shocks_alone"] is None else f"{100 * one['shocks_alone']:.2f}"
                rung = named.shares("en")[name]
                simulated = between(*(f"{100 * one[key]:.2f}" for key in ("simulated", "low", "high")))
                real = f"{100 * one['published']:.2f}"
                lines.append(f"| {row['year']} | {rung} | {simulated} | {alone} | {real} | {miss} |")
    return lines


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
