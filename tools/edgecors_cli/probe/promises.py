"""What rules promise, against what was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from edgecors import Request
from edgecors._path import percent_decode
from edgecors.explain import explain
from edgecors.policy import ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, EXPOSE_HEADERS
from edgecors_cli.probe.findings import error
from edgecors_cli.probe.messages import CORS_HEADERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from edgecors import Rules
    from edgecors_cli.probe.findings import Finding
    from edgecors_cli.probe.messages import Exchange

_READ = ("origin", "access-control-request-method", "access-control-request-headers")


class Difference(NamedTuple):
    """`where`: the request; `what`: a header's name, or `status`; `promised` and `found`: values, "" for none."""

    where: str
    what: str
    promised: str
    found: str


def compare(rules: Rules, exchanges: Iterable[Exchange], base_path: str = "") -> tuple[Difference, ...]:
    """Where answers differ from what the rules promise for their requests. `base_path`: of the URL, with which the
    API's own paths do not begin."""
    return tuple(difference for exchange in exchanges for difference in _differences(rules, exchange, base_path))


def look(rules: Rules, exchanges: Iterable[Exchange], base_path: str = "") -> Iterator[Finding]:
    """What the differences tell of the platform in between."""
    for exchange in exchanges:
        missing = [
            difference
            for difference in _differences(rules, exchange, base_path)
            if difference.what == ALLOW_ORIGIN and not difference.found
        ]
        # Which only HTTP APIs send.
        if missing and exchange.answer.lines("apigw-requestid"):
            message = f"The rules promise {ALLOW_ORIGIN}, and it is not there. An HTTP API with CorsConfiguration "
            message += "answers CORS itself, and drops what the function says of it."
            fix = "Remove CorsConfiguration; if there is none, see that the function has these rules."
            yield error("http-api-dropped-headers", exchange.sent, message, fix)


def _differences(rules: Rules, exchange: Exchange, base_path: str) -> Iterator[Difference]:
    sent, answer, _ = exchange
    origin = sent.headers.get("origin")
    where = f"{sent} {f'from {origin}' if origin is not None else 'without Origin'}"
    headers = {name: sent.headers[name] for name in _READ if name in sent.headers}
    request = Request(sent.method, _own_path(sent.url.path, base_path), headers)
    promise = explain(rules, request, debug=bool(answer.lines("x-edgecors-reason")))
    # The handler's answer may have any status; a preflight's is 200 or 204 by the decorator's choice.
    if promise.status is not None and (promise.status < 300) != (200 <= answer.status <= 299):
        yield Difference(where, "status", str(promise.status), str(answer.status))
    for name in CORS_HEADERS:
        promised, found = promise.headers.get(name), answer.joined.get(name)
        if _meaning(name, promised) != _meaning(name, found):
            yield Difference(where, name, promised or "", found or "")
    varied = _names(answer.value("vary"))
    promised_names = promise.headers.get("Vary", "")
    if "*" not in varied and not _names(promised_names) <= varied:
        yield Difference(where, "Vary", promised_names, answer.value("vary"))


def _meaning(name: str, value: str | None) -> object:
    if value is None:
        return None
    if name in (ALLOW_HEADERS, EXPOSE_HEADERS):
        return _names(value)
    return _names(value, lower=False) if name == ALLOW_METHODS else value.strip(" \t")


def _names(value: str, *, lower: bool = True) -> frozenset[str]:
    names = (name.strip(" \t") for name in value.split(","))
    return frozenset(name.lower() if lower else name for name in names if name)


def _own_path(path: str, base_path: str) -> str:
    base = f"/{base_path.strip('/')}" if base_path.strip("/") else ""
    own = path.removeprefix(base) if path == base or path.startswith(f"{base}/") else path
    decoded = percent_decode(own or "/")
    # What cannot be decoded has no policy.
    return "\0" if decoded is None else decoded
