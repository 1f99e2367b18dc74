"""What the installation's file of facts lets a list be ordered and hastened by, for the form that makes one."""

from __future__ import annotations

from features.commands import UserError
from features.contract import SHOCKS
from serving.console import formats, listing
from serving.console.strings import Strings
from serving.lists.facts_file import LaterFactsError
from serving.office import Office


def orders(office: Office, say: Strings) -> list[tuple[str, str]]:
    """Orders to choose from; one that cannot be used says so."""
    why = {own: absent(office, own, say) for own in listing.ORDERS}
    return [(own, say.say(f"build.urutan.{own}") + (f" ({why[own]})" if why[own] else "")) for own in why]


def absent(office: Office, order: str, say: Strings) -> str:
    """Why an order cannot be chosen: the facts do not hold what it asks for; empty where they do. That nobody of the
    list's areas has it is found where the list is drawn."""
    need = listing.ORDERS.get(order, ("", None))[1]
    try:
        facts = office.facts() if need else None
    except UserError:
        facts = None
    if need is None or (facts is not None and need in facts.amounts):
        return ""
    return say.say("build.urutan.absent", what=say.say(f"build.urutan.{order}.what"))


def lane(office: Office, say: Strings) -> str:
    """Which shocks the facts hold that the fast lane is drawn by, and up to which day; or that there are none; and
    whether somebody else made the file, which decides who is on the list."""
    try:
        facts = office.facts()
    except LaterFactsError as later:
        return say.say("build.guncangan.later", date=formats.date(later.until, say.language))
    except UserError:
        return say.say("build.guncangan.broken")
    kinds = () if facts is None else facts.kinds or (SHOCKS if "shock" in facts.table.column_names else ())
    strange = "" if facts is None or facts.here else f" {say.say('build.guncangan.elsewhere', sha=facts.digest[:12])}"
    if facts is None or not kinds:
        return say.say("build.guncangan.none") + strange
    held = say.say("build.guncangan.held", names=", ".join(formats.inside(say.say(f"shock.{kind}")) for kind in kinds))
    until = "" if facts.until is None else " " + say.say(
        "build.guncangan.until", date=formats.date(facts.until, say.language))  # fmt: skip
    return held + until + strange
