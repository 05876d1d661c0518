"""A console without a process: rules in a pretended SSM, its server on a free port."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from local import page_server, ports
from local.console.desk import Desk
from local.console.feed import Feed
from local.exchange import Exchange
from local.pool import Answer
from local.rulebook import Rulebook
from unit.rules_store.fake_ssm import FakeSsm, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

API = "http://127.0.0.1:3000"
AWS = "http://127.0.0.1:5000"
APP = "http://app.localhost:8080"
RULES: dict[str, Any] = {
    "schema": "edgecors/1",
    "policies": [
        {
            "name": "tea",
            "paths": ["*"],
            "allow_origins": ["https://victoria-lo.github.io"],
            "allow_methods": ["DELETE"],
            "allow_headers": ["Content-Type"],
            "expose_headers": ["ETag"],
        }
    ],
}


def desk(folder: Path) -> Desk:
    """A desk whose rules have been published once."""
    file = folder / "rules.json"
    file.write_text(json.dumps(RULES), "utf-8")
    book = Rulebook(FakeSsm(Store()), "/tea/cors", file, (APP,))
    book.open("rules.json")
    return Desk(book, Feed(), API, AWS)


def exchange(
    method: str = "GET", path: str = "/tea", *, sent: dict[str, str] | None = None, answer: dict[str, str] | None = None
) -> Exchange:
    """A request from the Tea App."""
    headers = {"origin": APP} if sent is None else sent
    return Exchange(method, path, headers, 200, answer or {}, 1.25, Answer("{}"))


@contextmanager
def served(at: Desk) -> Iterator[int]:
    """The pages' server; its port."""
    listener = ports.listen("APP_PORT", 0)
    server = page_server.make_server(listener, at)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        at.feed.close()
        server.shutdown()
        thread.join()
        server.server_close()
