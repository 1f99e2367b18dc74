"""Score rows and counts as lines of text in one language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from features.keys import grouped
from models.text import Language, Words, words
from serving.batch.top import reason

if TYPE_CHECKING:
    from serving.scores.reader import Row


def household_lines(row: Row, language: Language) -> list[str]:
    """One score row in words."""
    told = words(language)
    say = told.score
    place = "no_place" if row["urban"] is None else "urban" if row["urban"] else "rural"
    where = {name: row[name] or say["unknown"] for name in ("province", "regency")}
    unit = say[f"unit.{row['unit']}"] if row["unit"] else say["unknown"]
    lines = [say["household"].format(code=grouped(row["household_id"]), place=say[place], unit=unit, **where)]
    if row["status"] == "refused":
        return [*lines, say["no_score"].format(why=told.refusals[row["refusal"]])]
    lines.append(say["poor"].format(now=percent(row["p_poor_now"], language),
                                    then=percent(row["p_poor_next"], language)))  # fmt: skip
    if not row["applies"]:
        return [*lines, say["not_applicable"]]
    return [*lines, say["risk"].format(risk=line_of(row, language, place=False)), *_parts(row, language)]


def sums(counts: Mapping[str, int], language: Language) -> str:
    """Households in = scored + refused + quarantined, and at risk, in one line."""
    told = words(language)
    return told.score["sums"].format(**{name: told.number(count, 0) for name, count in counts.items()})


def line_of(row: Row, language: Language, *, place: bool = True) -> str:
    """Risk of a household with its range, kind and certainty in one line."""
    told = words(language)
    unknown = told.score["unknown"]
    area = (
        f"{grouped(row['household_id'])}  {row['province'] or unknown}  {row['regency'] or unknown}  " if place else ""
    )
    low, high = (percent(row[end], language) for end in ("low", "high"))
    ends = f" ({told.score['range'].format(low=low, high=high)})" if low and high else ""
    rest = [told.kinds[row["kind"]], *([told.rungs[row["rung"]]] if row["rung"] else []),
            *([told.score["verify"]] if row["certainty"] == "low" else [])]  # fmt: skip
    return f"{area}{percent(row['risk'], language)}{ends}, {', '.join(rest)}"


def reason_lines(row: Row, language: Language) -> list[str]:
    """The reasons of a score row, a line each."""
    told = words(language)
    return [reason(told, own) for own in row["reasons"] or ()]


def _parts(row: Row, language: Language) -> list[str]:
    """What the risk is made of, in log-odds: where all start, each reason, the place, and the rest as one part."""
    told, reasons = words(language), row["reasons"] or ()
    parts = [(row["base"], told.score["base"])]
    parts += [(own["contribution"], told.reason(own["key"], own["value"], own["contribution"], brief=True))
             for own in reasons]  # fmt: skip
    parts += [(row["place"], told.place)] if row["place"] else []
    parts += [(row["other"] or 0.0, told.score["others"])]
    heading = told.score["parts"].format(total=signed(sum(amount for amount, _ in parts), told))
    return [heading, *(f"  {signed(amount, told)}  {what}" for amount, what in parts)]


def signed(value: float, told: Words) -> str:
    """Log-odds with two decimals and a sign."""
    return f"{'-' if value < 0 and round(value, 2) else '+'}{told.number(abs(value), 2)}"


def aligned(table: list[tuple[str, ...]], left: int) -> list[str]:
    """Lines of a table, its first `left` columns to the left and the others to the right."""
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    return ["  ".join(f"{cell:{'<' if at < left else '>'}{widths[at]}}" for at, cell in enumerate(row)).rstrip()
            for row in table]  # fmt: skip


def beside(chance: float, cut: float | None, language: Language, least: int = 1) -> str:
    """A chance out of 100, with as many decimals as tell on which side of a cut it lies, `least` at the fewest."""
    decimals = next((digits for digits in range(least, 9) if cut is None
                     or (round(100 * chance, digits) >= round(100 * cut, digits)) == (chance >= cut)), 9)  # fmt: skip
    return words(language).number(100 * chance, decimals)


def percent(share: float | None, language: Language = "en") -> str:
    """A share in per cent with one decimal; nothing where there is none."""
    return "" if share is None else f"{words(language).number(100 * share, 1)} %"
