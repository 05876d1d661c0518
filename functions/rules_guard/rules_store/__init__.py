"""The one package that writes rules to SSM: for the command line and for the guard.

from rules_store import history, publish, rollback
"""

from __future__ import annotations

from rules_store.errors import ConflictError, LockedError, StoreError
from rules_store.history import Entry, history
from rules_store.limits import Tier
from rules_store.publish import Publication, publish
from rules_store.published import Published, current, tier_of
from rules_store.rollback import restore, rollback, target

__all__ = [
    "ConflictError",
    "Entry",
    "LockedError",
    "Publication",
    "Published",
    "StoreError",
    "Tier",
    "current",
    "history",
    "publish",
    "restore",
    "rollback",
    "target",
    "tier_of",
]
