"""What changed between two runs, as lines of text in one language."""

from __future__ import annotations

from collections.abc import Mapping

from features.keys import grouped
from models.text import Language, Words, words
from serving.area_names import named
from serving.scores.change import Change
from serving.scores.lines import beside, percent, signed
from serving.scores.move import OTHER, Fact, Move
from serving.scores.reader import Row


def change_lines(found: Change, language: Language) -> list[str]:
    """Counts and causes, then who entered, who left, and who stayed and lives elsewhere now."""
    told = words(language)
    say = told.score
    entered, left = sum(found.entered_why.values()), sum(found.left_why.values())
    counts = {"old": found.size_old, "new": found.size_new, "stayed": found.stayed, "entered": entered, "left": left}
    lines = [_counted("counts", counts, told)]
    if found.model_changed:
        lines.append(say["other_model"])
    if any(found.relocated.values()):
        lines.append(_counted("relocated_count", found.relocated, told))
    for side, whys, moves in (("entered", found.entered_why, found.entered), ("left", found.left_why, found.left)):
        lines += [say[side].format(why=say[why], count=told.number(count, 0)) for why, count in whys.items()]
        for move in moves:
            lines += [_head(move, told, f"  {say[move.why]}"), *_place(move, told), *_poor(move, found, told),
                      *_carried(move, told)]  # fmt: skip
    lines += [say["stayed_relocated"]] if found.stayed_relocated else []
    for move in found.stayed_relocated:
        lines += [_head(move, told), *_place(move, told)]
    return [*lines, *_few_reasons(found, told)]


def _counted(key: str, counts: Mapping[str, int], told: Words) -> str:
    return told.score[key].format(**{name: told.number(count, 0) for name, count in counts.items()})


def _head(move: Move, told: Words, why: str = "") -> str:
    risks = (_risk(row, told.language) for row in (move.before, move.after))
    return f"  {grouped(move.household_id)}  {' -> '.join(risks)}{why}"


def _place(move: Move, told: Words) -> list[str]:
    """Where a household lives now and lived before, where that differs or was learnt between."""
    if move.before is None or move.after is None:
        return []
    codes = [(row["province"], row["regency"]) for row in (move.before, move.after)]
    if codes[0] == codes[1]:
        return []
    before, after = (_named(regency or province, told) for province, regency in codes)
    key = "relocated" if move.relocated else "place_learnt"
    return [f"       {told.score[key].format(before=before, after=after)}"]


def _named(code: str | None, told: Words) -> str:
    if code is None:
        return told.score["unknown"]
    name = named(code, told.language)
    return code if name == code else f"{name} ({code})"


def _poor(move: Move, found: Change, told: Words) -> list[str]:
    """Why a household is judged poor in one run and not in the other: the chance of being poor now, and the cut."""
    rows = [row for row in (move.before, move.after) if row is not None and row["status"] == "scored"]
    if len(rows) < 2 or rows[0]["applies"] == rows[1]["applies"]:
        return []
    say, cuts = told.score, (found.poor_from_old, found.poor_from_new)
    before, after = (_poor_now(row, cut, told) for row, cut in zip(rows, cuts, strict=True))
    if all(row["rung"] for row in rows):
        cut = ""  # both were measured
    elif cuts[0] == cuts[1]:
        cut = say["poor_cut"].format(cut=percent(cuts[0], told.language))
    else:
        cut = say["poor_cuts"].format(old=percent(cuts[0], told.language), new=percent(cuts[1], told.language))
    cut += say["poor_model"] if found.model_changed else ""
    return [f"       {say['poor_now'].format(before=before, after=after, cut=cut)}"]


def _poor_now(row: Row, cut: float, told: Words) -> str:
    """How likely a family is poor now: as it was measured, or by estimate."""
    if row["rung"]:
        return told.score["poor_measured"].format(rung=told.rungs[row["rung"]])
    return f"{beside(row['p_poor_now'], cut, told.language)} %"


def _few_reasons(found: Change, told: Words) -> list[str]:
    """Where nothing moved risks more than what the scores do not tell: why not, and what to do; none where they do."""
    moves = [move for move in (*found.entered, *found.left) if move.parts]
    led = [move for move in moves if move.other_leads]
    say, kept = told.score, (found.reasons_old, found.reasons_new)
    full = sum(any(len(row["reasons"]) >= most
                   for row, most in zip((move.before, move.after), kept, strict=True) if row is not None)
               for move in led)  # fmt: skip
    why = (say["kept_same"].format(n=kept[0]) if kept[0] == kept[1] else
           say["kept_two"].format(old=kept[0], new=kept[1]))  # fmt: skip
    return [say[key].format(some=told.number(some, 0), told=told.number(len(moves), 0), kept=why)
            for key, some in (("few_reasons", full), ("never_told", len(led) - full)) if some]  # fmt: skip


def _carried(move: Move, told: Words) -> list[str]:
    """What moved the risk, the most first; what is not told one by one as the rest."""
    if not move.parts:
        return []
    say = told.score
    lines = [f"       {say['moved'].format(moved=signed(move.moved, told))}"]
    rest = move.moved
    for what, moved in move.carried:
        if round(moved, 2):
            rest -= moved
            lines.append(f"       * {_told_of(what, move, told)}")
    if round(rest, 2):
        lines.append(f"       * {signed(rest, told)}  {say['rest']}")
    return lines


def _told_of(what: str | Fact, move: Move, told: Words) -> str:
    """One of the things that moved a risk: by how much, what, and its log-odds before and after."""
    say = told.score
    if isinstance(what, str):
        part, name = move.parts[what], told.place if what == "place" else say["others" if what == OTHER else what]
        ends = "" if what == OTHER else f" [{told.number(part.before, 2)} -> {told.number(part.after, 2)}]"
        return f"{signed(part.moved, told)}  {name}{ends}"
    before, after = (say["untold"] if part is None else told.number(part, 2) for part in (what.before, what.after))
    sentences = [told.reason(what.key, value, part, brief=True) for value, part in (
        (what.value_after, what.after), (what.value_before, what.before)) if part is not None]  # fmt: skip
    text = sentences[0] if what.after is not None else say["was"].format(fact=sentences[0])
    if len(sentences) == 2 and what.value_before != what.value_after:
        text += f"; {say['was'].format(fact=sentences[1])}"
    moved = signed(what.moved, told)
    amount = moved if None not in (what.before, what.after) else say["least"].format(moved=moved)
    return f"{amount}  {text} [{before} -> {after}]"


def _risk(row: Row | None, language: Language) -> str:
    say = words(language).score
    if row is None:
        return say["absent"]
    if row["status"] == "refused":
        return say["unscored"]
    if not row["applies"]:
        return say["is_poor"] if row["rung"] else say["judged_poor"]  # as measured, or by estimate
    return percent(row["risk"], language)
