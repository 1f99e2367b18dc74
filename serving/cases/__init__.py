"""What officers do, once: routes of the API and pages of the console call these functions, and no rule stands twice.

Each function asks `access.allow` where its caller may do it, limits its query by that, and writes its audit row: what
only reads through the journal of the office, what changes something on the connection of the change. A function that
changes something takes that connection first, so that the idempotency key of a request is kept with it.
"""
