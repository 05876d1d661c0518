"""The groups of contenders that are measured together, and the rows that come out of them."""

from __future__ import annotations

import io
import json
import sys
from contextlib import contextmanager
from itertools import cycle
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import building, layer, peers, workloads
from benchmarks.laps import lap_of, run
from edgecors import Document, Policy, Regex, Rules, cors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.laps import Times
    from benchmarks.node import Node
    from benchmarks.peers import Handler


class Row(NamedTuple):
    """One comparison. `ratio` is ours to theirs; `goal` is the most that it may be, None where it is only reported."""

    work: str
    against: str
    ours: float
    theirs: float
    ratio: float
    goal: float | None
    unit: str = "µs"


FIELDS: dict[str, Any] = {
    "allow_methods": workloads.METHODS,
    "allow_headers": workloads.HEADERS,
    "max_age": workloads.MAX_AGE,
}


def bare(_event: Any, _context: Any) -> Any:
    """The handler behind ours."""
    return workloads.ANSWER


def wrapped(*origins: str | Regex, **fields: Any) -> Handler:
    """The same handler behind edgecors."""
    return cors(bare, rules=Policy(allow_origins=origins, **{**FIELDS, **fields}))


def floor(_handler: Handler) -> Handler:
    """The least that any decorator costs: a call, and an answer that nobody else has."""
    prepared = {
        "Access-Control-Allow-Origin": "https://app0.example",
        "Access-Control-Allow-Methods": "GET, POST, DELETE",
        "Access-Control-Allow-Headers": "Authorization, Content-Type",
        "Access-Control-Max-Age": "600",
        "Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    }

    def wrapper(_event: Any, _context: Any) -> Any:
        return {"statusCode": 204, "headers": prepared.copy()}

    return wrapper


def floor_around(handler: Handler) -> Handler:
    """The same for one that calls its handler and adds two headers."""

    def wrapper(event: Any, context: Any) -> Any:
        answer = handler(event, context)
        headers = {**answer["headers"], "Access-Control-Allow-Origin": "https://app0.example", "Vary": "Origin"}
        return {**answer, "headers": headers}

    return wrapper


@contextmanager
def silence() -> Iterator[None]:
    """Log lines of refused origins go nowhere; they are written all the same."""
    kept, sys.stdout = sys.stdout, io.StringIO()
    try:
        yield
    finally:
        sys.stdout = kept


def preflights(node: Node, rounds: int) -> tuple[dict[str, dict[str, float]], list[Row]]:
    """Whole preflights, event to answer: ten whole origins; ten wildcards and 1,000 origins below them."""
    rows, measured = [], {}
    for kind, ours, origins, listed in (
        ("exact", workloads.EXACT, workloads.EXACT, workloads.EXACT),
        ("wildcards", workloads.WILDCARDS, workloads.BELOW_WILDCARDS, workloads.BELOW_WILDCARDS),
    ):
        events, times = workloads.preflights(origins), workloads.REQUESTS // len(origins)
        requests = workloads.in_turn(events)
        exact = kind == "exact"
        contenders: dict[str, Handler] = {
            "floor": floor(bare),
            "edgecors": wrapped(*ours),
            "powertools": peers.powertools(listed),
            "mangum": peers.mangum(exact=exact),
            "flask": peers.flask(exact=exact),
        }
        for name, handler in contenders.items():
            _check(name, handler(events[0], peers.CONTEXT), "https://app0.example" if name == "floor" else origins[0])
        laps = {name: lap_of(handler, requests, peers.CONTEXT) for name, handler in contenders.items()}
        for name in ("cors", "middy"):
            _check(name, node.first_answer(f"{name}-{kind}", f"preflight-{kind}"), origins[0])
            laps[name] = node.lap(f"{name}-{kind}", f"preflight-{kind}", times)
        laps["cors, recorded"] = node.lap(f"cors-{kind}-recorded", f"preflight-{kind}", times)
        with silence():
            taken = run(laps, rounds)
        measured[f"preflight, {kind}"] = taken.medians()
        work = f"preflight, 10 {'origins' if exact else 'wildcards, 1,000 origins'}"
        rows += [
            _row(taken, work, "npm cors on Node", "cors", 0.5),
            _row(taken, work, "npm cors, only recording", "cors, recorded", None),
            _row(taken, work, "Powertools", "powertools", 1 / 20),
            _row(taken, work, "Starlette under Mangum", "mangum", 1 / 20),
            _row(taken, work, "flask-cors", "flask", 1 / 50),
            _row(taken, work, "middy http-cors", "middy", 1.0),
            _row(taken, work, "the floor", "floor", None),
        ]
    return measured, rows


def gets(node: Node, rounds: int) -> tuple[dict[str, dict[str, float]], list[Row]]:
    """What a GET costs beyond its handler: small differences, so laps are short, with and without in turn, and many."""
    events = workloads.gets(workloads.EXACT)
    times = workloads.SHORT // len(events)
    requests = workloads.in_turn(events, workloads.SHORT)
    laps = {}
    for name, without, peer in (
        ("edgecors", bare, wrapped(*workloads.EXACT)),
        ("floor", bare, floor_around(bare)),
        ("powertools", peers.powertools(None), peers.powertools(workloads.EXACT)),
    ):
        laps[f"{name}, bare"] = lap_of(without, requests, peers.CONTEXT)
        laps[name] = lap_of(peer, requests, peers.CONTEXT)
    for suffix, kind in (("", ""), (", recorded", "-recorded")):
        laps[f"cors{suffix}, bare"] = node.lap(f"bare{kind}", "get", times)
        laps[f"cors{suffix}"] = node.lap(f"cors-exact{kind}", "get", times)
    taken = run(laps, rounds * workloads.REQUESTS // workloads.SHORT)
    ours = median(taken.less("edgecors", "edgecors, bare"))
    rows = []
    for against, name, goal in (
        ("npm cors on Node", "cors", 0.9),
        ("npm cors, only recording", "cors, recorded", None),
        ("Powertools", "powertools", 0.3),
        ("the floor", "floor", None),
    ):
        # A difference of two laps may be near nothing in one round: medians first, then their ratio.
        theirs = median(taken.less(name, f"{name}, bare"))
        rows.append(Row("GET, less the handler", against, ours / 1e3, theirs / 1e3, ours / theirs, goal))
    return {"get": taken.medians()}, rows


def refusals(rounds: int) -> tuple[dict[str, dict[str, float]], list[Row]]:
    """Refused origins against allowed ones, by the same rules."""
    handler, wild = wrapped(*workloads.EXACT), wrapped(*workloads.WILDCARDS)
    in_turn = workloads.in_turn
    laps = {
        "allowed": lap_of(handler, in_turn(workloads.preflights(workloads.EXACT))),
        "refused": lap_of(handler, in_turn(workloads.preflights(workloads.UNLISTED))),
        "allowed, wildcards": lap_of(wild, workloads.preflights(workloads.BELOW_WILDCARDS)),
        "refused, wildcards": lap_of(wild, workloads.preflights(workloads.STRANGERS)),
        "GET allowed": lap_of(handler, in_turn(workloads.gets(workloads.EXACT))),
        "GET refused": lap_of(handler, in_turn(workloads.gets(workloads.UNLISTED))),
    }
    with silence():
        taken = run(laps, rounds)
    rows = [
        _row(taken, "refused preflight, 10 origins", "allowed", "allowed", 1.2, ours="refused"),
        _row(taken, "refused preflight, 10 wildcards", "allowed", "allowed, wildcards", 1.2, ours="refused, wildcards"),
        _row(taken, "refused GET, 10 origins", "allowed", "GET allowed", 1.2, ours="GET refused"),
    ]
    return {"refusals": taken.medians()}, rows


class Published:
    """A source, as SSM is one; its rules stay fresh for a minute."""

    def __init__(self, rules: Rules) -> None:
        self._text = json.dumps(rules.document())

    def fetch(self) -> Document:
        return Document(self._text, "1")


def sources(rounds: int) -> tuple[dict[str, dict[str, float]], list[Row]]:
    """The same policy out of rules that are fetched, and of rules by path."""
    policy = Policy(allow_origins=workloads.EXACT, **FIELDS)
    by_path = Rules([("tea", ["/tea", "/tea/*"], policy)])
    events = workloads.in_turn(workloads.preflights(workloads.EXACT))
    with silence():
        laps = {
            "a Policy": lap_of(cors(bare, rules=policy), events),
            "rules by path": lap_of(cors(bare, rules=by_path), events),
            "rules of a source": lap_of(cors(bare, rules=Published(Rules.of(policy))), events),
            "rules of a source, by path": lap_of(cors(bare, rules=Published(by_path)), events),
        }
        times = run(laps, rounds)
    rows = [_row(times, f"preflight, {name}", "a Policy", "a Policy", None, ours=name) for name in laps]
    return {"sources": times.medians()}, rows[1:]


def shapes(rounds: int) -> tuple[dict[str, dict[str, float]], list[Row]]:
    """The same requests to the same policy out of other sources' events."""
    handler, origins = wrapped(*workloads.EXACT), workloads.EXACT
    preflight, get = "preflight, payload 2.0", "GET, payload 2.0"
    events = {
        preflight: workloads.preflights(origins),
        "preflight, REST API": workloads.elsewhere("restapi-preflight", origins),
        "preflight, load balancer": workloads.elsewhere("alb-preflight", origins),
        get: workloads.gets(origins),
        "GET, REST API": workloads.elsewhere("restapi-get", origins),
        "GET, load balancer": workloads.elsewhere("alb-get", origins),
        "GET without an Origin": [workloads.without_origin()],
    }
    times = run({name: lap_of(handler, workloads.in_turn(some)) for name, some in events.items()}, rounds)
    rows = [
        _row(times, name, "payload 2.0", preflight if name.startswith("preflight") else get, None, ours=name)
        for name in events
        if name not in (preflight, get)
    ]
    return {"shapes": times.medians()}, rows


# Once exponential for a matcher that backtracks, and 250 characters that nearly match it.
HOSTILE = Regex(r"https://(a|aa)+\.example")
LONG_HOST = "https://" + ".".join(["a" * 62] * 4) + ".b"
KILOBYTES = 8_192


def hostile(rounds: int) -> tuple[dict[str, dict[str, float]], list[Row]]:
    """What strangers can make of one request, against a typical preflight to the same rules."""
    names = ",".join(f"x-{n:05}" for n in range(KILOBYTES // 8))
    echo = {"allow_headers": ["*"], "allow_credentials": True}
    typical = workloads.preflights(workloads.BELOW_WILDCARDS)

    def asking(names: str) -> list[workloads.Event]:
        return workloads.preflights(workloads.BELOW_WILDCARDS, {"access-control-request-headers": names})

    wild, echoing = wrapped(*workloads.WILDCARDS), wrapped(*workloads.WILDCARDS, **echo)
    laps = {
        "typical": lap_of(wild, typical),
        "typical, echoed": lap_of(echoing, typical),
        "8 KB of request headers": lap_of(wild, asking(names)),
        "8 KB of request headers, echoed": lap_of(echoing, asking(names)),
        "8 KB of commas, echoed": lap_of(echoing, asking("," * KILOBYTES)),
        "8 KB of Origin": lap_of(wild, workloads.preflights(["https://" + "a." * (KILOBYTES // 2) + "b"] * 1000)),
        "the longest Origin that is parsed": lap_of(wild, workloads.preflights([LONG_HOST] * 1000)),
        "a hostile expression and Origin": lap_of(wrapped(HOSTILE), workloads.preflights([LONG_HOST] * 1000)),
    }
    with silence():
        times = run(laps, rounds)
    rows = [
        _row(times, name, "a typical preflight", "typical, echoed" if "echoed" in name else "typical", 10.0, ours=name)
        for name in laps
        if not name.startswith("typical")
    ]
    return {"hostile": times.medians()}, rows


def scale(rounds: int, exact: int, wild: int) -> tuple[dict[str, dict[str, float]], list[Row]]:
    """The whole preflight by the number of origins."""
    every, patterns = building.origins(exact), building.wildcards(wild)
    step = exact // workloads.REQUESTS
    # Texts of their own, as a request's are: none is the very object that the rules hold.
    some = [str(origin.encode(), "ascii") for origin in every[::step]]
    alone = [str(every[0].encode(), "ascii") for _ in range(workloads.REQUESTS)]
    below = [pattern.replace("*", f"shop{n}") for n, pattern in enumerate(patterns[:: wild // workloads.REQUESTS])]
    # One wildcard of the middle depth, that covers as many origins.
    one_below = [f"https://shop{n}.customer.eu.example" for n in range(workloads.REQUESTS)]
    many = wrapped(*every)
    begins = cycle(range(step))

    def others() -> float:
        """A lap of origins that no lap for long has had: what is not in the processor's caches, nor in ours."""
        return lap_of(many, workloads.preflights([str(o.encode(), "ascii") for o in every[next(begins) :: step]]))()

    laps = {
        "1 origin": lap_of(wrapped(every[0]), workloads.preflights(alone)),
        "many origins": lap_of(many, workloads.preflights(some)),
        "other origins each time": others,
        "1 wildcard": lap_of(wrapped("https://*.customer.eu.example"), workloads.preflights(one_below)),
        "many wildcards": lap_of(wrapped(*patterns), workloads.preflights(below)),
    }
    with silence():
        times = run(laps, rounds)
    rows = [
        _row(times, f"preflight, {exact:,} origins", "1 origin", "1 origin", 1.3, ours="many origins"),
        _row(
            times,
            f"preflight, {exact:,} origins, others each time",
            "1 origin",
            "1 origin",
            None,
            ours="other origins each time",
        ),
        _row(times, f"preflight, {wild:,} wildcards", "1 wildcard", "1 wildcard", 1.3, ours="many wildcards"),
    ]
    return {"scale": times.medians()}, rows


def making(few: int, many: int) -> tuple[dict[str, dict[str, float]], list[Row]]:
    """Making a policy, an origin each."""
    least = building.seconds(few, 21) / few
    most = building.seconds(many, 3) / many
    memory = building.bytes_each(many)
    size = layer.zipped_bytes()
    modules = layer.modules()
    rows = [
        Row(f"Policy of {many:,}, an origin", f"of {few:,}", most * 1e6, least * 1e6, most / least, 2.0),
        Row(f"memory of {many:,}, an origin", "160 bytes", memory, 160, memory / 160, 1.0, "bytes"),
        Row("modules that importing loads", "40", modules, 40, modules / 40, 1.0, "modules"),
        Row("the layer, zipped", "200 KB", size / 1024, 200, size / 204_800, 1.0, "KB"),
    ]
    return {"making": {"seconds for the whole": round(most * many, 2), "bytes an origin": round(memory, 1)}}, rows


def _row(times: Times, work: str, against: str, theirs: str, goal: float | None, *, ours: str = "edgecors") -> Row:
    ratio = times.ratio(ours, theirs)
    return Row(work, against, times.median(ours) / 1e3, times.median(theirs) / 1e3, ratio, goal)


def _check(name: str, answer: dict[str, Any], origin: str) -> None:
    """Nobody is measured who does not do the work."""
    headers: dict[str, Any] = {}
    for key, value in {**answer.get("multiValueHeaders", {}), **answer.get("headers", {})}.items():
        headers[key.lower()] = value[0] if isinstance(value, list) else value
    if headers.get("access-control-allow-origin") != origin or "access-control-allow-methods" not in headers:
        raise SystemExit(f"{name} does not answer the preflight from {origin}: {answer}")
