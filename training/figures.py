"""Figures in words: values with their intervals, and the one sentence that answers what a model is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.numbers import number
from models.words import MODELS, Language, word
from training.limits import FEWEST_FALLS, FEWEST_ROWS, few_clusters, too_few
from training.metrics import SIZES

Result = Mapping[str, Any]
Summary = Mapping[str, float | None]
HEADLINE = "recall_at_10"
SHARES = ("recall_", "precision_", "exclusion_", "inclusion_", "leakage_", "months_")
LOWER_IS_BETTER = ("log_loss", "brier", "ece", *(f"{name}_at_{size}" for name in ("exclusion", "inclusion", "leakage")
                                                 for size in SIZES))  # fmt: skip


def decimal(value: float, places: int, language: Language = "en") -> str:
    """A number with a fixed number of decimals, in the language's marks; thousands are grouped."""
    return number(value, language, places)


def count(value: float, language: Language = "en") -> str:
    """A count with grouped thousands."""
    return decimal(value, 0, language)


_FEW = {
    "falls": ("terlalu sedikit jatuh", "too few falls"),
    "rows": ("terlalu sedikit baris", "too few rows"),
    "others": ("terlalu sedikit yang tidak jatuh", "too few that did not fall"),
    "clusters": ("terlalu sedikit klaster", "too few clusters"),
}
_REST = ("sisanya terlalu sedikit", "too few in the rest")


def few(rows: int, events: int, language: Language = "en", clusters: int | None = None) -> str:
    """What stands in place of a figure: of what there are too few, falls, rows, rows without a fall or (where these are
    counted) clusters, and how many."""
    if not too_few(rows, events) and clusters is None:
        return _REST[language == "en"]
    lacking, number = (("falls", events) if events < FEWEST_FALLS else
                       ("rows", rows) if rows < FEWEST_ROWS else
                       ("others", rows - events) if too_few(rows, events) else ("clusters", clusters or 0)
                       )  # fmt: skip
    return f"{_FEW[lacking][language == 'en']} ({count(number, language)})"


def judged_rows(cohort: Result) -> str:
    """Of how many households and clusters the judged rows are."""
    text = f"{count(cohort['rows'])} of {count(cohort['households'])} households"
    clusters = cohort.get("clusters")
    if clusters is None:
        return text
    if clusters == cohort["households"]:
        return f"{text}, each a cluster of its own"
    return f"{text} in {count(clusters)} cluster{'' if clusters == 1 else 's'}"


def design(result: Result) -> str:
    """How rows were held back for judging, and by how many models; empty for a model that was fitted before."""
    kind, number = result.get("design"), len(result.get("splits") or [])
    if kind == "grouped cross-validation":
        return (f"{kind}, {number} folds of whole clusters: each row is judged by a model that saw no row of its "
                "cluster, of any period")  # fmt: skip
    if kind and number > 1:
        return f"{kind}, {number} windows, each judged by a model of its own"
    return str(kind or "")


def last_window(result: Result) -> str:
    """Which of several models the rows and origins of training are of; empty where there is one."""
    number = len(result.get("splits") or [])
    kind = "fold" if result.get("design") == "grouped cross-validation" else "window"
    return f"the last of {number} {kind}s" if number > 1 else ""


def figure(summary: Summary | None, metric: str, events: int | None, language: Language = "en", gap: bool = False,
           ) -> str:  # fmt: skip
    """A value as text; where it is null "too few falls (k)" or, with falls enough, "not defined".

    Parameters
    ----------
    events : falls that it stands on; None where it stands on none. gap : a difference, so shares are in points.
    """
    if events is not None and events < FEWEST_FALLS:
        return few(events, events, language)
    if not summary or summary.get("value") is None:
        return "tidak terdefinisi" if language == "id" else "not defined"
    return _scaled(summary["value"], metric, language) + _unit(metric, language, gap)


