"""The model card, in Bahasa Indonesia and English, from the figures of a judged model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from models.fairness import told_enough
from models.words import GROUPS, KINDS, LEVELS, METRICS, MODELS, NBSP, SOURCES, VIEWS, Language, word
from training import probast
from training.figures import about_panel, answer, count, decimal, few, figure, interval, span, verdict
from training.limits import TOLERANCE, calibrated, worst

SHOWN = ("auc", "average_precision", "log_loss", "calibration_slope", "recall_at_10", "precision_at_10")
COMPARED = ("auc", "average_precision", "log_loss", "recall_at_10")
VERDICTS = {"better": "Jaga lebih baik", "worse": "pembanding lebih baik", "undecided": "belum dapat diputuskan"}
_ANSWERS = {"pass": ("lulus", "pass"), "unknown": ("tidak diketahui", "unknown"), "fail": ("gagal", "fail")}
_ENOUGH = {"pass": ("ya", "yes"), "unknown": ("belum diketahui", "not known"),
           "fail": ("tidak, terlalu rendah", "no, too small")}  # fmt: skip
FAMILIES = {"household": "keluarga", "work": "pekerjaan", "automation": "paparan otomatisasi", "history": "riwayat",
            "place": "tempat"}  # fmt: skip


def markdown(result: Mapping[str, Any], schema: Mapping[str, Any], language: Language) -> str:
    """The card as Markdown; the same input gives the same text.

    Parameters
    ----------
    result : what `jaga evaluate --json` writes (docs/schema/evaluate.schema.json).
    schema : the bundle's `schema.json`; what it says of features, view, horizon and refit holds over the result, which
        is of the judged model. With `bundle` and `data_hash` beside it the card says which model it is of.
    language : `id` or `en`.
    """
    cohort, band = result["cohort"], result["bands"]["vulnerable"]
    frequency = schema.get("frequency", result.get("frequency"))
    return str(
        _template(language).render(
            synthetic=bool(result.get("synthetic") or schema.get("synthetic")),
            panel=about_panel({**result, "synthetic": result.get("synthetic") or schema.get("synthetic")}, language),
            answer=answer(result, language),
            horizon=span(schema.get("horizon", result["horizon"]), frequency, language),
            lookback=span(schema.get("lookback", result["lookback"]), frequency, language),
            source=word(SOURCES, str(result.get("source", schema.get("source"))), language),
            calibration=_calibration(result["models"]["jaga"], cohort["events"], language),
            line=_line(result.get("line"), language),
            view=word(VIEWS, str(schema.get("view", result.get("view"))), language),
            train=_train(result.get("train"), language),
            features=_features(result, schema, language),
            unjudged=", ".join(_unjudged(schema)),
            refit=count(schema["trained_rows"], language) if schema.get("refit") and "trained_rows" in schema else "",
            identity=schema if "bundle" in schema else None,
            kept_out=_protected_out(_names(result, schema)),
            cohort={key: count(cohort[key], language) for key in ("rows", "events", "households")},
            test_from=result.get("test_from"),
            **{name: count(cohort.get(key) or 0, language)
               for name, key in (("embargoed",) * 2, ("shared", "shared_clusters"), ("censored",) * 2)},
            table=_models(result, language),
            differences=_differences(result, language),
            kinds=_kinds(result, language),
            band={key: count(band["cohort"][key], language) for key in ("rows", "events")},
            vulnerable=_models(band, language),
            bias=_bias(result, schema, language),
            groups=_groups(result.get("fairness") or {}, language),
            champion=_champion(result.get("champion"), language),
        )
    )  # fmt: skip


@cache
def _template(language: Language) -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = Path(__file__).parent / "templates"
    # Markdown, not HTML: whoever shows it as a page escapes it there.
    environment = Environment(loader=FileSystemLoader(folder), autoescape=False, undefined=StrictUndefined,  # noqa: S701
                              trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)  # fmt: skip
    return environment.get_template(f"card.{language}.md")


def _names(result: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    return list(schema.get("features") or (result.get("train") or {}).get("features") or ())


def _unjudged(schema: Mapping[str, Any]) -> list[str]:
    """Features of the model that answers which the judged one, fitted on fewer rows, did not have."""
    judged = schema.get("judged")
    return [name for name in schema["features"] if name not in judged["features"]] if judged else []


def _protected_out(names: list[str]) -> bool:
    """Whether the features are known and none of them is protected."""
    known = _known(names)
    return bool(known) and not any(feature.protected for feature in known)


def _known(names: list[str]) -> list[Any]:
    from features import registry

    own = {feature.name: feature for feature in registry.all_features()}
    return [own[name] for name in names if name in own]


def _features(result: Mapping[str, Any], schema: Mapping[str, Any], language: Language) -> str:
    """Number of features by family."""
    names = _names(result, schema)
    families = [feature.family for feature in _known(names)]
    parts = [f"{FAMILIES.get(name, name) if language == 'id' else name} {families.count(name)}"
             for name in dict.fromkeys(families)]  # fmt: skip
    if not names:
        return ""
    return f"{len(names)} ({', '.join(parts)})" if parts else str(len(names))


def _train(train: Mapping[str, Any] | None, language: Language) -> dict[str, str]:
    if not train:
        return {}
    to = "sampai" if language == "id" else "to"
    return {
        "rows": count(train["rows"], language),
        "events": count(train["events"], language),
        "households": count(train["households"], language) if "households" in train else "",
        "span": f"{train['from']} {to} {train['to']}" if "from" in train and "to" in train else "",
    }


def _line(line: float | str | None, language: Language) -> str:
    if isinstance(line, int | float):
        return f"{line:g}".replace(".", "," if language == "id" else ".")
    return line or ""


def _cell(summary: Mapping[str, float | None] | None, metric: str, events: int, language: Language,
          gap: bool = False) -> str:  # fmt: skip
    bounds = interval(summary, metric, language, gap)
    return figure(summary, metric, events, language, gap) + (f" ({bounds})" if bounds else "")


def _models(part: Mapping[str, Any], language: Language) -> str:
    head = ["Model", *(word(METRICS, metric, language) for metric in SHOWN)]
    events = part["cohort"]["events"]
    if part["cohort"].get("too_few"):
        none = "tidak ada angka" if language == "id" else "no figures"
        return f"{few(part['cohort']['rows'], events, language).capitalize()}: {none}."
    return _rows(head, ([word(MODELS, name, language), *(_cell(own.get(m), m, events, language) for m in SHOWN)]
                        for name, own in part["models"].items()))  # fmt: skip


def _differences(part: Mapping[str, Any], language: Language) -> str:
    if not part["differences"]:
        return "Tidak ada pembanding." if language == "id" else "No baseline was judged."
    head = ["Pembanding" if language == "id" else "Baseline", *(word(METRICS, metric, language) for metric in COMPARED)]
    events = part["cohort"]["events"]

    def cell(own: Mapping[str, Any], metric: str) -> str:
        say = verdict(own.get(metric), metric, part["cohort"])
        text = _cell(own.get(metric), metric, events, language, gap=True)
        return f"{text}: {VERDICTS[say] if language == 'id' else say}"

    return _rows(head, ([word(MODELS, name, language), *(cell(own, metric) for metric in COMPARED)]
                        for name, own in part["differences"].items()))  # fmt: skip


def _kinds(result: Mapping[str, Any], language: Language) -> str:
    rows = "baris" if language == "id" else "rows"
    falls = "jatuh" if language == "id" else "falls"
    blocks = []
    for name, part in result["kinds"].items():
        cohort = part["cohort"]
        size = f"{count(cohort['rows'], language)} {rows}, {count(cohort['events'], language)} {falls}"
        blocks.append(f"### {word(KINDS, name, language)} ({size})\n\n{_models(part, language)}")
    return "\n\n".join(blocks)


def _bias(result: Mapping[str, Any], schema: Mapping[str, Any], language: Language) -> dict[str, str] | None:
    """The risk-of-bias sheet: counts, and every item with its answer and why."""
    names = _names(result, schema)
    if not names or "bootstrap" not in result:
        return None
    hidden = tuple(feature.name for feature in _known(names) if feature.protected)
    items = probast.sheet(result, {**schema, "features": names}, hidden, language)
    titles = {name: title[language == "en"] for name, title in _ANSWERS.items()}
    counts = ", ".join(f"{sum(item.answer == name for item in items)} {title}" for name, title in titles.items())
    head = ["Nomor", "Pertanyaan", "Jawaban", "Alasan"] if language == "id" else ["Number", "Question", "Answer", "Why"]
    return {"counts": counts, "table": _rows(head, ([item.number, item.question, titles[item.answer], item.why]
                                                    for item in items))}  # fmt: skip


def _groups(groups: Mapping[str, Any], language: Language) -> str:
    head = ["Kelompok", "Baris", "Jatuh", "Jatuh yang terjaring", "Perkiraan per kejadian", "Cukup besar?"]
    if language == "en":
        head = ["Group", "Rows", "Falls", "Falls caught", "Expected over observed", "Told enough?"]
    rows = []
    for name, levels in groups.items():
        for level, cell in levels.items():
            own = cell["figures"]
            enough = told_enough(own and own["expected_over_observed"])
            rows.append(
                [
                    f"{word(GROUPS, name, language)}: {word(LEVELS, level, language)}",
                    count(cell["rows"], language),
                    count(cell["events"], language),
                    *(
                        [few(cell["rows"], cell["events"], language)] * 2
                        if cell["too_small"]
                        else [
                            _cell(own["recall"], "recall_", cell["events"], language),
                            _cell(own["expected_over_observed"], "expected_over_observed", cell["events"], language),
                        ]
                    ),
                    _ENOUGH[enough][language == "en"],
                ]
            )
    return _rows(head, rows) if rows else ""


_CALIBRATED = {
    "pass": ("terkalibrasi dalam batas yang dibolehkan", "is calibrated within what is allowed"),
    "fail": ("TIDAK terkalibrasi dalam batas yang dibolehkan", "is NOT calibrated within what is allowed"),
    "unknown": ("belum diketahui terkalibrasi atau tidak, karena kejadian jatuh terlalu sedikit",
                "is not known to be calibrated: too few falls to tell"),
}  # fmt: skip


def _calibration(own: Mapping[str, Any], events: int, language: Language) -> str:
    """One sentence from the held-out rows: whether what is told comes true, by slope and balance, and the limits."""
    names = ("calibration_slope", "expected_over_observed")
    answer = _CALIBRATED[worst([calibrated(own[name]) for name in names])][language == "en"]
    shown = ", ".join(f"{word(METRICS, name, language).lower()} {_cell(own[name], name, events, language)}"
                      for name in names)  # fmt: skip
    low, high = (decimal(bound, 2, language) for bound in TOLERANCE)
    if language == "id":
        return f"Pada baris yang disisihkan model ini {answer}: {shown}; dibolehkan {low} sampai {high}."
    return f"On held-out rows the model {answer}: {shown}; {low} to {high} is allowed."


def _champion(compared: Mapping[str, Any] | None, language: Language) -> str:
    """The challenger minus the champion, or why they could not be compared."""
    if not compared:
        return ""
    if not compared["differences"]:
        why = compared.get("reason_id") or compared["reason"]
        return (f"Tidak dapat dibandingkan dengan {compared['bundle']}: {why}." if language == "id" else
                f"Not to be compared with {compared['bundle']}: {compared['reason']}.")  # fmt: skip
    own, events = compared["differences"], compared["events"]
    gaps = "; ".join(f"{word(METRICS, name, language)} {_cell(own[name], name, events, language, gap=True)}"
                     for name in ("auc", "average_precision", "log_loss"))  # fmt: skip
    size = (f"{count(compared['rows'], language)} baris, {count(events, language)} jatuh" if language == "id" else
            f"{count(compared['rows'])} rows, {count(events)} falls")  # fmt: skip
    minus = "Penantang dikurangi" if language == "id" else "Challenger minus"
    return f"{minus} {compared['bundle']} ({size}): {gaps}."


def _rows(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines).replace(NBSP, " ")
