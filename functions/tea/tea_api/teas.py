"""Teas and comments, as they are and as JSON shows them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

NEWEST = 20
"""How many comments a tea shows, the newest ones; `/tea/{name}/comments` has them all."""


@dataclass(frozen=True, slots=True)
class Comment:
    """`date` is UTC, ISO 8601 with milliseconds: `2026-11-22T15:45:12.345Z`."""

    id: str
    text: str
    date: str

    def as_json(self) -> dict[str, object]:
        """What clients get."""
        return {"_id": self.id, "text": self.text, "date": self.date}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tea:
    """A tea without its comments. `image` is a relative URL such as `uploads/white.png`."""

    id: str
    name: str
    image: str | None = None
    description: str = ""
    keywords: str = ""
    origin: str = ""
    brew_time: Decimal | None = None
    """Minutes."""
    temperature: Decimal | None = None
    """Degrees Celsius."""

    def as_json(self, comments: Iterable[Comment]) -> dict[str, object]:
        """What clients get; `comments` in the order in which they were written."""
        return {
            "_id": self.id,
            "name": self.name,
            "image": self.image,
            "description": self.description,
            "keywords": self.keywords,
            "origin": self.origin,
            "brew_time": _number(self.brew_time),
            "temperature": _number(self.temperature),
            "comments": [comment.as_json() for comment in comments],
        }


def new_id(moment: datetime) -> str:
    """24 hexadecimal digits, as the original's ids have, that sort by the time of their making.

    12 of milliseconds since 1970, 12 at random.
    """
    return f"{int(moment.timestamp() * 1000):012x}{secrets.token_hex(6)}"


def new_comment(text: str, moment: datetime | None = None) -> Comment:
    """A comment written at `moment`, now if that is None."""
    moment = moment or datetime.now(UTC)
    date = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Comment(new_id(moment), text, date)


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
