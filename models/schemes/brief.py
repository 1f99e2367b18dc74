"""The brief of one scenario or two: two pages where one has up to two answers of a scheme each, three where two have
four answers (`docs/console.md`). First what is read in a minute, question, answer, the figures that decide, pictures;
then what 2045 takes, what is not known, costs, the other figures, the ladder, who gains and where, assumptions and
versions. A part that a page can hold stands on one page. The page for printing and the PDF are made of the same plain
values.

Answers have their titles in the answer and above the first figures, and letters everywhere else. Pictures take half of
the page's width, so that their letters are printed at 8 points or more (`WIDTH`).

The PDF is set by Typst (`pip install 'jaga[pdf]'`), which needs no other program, no font and no network; it is tagged
for screen readers (PDF/UA-1).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from string import ascii_lowercase
from typing import Any

from features.commands import UserError
from models.drawn import Ask, draw, environment
from models.schemes import ahead, backcast, grounds, judging, named, pictures, spread, telling, unaided, whom
from models.schemes.words import WORDS, said
from models.words import CHARTS, Language, word

WIDTH = 87
"""How wide pictures are printed, in millimetres of 178 between the margins."""
PICTURES = ("di_bawah_garis", "hasil", "biaya_bertahan", "kelas_menengah")
"""Pictures of the brief in their order."""
_LOW = {"di_bawah_garis": 130, "biaya_bertahan": 130, "kelas_menengah": 110}
"""Height of pictures that are lower here than on a screen, px between the axes."""
_FIRST = ("falls_averted", "lasting_24", "aspirin", "cost")
"""Outcomes of the first page; with them goes the cost of each of what decides."""
_NEEDS = ("a brief as PDF needs Typst: pip install 'jaga[pdf]'",
          "ringkasan PDF memerlukan Typst: pip install 'jaga[pdf]'")  # fmt: skip
_SECONDS = 60
MISSING = 3
"""Exit code of the process where Typst is not installed."""


def told(found: Mapping[str, Any], language: Language, svgs: Mapping[str, str | None]) -> dict[str, Any]:
    """Everything that the brief says.

    Parameters
    ----------
    found : of `Result.to_dict`, or of `beside.together`. svgs : pictures by name, of `asks`; None for one that
        could not be drawn.
    """
    data, short = found["data"], pictures.lettered(found)
    kept = found.get("scenarios", [found["scenario"]])
    response, why = judging.response(found, language)
    area = named.area(found, language)
    return {
        "language": language,
        "title": " / ".join(own["title"][language] for own in kept) + (f" ({area})" if area else ""),
        "question": " ".join(dict.fromkeys(own["question"][language] for own in kept if own["question"][language])),
        "synthetic": said("synthetic", language) if data["synthetic"] else "",
        "response": response, "response_why": why,
        **judging.in_short(found, language),
        "heads": [pictures.labelled(arm, language) for arm in found["arms"]],
        "labels": ["" if arm["evidence"] else said("response", language) for arm in found["arms"]],
        "letters": [pictures.labelled(arm, language) for arm in short["arms"]], **_rows(found, language),
        "pictures": [_picture(name, svg, short, language) for name in PICTURES if (svg := svgs.get(name))],
        "costs": telling.costs(short, language), **telling.goal_in_short(short, language),
        "ladder": spread.ladder(short, language), "published": backcast.table(found, language),
        "gains": spread.gains(short, language),
        "whom": whom.lines(short, language), "unknown": grounds.unknown(short, language),
        "assumptions": _by_part(grounds.assumptions(found, language, deciding=True)),
        "versions": grounds.versions(found, language),
        "words": {key.partition(".")[2]: said(key, language) for key in WORDS if key.startswith("brief.")}
        | {"draws": said("draws", language), "effects": said("effects", language),
           "ranges": f"{said('brief.ranges', language)} {grounds.few_draws(found, language)}".strip()},
    }  # fmt: skip


def _picture(name: str, svg: str, found: Mapping[str, Any], language: Language) -> dict[str, str]:
    own = pictures.titled(name, found)
    title = word(CHARTS, own, language)
    return {"name": name, "svg": svg, "title": title, "about": word(CHARTS, f"{own}.about", language),
            "alt": f"{title}. {pictures.about(name, found, language)}", "width": f"{WIDTH}mm"}  # fmt: skip


def _by_part(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Assumptions of each scheme, shock and scenario together."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row["part"], []).append(row)
    return [{"part": part, "rows": own} for part, own in found.items()]


def _rows(found: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Rows of the first page (`rows`) and the others (`more`); what is said of a figure stands below both as `notes`,
    each with a letter that cells have as `marks`."""
    notes: dict[str, str] = {}
    rows = telling.rows(found, language)
    for cell in (cell for row in rows for cell in row["cells"]):
        for note in cell["notes"]:
            notes.setdefault(note, ascii_lowercase[len(notes)])
        cell["marks"] = ", ".join(notes[note] for note in cell["notes"])
    first = {*_FIRST, f"cost_per_{ahead.shown(found['arms'])}"}
    return {"rows": [row for row in rows if row["name"] in first],
            "more": [row for row in rows if row["name"] not in first],
            "notes": [[mark, note] for note, mark in notes.items()]}  # fmt: skip


