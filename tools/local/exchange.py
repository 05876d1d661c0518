"""What went over the wire, for the line in the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.pool import Answer


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, as they were on the wire."""

    method: str
    path: str  # percent-decoded
    headers: dict[str, str]  # the request's, names in lower case
    status: int
    answer_headers: dict[str, str]  # names in lower case
    milliseconds: float
    invocation: Answer | None  # None where no function was asked
