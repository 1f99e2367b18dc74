"""How much one request may ask for."""

from __future__ import annotations

BODY_MIB = 16
"""Room for 1,000 households of four over three periods with every column filled."""
FORM_KIB = 256
"""Room for the form of a page."""
HEAD_KIB = 64
"""Room for address and headers of a request."""
SEND_SECONDS = 20
"""Time for a body to arrive."""
WORK_SECONDS = 20
"""Time for an answer to be made."""
HELD_MIB = 256
"""Bodies that one worker holds at a time, those still arriving included; what comes on top is turned away."""
MOST_WAITING = 64
"""Requests that may wait for their turn in one worker; more are turned away at once, so that waits stay short."""
MOST_AT_DOOR = 12
"""Tries of a password at a time in one worker, those that wait for their check included: each holds one of the 40
threads that all pages share, and a check takes a tenth of a second. More are turned away at once."""
MOST_HOUSEHOLDS = 1_000
MOST_ROWS = 100_000
"""Objects and lists in the body of a request for scores, counted before any is built: a hundred for each household,
which has a row for itself and for each member at each date. Millions of empty ones are a small body too, and would take
the turn of all others for longer than an answer may take."""
MOST_REASONS = 10
"""Reasons at most a household."""
