"""What `jaga score` prints of a run, in one language: what it would do, what came of it, and why it stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from features.contract import PLACED
from features.report import rule_lines
from models.text import Language, Words, words
from serving import places
from serving.batch import batch, inputs
from serving.batch.batch import Job, Outcome
from serving.batch.estimate import Estimate
from serving.batch.part import STATES
from serving.batch.progress import duration, size
from serving.batch.rows import UNKNOWN
from serving.scores.lines import aligned, percent, sums

LABEL = "DATA SINTETIS"
_COUNTED = ("in", *STATES, "at_risk")


def begun_line(job: Job, where: str, language: Language) -> str:
    """That the run begins. where : who does the work."""
    told = words(language)
    return told.run["begun"].format(rows=told.number(job.extent.rows["households"], 0), day=job.as_of,
                                    bundle=job.bundle.name, parts=_parts(job, told), where=where)  # fmt: skip


def where(workers: int, scheduler: str | None, language: Language, asked: int | None = None) -> str:
    """Who does the work of a run. asked : processes that were asked for, where that is more than are of use."""
    say = words(language).run
    if scheduler is not None:
        return say["where.cluster"].format(address=scheduler)
    found = say["where.here"] if workers == 1 else say["where.many"].format(n=workers)
    return found if asked is None or asked <= workers else found + say["where.fewer"].format(asked=asked)


def plan_lines(job: Job, guess: Estimate | None, free: int, language: Language, asked: int | None = None,
               ) -> list[str]:  # fmt: skip
    """What a run would do. guess : None where it is done already. free : bytes that the disk has room for. asked : as
    of `where`."""
    told = words(language)
    say = told.run
    begun = guess is not None and batch.begun_before(job)
    rows = ", ".join(f"{name} {told.number(count, 0)}" for name, count in job.extent.rows.items())
    state = say["plan.done" if guess is None else "plan.begun" if begun else "plan.new"]
    lines = {
        "input": say["plan.rows"].format(folder=job.register.folder, label=_label(job), rows=rows),
        "bundle": say["plan.model"].format(bundle=job.bundle.name, view=job.bundle.schema["view"],
                                           horizon=job.bundle.schema["horizon"]),
        "as_of": str(job.as_of), "output": f"{places.shown(job.request.output)}: {state}",
    }  # fmt: skip
    if guess is not None:
        lines["work"] = f"{_parts(job, told)}; {_time(guess, told, asked)}"
        done = batch.parts_done(job) if begun else 0
        lines["work"] += say["plan.ready"].format(n=told.number(done, 0)) if done else ""
        sizes = {"work": guess.work, "output": guess.output, "free": free}
        lines["disk"] = say["plan.sizes"].format(**{name: size(count, told) for name, count in sizes.items()})
    width = max(len(say[f"plan.{name}"]) for name in lines) + 2
    found = [f"{say[f'plan.{name}']:{width}}{line}" for name, line in lines.items()]
    return found if guess is None or guess.fits(free) else [*found, f"{'':{width}}{say['plan.little']}"]


def plan(job: Job, state: str, guess: Estimate | None, free: int) -> dict[str, Any]:
    """What a run would do, as plain values. state : `done`, `begun` or `new`; guess and free as of `plan_lines`."""
    told = {"state": "planned", "output": state, "rows": dict(job.extent.rows), "parts": job.plan["parts"],
            "as_of": str(job.as_of), "bundle": job.bundle.identity, "synthetic": job.plan["synthetic"],
            "bytes_free": free}  # fmt: skip
    if guess is None:
        return told
    done = batch.parts_done(job) if state == "begun" else 0
    return told | {"seconds": round(guess.seconds, 1), "bytes_work": guess.work, "bytes_output": guess.output,
                   "fits": guess.fits(free), "workers": guess.workers, "cluster_workers": guess.cluster or None,
                   "trial_rows": guess.rows, "parts_done": done}  # fmt: skip


def unprinted_line(job: Job, why: str, language: Language) -> str:
    """That what came of it could not be printed; of a run that is published its scores are whole."""
    say = words(language).run
    output = places.shown(job.request.output)
    whole = batch.finished(job) is not None
    return say["unprinted.whole" if whole else "unprinted"].format(why=why, output=output)


def _time(guess: Estimate, told: Words, asked: int | None) -> str:
    """How long it would take, and what that rests on."""
    own = {"time": duration(max(1.0, round(guess.seconds, 1)), told.language), "rows": told.number(guess.rows, 0)}
    if guess.cluster:
        return told.run["plan.cluster"].format(**own, n=told.number(guess.cluster, 0))
    return told.run["plan.time"].format(**own, where=where(guess.workers, None, told.language, asked))


def _label(job: Job) -> str:
    return f" ({LABEL})" if job.plan["synthetic"] else ""


def _parts(job: Job, told: Words) -> str:
    count = job.plan["parts"]
    return told.run["parts.one"] if count == 1 else told.run["parts.many"].format(n=told.number(count, 0))


def result_lines(job: Job, outcome: Outcome, seconds: float, language: Language) -> list[str]:
    """Counts of a finished run; of one that was finished before one sentence."""
    told, manifest = words(language), outcome.manifest
    say, total = told.run, manifest["households"]
    output = places.shown(job.request.output)
    if outcome.state == "done":
        return [*double_lines(manifest, told), say["finished"].format(sums=sums(total, language), output=output)]
    rate = told.number(total["in"] / max(seconds, 1e-9), 0)
    lines = [*double_lines(manifest, told), say["scored"].format(rate=rate, time=duration(seconds, language)), "",
             *count_lines(manifest, language)]  # fmt: skip
    lines += [say["refused"].format(why=told.refusals[name], code=name, count=told.number(count, 0))
              for name, count in sorted(manifest["refusals"].items())]  # fmt: skip
    for name, own in manifest["input"]["tables"].items():
        lines.append(say["rows"].format(table=name, **{key: told.number(count, 0) for key, count in own.items()}))
    lines += [say["elsewhere"].format(table=name, count=told.number(own["not_in_register"], 0))
              for name, own in manifest["input"]["tables"].items() if own.get("not_in_register")]  # fmt: skip
    nameless = manifest["input"]["tables"]["households"].get("nameless")
    if nameless:
        lines.append(say["nameless"].format(count=told.number(nameless, 0)))
    for key in ("columns_not_read", "columns_absent"):
        lines += [say[key].format(table=name, columns=", ".join(columns))
                  for name, columns in manifest["input"].get(key, {}).items()]  # fmt: skip
    for name, own in manifest.get("headcounts", {}).get("places", {}).items():
        shares = {key: f"{told.number(100 * own[key], 2)} %" for key in ("before", "after", "asked")}
        shift = f"{'-' if own['shift'] < 0 else '+'}{told.number(abs(own['shift']), 3)}"
        lines.append(say["headcount"].format(place=name, shift=shift, **shares))
    return [*lines, sums(total, language), say["output"].format(output=output)]


def double_lines(manifest: dict[str, Any], told: Words) -> list[str]:
    """In which files and regencies families stand more than once for one period; none where no family does."""
    found, say = manifest["input"].get("doubles", []), told.run
    lines = [say["doubles.one"].format(table=own["table"], files=", ".join(own["files"]),
                                       regencies=", ".join(own["regencies"]) or "-",
                                       count=told.number(own["families"], 0)) for own in found[:_DOUBLES]]  # fmt: skip
    more = [say["doubles.more"].format(n=told.number(len(found) - _DOUBLES, 0))] if len(found) > _DOUBLES else []
    return [say["doubles"], *lines, *more, ""] if found else []


_DOUBLES = 10
"""Lines on doubles at most; the manifest has all."""


def count_lines(manifest: dict[str, Any], language: Language) -> list[str]:
    """Households by province and state, as a table."""
    told = words(language)
    table = [tuple(told.score[f"head.{name}"] for name in ("province", *_COUNTED))]
    for name, home in manifest["provinces"].items():
        place = told.score["unknown"] if name == UNKNOWN else name
        table.append((place, *(told.number(home[state], 0) for state in _COUNTED)))
    return aligned(table, 1)


def top_line(job: Job, language: Language) -> str:
    """Heading of the households at the highest risk."""
    return words(language).run["highest"].format(label=_label(job))


def _empty_lines(job: Job, told: Words) -> list[str]:
    """Columns that hold nothing for any family, though the model knows families by them; none where there is none."""
    empty = inputs.empty(job.register)
    strata = job.bundle.schema["strata"]
    placed = [name for name in PLACED if name in empty] if not any(name.endswith("/all") for name in strata) else []
    usual = [own for own, held in zip(job.bundle.features, job.bundle.reference["usual"], strict=True) if held]
    read = sorted({name for own in usual for name in own.inputs if name in empty and name not in placed})
    return [told.run[key].format(columns=", ".join(names)) for key, names in
            (("stopped.placed", placed), ("stopped.empty", read)) if names]  # fmt: skip


def stopped_lines(job: Job, outcome: Outcome, language: Language) -> list[str]:
    """Why nothing is published, and what to do."""
    told = words(language)
    say = told.run
    if batch.REFUSED in outcome.over:
        why = ", ".join(f"{told.refusals[name]} ({name}) {told.number(count, 0)}"
                        for name, count in sorted(outcome.manifest["refusals"].items()))  # fmt: skip
        latest = say["stopped.latest"] if job.request.as_of is None else ""
        told_empty = _empty_lines(job, told)
        advice = "stopped.columns" if told_empty else "stopped.date"
        return [say["stopped.refused"].format(
            share=percent(outcome.over[batch.REFUSED], language), why=why,
            advice=say[advice].format(day=job.as_of, latest=latest),
            limit=percent(job.request.limit_refused, language)), *told_empty]  # fmt: skip
    shares = ", ".join(say["stopped.so_far"].format(table=name, share=f"{told.number(100 * share, 2)} %")
                       for name, share in outcome.over.items())  # fmt: skip
    folder: Path = job.folder / "quarantine"
    kept = pa.concat_tables(pq.read_table(path, partitioning=None) for path in sorted(folder.glob("*.parquet")))
    return [say["stopped.bad"].format(limit=f"{told.number(100 * job.request.limit_bad, 2)} %", shares=shares,
                                      folder=folder),
            *double_lines(outcome.manifest, told), *rule_lines(kept, say["rules"], say["rules.more"])]  # fmt: skip
