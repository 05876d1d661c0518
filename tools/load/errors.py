"""What ends a run without a result."""

from __future__ import annotations


class CannotError(Exception):
    """The load cannot be made; the message says why, for a person."""