def interval(summary: Summary | None, metric: str, language: Language = "en", gap: bool = False) -> str:
    """The interval as text, empty where there is none."""
    if not summary or summary.get("low") is None or summary.get("high") is None:
        return ""
    to = "sampai" if language == "id" else "to"
    low, high = (_scaled(summary[key], metric, language) for key in ("low", "high"))
    return f"{low} {to} {high}{_unit(metric, language, gap)}"


def _scaled(value: float | None, metric: str, language: Language) -> str:
    assert value is not None
    if metric.startswith(SHARES):
        return decimal(100 * value, 1, language)
    return decimal(value, 4 if metric in ("log_loss", "brier") else 3, language)


def _unit(metric: str, language: Language, gap: bool) -> str:
    if not metric.startswith(SHARES):
        return ""
    points = "poin" if language == "id" else "points"
    return f"\N{NO-BREAK SPACE}{points if gap else '%'}"


def verdict(summary: Summary | None, metric: str, cohort: Result | None = None) -> str:
    """`better`, `worse` or `undecided` of a paired difference, Jaga minus baseline; undecided, too, where the rows
    (`cohort`) are of too few clusters for its interval."""
    if cohort is not None and few_clusters(cohort):
        return "undecided"
    if not summary or summary.get("low") is None or summary.get("high") is None:
        return "undecided"
    low, high = float(summary["low"] or 0), float(summary["high"] or 0)
    if low <= 0 <= high:
        return "undecided"
    return "better" if (high < 0) == (metric in LOWER_IS_BETTER) else "worse"


def rivals(result: Result) -> list[str]:
    """The baselines to answer against: the one that catches most, and beside it the rule in use (1.0-1.5)."""
    known = "welfare_rule" in result["differences"] and _value(result, "welfare_rule", HEADLINE) is not None
    first = strongest(result, HEADLINE)
    return list(dict.fromkeys([*([first] if first else []), *(["welfare_rule"] if known else [])]))


def strongest(result: Result, metric: str = "average_precision") -> str | None:
    """The baseline with the highest `metric`."""
    names = [name for name in result["differences"] if _value(result, name, metric) is not None]
    return max(names, key=lambda name: _value(result, name, metric) or 0.0, default=None)


def _value(result: Result, name: str, metric: str) -> float | None:
    return result["models"].get(name, {}).get(metric, {}).get("value")


def answer(result: Result, language: Language = "en") -> str:
    """One sentence: of 100 falls, how many stand in the top tenth of the list, beside the strongest baseline on that
    and the rule in use."""
    own, names = _value(result, "jaga", HEADLINE), rivals(result)
    if own is None:
        events = count(result["cohort"]["events"], language)
        return (f"Belum dapat dijawab: {events} kejadian jatuh di antara baris yang dinilai." if language == "id"
                else f"No answer yet: {events} falls among the judged rows.")  # fmt: skip
    places = max((_places(result, name) for name in names), default=0)
    share = decimal(100 * own, places, language)
    start = (f"Jaga menjaring {share} dari 100 kejadian jatuh dalam sepersepuluh teratas daftar" if language == "id"
             else f"Jaga catches {share} of 100 falls in the top tenth of the list")  # fmt: skip
    return "; ".join([start, *(_beside(result, name, places, language) for name in names)]) + "."


def _beside(result: Result, name: str, places: int, language: Language) -> str:
    """The same figure of one baseline, and the paired difference with its interval; says where it is undecided."""
    own, other = _value(result, "jaga", HEADLINE), _value(result, name, HEADLINE)
    assert own is not None
    assert other is not None
    summary = result["differences"][name].get(HEADLINE)
    gap = decimal(100 * (own - other), places, language)
    title = _title(name, language)
    if len(result["differences"]) > 1 and name == strongest(result, HEADLINE):
        title += ", pembanding terkuat dalam hal ini," if language == "id" else ", the strongest baseline on this,"
    text = f"{title} {decimal(100 * other, places, language)}; "
    text += f"selisih {gap}" if language == "id" else f"difference {gap}"
    if _whole(summary):
        to = "sampai" if language == "id" else "to"
        low, high = (decimal(100 * float(summary[key] or 0), places, language) for key in ("low", "high"))
        text += f" ({low} {to} {high})"
    if verdict(summary, HEADLINE, result["cohort"]) == "undecided":
        text += ", belum dapat diputuskan mana yang lebih baik" if language == "id" else ", undecided which is better"
    return text


