"""What `jaga schemes` prints, in the language that is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from models.few import FEWEST
from models.numbers import PERCENT, count, number, rupiah
from models.schemes import described, library, parts, scenario, telling
from models.schemes.checks import DEFAULT
from models.schemes.lasting import LASTING
from models.schemes.parts import Scheme, Shock
from models.schemes.scenario import Scenario
from models.schemes.selection import rolling
from models.schemes.words import said
from models.words import MARK, Language, word

if TYPE_CHECKING:
    from models.schemes.run import Plan

Row = dict[str, Any]
SHOWN = 8
"""Splits that are printed."""
WORDS: dict[str, tuple[str, str]] = {
    "scheme": ("skema", "scheme"),
    "shock": ("guncangan", "shock"),
    "scenario": ("skenario", "scenario"),
    "as_it_is": ("berkasnya sendiri, apa adanya; catatan dan sumber di dalamnya berbahasa Inggris",
                 "the file itself, as it is"),
    "in_order": ("sesuai aturan", "in order"),
    "dated": ("tertanggal", "dated"),
    "take_up": ("bagian yang ikut", "share that takes part"),
    "no_cost": ("biaya tidak diketahui: {parts}", "cost not known: {parts}"),
    "no_rest": ("sisanya sesudah bantuan selesai (effect: fade) tidak ditulis; diambil 0, sebuah asumsi",
                "what is left after support ends (effect: fade) is not written; taken as 0, an assumption"),
    "mix": ("{outcome}, {budget} dalam {steps} langkah; = tidak dapat dibedakan dari yang terbaik",
            "{outcome}, {budget} in {steps} steps; = cannot be told from the best"),
    "again": ("yang terbaik sekali lagi dengan benih {seed}", "the best once more with seed {seed}"),
    "written": ("ditulis", "written"),
    "mix_few": ("{n} pembagian tidak ditampilkan: kurang dari {few} keluarga contoh ikut dalam salah satu skemanya",
                "{n} splits are not shown: fewer than {few} families of the sample take part in a scheme of theirs"),
    "mix_unseen": ("di {n} pembagian skenario berakhir sebelum 24 bulan sesudah bantuan; perpanjang skenario (years)",
                   "in {n} splits the scenario ends before 24 months after support; make it longer (years)"),
    "mix_nothing": ("tidak satu pun pembagian mengubahnya, jadi tidak ada yang terbaik",
                    "no split changes it, so that none is the best"),
    "mix_falls": ("coba hasil lain: --outcome falls_averted, relapses_averted, atau poor_years_averted",
                  "try another outcome: --outcome falls_averted, relapses_averted, or poor_years_averted"),
    "again_few": ("kurang dari {few} keluarga contoh ikut dalam salah satu skemanya, jadi tidak ditampilkan",
                  "fewer than {few} families of the sample take part in a scheme of it, so it is not shown"),
}  # fmt: skip


def rows(language: Language) -> list[dict[str, str]]:
    """Schemes, shocks and scenarios of the library, with where their effects are from."""
    own: list[tuple[str, Scheme | Shock]] = [("scheme", one) for one in library.schemes()]
    own += [("shock", one) for one in library.shocks()]
    found = [{"kind": kind, "name": one.name, "title": getattr(one.title, language),
              "basis": one.effect.basis if isinstance(one, Scheme) else one.basis} for kind, one in own]  # fmt: skip
    return found + [{"kind": "scenario", "name": name, "title": getattr(scenario.named(name).title, language),
                     "basis": ""} for name in library.names("scenarios")]  # fmt: skip


def listed(found: list[dict[str, str]], language: Language) -> Iterator[str]:
    """A line each."""
    width = max(len(one["name"]) for one in found)
    for one in found:
        basis = f" [{said('basis.' + one['basis'], language)}]" if one["basis"] else ""
        yield f"{word(WORDS, one['kind'], language):9} {one['name']:{width}}  {one['title']}{basis}"


def shown(own: Scheme | Shock, language: Language) -> Iterator[str]:
    """One of the library: whom it reaches, what it does, every figure with its range, year and source."""
    told = described.scheme(own, language) if isinstance(own, Scheme) else described.shock(own, language)
    yield f"{told['title']}  ({own.name}, {word(WORDS, 'dated', language)} {own.dated}; {told['kind']})"
    yield from (f"  {one}" for one in told["references"])
    for name, value in told["lines"]:
        yield f"  {name}: {value}"
    for one in told["figures"]:
        unit = one["unit"].removeprefix("rupiah ") if "Rp" in one["value"] else one["unit"]
        value = f"{one['value']} {unit}".strip()
        yield f"  {one['figure']}: {value}: {one['basis']} [{one['source']}]"
    if told["response"]:
        yield f"  {told['response']}"


def checked(found: Scenario | Scheme | Shock, language: Language, settled: Plan | None = None) -> Iterator[str]:
    """What stands in a file that is in order: of each scheme what takes part, what is not known of its cost, and
    that nobody wrote what is left after it; and of which answers more places need not avert more falls.

    settled : the scenario with the families that take part, where there are families; else it is said what may be.
    """
    schemes: dict[str, Scheme] = {}
    if isinstance(found, Scheme):
        schemes = {found.name: found}
    elif isinstance(found, Scenario):
        schemes = {f"{arm.name}, {one.scheme.name}": one.scheme for arm in found.arms for one in arm.schemes}
    for name, own in schemes.items():
        yield (f"  {name}: {word(WORDS, 'take_up', language)} {number(100 * own.take_up.value, language)}"
               f"{PERCENT}, {said(f'basis.{own.take_up.basis}', language)}")  # fmt: skip
        if own.cost_unknown:
            unknown = ", ".join(said(f"figure.{part}", language) for part in own.cost_unknown)
            yield f"  {name}: {word(WORDS, 'no_cost', language).format(parts=unknown)}"
        if own.effect.fade is not None and own.effect.fade.source == DEFAULT:
            yield f"  {name}: {word(WORDS, 'no_rest', language)}"
    for at, arm in enumerate(found.arms if isinstance(found, Scenario) else ()):
        title = getattr(arm.title, language)
        open_ = [one for one in arm.schemes if 0 not in (one.places, one.budget)]
        if arm.schemes and not open_:
            yield f"  {said('answer.zero', language, a=title)}"
        elif settled is None:
            if rolling(year for one in open_ for year in (one.first, one.last)):
                yield f"  {said('check.rolling', language, a=title)}"
        elif rolling(year for one in settled.arms[at] for year in one.entry.tolist()):
            yield f"  {said('unknown.rolling', language, a=title)}"


def kind_of(found: Scenario | Scheme | Shock) -> str:
    """Which of the three it is."""
    return "scheme" if isinstance(found, parts.Scheme) else "shock" if isinstance(found, parts.Shock) else "scenario"


def mixed(found: Row, language: Language, *, synthetic: bool) -> Iterator[str]:
    """The best splits of a budget (`mix.search`)."""
    if synthetic:
        yield MARK[language]
    yield word(WORDS, "mix", language).format(
        outcome=said(found["outcome"], language), budget=rupiah(found["budget"], language), steps=found["steps"]
    )
    if found["left_out"]:
        yield word(WORDS, "mix_few", language).format(n=found["left_out"], few=FEWEST)
    if found["unseen"]:
        yield word(WORDS, "mix_unseen", language).format(n=found["unseen"])
    if found["nothing"]:
        yield word(WORDS, "mix_nothing", language)
        if found["outcome"] == LASTING:
            yield word(WORDS, "mix_falls", language)
        return
    for row in found["splits"][:SHOWN]:
        shares = ", ".join(f"{name} {100 * share:.0f}{PERCENT}" for name, share in row["shares"].items()
                           if share)  # fmt: skip
        yield f"{' ' if row['worse'] else '='} {_told(found['outcome'], row, language)}: {shares}"
    again = word(WORDS, "again", language).format(seed=found["again"]["seed"])
    told = word(WORDS, "again_few", language).format(few=FEWEST) if found["again"]["few"] else _told(
        found["outcome"], found["again"], language)  # fmt: skip
    yield f"{again}: {told}"


def _told(outcome: str, figure: Row, language: Language) -> str:
    if figure["value"] is None:
        return telling.figure(outcome, None, language)
    ends = "; ".join(f"{said(kind, language)} " + said("range", language, low=count(figure[kind][0], language),
                     high=count(figure[kind][1], language)) for kind in ("draws", "effects"))  # fmt: skip
    return f"{count(figure['value'], language)} ({ends})"
