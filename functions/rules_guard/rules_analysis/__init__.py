"""What can be known of rules by looking at them: sets of origins, what differs between two documents, what is risky.

Pure: nothing here reads, writes or asks. The command line and the guard use it; the engine never does.
"""

from __future__ import annotations

from rules_analysis.origin_sets import OriginSet
from rules_analysis.search import Budget, TooHardError

__all__ = ["Budget", "OriginSet", "TooHardError"]
