"""Since when a planned visit waits, and which visit answered it: a finding about the family from that day on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from serving.store.numbers import day_of
from serving.store.types import Moment

revision = "0006"
down_revision = "0005"

_ANSWERED = """
UPDATE visits SET answered_by = (
    SELECT other.id FROM visits AS other
    WHERE other.household = visits.household AND other.province IS NOT DISTINCT FROM visits.province
    AND other.regency IS NOT DISTINCT FROM visits.regency AND other.visited >= visits.planned_on
    AND other.result IN ('above', 'below', 'moved', 'died', 'wrong')
    AND NOT EXISTS (SELECT 1 FROM visits AS later WHERE later.corrects = other.id)
    ORDER BY other.visited, other.id LIMIT 1)
WHERE status = 'planned'
"""


def upgrade() -> None:
    """Add the columns; visits that are there already wait since the day on which their list was confirmed."""
    op.add_column("visits", sa.Column("planned_on", sa.Date(), nullable=True))
    op.add_column("visits", sa.Column("answered_by", sa.Integer(), nullable=True))
    lists = sa.table("lists", sa.column("id", sa.Integer), sa.column("confirmed_at", Moment))
    visits = sa.table("visits", sa.column("list", sa.Integer), sa.column("planned_on", sa.Date))
    connection = op.get_bind()
    for row in connection.execute(sa.select(lists).where(lists.c.confirmed_at.is_not(None))).all():
        connection.execute(sa.update(visits).where(visits.c.list == row.id).values(planned_on=day_of(row.confirmed_at)))
    op.execute(_ANSWERED)
    op.drop_index("ix_visits_status_regency_due", "visits")
    op.create_index("ix_visits_standing", "visits", ["status", "answered_by", "regency", "due"])


def downgrade() -> None:
    """Take the columns away; both follow from other rows, so nothing that was found is lost."""
    op.drop_index("ix_visits_standing", "visits")
    op.create_index("ix_visits_status_regency_due", "visits", ["status", "regency", "due"])
    op.drop_column("visits", "answered_by")
    op.drop_column("visits", "planned_on")
