"""The brief of one scenario or two: question, answer, figures and what is not known, then pictures with costs and the
way to 2045 beside them, the ladder, who gains and where, assumptions and versions. The page for printing and the PDF
are made of the same plain values.

Pictures take half of the page's width at least, so that their letters are printed at 8 points or more (`WIDTHS`).

The PDF is set by Typst (`pip install 'jaga[pdf]'`), which needs no other program, no font and no network; it is tagged
for screen readers (PDF/UA-1).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from features.commands import UserError
from models.drawn import Ask, draw, environment
from models.schemes import backcast, judging, pictures, spread, telling
from models.schemes.words import WORDS, said
from models.words import CHARTS, Language, word

WIDTHS = {"hasil_1": 87, "hasil_2": 87, "biaya_bertahan": 105, "kelas_menengah": 105}
"""Pictures of the brief in their order, and how wide they are printed, in millimetres of 178 between the margins."""
_NEEDS = "a brief as PDF needs Typst: pip install 'jaga[pdf]'"
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
    data = found["data"]
    kept = found.get("scenarios", [found["scenario"]])
    response, why = judging.response(found, language)
    return {
        "language": language,
        "title": " / ".join(own["title"][language] for own in kept),
        "question": " ".join(dict.fromkeys(own["question"][language] for own in kept if own["question"][language])),
        "synthetic": said("synthetic", language) if data["synthetic"] else "",
        "response": response, "response_why": why,
        "answer": judging.answer(found, language),
        "heads": [pictures.labelled(arm, language) for arm in found["arms"]],
        "labels": ["" if arm["evidence"] else said("response", language) for arm in found["arms"]],
        "rows": telling.rows(found, language),
        "pictures": [_picture(name, svg, found, language) for name in WIDTHS if (svg := svgs.get(name))],
        "costs": telling.costs(found, language), **telling.goal_in_short(found, language),
        "ladder": spread.ladder(found, language), "published": backcast.table(found, language),
        "gains": [*spread.gains(found, language), *spread.provinces(found, language)],
        "unknown": telling.unknown(found, language),
        "assumptions": telling.assumptions(found, language, deciding=True),
        "versions": telling.versions(found, language),
        "words": {key.partition(".")[2]: said(key, language) for key in WORDS if key.startswith("brief.")}
        | {"draws": said("draws", language), "effects": said("effects", language)},
    }  # fmt: skip


def _picture(name: str, svg: str, found: Mapping[str, Any], language: Language) -> dict[str, str]:
    own = pictures.titled(name, found)
    title = word(CHARTS, own, language)
    return {"name": name, "svg": svg, "title": title, "about": word(CHARTS, f"{own}.about", language),
            "alt": f"{title}. {pictures.about(name, found, language)}", "width": f"{WIDTHS[name]}mm"}  # fmt: skip


def asks(found: Mapping[str, Any], language: Language) -> dict[str, Ask]:
    """The pictures of the brief: those of the page, outcomes in two halves that stand beside each other."""
    made = pictures.asks(found, language)
    if "hasil" in made:
        values = made["hasil"].values
        rows = [row for row in values["table"] if row["value"] is not None]
        panels = list(dict.fromkeys(row["panel"] for row in rows))
        half = (len(panels) + 1) // 2
        for name, own in (("hasil_1", panels[:half]), ("hasil_2", panels[half:])):
            if own:
                table = [row for row in rows if row["panel"] in own]
                made[name] = Ask("ranges", language, values | {"table": table})
    return {name: made[name] for name in WIDTHS if name in made}


def drawn(found: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The same with its pictures drawn here, for a command."""
    return told(found, language, {name: draw(ask) for name, ask in asks(found, language).items()})


def pdf(brief: Mapping[str, Any]) -> bytes:
    """The PDF. UserError where Typst is not installed."""
    try:
        import typst
    except ImportError:
        raise UserError(_NEEDS) from None
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
        raise UserError(_NEEDS)
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
