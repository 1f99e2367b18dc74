"""Of a list that was drawn again, what a visit of an earlier version found answers the same family's visit."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"

_EARLIER = """OR EXISTS (
        SELECT 1 FROM lists AS own
        JOIN lists AS earlier ON earlier.number = own.number AND earlier.version < own.version
        WHERE own.id = visits.list AND earlier.id = other.list)"""
_ANSWERED = """
UPDATE visits SET answered_by = (
    SELECT other.id FROM visits AS other
    WHERE other.household = visits.household AND other.province IS NOT DISTINCT FROM visits.province
    AND other.regency IS NOT DISTINCT FROM visits.regency
    AND other.result IN ('above', 'below', 'moved', 'died', 'wrong')
    AND (other.visited >= visits.planned_on
         OR other.known_at >= visits.planned_on AND other.result IN ('died', 'moved') {earlier})
    AND NOT EXISTS (SELECT 1 FROM visits AS later WHERE later.corrects = other.id)
    ORDER BY other.visited, other.id LIMIT 1)
WHERE status = 'planned' AND list IN (SELECT id FROM lists WHERE version > 1)
AND NOT EXISTS (SELECT 1 FROM visits AS later WHERE later.corrects = visits.id)
"""


def upgrade() -> None:
    """Answer the visits of newer versions that waited although the family had been visited for an earlier one."""
    op.execute(_ANSWERED.format(earlier=_EARLIER))


def downgrade() -> None:
    """Answer as before: by findings from the day on which a visit was planned."""
    op.execute(_ANSWERED.format(earlier=""))
