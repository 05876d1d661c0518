"""Names for the cases of a parametrised test."""

from __future__ import annotations

import re


def plain(value: object) -> str:
    """The value's repr without addresses, sets in order, so that every process of a parallel run names it alike."""
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(plain, value)))}}}"
    return re.sub(r" (at 0x[0-9a-fA-F]+|id='\d+')", "", repr(value))
