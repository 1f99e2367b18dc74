"""The last finding about a family holds, also where an earlier one had answered its visits."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"

_ANSWERED = """
UPDATE visits SET answered_by = (
    SELECT other.id FROM visits AS other
    WHERE {family} AND other.result IN ('above', 'below', 'moved', 'died', 'wrong')
    AND (other.visited >= visits.planned_on
         OR other.known_at >= visits.planned_on AND other.result IN ('died', 'moved')
         OR EXISTS (
        SELECT 1 FROM lists AS own
        JOIN lists AS earlier ON earlier.number = own.number AND earlier.version < own.version
        {made} WHERE own.id = visits.list {of_list}))
    AND NOT EXISTS (SELECT 1 FROM visits AS later WHERE later.corrects = other.id)
    {last} LIMIT 1)
WHERE known_at IS NULL AND corrects IS NULL AND list IS NOT NULL
"""
_FAMILY = """{0}.household = visits.household AND {0}.province IS NOT DISTINCT FROM visits.province
    AND {0}.regency IS NOT DISTINCT FROM visits.regency"""
_MADE = "JOIN visits AS made ON made.list = earlier.id"
_OF_LIST = """AND {made} AND made.result IN ('above', 'below', 'moved', 'died', 'wrong')
        AND NOT EXISTS (SELECT 1 FROM visits AS later WHERE later.corrects = made.id)"""
_LAST = """AND NOT EXISTS (
        SELECT 1 FROM visits AS newer WHERE {newer}
        AND newer.result IN ('above', 'below', 'moved', 'died')
        AND (newer.visited > other.visited OR newer.visited = other.visited AND newer.id > other.id)
        AND NOT EXISTS (SELECT 1 FROM visits AS later WHERE later.corrects = newer.id))
    ORDER BY other.result = 'wrong', other.visited DESC, other.id DESC"""


def upgrade() -> None:
    """Answer visits by the last finding about their family."""
    other, made, newer = (_FAMILY.format(table) for table in ("other", "made", "newer"))
    op.execute(_ANSWERED.format(family=other, made=_MADE, of_list=_OF_LIST.format(made=made),
                                last=_LAST.format(newer=newer)))  # fmt: skip


def downgrade() -> None:
    """Answer as before: by the first one."""
    op.execute(_ANSWERED.format(family=_FAMILY.format("other"), made="", of_list="AND earlier.id = other.list",
                                last="ORDER BY other.visited, other.id"))  # fmt: skip
