"""What the console cannot answer."""

from __future__ import annotations


class WrongCallError(Exception):
    """The question is none. `field`: of the form it came from, "" for all of it."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
