"""What families of features are worth, in words, tables and a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from models.words import METRICS, word
from training.ablation import AUTOMATION
from training.figures import count, decimal, few, figure, interval
from training.whom import SHOWN

Block = dict[str, Any]
Found = Mapping[str, Any]
SLOPE, BESIDE = "Slope", "Slope less that of all others"
_WORTH = ("log_loss", "auc")


def sentence(found: Found) -> str | None:
    """Whether exposure to automation earns its place; None where the model has none of its features."""
    own = found.get(AUTOMATION)
    if own is None:
        return None
    start = "Does exposure to automation earn its place?"
    if own["too_small"]:
        return f"{start} Not told, the judged rows hold {small(own)}."
    gains = own["log_loss"]["value"] is not None and own["log_loss"]["value"] < 0
    answer = {"better": "Yes" if gains else "Undecided: it says something, but what was learned of it does not pay",
              "worse": "No, it misleads", "undecided": "Undecided"}[own["verdict"]]  # fmt: skip
    judged = sum(one["p"] is not None for one in found.values())
    figures = "; ".join(f"{title} {signed(own[name])}" for name, title in zip(_WORTH, ("log-loss", "AUC"), strict=True))
    return (f"{start} {answer}: slope {signed(own['slope'])} of log-odds a standard deviation, p {chance(own['p'])}, "
            f"{chance(own['adjusted'])} corrected for {judged} families; {figures} with it minus without it (no "
            "occupation in either arm).")  # fmt: skip


def whom(found: Found) -> str | None:
    """Where and for whom it does, and where more or less than elsewhere; None where no cell was judged."""
    cells = list(_cells(found))
    judged = [(name, one) for name, one in cells if not one["too_small"]]
    if not cells:
        return None
    if not judged:
        return f"Where and for whom: not told, each of the {len(cells)} cells has too few rows, falls or clusters."
    parts = [f"{title} {_listed(name for name, one in judged if one[key] == side)}" for title, key, side in
             (("it says something for sure in", "verdict", "better"), ("it misleads in", "verdict", "worse"),
              ("more than for all others in", "differs", "better"), ("less in", "differs", "worse"))]  # fmt: skip
    return (f"Where and for whom: {', '.join(parts)}. {len(judged)} cells were judged and are corrected together; "
            f"{len(cells) - len(judged)} are too small.")  # fmt: skip


def table(found: Found) -> Block:
    """One row a family."""
    return _block([(f"{_plain(name)} ({count(own['features'])})", own) for name, own in found.items()],
                  (("slope", "adjusted", "verdict", SLOPE),))  # fmt: skip


def tables(found: Found) -> list[tuple[str, Block]]:
    """One table a grouping, of the cells that are large enough."""
    whose = (found.get(AUTOMATION) or {}).get("for") or {}
    shown = (("slope", "adjusted", "verdict", SLOPE), ("beside", "beside_adjusted", "differs", BESIDE))
    made = {
        title: [
            (f"{_plain(level)} ({count(one['rows'])} rows, {count(one['events'])} falls)", one)
            for level, one in levels.items()
            if not one["too_small"]
        ]
        for title, levels in whose.items()
    }
    return [(title[0].upper() + title[1:], _block(rows, shown)) for title, rows in made.items() if rows]


def drawn(found: Found) -> list[Block]:
    """Slopes with their intervals for the picture: every family, then automation by whom."""
    rows = [{"panel": "Families", "label": _plain(name), **own["slope"]} for name, own in found.items()]
    rows += [{"panel": f"Automation: {name.partition(': ')[0]}", "label": _plain(name.partition(": ")[2]),
              **one["slope"]} for name, one in _cells(found)]  # fmt: skip
    return rows


def signed(summary: Mapping[str, float | None]) -> str:
    """A difference with its sign and its interval, four decimals."""
    if summary["value"] is None:
        return "not defined"
    if summary["low"] is None or summary["high"] is None:
        return f"{summary['value']:+.4f}"
    return f"{summary['value']:+.4f} ({summary['low']:+.4f} to {summary['high']:+.4f})"


def chance(p: float | None) -> str:
    """A p in words of three decimals."""
    return "not defined" if p is None else "below .001" if p < 0.001 else decimal(p, 3)


def small(own: Found) -> str:
    """Of what a family or cell that got no figure has too few, and how many."""
    return few(own["rows"], own["events"], clusters=own.get("clusters"))


def _cells(found: Found) -> Iterator[tuple[str, Found]]:
    for title, levels in ((found.get(AUTOMATION) or {}).get("for") or {}).items():
        yield from ((f"{title}: {level}", one) for level, one in levels.items())


def _listed(names: Iterator[str]) -> str:
    found = [_plain(name) for name in names]
    return "; ".join(found) if found else "none"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _block(rows: list[tuple[str, Found]], sides: tuple[tuple[str, str, str, str], ...]) -> Block:
    made: list[tuple[str, list[tuple[str, ...]]]] = []
    for name, own in rows:
        if own["too_small"]:
            made.append((name, [(small(own), "")] * (len(sides) + len(SHOWN))))
            continue
        events = own["events"]
        cells: list[tuple[str, ...]] = []
        for key, p, said, _ in sides:
            under = [interval(own[key], key, gap=True), f"p {chance(own[p])}" if own[p] is not None else ""]
            if own[said] is None:  # the cell is large enough, what it is held against is not
                cells.append((few(own["rows"], events), ""))
                continue
            cells.append((figure(own[key], key, events, gap=True), "; ".join(filter(None, under)), own[said]))
        cells += [(figure(own[key], key, events, gap=True), interval(own[key], key, gap=True)) for key in SHOWN]
        made.append((name, cells))
    return {"head": [*(title for *_, title in sides), *(word(METRICS, key, "en") for key in SHOWN)], "rows": made}