def asks(found: Mapping[str, Any], language: Language) -> dict[str, Ask]:
    """The pictures of the brief: those of the page, lower and with letters for answers; of the outcomes those of the
    first page, and the middle class where it is asked for or nothing else is. Of what comes upon families alone those
    below the line."""
    short = pictures.lettered(found)
    made = pictures.asks(short, language)
    if found["arms"] and found["goal"]["inverse"] is None:
        del made["kelas_menengah"]
    if below := _below(found, language):
        made["di_bawah_garis"] = below
    if "hasil" in made:
        panels = {word(CHARTS, name, language) for name in _FIRST}
        rows = [row for row in made["hasil"].values["table"] if row["panel"] in panels]
        made["hasil"] = replace(made["hasil"], values=made["hasil"].values | {"table": rows})
    return {name: replace(made[name], values=made[name].values | ({"height": _LOW[name]} if name in _LOW else {}))
            for name in PICTURES if name in made}  # fmt: skip


def _below(found: Mapping[str, Any], language: Language) -> Ask | None:
    """Families below the line by year, with what the scenario moves them by and without it; None where schemes are
    tried, or nothing moves them."""
    own, calm = found["without"]["below_line"], found["without"]["calm"]
    if found["arms"] or calm is None:
        return None
    lines = [{"label": said("unaided.itself", language), **row} for row in own]
    label = said("unaided.without", language, it=unaided.it(unaided.moving(found), language))
    for row, more in zip(own, calm["below_line"], strict=True):
        still = row["value"] - more["value"]
        lines.append({"label": label, "year": row["year"], "value": still, "low": still, "high": still})
    return Ask("counts", language, {"table": [
        {key: row[key] for key in ("label", "year", "value", "low", "high")} for row in lines]})  # fmt: skip


def drawn(found: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The same with its pictures drawn here, for a command."""
    return told(found, language, {name: draw(ask) for name, ask in asks(found, language).items()})


def pdf(brief: Mapping[str, Any]) -> bytes:
    """The PDF. UserError where Typst is not installed."""
    try:
        import typst
    except ImportError:
        raise UserError(*_NEEDS) from None
    template = (files(__package__) / "brief.typ").read_bytes()
    made: bytes = typst.compile(template, sys_inputs={"brief": json.dumps(brief)}, ignore_system_fonts=True,
                                pdf_standards="ua-1")  # fmt: skip
    return made


def pdf_elsewhere(brief: Mapping[str, Any]) -> bytes:
    """The PDF from a process of its own, for a service that never loads what sets it.

    Raises
    ------
    UserError : Typst is not installed. OSError, subprocess.SubprocessError : it cannot be made.
    """
    done = subprocess.run([sys.executable, "-m", "models.schemes.brief"], input=json.dumps(brief).encode(),
                          capture_output=True, timeout=_SECONDS, env=environment())  # fmt: skip
    if done.returncode == MISSING:
        raise UserError(*_NEEDS)
    done.check_returncode()
    return done.stdout


def main() -> int:
    """Set what stands on standard input, onto standard output."""
    try:
        sys.stdout.buffer.write(pdf(json.load(sys.stdin.buffer)))
    except UserError:
        return MISSING
    return 0


if __name__ == "__main__":
    sys.exit(main())
