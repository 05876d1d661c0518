"""The interface behind which rules come from anywhere. Its own file, for `typing` takes 4 ms of a start to load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from edgecors.runtime.sources import Document


@runtime_checkable
class Source(Protocol):
    """Fetches the current rules document. Any exception means that it could not be had now.

    A source may also have `prepare()`, called before the first fetch: the time that it takes is not counted.
    """

    def fetch(self) -> Document:
        """The document as it is now."""
