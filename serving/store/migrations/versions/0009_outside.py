"""A list keeps who stood next to its cut and on neither list nor reserve; the database guards them like places."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_LIST = "jaga: a confirmed list is never changed"
_OLD = "(SELECT status FROM lists WHERE id = OLD.list) = 'confirmed'"
_NEW = "(SELECT status FROM lists WHERE id = NEW.list) = 'confirmed'"
_SQLITE = (("INSERT", _NEW), ("UPDATE", f"{_OLD} OR {_NEW}"), ("DELETE", _OLD))
# The functions are those of the places (0002), which ask for no column but `list`.
_POSTGRES = """
CREATE TRIGGER guard_list_outside_rows BEFORE INSERT OR UPDATE OR DELETE ON list_outside FOR EACH ROW
    EXECUTE FUNCTION guard_list_places();
CREATE TRIGGER guard_list_outside_truncate BEFORE TRUNCATE ON list_outside FOR EACH STATEMENT
    EXECUTE FUNCTION guard_lists();
"""


def upgrade() -> None:
    """Make the table and its guards; lists that were confirmed before have none, and their hash stays as it is."""
    op.create_table(
        "list_outside",
        sa.Column("list", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("household", sa.String(length=12), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=True),
        sa.Column("regency", sa.String(length=4), nullable=True),
        sa.Column("scheme", sa.String(length=40), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("risk", sa.Float(), nullable=True),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["list"], ["lists.id"], name=op.f("fk_list_outside_list_lists")),
        sa.PrimaryKeyConstraint("list", "n", name=op.f("pk_list_outside")),
    )
    if op.get_bind().dialect.name != "sqlite":
        op.execute(_POSTGRES)
        return
    for act, when in _SQLITE:
        op.execute(f"CREATE TRIGGER guard_list_outside_{act.lower()} BEFORE {act} ON list_outside WHEN {when} "
                   f"BEGIN SELECT RAISE(ABORT, '{_LIST}'); END")  # fmt: skip


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("list_outside")
