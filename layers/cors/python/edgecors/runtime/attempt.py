"""One call of a source, with a deadline that holds whatever the source does."""

from __future__ import annotations

import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from edgecors.runtime.source import Source
    from edgecors.runtime.sources import Document


class Attempt:
    """A fetch in a thread of its own: time-outs of sockets do not add up to a deadline, name resolution has none.

    `began`: wall-clock seconds. A fetch that misses its deadline goes on, frozen with the process perhaps, and can be
    waited for again; there is never more than one.
    """

    def __init__(self, source: Source, clock: Callable[[], float]) -> None:
        # What only loads code is not counted: importing boto3 takes as long as many a fetch.
        prepare = getattr(source, "prepare", None)
        if callable(prepare):
            prepare()
        self.began = clock()
        self._source = source
        self._document: Document | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="edgecors-fetch", daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether the source has answered or failed."""
        return not self._thread.is_alive()

    def result(self, wait: float) -> Document:
        """The document, after `wait` seconds at most. Raises TimeoutError, or what the source raised."""
        self._thread.join(wait)
        if self._thread.is_alive():
            raise TimeoutError(f"no answer within {wait:.1f} s")
        if self._error is not None:
            raise self._error
        # A user's source may give anything: whoever waits looks.
        return self._document  # type: ignore[return-value]

    def _run(self) -> None:
        try:
            self._document = self._source.fetch()
        except BaseException as error:  # noqa: BLE001  (handed to whoever waits)
            self._error = error
