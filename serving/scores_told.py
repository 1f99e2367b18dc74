"""What changed between two runs, as lines of text in one language."""

from __future__ import annotations

from models.text import Language, Words, words
from serving.scores import Row
from serving.scores_change import Change, Fact, Move


def change_lines(found: Change, language: Language) -> list[str]:
    """Counts and causes, then who entered and who left."""
    told = words(language)
    say = told.score
    entered, left = sum(found.entered_why.values()), sum(found.left_why.values())
    counts = {"old": found.size_old, "new": found.size_new, "stayed": found.stayed, "entered": entered, "left": left}
    lines = [say["counts"].format(**{name: told.number(count, 0) for name, count in counts.items()})]
    if found.model_changed:
        lines.append(say["other_model"])
    for side, whys, moves in (("entered", found.entered_why, found.entered), ("left", found.left_why, found.left)):
        lines += [say[side].format(why=say[why], count=told.number(count, 0)) for why, count in whys.items()]
        for move in moves:
            lines += [f"  {move.household_id}  {_risk(move.before, language)} -> {_risk(move.after, language)}  "
                      f"{say[move.why]}", *_carried(move, told)]  # fmt: skip
    return lines


def _carried(move: Move, told: Words) -> list[str]:
    """What moved the risk, the most first; what is not told one by one as the rest."""
    if not move.parts:
        return []
    say = told.score
    lines = [f"       {say['moved'].format(moved=_signed(move.moved, told))}"]
    rest = move.moved
    for what, moved in move.carried:
        if round(moved, 2):
            rest -= moved
            lines.append(f"       * {_told_of(what, move, told)}")
    if round(rest, 2):
        lines.append(f"       * {_signed(rest, told)}  {say['rest']}")
    return lines


def _told_of(what: str | Fact, move: Move, told: Words) -> str:
    """One of the things that moved a risk: by how much, what, and its log-odds before and after."""
    say = told.score
    if isinstance(what, str):
        part, name = move.parts[what], told.place if what == "place" else say["others" if what == "other" else what]
        ends = "" if what == "other" else f" [{told.number(part.before, 2)} -> {told.number(part.after, 2)}]"
        return f"{_signed(part.moved, told)}  {name}{ends}"
    before, after = (say["untold"] if part is None else told.number(part, 2) for part in (what.before, what.after))
    sentences = [told.reason(what.key, value, part) for value, part in (
        (what.value_after, what.after), (what.value_before, what.before)) if part is not None]  # fmt: skip
    text = sentences[0] if what.after is not None else say["was"].format(fact=sentences[0])
    if len(sentences) == 2 and what.value_before != what.value_after:
        text += f"; {say['was'].format(fact=sentences[1])}"
    moved = _signed(what.moved, told)
    amount = moved if None not in (what.before, what.after) else say["least"].format(moved=moved)
    return f"{amount}  {text} [{before} -> {after}]"


def _signed(value: float, told: Words) -> str:
    """Log-odds with two decimals and a sign."""
    return f"{'-' if value < 0 and round(value, 2) else '+'}{told.number(abs(value), 2)}"


def _risk(row: Row | None, language: Language) -> str:
    say = words(language).score
    if row is None:
        return say["absent"]
    if row["status"] == "refused":
        return say["unscored"]
    return percent(row["risk"], language) if row["applies"] else say["is_poor"]


def percent(share: float | None, language: Language = "en") -> str:
    """A share in per cent with one decimal; nothing where there is none."""
    return "" if share is None else f"{words(language).number(100 * share, 1)} %"
