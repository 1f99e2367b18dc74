"""A family's work, how exposed it is, and the programmes it receives: what people read beside a score, in words."""

from __future__ import annotations

from typing import Any

from features.contract import PROGRAMMES
from models.compass import telling
from models.compass.occupations import all_occupations
from serving.cases.households import Household
from serving.console import formats
from serving.console.charts import exposure
from serving.console.strings import Strings

MEASURES = (("routine", "auto.routine", -1.0, 1.0, "Mihaylov & Tijdens 2019"),
            ("computerisation", "auto.computerisation", 0.0, 1.0, "Frey & Osborne 2017"),
            ("software", "auto.software", 0.0, 1.0, "ILO 2025"))  # fmt: skip
"""Name, reason key, ends of the axis and source of each measure of exposure."""


def told(found: Household, say: Strings) -> dict[str, Any]:
    """The job that stands for the family, the three measures, and the programmes; what is not known says so.

    A run that keeps no facts beside its scores tells the measures that are among its reasons.
    """
    known = found.facts
    reasons = {reason["key"]: reason["value"] for reason in found.row["reasons"] or []}
    values = {name: reasons.get(key) for name, key, *_ in MEASURES} if known is None else known
    job = [] if known is None else _job(known, found.row["status"] == "refused", say)
    day = known and known["known_at"]
    whose = "" if known is None or known["head"] is None else "head" if known["head"] else "eldest"
    return {
        "job": job, "whose": say.say(f"house.work.whose.{whose}") if whose else "",
        "job_known": formats.date(day, say.language) if day else "",
        "programmes": "" if known is None else _programmes(known, say),
        **_exposure(values, say),
    }  # fmt: skip


def _job(known: dict[str, Any], refused: bool, say: Strings) -> list[tuple[str, str]]:
    absent = say.say("house.work.absent")
    # Of a family without a score facts are missing: that nobody was found who earns does not say that nobody does.
    earners = None if refused and not known["earners"] else known["earners"]
    layoffs = None if known["layoffs"] is None else formats.number(100 * known["layoffs"], say.language, 1)
    found = [
        (say.say("house.work.job"), _occupation(known["occupation"], say) or absent),
        (say.say("house.work.sector"), telling.section(known["section"], say.language) if known["section"] else absent),
        (say.say("house.work.earners"), absent if earners is None else str(earners)),
        (say.say("house.work.layoffs"), absent if layoffs is None else say.say("house.work.layoffs.year", n=layoffs)),
        (say.say("house.work.growth"), absent if known["growth"] is None else _growth(known["growth"], say)),
    ]  # fmt: skip
    # Without an industry nothing is known of how it goes either: that is told once.
    if all(known[name] is None for name in ("section", "layoffs", "growth")):
        found = found[:3]
    if all(known[name] is None for name, *_ in MEASURES):
        found.append((say.say("house.work.exposure"), say.say("house.work.exposure.unknown")))
    return found


def _growth(share: float, say: Strings) -> str:
    """A change of a year, up or down, as far as it is seen with one decimal."""
    percent = round(100 * share, 1)
    way = "up" if percent > 0 else "down" if percent < 0 else "same"
    return say.say(f"house.work.growth.{way}", n=formats.number(abs(percent), say.language, 1))


def _occupation(code: int | None, say: Strings) -> str:
    """Title of a unit group; a code that is shorter, or of none, as it is."""
    if code is None:
        return ""
    own = all_occupations().get(f"{code:04d}")
    return own.title(say.language) if own else say.say("house.work.code", code=f"{code:04d}".rstrip("0"))


def _programmes(known: dict[str, Any], say: Strings) -> str:
    """Which are received, which are not, and of which that is not known."""
    parts = []
    for value, key in ((True, "yes"), (False, "no"), (None, "unknown")):
        names = [say.say(f"programme.{name}") for name in PROGRAMMES if known[name] is value]
        if names:
            parts.append(say.say(f"house.programmes.{key}", names=", ".join(names)))
    return " ".join(parts)


def _exposure(values: Any, say: Strings) -> dict[str, Any]:
    measures, table = [], []
    for name, _, low, high, source in MEASURES:
        value = None if values[name] is None else float(values[name])
        written = say.say("house.work.unknown") if value is None else formats.number(value, say.language, 2)
        title = say.say(f"house.work.{name}")
        measures.append(exposure.Measure(title, value, written, low, high))
        table.append({"name": title, "value": written, "low": low, "high": high, "source": source})
    if all(measure.value is None for measure in measures):
        return {"measures": [], "exposure": ""}
    about = ". ".join(f"{line['name']}: {line['value']}" for line in table) + "."
    return {"measures": table, "exposure": exposure.draw(measures, title=say.say("pic.exposure.title"), about=about)}
