"""The files of a simulation, and its summary for the terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from features.commands import UserError
from models.numbers import count, money, number, signed
from models.schemes import ahead, grounds, judging, lasting, named, origin, pictures, telling, unaided, way, whom
from models.schemes.tables import tables
from models.schemes.words import said as schemes_said
from models.words import Language, word

Row = dict[str, Any]
RESULT = "hasil.json"
WORDS: dict[str, tuple[str, str]] = {
    "draws_seed": ("undian, benih", "draws, seed"),
    "draws": ("undian", "draws"),
    "effects": ("dampak", "effects"),
    "families": ("keluarga yang ikut", "families taking part"),
    "of_100": ("dari 100", "of 100"),
    "exclusion": ("yang tanpa skema di bawah garis, tidak terjangkau", "below the line with no scheme, not reached"),
    "inclusion": ("yang dijangkau, di atas garis", "reached, above the line"),
    "falls_averted": ("jatuh yang dicegah", "falls averted"),
    "relapses_averted": ("jatuh kembali yang dicegah", "relapses averted"),
    "poor_years_averted": ("tahun di bawah garis yang dicegah", "years below the line averted"),
    **{f"lasting_{months}": (f"bertahan {months} bulan sesudah bantuan", f"lasting {months} months after support")
       for months in (12, 24, 36)},
    "cost": ("biaya", "cost"),
    "cost_per": ("per yang bertahan 24 bulan", "per lasting 24 months"),
    "aspirin": ("dari 100 yang dicegah jatuh, jatuh lagi sesudahnya", "of 100 averted falls come back afterwards"),
    "undecided": ("tidak dapat dipastikan", "undecided"),
    "equal": ("sama", "equal"),
    "published": ("simulasi (terbit; meleset, poin)", "simulated (published; miss, points)"),
    "alone": ("guncangan saja, tanpa pertumbuhan", "known shocks alone, without growth"),
    "lived": ("yang dijalani, dengan pertumbuhan skenario {growth} % setahun",
              "as lived, with the scenario's growth of {growth} % a year"),
    "lived.shocks": ("yang dijalani, dengan pertumbuhan skenario {growth} % setahun dan guncangannya",
                     "as lived, with the scenario's growth of {growth} % a year and its shocks"),
    "lived.calm": ("jika gerak setahun tetap: skenario ini tanpa pertumbuhan dan tanpa guncangan",
                   "if yearly moves stay as they are: this scenario has neither growth nor shocks"),
    "unchanged": ("jika gerak setahun tetap, tanpa pertumbuhan dan guncangan skenario",
                  "if yearly moves stay as they are, without the scenario's growth and shocks"),
    "now": ("sekarang", "now"),
    "goal": ("sasaran", "goal"),
}  # fmt: skip
"""Words of the summary: Bahasa Indonesia, English."""
_SUMMARY = ("falls_averted", "relapses_averted", "poor_years_averted", "lasting_12", "lasting_24", "lasting_36")


def ready(folder: Path, *, force: bool) -> None:
    """UserError where files cannot go into a folder: told before the work, not after it."""
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is a file; name a folder", f"{folder} adalah berkas; sebut sebuah folder")
    if folder.exists() and any(folder.iterdir()) and not force:
        raise UserError(
            f"{folder} is not empty; choose another folder, or --force to replace files of the same names",
            f"{folder} tidak kosong; pilih folder lain, atau --force untuk mengganti berkas yang sama namanya",
        )


def write(found: Row, folder: Path, language: Language, *, force: bool = False) -> list[Path]:
    """Write JSON, parquet and pictures; names begin with `sintetis_` where families or model are made up.

    Raises
    ------
    UserError : the folder holds something already and `force` is not given.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    ready(folder, force=force)
    folder.mkdir(parents=True, exist_ok=True)
    before = "sintetis_" if found["data"]["synthetic"] else ""
    told = {"scenario": found["scenario"]["sha256"], "seed": str(found["seed"]), "draws": str(found["draws"]),
            "data": found["data"]["source"], "model": found["data"]["model"], "dynamics": found["data"]["dynamics"],
            "synthetic": str(found["data"]["synthetic"]).lower()}  # fmt: skip
    paths = [folder / f"{before}{RESULT}"]
    paths[0].write_text(json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    for name, rows in tables(found).items():
        if rows:
            paths.append(folder / f"{before}{name}.parquet")
            pq.write_table(pa.Table.from_pylist(rows).replace_schema_metadata(told), paths[-1])
    for name, svg in pictures.of(found, language).items():
        paths.append(folder / f"{before}{name}.svg")
        paths[-1].write_text(svg, encoding="utf-8")
    return paths


def summary(found: Row, language: Language) -> list[str]:
    """Lines for a person."""
    data, said = found["data"], partial(word, WORDS, language=language)
    area = named.area(found, language)
    lines = [f"== {found['scenario']['title'][language]}{f' ({area})' if area else ''}"]
    if data["synthetic"]:
        lines.append(data["label"][language].upper())
    families, model = origin.source(data["source"], language), origin.model(data["model"], language)
    lines.append(f"{families} ({model or '-'}), {found['draws']} {said('draws_seed')} {found['seed']}")
    lines.append(f"{schemes_said('version.dynamics', language)}: {origin.dynamics(data['dynamics'], language)}")
    if aimed := whom.lines(found, language):
        lines += [f"-- {schemes_said('brief.whom', language)}", *(f"   {line}" for line in aimed)]
    for arm in found["arms"]:
        lines += [f"-- {_named(arm, language)}"] if lasting.nothing(arm) else _arm(arm, language)
    answer = judging.answer(found, language)
    lines += [f"-- {schemes_said('brief.answer', language)}", f"   {answer}"]
    by = dict.fromkeys((lasting.LASTING, ahead.deciding(found["arms"], found["differences"])))
    lines += [_difference(row, name, language) for row in found["differences"] for name in by]
    shares = named.shares(language)
    for own in found["published"]:
        told = ", ".join(f"{shares[name]} {_percent(one['simulated'], language)} "
                         f"({_percent(one['published'], language)}; {signed(100 * one['miss'], language, 1)})"
                         for name, one in own["shares"].items() if one["published"] is not None)  # fmt: skip
        lines.append(f"{own['year']}, % {said('published')}: {told}")
        still = ", ".join(f"{shares[name]} {_percent(one['shocks_alone'], language)}"
                          for name, one in own["shares"].items() if one["shocks_alone"] is not None)  # fmt: skip
        lines += [f"   % {said('alone')}: {still}"] if still else []
    goal, grown = found["goal"]["inverse"], telling.growth(found, language)
    # What the answer says already is not said again.
    lines += [] if goal is None else [line for line in _goal(found, goal, language) if line.strip() not in answer]
    lines += [grown] if grown else []
    return [*lines, f"-- {schemes_said('brief.unknown', language)}",
            *(f"   {line}" for line in grounds.unknown(found, language))]  # fmt: skip


def _difference(row: Row, name: str, language: Language) -> str:
    """What one answer has over another by an outcome, with the verdict."""
    said, own = partial(word, WORDS, language=language), row["outcomes"][name]
    words = {"first": row["first"], "second": row["second"], "equal": said("equal"),
             "unreached": schemes_said("unreached", language)}  # fmt: skip
    verdict = words.get(own["verdict"], said("undecided"))
    return f"{row['first']} - {row['second']}, {said(name)}: {_told(name, own, language)}: {verdict}"


def _named(arm: Row, language: Language) -> str:
    """An answer that nobody takes part in, in one line."""
    return schemes_said("answer.zero", language, a=f"{arm['letter']} ({arm['name']}): {arm['title'][language]}")


def _arm(arm: Row, language: Language) -> list[str]:
    said, outcomes = partial(word, WORDS, language=language), arm["outcomes"]
    lines = [
        f"-- {arm['letter']} ({arm['name']}): {arm['title'][language]}"
        + (f"  [{arm['label'][language]}]" if arm["label"] else "")
    ]
    for own in arm["schemes"]:
        lines.append(f"   {said('families')}, {own['name']}: {count(own['families'], language)}")
        errors = [f"{said(name)} {100 * own[name]:.0f}" for name in ("exclusion", "inclusion") if own[name] is not None]
        if errors:
            lines.append(f"   {said('of_100')}: {'; '.join(errors)}")
    for name in _SUMMARY:
        told = [_told(name, outcomes[name], language), *telling.doubts(arm, name, language)]
        lines.append(f"   {said(name)}: {'; '.join(told)}")
    if telling.rolling(arm):
        lines.insert(-len(_SUMMARY) + 1, f"      {schemes_said('rolling', language)}")
    if (outcomes["lasting_12"]["value"] or 0) > max(outcomes["falls_averted"]["value"] or 0, 0):
        lines.append(f"      {schemes_said('lasting.more', language)}")
    price = "cost_per_lasting_24"
    each = telling.no_price(arm, price, language) or "; ".join(
        [_told(price, outcomes[price], language), *telling.doubts(arm, price, language)])  # fmt: skip
    lines.append(f"   {said('cost')}: {telling.arm_cost(arm, language, money)}; {said('cost_per')}: {each}")
    falling = telling.no_aspirin(arm, language) or "; ".join(
        [f"{_told('aspirin', outcomes['aspirin'], language)} {said('aspirin')}",
         *telling.doubts(arm, "aspirin", language), schemes_said("aspirin.about", language)])  # fmt: skip
    return [*lines, f"   aspirin: {falling}"]


def _told(name: str, figure: Row, language: Language) -> str:
    if figure["value"] is None:
        return telling.figure(name, None, language)
    write: Callable[[float, Language], str] = (
        money if name.startswith("cost") else _of_100 if name == "aspirin" else count)  # fmt: skip
    told = []
    for kind in ("draws", "effects"):
        low, high = (None if end is None else write(end, language) for end in figure[kind])
        ends = schemes_said("range" if high else f"open.{name}", language, low=low, high=high)
        told.append(f"{word(WORDS, kind, language)} {ends}")
    return f"{write(figure['value'], language)} ({'; '.join(told)})"


def _of_100(share: float, language: Language) -> str:
    return number(100 * share, language)


def _goal(found: Row, goal: Row, language: Language) -> list[str]:
    """The middle class in the year of the goal as it was lived, and apart from it what the moves alone come to."""
    said, own = partial(word, WORDS, language=language), found["assumptions"]
    lived = next(row["middle"]["value"] for row in found["without"]["rungs"] if row["year"] == goal["year"])
    growth = next(row["value"] for row in own if row["part"] == "scenario" and row["figure"] == "growth")
    if not unaided.moving(found):  # what is lived is what moves alone come to: told once
        how = str(said("lived.calm"))
    else:
        kind = "lived.shocks" if any(row["part"] == "shock" for row in own) else "lived"
        how = (f"{said(kind).format(growth=number(100 * growth, language, 2))}; "
               f"{_percent(goal['unchanged'], language)} % {said('unchanged')}")  # fmt: skip
    return [f"{named.rungs(language)['middle']} {goal['year']}: {_percent(lived, language)} % {how}; "
            f"{said('now')} {_percent(goal['now'], language)} %; "
            f"{said('goal')} {100 * goal['goal']:.0f} %",
            *(f"   {line}" for line in (*way.lines(goal, language), *way.measured(found, language)))]  # fmt: skip


def _percent(share: float, language: Language) -> str:
    return number(100 * share, language, 1)
