import logging

import pytest

from config import audit


class Lines(logging.Handler):
    """What stands in the log, as it is written."""

    def __init__(self):
        super().__init__()
        self.setFormatter(audit.Line())
        self.lines: list[str] = []

    def emit(self, record):
        self.lines.append(self.format(record))

    def about(self, event):
        return [line for line in self.lines if f"] {event} " in line]


@pytest.fixture
def log():
    """The lines that the site writes during the test, through the loggers as they are set up."""
    handler = Lines()
    loggers = [logging.getLogger(), logging.getLogger("django")]
    for logger in loggers:
        logger.addHandler(handler)
    yield handler
    for logger in loggers:
        logger.removeHandler(handler)
