"""The command line as in tests/unit/cli, with transcripts of its own."""

from __future__ import annotations

from unit.cli.conftest import shell, transcript

__all__ = ["shell", "transcript"]
