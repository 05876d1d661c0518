"""The rule changes during the run: the two versions in turn, and now and then what is no rules at all."""

from __future__ import annotations

import threading
import time
from itertools import cycle
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from load.changes import Publication
from load.rules import NOT_JSON, document
from rules_store import StoreError, publish

if TYPE_CHECKING:
    from load.rules import Version

PERIOD = 10.0  # seconds from one change to the next: half of them are beyond doubt (`load.changes.LAG`)
PATIENCE = 30.0  # seconds for one publication, which waits while the guard is at work
# After the broken one the guard puts the version before it back.
TURNS: tuple[Version | None, ...] = ("odd", "even", "odd", None, "even", "odd", "even", None)


class Publisher(threading.Thread):
    """Publishes in the background until it is stopped."""

    def __init__(self, ssm: Any, parameter: str) -> None:
        """Publish the first version, `even`, at once."""
        super().__init__(daemon=True)
        self._ssm, self._parameter = ssm, parameter
        self._stopped = threading.Event()
        self.publications: list[Publication] = []
        self.broken = 0
        self.trouble: list[str] = []
        self._publish("even")

    def run(self) -> None:
        """Take turns."""
        for version in cycle(TURNS):
            if self._stopped.wait(PERIOD):
                return
            if version is None:
                self._break()
            else:
                self._publish(version)

    def stop(self) -> None:
        """Return when nothing more will be published."""
        self._stopped.set()
        self.join()

    def _break(self) -> None:
        try:
            self._ssm.put_parameter(Name=self._parameter, Value=NOT_JSON, Type="String", Overwrite=True)
        except (BotoCoreError, ClientError) as error:
            self.trouble.append(f"what is no rules could not be put into the parameter: {error}")
        else:
            self.broken += 1

    def _publish(self, version: Version) -> None:
        began = time.time()
        while True:
            try:
                publish(self._ssm, self._parameter, document(version), description=f"make load: {version}")
                break
            except StoreError as error:  # the guard's work came between: once more
                if time.time() - began > PATIENCE:
                    self.trouble.append(f"{version} could not be published: {error}")
                    return
                time.sleep(0.2)
        self.publications.append(Publication(version, began, time.time()))
