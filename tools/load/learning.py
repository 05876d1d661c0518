"""What the Tea API itself says, apart from CORS: asked before the pressure, without an Origin."""

from __future__ import annotations

import http.client

from load.answers import NUMBER, Answer
from load.cases import ROUTES
from load.client import ask
from load.errors import CannotError

FIRST = "0000000000"


def learn(port: int) -> dict[str, Answer]:
    """The answers of `ROUTES`, with `NUMBER` where the request's stood. Raises CannotError for
    another status or none."""
    learned = {}
    for name, route in ROUTES.items():
        try:
            answer = ask(port, route.request().replace(NUMBER.encode(), FIRST.encode()))
        except (OSError, http.client.HTTPException) as error:
            raise CannotError(
                f"{route.method} {route.path} is not answered: {type(error).__name__}: {error}"
            ) from error
        if answer.status != route.status:
            shown = answer.body[:200]
            raise CannotError(f"{route.method} {route.path} is answered {answer.status}, not {route.status}: {shown}")
        learned[name] = Answer(answer.status, answer.headers, answer.body.replace(FIRST, NUMBER))
    return learned
