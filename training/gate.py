"""The promotion: a bundle through its gates, what a person answers for, and what is written down."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from features.commands import UserError
from models import bundle as bundles
from models import record
from training import track
from training.gates import Accepted, Gate, gates, signature

INDONESIAN = ":id"
"""What ends the key of a gate whose reason is told in Bahasa Indonesia."""


def newest(home: Path, tell: Callable[[str], None] = lambda text: None) -> Path:
    """The bundle trained last of those that are registered, or of all where none is; UserError where there is none.

    tell : told of one that is newer and not registered, as while its training goes on.
    """
    made = {path: _created(path) for path in record.folder(home).glob("*/meta.json") if not path.parent.is_symlink()}
    if not made:
        raise UserError(f"no bundle in {record.folder(home)}; run jaga train first")
    last = sorted(made, key=lambda path: made[path], reverse=True)
    known = track.registered()
    found = next((path for path in last if path.parent.name in known), last[0]).parent
    if found != last[0].parent:
        tell(f"bundle {last[0].parent.name} is newer but not registered: its training has not ended, or was cut short; "
             f"{found.name} is the last that is")  # fmt: skip
    return found


def _created(meta: Path) -> str:
    return str(json.loads(meta.read_text()).get("created", ""))


def promote(home: Path, path: Path, accept: Mapping[str, str] | None = None,
            answers: Mapping[str, Any] | None = None) -> list[Gate]:  # fmt: skip
    """Let a bundle through its gates and, if all are open, make it the champion; the gates say what was found.

    Parameters
    ----------
    accept : key of an unknown gate to the reason for which the person who runs this answers for it, and key with
        `INDONESIAN` to the same in Bahasa Indonesia; written into the record with the name.
    answers : to the risk-of-bias sheet (`training.probast.answers`).

    Raises
    ------
    UserError : `accept` names no gate, or one that failed.
    """
    found = look(home, path, answers)
    accept = accept or {}
    found = [_accepted(gate, accept.get(gate.key), accept.get(f"{gate.key}{INDONESIAN}", "")) for gate in found]
    strange = {key.removesuffix(INDONESIAN) for key in accept} - {gate.key for gate in found}
    if strange:
        raise UserError(f"--accept {sorted(strange)[0]}: no such gate; gates: {', '.join(gate.key for gate in found)}")
    if all(gate.open for gate in found) and not is_champion(home, path):
        record.promote(home, path, entry("promote", bundles.meta(path), found))
    return found


def is_champion(home: Path, path: Path) -> bool:
    """Whether this bundle is the one that answers."""
    return record.promoted(home) == bundles.load(path).identity


def look(home: Path, path: Path, answers: Mapping[str, Any] | None = None) -> list[Gate]:
    """Every gate of a bundle as it would be promoted now; nothing is changed."""
    bundle, meta = bundles.load(path), bundles.meta(path)
    registered = track.signature(bundle.name)  # first of all: without the tracker nothing can be said
    result = meta["result"]
    if answers:
        result = {**result, "answers": answers}
    before = record.promoted(home)
    found = gates(result, bundle.schema | {"name": bundle.name}, before and before[:12])
    return [*found, signature(*registered)]


def _accepted(gate: Gate, why: str | None, why_id: str) -> Gate:
    """An unknown gate with a person's word; one that passed needs none, and one that failed takes none."""
    if why is None or gate.answer == "pass":
        return gate
    if gate.answer == "fail":
        raise UserError(f"--accept {gate.key}: this gate failed ({gate.found}); only an unknown one can be accepted")
    return replace(gate, accepted=Accepted(getpass.getuser(), why, why_id))


def reasons(given: Sequence[str]) -> dict[str, str]:
    """Reasons by gate, from texts GATE=REASON and GATE:id=REASON; UserError where one is not of this form, gives no
    reason, or stands in Bahasa Indonesia alone: the record is told in English as well."""
    found = {}
    for text in given:
        key, _, why = text.partition("=")
        if not key.strip() or not why.strip():
            raise UserError(f"--accept {text}: GATE=REASON is needed, the reason in words; it goes into the record")
        found[key.strip()] = why.strip()
    for key in found:
        if key.endswith(INDONESIAN) and key.removesuffix(INDONESIAN) not in found:
            raise UserError(f"--accept {key}: the same reason in English is needed beside it, as GATE=REASON")
    return found


def accepted(gates: Mapping[str, Any]) -> list[str]:
    """What a person answered for, and why, from the gates of an entry of the record."""
    return [f"{name}: accepted by {one['accepted']['who']}: {one['accepted']['why']}; {one['found']}"
            for name, one in gates.items() if one.get("accepted")]  # fmt: skip


def rollback(home: Path, name: str | None = None) -> tuple[bundles.Bundle, bool]:
    """Make an earlier champion answer again, the one before without a name; returns it, and whether the record was
    changed: not where the named one is the champion already. Nothing is erased.

    Raises
    ------
    UserError : there is none before, or the named one was never promoted.
    """
    past = [str(entry["bundle"]) for entry in record.entries(home)]
    if not past:
        raise UserError("no bundle was ever promoted; there is nothing to go back to")
    earlier = list(dict.fromkeys(identity for identity in reversed(past) if identity != past[-1]))
    if name:
        wanted = [identity for identity in past if identity.startswith(name)]
        if not wanted:
            raise UserError(f"bundle {name} was never promoted; jaga promote --history tells which were")
        identity = wanted[-1]
    elif earlier:
        identity = earlier[0]
    else:
        raise UserError("only one bundle was ever promoted; there is none to go back to")
    path = record.folder(home) / identity[:12]
    bundle = bundles.load(path)
    if identity == past[-1]:
        return bundle, False
    meta = json.loads((path / "meta.json").read_text())
    was = next(one for one in reversed(record.entries(home)) if one["bundle"] == identity)
    made = entry("rollback", meta, [])
    record.promote(home, path, {**made, "gates": was["gates"]})
    return bundle, True


def entry(action: str, meta: Mapping[str, Any], found: Sequence[Gate]) -> record.Entry:
    """What the record keeps of a decision."""
    figures = {name: meta["result"]["models"]["jaga"][name] for name in ("auc", "average_precision", "log_loss")}
    return {
        "action": "rollback" if action == "rollback" else "promote",
        "who": getpass.getuser(),
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "data_hash": meta["data_hash"],
        "gates": {gate.name: gate.told() for gate in found},
        "figures": figures,
    }
