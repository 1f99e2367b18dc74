"""All routes of the API but those that take contract rows, in the order in which they are matched."""

from __future__ import annotations

from serving.api import audit, compass, exports, households, lists, model, objections, scenarios, visits

ROUTES = (*households.ROUTES, *exports.ROUTES, *lists.ROUTES, *visits.ROUTES, *objections.ROUTES, *audit.ROUTES,
          *model.ROUTES, *compass.ROUTES, *scenarios.ROUTES)  # fmt: skip
"""Files of a list before the list: `{no}` would take `D-2026-0001.csv` for a number."""
