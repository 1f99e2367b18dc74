"""Rows that SQLite would replace: `INSERT OR REPLACE` and `UPDATE OR REPLACE` fire no DELETE trigger."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

_AUDIT = "jaga: an audit row is never changed"
_LIST = "jaga: a confirmed list is never changed"
_KEPT = ("EXISTS (SELECT 1 FROM lists WHERE status = 'confirmed' "
         "AND (id = NEW.id OR (number = NEW.number AND version = NEW.version)))")  # fmt: skip
_SQLITE = (
    ("guard_audit_insert", "INSERT", "audit", "EXISTS (SELECT 1 FROM audit WHERE n = NEW.n)", _AUDIT),
    ("guard_lists_insert", "INSERT", "lists", _KEPT, _LIST),
    ("guard_lists_over", "UPDATE", "lists", f"OLD.status <> 'confirmed' AND {_KEPT}", _LIST),
)


def upgrade() -> None:
    """Put the triggers in place; PostgreSQL replaces no row without its triggers."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for name, act, table, when, told in _SQLITE:
        op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {when} "
                   f"BEGIN SELECT RAISE(ABORT, '{told}'); END")  # fmt: skip
