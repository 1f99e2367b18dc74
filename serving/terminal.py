"""What a problem of the service is at a terminal of its server, where no page is read."""

from __future__ import annotations

from features.commands import UserError
from serving.problems import RULES, Problem

_FIELDS = {"new": "the password"}
"""Names of fields that nobody typed."""


def told(problem: Problem) -> UserError:
    """The error that a command ends with, its broken rules too; of a database that is away which one, what to do."""
    if "database" in problem.values:
        return UserError("the database {database} cannot be reached or written: {why}; start it or mend what is told, "
                         "or name another one in JAGA_DB, then try again".format_map(problem.values))  # fmt: skip
    broken = "; ".join(f"{_FIELDS.get(own.field, own.field)} {RULES[own.rule][1]}" for own in problem.broken)
    if broken and problem.code == "invalid":
        return UserError(broken)
    return UserError("; ".join(filter(None, (problem.title("en").rstrip("."), broken))))
