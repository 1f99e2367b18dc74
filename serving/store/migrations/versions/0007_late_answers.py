"""That a family died or moved answers also the visits that were planned between the visit and the day of its record."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"

_ANSWERED = """
UPDATE visits SET answered_by = (
    SELECT other.id FROM visits AS other
    WHERE other.household = visits.household AND other.province IS NOT DISTINCT FROM visits.province
    AND other.regency IS NOT DISTINCT FROM visits.regency
    AND (other.visited >= visits.planned_on AND other.result IN ('above', 'below', 'moved', 'died', 'wrong')
         OR other.known_at >= visits.planned_on AND other.result IN ('died', 'moved'))
    AND NOT EXISTS (SELECT 1 FROM visits AS later WHERE later.corrects = other.id)
    ORDER BY other.visited, other.id LIMIT 1)
WHERE status = 'planned'
AND NOT EXISTS (SELECT 1 FROM visits AS later WHERE later.corrects = visits.id)
"""


def upgrade() -> None:
    """Answer the visits that waited in vain, and by the death or the move those that a later finding had answered."""
    op.execute(_ANSWERED)


def downgrade() -> None:
    """Answer as before: by findings from the day on which a visit was planned."""
    op.execute(_ANSWERED.replace("other.known_at >= visits.planned_on", "1 = 0"))