def strongest_beside(result: Result) -> str | None:
    """The strongest baseline by average precision, and how Jaga compares with it on that; None where none has one."""
    metric = "average_precision"
    name, own = strongest(result, metric), _value(result, "jaga", metric)
    if name is None or own is None:
        return None
    other, gap = _value(result, name, metric), result["differences"][name].get(metric)
    bounds = interval(gap, metric)
    found = verdict(gap, metric, result.get("cohort"))
    say = {"better": "Jaga is better", "worse": "Jaga is worse"}.get(found, "undecided which is better")
    return (f"{_title(name, 'en')} {decimal(other or 0.0, 3)}, Jaga {decimal(own, 3)}; difference "
            f"{decimal(own - (other or 0.0), 3)}{f' ({bounds})' if bounds else ''}, {say}")  # fmt: skip


def _whole(summary: Summary | None) -> bool:
    return summary is not None and all(summary.get(key) is not None for key in ("value", "low", "high"))


def _places(result: Result, name: str) -> int:
    """Decimals of a sentence: none, unless rounding would break its sum or hide on which side of 0 a bound lies."""
    own, other = (100 * (_value(result, who, HEADLINE) or 0.0) for who in ("jaga", name))
    summary = result["differences"][name].get(HEADLINE) or {}
    bounds = [100 * (summary.get(key) or 0.0) for key in ("low", "high")]
    hidden = any(bound != 0 and round(bound) == 0 for bound in bounds)
    return 1 if hidden or round(own) - round(other) != round(own - other) else 0


def _title(name: str, language: Language) -> str:
    title = word(MODELS, name, language)
    # Names of methods keep their capitals inside a sentence; ordinary words do not.
    title = title if title[:2].isupper() or name in ("xgboost", "catboost") else title[0].lower() + title[1:]
    return f"the {title}" if language == "en" and name.endswith("_rule") else title


def span(periods: int, frequency: str | None, language: Language = "en") -> str:
    """A number of periods in words: "4 quarters"."""
    if language == "id":
        return f"{periods} {({'quarter': 'triwulan', 'year': 'tahun'}).get(frequency or '', 'periode')}"
    return f"{periods} {frequency or 'period'}{'' if periods == 1 else 's'}"


def about_panel(result: Result, language: Language = "en") -> str:
    """What the panel can and cannot tell of Indonesia."""
    if result.get("synthetic"):
        return ("Semua angka berasal dari panel sintetis: keluarga di dalamnya tidak ada, dan angkanya menguji cara "
                "kerja, bukan ketepatan untuk Indonesia." if language == "id" else
                "All figures come from a synthetic panel: its households do not exist. These figures test the method, "
                "not Indonesian accuracy.")  # fmt: skip
    if result.get("place") == "Indonesia":
        return ""
    if not result.get("place"):  # of a panel of one's own only its owner knows where its families live
        tabel, table = ("tabel", "table") if result.get("source") == "table" else ("panel", "panel")
        return (f"Angka ini berlaku untuk {tabel} yang dinilai saja." if language == "id"
                else f"These figures hold for the {table} that was judged alone.")  # fmt: skip
    return ("Angka ini menguji cara kerja, bukan ketepatan untuk Indonesia." if language == "id"
            else "These figures test the method, not Indonesian accuracy.")  # fmt: skip
