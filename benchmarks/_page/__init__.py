"""The page of the benchmarks, from the files of `benchmarks/results` alone: a summary, then a section a subject."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks._long import LONG
from benchmarks._page import accuracy, batch, model, service, simulation, tests
from benchmarks._page.told import MET, Line, One, Part

RESULTS = Path(__file__).resolve().parent.parent / "results"
Found = dict[str, Any]
"""What the files hold, by name."""
Maker = Callable[[One], Part]

SECTIONS: tuple[tuple[str, tuple[tuple[str, Maker], ...], str], ...] = (
    ("Making families", (("synthetic_families", model.families),), ""),
    ("Features", (("features_of_families", model.features),), ""),
    ("Training", (("training_time", model.training), ("training_memory", model.memory)), ""),
    ("Depth of the trees", (("tree_size", model.trees),), ""),
    ("What is learnt from how many rows", (("learning_curve", model.curve),), ""),
    ("Checks on families of known truth", (("honesty", model.honesty), ("displacement", model.displacement),
                                           ("ablation", model.ablation)), ""),
    ("Scoring a register", (("batch", batch.score), ("batch_small", batch.small), ("batch_nation", batch.nation)),
     "size"),
    ("Reasons", (("batch", batch.reasons),), "speed"),
    ("Score store", (("score_store", batch.store),), ""),
    ("Lists", (("lists", batch.lists),), ""),
    ("One request", (("single_request", service.request),), ""),
    ("Beside mlflow models serve", (("throughput", service.throughput),), ""),
    ("Pages", (("pages", service.pages),), ""),
    ("Overload", (("overload", service.overload),), ""),
    ("Simulation", (("simulation_speed", simulation.speed), ("scenarios", simulation.scenarios)), ""),
    ("Simulated falls against lives", (("simulation_coverage", simulation.coverage),), "coverage"),
    ("Kills survived", (("batch_kills", batch.kills),), ""),
    ("Hostile requests", (("hostile", service.hostile),), ""),
    ("Planted faults", (("mutation", tests.mutation),), ""),
)  # fmt: skip
"""Title, the benchmarks in it with what tells of them, and the picture that opens it ("" for none)."""

INTRO = """<!-- Made from benchmarks/results by `make docs`; run a benchmark again, do not edit. -->

# Benchmarks

Every measured figure here is in a file of `benchmarks/results`, which the command named beside it writes again.
Absolute seconds are of the machine named beside them; ratios to a bare kernel or a peer in the same run travel better.
A benchmark that misses its bar ends with exit code 1. `make bench` runs all but the long ones,
`make bench ARGS=training_time` one, `make bench-all` all; each writes its own file, and the page is made of all of
them. Where no day is told its file has none.
"""


def found(folder: Path = RESULTS) -> Found:
    """What the files of a folder hold, by name.

    Raises
    ------
    ValueError : a file is not JSON.
    """
    own: Found = {}
    for file in sorted(folder.glob("*.json")):
        try:
            own[file.stem] = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{file}: not JSON ({error}); remove it or run its benchmark again") from None
    return own


def page(own: Found) -> str:
    """Text of `docs/benchmarks.md`."""
    parts = [(title, [(name, maker(own[name]) if name in own else None) for name, maker in makers], picture)
             for title, makers, picture in SECTIONS]  # fmt: skip
    goals = [("Accuracy", accuracy.goal(own["accuracy"]), "")] if "accuracy" in own else []
    goals += [(title, line, " (see its note)" if "note" in own[name] else "") for title, section, _ in parts
              for name, part in section if part for line in part.lines if line.goal]  # fmt: skip
    needed = dict.fromkeys([name for _, makers, _ in SECTIONS for name, _ in makers] + ["coverage"])
    lines = [
        INTRO,
        *_machines(own),
        _long(),
        "",
        "## At a glance",
        "",
        *_summary(goals, [name for name in needed if name not in own]),
    ]
    if "accuracy" in own:
        lines += ["", "## Accuracy", "", *accuracy.section(own["accuracy"])]
    for title, section, picture in parts:
        lines += ["", f"## {title}", ""]
        if picture and any(part for _, part in section):
            lines += [PICTURES[picture], "", *([batch.sizes_told(own), ""] if picture == "size" else [])]
        for name, part in section:
            lines += [*_part(name, part, own.get(name)), ""]
        lines.pop()
    lines += ["", "## Lines that no test runs", "", *tests.reach(own.get("coverage"))]
    return "\n".join(lines) + "\n"


def _machines(own: Found) -> Iterator[str]:
    """That the files are of several machines, and which; nothing where they are of one."""
    by: dict[str, list[str]] = {}
    for name, one in own.items():
        if "machine" in one:
            on = one["machine"]
            by.setdefault(f"{on['cpu']}, {on['cores']} cores, {on['memory_gib']} GiB", []).append(f"`{name}`")
    if len(by) > 1:
        rows = sorted(by.items(), key=lambda one: len(one[1]))
        told = "; ".join(f"{', '.join(names)} on {on}" for on, names in rows[:-1])
        yield f"**The files are of {len(by)} machines**: {told}; all others on {rows[-1][0]}."
        yield ""


def _long() -> str:
    return "Long ones, on two cores: " + "; ".join(f"`{name}` {takes}" for name, takes in LONG.items()) + "."


PICTURES = {
    "speed": "![Rows a second of Jaga and of those who do the same](benchmarks_speed.svg)",
    "size": "![Time and peak memory of jaga score and of training against size](benchmarks_size.svg)",
    "coverage": "![Share of scenarios inside the range by kind, with intervals and the bar](benchmarks_coverage.svg)",
}


def _summary(goals: list[tuple[str, Line, str]], absent: list[str]) -> Iterator[str]:
    missed = [line for _, line, _ in goals if line.verdict != MET]
    yield (f"Of {len(goals)} goals measured {len(goals) - len(missed)} are met"
           + (f" and {len(missed)} missed, which stand first." if missed else "."))  # fmt: skip
    yield ""
    yield "| goal | bar | measured | verdict |"
    yield "| --- | --- | --- | --- |"
    for title, line, note in sorted(goals, key=lambda own: own[1].verdict == MET):
        link = title.lower().replace(" ", "-")
        yield _row(f"[{line.goal}](#{link})", line.bar, line.measured, f"{line.verdict}{note}")
    if absent:
        yield ""
        yield f"Not measured yet: {', '.join(f'`{name}`' for name in absent)}."


def _part(name: str, part: Part | None, one: One | None) -> Iterator[str]:
    command = f"`make bench ARGS={name}`"
    if part is None or one is None:
        yield f"**Not measured yet**: {command} measures it."
        return
    yield part.about
    yield ""
    barred = any(line.bar for line in part.lines)
    yield "| what | measured | bar | verdict |" if barred else "| what | measured |"
    yield "| --- | --- | --- | --- |" if barred else "| --- | --- |"
    for line in part.lines:
        yield _row(line.what, line.measured, *((line.bar, line.verdict) if barred else ()))
    on = one["machine"]
    day = f", {on['day']}" if "day" in on else ""
    yield ""
    yield (f"{command}: {on['cores']} cores, {on['memory_gib']} GiB, {on['cpu']}, load before "
           f"{on['load_before']}{day}." + ("" if one["passed"] else " **It ended with a bar missed.**")
           + (f" {one['note']}" if "note" in one else ""))  # fmt: skip


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
