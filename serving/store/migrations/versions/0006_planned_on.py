"""Since when a planned visit waits: what a visit finds of a family from that day on answers it too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from serving.store.numbers import day_of
from serving.store.types import Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; visits that are there already wait since the day on which their list was confirmed."""
    op.add_column("visits", sa.Column("planned_on", sa.Date(), nullable=True))
    lists = sa.table("lists", sa.column("id", sa.Integer), sa.column("confirmed_at", Moment))
    visits = sa.table("visits", sa.column("list", sa.Integer), sa.column("planned_on", sa.Date))
    connection = op.get_bind()
    for row in connection.execute(sa.select(lists).where(lists.c.confirmed_at.is_not(None))).all():
        connection.execute(sa.update(visits).where(visits.c.list == row.id).values(planned_on=day_of(row.confirmed_at)))
