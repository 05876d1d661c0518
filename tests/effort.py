"""How far the tests that search will search: a quick look in `make test`, ten times as far in `make fuzz`."""

from __future__ import annotations

import os

THOROUGH = os.environ.get("THOROUGH") == "1"
# Of what is done at each of many steps, the distance to the next step where it is done.
STRIDE = 1 if THOROUGH else 3


def examples(quick: int) -> int:
    """How many cases a test makes up."""
    return 10 * quick if THOROUGH else quick
