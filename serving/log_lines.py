"""Lines of the service's log: one for each thing that is told, whatever stands in it."""

from __future__ import annotations

import logging
import time


class Lines(logging.Formatter):
    """Time in UTC, level and message. A sign that is none to be read, such as the end of a line or what moves the
    cursor of a terminal, is spelled: who names a column of a file must not write lines of the log."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name of the library's own
        """The line without a traceback, which may have several."""
        line = super().formatMessage(record)
        return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line)
