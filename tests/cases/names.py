"""Names for the cases of a parametrised test."""

from __future__ import annotations

import re


def plain(value: object) -> str:
    """The value's repr without addresses, so that every process of a parallel run names the case alike."""
    return re.sub(r" (at 0x[0-9a-fA-F]+|id='\d+')", "", repr(value))
