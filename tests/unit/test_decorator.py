"""`cors`: which handlers it takes, and what each argument does."""

from __future__ import annotations

import copy
import functools
import inspect
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import AsyncMock, MagicMock

import pytest
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2, event_source

import edgecors
from cases.names import plain
from cases.reports import read
from cases.sources import HTTP_API, REST_API, SOURCES, VIEWER_REQUEST, Source
from cases.wire import A, B, get, preflight
from edgecors import Policy, PolicyError, Request, Rules, RulesError, cors

if TYPE_CHECKING:
    from collections.abc import Callable

POLICY = Policy(allow_origins=[A])
DOCUMENT = {"schema": "edgecors/1", "policies": [{"name": "all", "paths": ["*"], "allow_origins": [A]}]}
ALLOWED = {"Access-Control-Allow-Origin": A, "Vary": "Origin"}
OK = {"statusCode": 200, "headers": {}, "body": "hello"}


def event_of(*origins: str, source: Source = HTTP_API, method: str = "GET", path: str = "/tea") -> dict[str, Any]:
    asked = get(*origins)
    return source.event(method, path, asked.headers)


def preflight_of(origin: str = A, source: Source = HTTP_API) -> dict[str, Any]:
    asked = preflight(origin)
    return source.event(asked.method, asked.path, asked.headers)


def answers_ok(event: Any, context: Any) -> Any:
    """The handler of most tests."""
    return copy.deepcopy(OK)


class Spy:
    """A handler that counts its calls."""

    def __init__(self, answer: Any = None) -> None:
        self.calls: list[tuple[Any, Any]] = []
        self.answer = OK if answer is None else answer

    def __call__(self, event: Any, context: Any) -> Any:
        self.calls.append((event, context))
        return self.answer


# --- Which handlers ------------------------------------------------------------------------------------------


class Application:
    def __call__(self, event: Any, context: Any) -> Any:
        return answers_ok(event, context)

    def method(self, event: Any, context: Any) -> Any:
        return answers_ok(event, context)

    @classmethod
    def of_the_class(cls, event: Any, context: Any) -> Any:
        return answers_ok(event, context)

    @staticmethod
    def of_nobody(event: Any, context: Any) -> Any:
        return answers_ok(event, context)


class Answer(dict[str, Any]):
    """A class is called like any other handler, and makes the answer."""

    def __init__(self, event: Any, context: Any) -> None:
        super().__init__(OK)

    async def __call__(self) -> None:
        """Not what calling the class does."""


class Runner:
    """Runs what is asynchronous: its own call is not."""

    def __init__(self, func: Callable[..., Any]) -> None:
        self.func = func
        self.__wrapped__ = func

    def __call__(self, event: Any, context: Any) -> Any:
        return answers_ok(event, context)


async def asynchronous(event: Any, context: Any) -> Any:
    """What Lambda's runtime cannot await."""


async def asynchronous_generator(event: Any, context: Any) -> Any:
    """The same, in pieces."""
    yield event


def generator(event: Any, context: Any) -> Any:
    """An answer in pieces."""
    yield event


@functools.wraps(asynchronous)
def runs_it(event: Any, context: Any) -> Any:
    return answers_ok(event, context)


def three(extra: int, event: Any, context: Any) -> Any:
    return answers_ok(event, context)


resolver = APIGatewayHttpResolver()


@resolver.get("/tea")
def tea() -> Response[str]:
    return Response(200, "text/plain", "hello", headers={"X-Tea": "white"})


HANDLERS: dict[str, Any] = {
    "function": answers_ok,
    "lambda": lambda event, context: copy.deepcopy(OK),
    "instance": Application(),
    "bound method": Application().method,
    "class method": Application.of_the_class,
    "static method": Application.of_nobody,
    "staticmethod object": staticmethod(answers_ok),
    "class": Answer,
    "partial": functools.partial(three, 1),
    "partial of a partial": functools.partial(functools.partial(three), 1),
    "partial of an instance": functools.partial(Application()),
    "sync around async": runs_it,
    "instance around async": Runner(asynchronous),
    "mock": MagicMock(return_value=OK),
}


@pytest.mark.parametrize("handler", HANDLERS.values(), ids=HANDLERS)
def test_whatever_can_be_called_is_a_handler(handler: Any) -> None:
    wrapped = cors(handler, rules=POLICY)
    assert inspect.isfunction(wrapped)
    assert vars(wrapped)["__wrapped__"] is handler
    assert wrapped(event_of(A), None) == OK | {"headers": ALLOWED}
    assert cors(rules=POLICY)(handler)(event_of(A), None) == OK | {"headers": ALLOWED}
    by_name: Any = cors(handler=handler, rules=POLICY)
    assert by_name(event_of(A), None) == OK | {"headers": ALLOWED}


@pytest.mark.parametrize("handler", [functools.lru_cache(answers_ok), {"event": OK}.get, isinstance], ids=plain)
def test_what_has_no_code_of_its_own_is_taken_too(handler: Any) -> None:
    assert vars(cors(handler, rules=POLICY))["__wrapped__"] is handler


def test_a_powertools_resolver_is_a_handler() -> None:
    wrapped = cors(resolver, rules=POLICY)
    answer = wrapped(event_of(A), SimpleNamespace())
    assert answer["headers"] == {"Content-Type": "text/plain", "X-Tea": "white", **ALLOWED}
    assert answer["statusCode"] == 200
    assert wrapped(event_of(A, path="/coffee"), SimpleNamespace())["statusCode"] == 404
    # A preflight of a route that there is not is answered all the same (powertools-lambda-python#8267).
    assert wrapped(preflight_of(), SimpleNamespace())["statusCode"] == 204


@pytest.mark.parametrize("order", ["cors outside", "cors inside"])
def test_powertools_event_classes_hold_the_event(order: str) -> None:
    """A decorator that hands on an object in place of the event must not switch `enforce` off."""
    calls = []

    def handler(event: APIGatewayProxyEventV2, context: Any) -> Any:
        calls.append(event)
        return copy.deepcopy(OK)

    powertools: Any = event_source(data_class=APIGatewayProxyEventV2)
    ours = cors(rules=POLICY, enforce=True)
    wrapped: Any = ours(powertools(handler)) if order == "cors outside" else powertools(ours(handler))
    assert wrapped(event_of(B), None)["statusCode"] == 403
    assert wrapped(preflight_of(), None)["statusCode"] == 204
    assert calls == []
    assert wrapped(event_of(A), None) == OK | {"headers": ALLOWED}
    assert [type(event) for event in calls] == [APIGatewayProxyEventV2]


def test_a_wrapped_function_looks_like_the_one_inside() -> None:
    def handler(event: dict[str, Any], context: object) -> None:
        """Does something."""

    wrapped = cors(handler, rules=POLICY)
    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        assert getattr(wrapped, name) == getattr(handler, name)
    assert inspect.signature(wrapped) == inspect.signature(handler)
    assert inspect.unwrap(wrapped) is handler


def test_an_instance_that_has_any_attribute_does_not_break_the_wrapper() -> None:
    class Proxy:
        def __getattr__(self, name: str) -> object:
            return object()

        def __call__(self, event: Any, context: Any) -> Any:
            return OK

    assert cors(Proxy(), rules=POLICY)(event_of(A), None) == OK | {"headers": ALLOWED}


ASYNCHRONOUS = "is asynchronous, and Lambda's runtime awaits nothing: call it with asyncio.run()"
NOT_A_HANDLER = "must be a function (event, context), or an object with __call__, not a value of type"
GENERATOR = "is a generator: return the answer instead of yielding it"


class Awaited:
    async def __call__(self, event: Any, context: Any) -> Any:
        """What Lambda's runtime cannot await."""

    async def method(self, event: Any, context: Any) -> Any:
        """The same."""


class Yielding:
    def __call__(self, event: Any, context: Any) -> Any:
        yield


class HasFetch:
    def fetch(self) -> Any:
        """A Source, and no handler."""


REFUSED: list[tuple[Any, str]] = [
    (asynchronous, ASYNCHRONOUS),
    (asynchronous_generator, ASYNCHRONOUS),
    (functools.partial(asynchronous), ASYNCHRONOUS),
    (functools.partial(functools.partial(asynchronous), 1), ASYNCHRONOUS),
    (functools.partial(Awaited()), ASYNCHRONOUS),
    (staticmethod(asynchronous), ASYNCHRONOUS),
    (Awaited(), ASYNCHRONOUS),
    (Awaited().method, ASYNCHRONOUS),
    (AsyncMock(), ASYNCHRONOUS),
    (generator, GENERATOR),
    (functools.partial(generator), GENERATOR),
    (Yielding(), GENERATOR),
    (7, f"{NOT_A_HANDLER} int"),
    ([], f"{NOT_A_HANDLER} list"),
    *(
        (
            value,
            f"{NOT_A_HANDLER} {type(value).__name__}; write @cors(rules=...)",
        )
        for value in (POLICY, Rules([]), DOCUMENT, json.dumps(DOCUMENT), b"{}", HasFetch())
    ),
]


@pytest.mark.parametrize(("handler", "message"), REFUSED, ids=plain)
def test_what_is_no_handler_is_refused_with_the_fix(handler: Any, message: str) -> None:
    for attempt in (lambda: cors(handler), lambda: cors(rules=POLICY)(handler), lambda: cors(handler, rules=POLICY)):
        with pytest.raises(TypeError) as caught:
            attempt()
        assert str(caught.value) == f"the handler {message}"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"on_error": "raise"}, ValueError, 'on_error is "propagate" or "respond", not \'raise\''),
        ({"on_error": None}, ValueError, 'on_error is "propagate" or "respond", not None'),
        ({"preflight_status": 201}, ValueError, "preflight_status is 200 or 204, not 201"),
        ({"preflight_status": "204"}, ValueError, "preflight_status is 200 or 204, not '204'"),
        ({"preflight_status": True}, ValueError, "preflight_status is 200 or 204, not True"),
        ({"origin_check": asynchronous}, TypeError, f"origin_check {ASYNCHRONOUS}"),
        ({"origin_check": Awaited()}, TypeError, f"origin_check {ASYNCHRONOUS}"),
        ({"origin_check": generator}, TypeError, f"origin_check {GENERATOR}"),
        (
            {"origin_check": "x"},
            TypeError,
            "origin_check must be a function (origin, request), or an object with __call__, not a value of type str",
        ),
    ],
    ids=plain,
)
def test_arguments_that_mean_nothing_are_refused_at_once(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        cors(rules=POLICY, **arguments)
    assert str(caught.value) == message


def test_there_are_no_other_arguments() -> None:
    parameters = inspect.signature(cors).parameters
    assert {name: parameter.default for name, parameter in parameters.items()} == {
        "handler": None,
        "rules": None,
        "enforce": False,
        "on_error": "propagate",
        "debug": None,
        "preflight_status": 204,
        "preflight_continue": False,
        "origin_check": None,
        "base_path": None,
    }
    assert [name for name, parameter in parameters.items() if parameter.kind is not parameter.KEYWORD_ONLY] == [
        "handler"
    ]
    with pytest.raises(TypeError):
        cors(POLICY, POLICY)  # type: ignore[call-overload]


# --- rules= --------------------------------------------------------------------------------------------------


class Given:
    """A user's own Source."""

    def fetch(self) -> edgecors.Document:
        return edgecors.Document(json.dumps(DOCUMENT), "1")


@pytest.mark.parametrize(
    "rules",
    [POLICY, Rules.parse(DOCUMENT), DOCUMENT, json.dumps(DOCUMENT), json.dumps(DOCUMENT).encode(), Given()],
    ids=lambda rules: type(rules).__name__,
)
def test_rules_come_in_every_form(rules: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # The argument counts before the environment.
    monkeypatch.setenv("EDGECORS_RULES", json.dumps(DOCUMENT).replace(A, B))
    wrapped = cors(answers_ok, rules=rules)
    assert wrapped(event_of(A), None)["headers"] == ALLOWED
    assert wrapped(event_of(B), None)["headers"] == {"Vary": "Origin"}


@pytest.mark.parametrize(
    ("rules", "codes"),
    [
        ({"schema": "edgecors/2", "policies": []}, ["schema-unknown"]),
        ("{", ["json-invalid"]),
        (b"\xff", ["document-not-utf-8"]),
        (
            {"schema": "edgecors/1", "policies": [DOCUMENT["policies"][0] | {"allow_origins": [A + "/"]}]},  # type: ignore[operator]
            ["origin-trailing-slash"],
        ),
    ],
    ids=plain,
)
def test_rules_that_do_not_parse_raise_at_decoration(rules: Any, codes: list[str]) -> None:
    with pytest.raises(RulesError) as caught:
        cors(answers_ok, rules=rules)
    assert [problem.code for problem in caught.value.problems] == codes


def test_rules_in_code_are_held_to_the_public_suffix_list() -> None:
    policy = {"name": "x", "paths": ["*"], "allow_origins": ["https://*.github.io"], "allow_credentials": True}
    with pytest.raises(RulesError) as caught:
        cors(answers_ok, rules={"schema": "edgecors/1", "policies": [policy]})
    assert [problem.code for problem in caught.value.problems] == ["public-suffix-with-credentials"]
    with pytest.raises(PolicyError):
        Policy(allow_origins=["https://*.github.io"], allow_credentials=True)


@pytest.mark.parametrize("rules", [7, [], (), object(), Given, Policy], ids=plain)
def test_rules_of_another_kind_are_a_type_error(rules: Any) -> None:
    with pytest.raises(TypeError, match="rules= takes a Policy, Rules, a document"):
        cors(answers_ok, rules=rules)


# --- Nested --------------------------------------------------------------------------------------------------


def passes_on(handler: Any) -> Any:
    """Somebody else's decorator."""

    @functools.wraps(handler)
    def around(event: Any, context: Any) -> Any:
        answer = handler(event, context)
        answer.setdefault("headers", {})["X-Around"] = "yes"
        return answer

    return around


OTHER = Policy(allow_origins=[B], allow_methods=["PUT"], expose_headers=["ETag"])


@pytest.mark.parametrize("between", [lambda handler: handler, passes_on], ids=["directly", "around another"])
@pytest.mark.parametrize("inner", [{}, {"enforce": True}, {"debug": True}, {"on_error": "respond"}], ids=plain)
def test_the_outermost_wins(between: Any, inner: dict[str, Any]) -> None:
    wrapped = cors(between(cors(answers_ok, rules=OTHER, **inner)), rules=POLICY)
    around = {"X-Around": "yes"} if between is passes_on else {}
    assert wrapped(event_of(A), None) == OK | {"headers": ALLOWED | around}
    assert wrapped(event_of(B), None) == OK | {"headers": {"Vary": "Origin"} | around}
    assert wrapped(event_of(), None) == OK | {"headers": {"Vary": "Origin"} | around}
    assert wrapped(preflight_of(B), None)["statusCode"] == 403
    assert wrapped(preflight_of(A), None)["headers"]["Access-Control-Allow-Origin"] == A


def test_an_inner_one_neither_answers_errors_nor_adds_up() -> None:
    def fails(event: Any, context: Any) -> Any:
        raise LookupError("tea")

    wrapped = cors(cors(fails, rules=OTHER, on_error="respond"), rules=POLICY)
    with pytest.raises(LookupError):
        wrapped(event_of(A), None)
    # Afterwards the outermost is the outermost again.
    assert cors(answers_ok, rules=POLICY)(event_of(A), None) == OK | {"headers": ALLOWED}


def test_an_inner_preflight_goes_on_to_the_handler() -> None:
    spy = Spy()
    wrapped = cors(cors(spy, rules=OTHER), rules=POLICY, preflight_continue=True)
    assert wrapped(preflight_of(A), None)["headers"]["Access-Control-Allow-Origin"] == A
    assert len(spy.calls) == 1


def test_a_router_before_two_of_them_uses_each() -> None:
    one, two = cors(answers_ok, rules=POLICY), cors(answers_ok, rules=OTHER)

    def router(event: Any, context: Any) -> Any:
        return (one if event["rawPath"] == "/one" else two)(event, context)

    assert router(event_of(A, path="/one"), None)["headers"] == ALLOWED
    assert router(event_of(B, path="/two"), None)["headers"]["Access-Control-Allow-Origin"] == B
    assert router(event_of(A, path="/two"), None)["headers"] == {"Vary": "Origin"}


# --- enforce, preflights -------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_who_is_refused_never_reaches_the_handler(source: Source) -> None:
    spy = Spy(source.answer(200, {}, "hello"))
    wrapped = cors(spy, rules=POLICY, enforce=True)
    for origin in (B, "null", "x"):
        wrapped(source.event("POST", "/tea", get(origin).headers), None)
        wrapped(source.event("OPTIONS", "/tea", preflight(origin).headers), None)
    assert len(spy.calls) == (6 if source.is_response else 0)
    spy.calls.clear()
    wrapped(source.event("POST", "/tea", ()), None)
    wrapped(source.event("POST", "/tea", get(A).headers), None)
    assert len(spy.calls) == 2


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_preflights_never_reach_the_handler(source: Source) -> None:
    spy = Spy(source.answer(200, {}, "hello"))
    for arguments in ({}, {"debug": True}, {"enforce": True}, {"preflight_status": 200}):
        wrapped = cors(spy, rules=POLICY, **arguments)
        for origin in (A, B, "null"):
            wrapped(source.event("OPTIONS", "/tea", preflight(origin).headers), None)
    assert len(spy.calls) == (12 if source.is_response else 0)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_allowed_preflights_go_on_if_asked_to(source: Source) -> None:
    spy = Spy(source.answer(200, {}, "hello"))
    wrapped = cors(spy, rules=POLICY, preflight_continue=True)
    wrapped(source.event("OPTIONS", "/tea", preflight(A).headers), None)
    assert len(spy.calls) == 1
    wrapped(source.event("OPTIONS", "/tea", preflight(B).headers), None)
    assert len(spy.calls) == (2 if source.is_response else 1)


def test_a_refused_preflight_with_debug_does_not_go_on() -> None:
    spy = Spy()
    answer = cors(spy, rules=POLICY, preflight_continue=True, debug=True, preflight_status=200)(preflight_of(B), None)
    assert spy.calls == []
    assert answer["statusCode"] == 200
    assert answer["headers"]["X-Edgecors-Reason"] == "origin-not-allowed"


# --- on_error ------------------------------------------------------------------------------------------------


class Context:
    aws_request_id = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"


def fails(event: Any, context: Any) -> Any:
    """A handler with a bug."""
    raise LookupError("no tea\r\nX-Evil: y\x1b[31m")


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The lines on standard output, each one a JSON object in plain ASCII."""
    out, err = capsys.readouterr()
    assert err == ""
    return read(out)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_an_error_propagates_as_without_the_decorator(source: Source, capsys: pytest.CaptureFixture[str]) -> None:
    error = LookupError("tea")

    def raises(event: Any, context: Any) -> Any:
        raise error

    for wrapped in (cors(raises, rules=POLICY), cors(raises, rules=POLICY, on_error="propagate")):
        with pytest.raises(LookupError) as caught:
            wrapped(source.event("GET", "/tea", get(A).headers), None)
        assert caught.value is error
    assert logged(capsys) == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
@pytest.mark.parametrize(("origin", "headers"), [(A, ALLOWED), (B, {"Vary": "Origin"}), (None, {"Vary": "Origin"})])
def test_an_error_is_answered_so_that_the_page_can_read_it(
    source: Source, origin: str | None, headers: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    event = source.event("GET", "/tea", () if origin is None else get(origin).headers)
    answer = cors(fails, rules=POLICY, on_error="respond")(event, Context())
    body = (
        '{"type": "about:blank", "title": "Internal Server Error", "status": 500, '
        '"request_id": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"}'
    )
    assert answer == source.reply(500, {"Content-Type": "application/problem+json", **headers}, body)
    assert len(logged(capsys)) == 1


def test_an_error_for_everyone_has_no_vary() -> None:
    answer = cors(fails, rules=Policy(allow_origins=["*"]), on_error="respond")(event_of(), None)
    assert answer["headers"] == {"Content-Type": "application/problem+json", "Access-Control-Allow-Origin": "*"}


def test_an_error_is_one_line_with_its_traceback_and_one_metric(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "tea")
    monkeypatch.setattr("time.time", lambda: 1795356131.5)
    cors(fails, rules=POLICY, on_error="respond")(event_of(A), Context())
    (line,) = logged(capsys)
    traceback = line.pop("traceback")
    assert traceback.startswith("Traceback (most recent call last):\n")
    assert ", in fails\n" in traceback
    assert traceback.endswith("LookupError: no tea\r\nX-Evil: y\x1b[31m\n")
    assert line == {
        "level": "ERROR",
        "logger": "edgecors",
        "message": "HandlerError",
        "function": "tea",
        "request_id": Context.aws_request_id,
        "error": "LookupError('no tea\\r\\nX-Evil: y\\x1b[31m')",
        "HandlerError": 1,
        "_aws": {
            "Timestamp": 1795356131500,
            "CloudWatchMetrics": [
                {
                    "Namespace": "edgecors",
                    "Dimensions": [["function"]],
                    "Metrics": [{"Name": "HandlerError", "Unit": "Count"}],
                }
            ],
        },
    }


@pytest.mark.parametrize("context", [None, object(), SimpleNamespace(aws_request_id=7), MagicMock()], ids=plain)
def test_a_context_without_a_request_id_is_no_error(context: Any, capsys: pytest.CaptureFixture[str]) -> None:
    answer = cors(fails, rules=POLICY, on_error="respond")(event_of(A), context)
    assert json.loads(answer["body"]) == {"type": "about:blank", "title": "Internal Server Error", "status": 500}
    assert [line["request_id"] for line in logged(capsys)] == [None]


class UnspeakableError(Exception):
    """An error that cannot even be shown."""

    def __repr__(self) -> str:
        raise ValueError("no")

    __str__ = __repr__


def test_an_error_that_cannot_be_shown_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    def raises(event: Any, context: Any) -> Any:
        raise UnspeakableError

    answer = cors(raises, rules=POLICY, on_error="respond")(event_of(A), None)
    assert answer["statusCode"] == 500
    assert [line["error"] for line in logged(capsys)] == ["a value of type UnspeakableError"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_ends_the_process_is_not_answered(error: type[BaseException]) -> None:
    def raises(event: Any, context: Any) -> Any:
        raise error

    with pytest.raises(error):
        cors(raises, rules=POLICY, on_error="respond")(event_of(A), None)


def test_an_answer_that_json_cannot_write_is_the_handlers_error(capsys: pytest.CaptureFixture[str]) -> None:
    async def later() -> None:
        """Never awaited."""

    coroutine = later()
    wrapped = cors(lambda event, context: coroutine, rules=POLICY, on_error="respond")
    assert wrapped(event_of(A), None)["statusCode"] == 500
    assert [line["error"] for line in logged(capsys)] == [
        "TypeError('Object of type coroutine is not JSON serializable')"
    ]
    with pytest.raises(TypeError, match="coroutine"):
        cors(lambda event, context: coroutine, rules=POLICY)(event_of(A), None)
    coroutine.close()


# --- debug ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "argument", "expected"),
    [
        (None, None, False),
        ("1", None, True),
        ("", None, False),
        ("0", None, False),
        ("true", None, False),
        ("yes", None, False),
        (" 1", None, False),
        ("1", False, False),
        (None, True, True),
        ("0", True, True),
    ],
)
def test_debug_is_on_for_1_or_by_the_argument(
    monkeypatch: pytest.MonkeyPatch, variable: str | None, argument: bool | None, expected: bool
) -> None:
    monkeypatch.delenv("EDGECORS_DEBUG", raising=False)
    if variable is not None:
        monkeypatch.setenv("EDGECORS_DEBUG", variable)
    wrapped = cors(answers_ok, rules=POLICY, debug=argument)
    monkeypatch.setenv("EDGECORS_DEBUG", "0" if variable == "1" else "1")  # read at decoration alone
    assert ("X-Edgecors-Reason" in wrapped(event_of(B), None)["headers"]) is expected


# --- origin_check --------------------------------------------------------------------------------------------

CREDENTIALS = Policy(allow_origins=[A], allow_credentials=True)
INSECURE = Policy(allow_origins=[A], allow_credentials=True, dangerously_allow_insecure_origins=True)

ASKED: list[tuple[Policy, str, bool]] = [
    (POLICY, B, True),
    (POLICY, "https://x.b.example:8443", True),
    (POLICY, "http://b.example", True),
    (POLICY, "capacitor://localhost", True),
    (POLICY, "https://[::1]:8443", True),
    (CREDENTIALS, B, True),
    (INSECURE, "http://b.example", True),
    # Insecure http with credentials: only from this very machine.
    (CREDENTIALS, "http://b.example", False),
    (CREDENTIALS, "http://localhost.b.example", False),
    (CREDENTIALS, "http://128.0.0.1", False),
    (CREDENTIALS, "http://127.0.0.1.b.example", False),
    (CREDENTIALS, "http://localhost:3000", True),
    (CREDENTIALS, "http://a.localhost.", True),
    (CREDENTIALS, "http://127.9.9.9", True),
    (CREDENTIALS, "http://[::1]", True),
    # A pattern has matched already.
    (POLICY, A, False),
    (Policy(allow_origins=["*"]), B, False),
    # Nothing that a browser serialises.
    *(
        (policy, origin, False)
        for policy in (POLICY, INSECURE)
        for origin in (
            "",
            "null",
            "x",
            "https://b.example/",
            "https://B.example",
            f"{B}, {B}",
            f"{B}\n",
            "file://",
            "https://b.example:443",
            "https://" + "b" * 300,
        )
    ),
]


@pytest.mark.parametrize(("policy", "origin", "asked"), ASKED, ids=plain)
@pytest.mark.parametrize("verdict", [True, False])
def test_an_origin_check_is_asked_only_about_what_a_policy_could_list(
    policy: Policy, origin: str, asked: bool, verdict: bool
) -> None:
    seen: list[Any] = []

    def check(*arguments: Any) -> bool:
        seen.append(arguments)
        return verdict

    wrapped = cors(answers_ok, rules=policy, origin_check=check)
    headers = wrapped(event_of(origin), None)["headers"]
    assert seen == ([(origin, Request("GET", "/tea", [("origin", origin)]))] if asked else [])
    if asked:
        assert headers.get("Access-Control-Allow-Origin") == (origin if verdict else None)
    # A preflight is decided in the same way.
    seen.clear()
    preflighted = wrapped(preflight_of(origin), None)
    assert len(seen) == asked
    if asked:
        assert preflighted["statusCode"] == (204 if verdict else 403)
        assert preflighted["headers"].get("Access-Control-Allow-Origin") == (origin if verdict else None)


def test_an_origin_check_is_not_asked_without_a_policy_or_an_origin() -> None:
    def check(origin: str, request: Request) -> bool:
        raise AssertionError(origin)

    for rules in (Rules([]), Rules([("x", ["/other"], POLICY)])):
        wrapped = cors(answers_ok, rules=rules, origin_check=check)
        assert wrapped(event_of(B), None)["headers"] == {"Vary": "Origin"}
        assert wrapped(preflight_of(B), None)["statusCode"] == 403
    assert cors(answers_ok, rules=POLICY, origin_check=check)(event_of(), None)["headers"] == {"Vary": "Origin"}


@pytest.mark.parametrize("verdict", [1, "yes", [True], object(), MagicMock(), None, 0, "", {}], ids=plain)
def test_only_true_itself_allows(verdict: Any) -> None:
    wrapped = cors(answers_ok, rules=POLICY, origin_check=lambda origin, request: verdict, enforce=True)
    assert wrapped(event_of(B), None)["statusCode"] == 403


def test_a_coroutine_that_slips_through_does_not_allow() -> None:
    async def later() -> bool:
        return True

    coroutine = later()
    wrapped = cors(answers_ok, rules=POLICY, origin_check=lambda origin, request: coroutine)  # type: ignore[arg-type,return-value]
    assert wrapped(event_of(B), None)["headers"] == {"Vary": "Origin"}
    coroutine.close()


@pytest.mark.parametrize("error", [LookupError("table\r\ngone"), UnspeakableError()], ids=["speakable", "not"])
def test_an_origin_check_that_fails_refuses_and_is_logged(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    def check(origin: str, request: Request) -> bool:
        raise error

    wrapped = cors(answers_ok, rules=POLICY, origin_check=check, enforce=True)
    assert wrapped(event_of(B), None)["statusCode"] == 403
    assert logged(capsys) == [
        {
            "level": "ERROR",
            "logger": "edgecors",
            "message": "OriginCheckError",
            "function": "unknown",
            "origin": B,
            "error": "LookupError('table\\r\\ngone')"
            if isinstance(error, LookupError)
            else "a value of type UnspeakableError",
        }
    ]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_an_origin_check_sees_the_request_as_it_was_sent(source: Source) -> None:
    seen: list[Request] = []

    def check(origin: str, request: Request) -> bool:
        seen.append(request)
        return True

    headers = [("Origin", B), ("X-Tea", "white"), ("Accept", "a/b")]
    event = source.event("DELETE", "/tea", headers)
    before = copy.deepcopy(event)
    cors(lambda event, context: source.answer(200, {}, ""), rules=POLICY, origin_check=check)(event, None)
    assert seen == [Request("DELETE", "/tea", headers)]
    assert event == before


def test_an_origin_check_sees_which_of_two_maps_counts() -> None:
    seen: list[Any] = []
    event = event_of(B, source=REST_API)
    event["headers"] = {"Origin": "https://c.example", "X-Single": "1", "X-List": ["2"], "X-None": None, 7: "x"}
    event["multiValueHeaders"] = {
        "origin": [B],
        "X-Two": ["1", "2"],
        "x-two": ["3"],
        "X-Empty": [],
        "X-Odd": [7],
        "X-Text": "y",
        "X-Null": None,
        7: ["x"],
    }

    def check(origin: str, request: Request) -> bool:
        seen.append((origin, dict(request.headers)))
        return True

    cors(answers_ok, rules=POLICY, origin_check=check)(event, None)
    assert seen == [(B, {"origin": B, "x-two": "1, 2, 3", "x-odd": "", "x-text": "y", "x-single": "1", "x-list": ""})]


def test_an_origin_check_sees_cloudfronts_headers() -> None:
    seen: list[Any] = []
    event = event_of(B, source=VIEWER_REQUEST)
    event["Records"][0]["cf"]["request"]["headers"] |= {
        "x-two": [{"key": "X-Two", "value": "1"}, {"key": "X-Two", "value": "2"}],
        "x-odd": [None],
        "x-none": None,
        "x-empty": [],
        7: [{"key": "7", "value": "7"}],
    }

    def check(origin: str, request: Request) -> bool:
        seen.append(dict(request.headers))
        return True

    cors(lambda event, context: event, rules=POLICY, origin_check=check)(event, None)
    assert seen == [{"origin": B, "x-two": "1, 2", "x-odd": ""}]


def test_an_origin_check_cannot_change_the_request() -> None:
    def check(origin: str, request: Request) -> bool:
        headers: Any = request.headers
        changes: list[Callable[[], Any]] = [
            lambda: headers.__setitem__("origin", A),
            lambda: headers.update(origin=A),
            lambda: headers.__ior__({"origin": A}),
            headers.clear,
            lambda: headers.pop("origin"),
            headers.popitem,
            lambda: headers.setdefault("x", "y"),
            lambda: headers.__delitem__("origin"),
        ]
        for change in changes:
            with pytest.raises(TypeError, match="cannot be changed"):
                change()
        with pytest.raises(AttributeError):
            request.path = "/"
        return True

    headers = cors(answers_ok, rules=POLICY, origin_check=check)(event_of(B), None)["headers"]
    assert headers["Access-Control-Allow-Origin"] == B


# --- Nothing is shared between calls -------------------------------------------------------------------------

SHARED_HEADERS = {"X-Tea": "white", "Vary": "Accept"}
SHARED_LISTS = {"X-Tea": ["white"], "Set-Cookie": ["a=b"]}


def spoil(answer: Any) -> None:
    """Changes an answer wherever that is possible."""
    if isinstance(answer, dict):
        for value in list(answer.values()):
            spoil(value)
        answer.clear()
        answer["spoilt"] = "yes"
    elif isinstance(answer, list):
        for value in answer:
            spoil(value)
        answer.append("spoilt")


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
@pytest.mark.parametrize("policy", [POLICY, Policy(allow_origins=["*"], expose_headers=["ETag"])], ids=plain)
def test_whoever_changes_an_answer_changes_no_other(source: Source, policy: Policy) -> None:
    """A former call's origin never leaks into a later one (middyjs/middy#1263, rs/cors#198, jub0bs/cors#14)."""
    wrapped = cors(
        lambda event, context: source.answer(200, SHARED_HEADERS, "hello"),
        rules=policy,
        enforce=True,
        on_error="respond",
        debug=True,
    )
    fails_too = cors(fails, rules=policy, on_error="respond")
    events = [
        source.event(method, "/tea", asked.headers)
        for method, asked in (
            ("OPTIONS", preflight(A)),
            ("OPTIONS", preflight(B)),
            ("GET", get(A)),
            ("GET", get(B)),
            ("GET", get()),
        )
    ]
    before = copy.deepcopy(events)
    first = [(wrapped(event, None), fails_too(event, None)) for event in events]
    kept = copy.deepcopy(first)
    for pair in first:
        for answer in pair:
            spoil(answer)
    assert events == before
    assert SHARED_HEADERS == {"X-Tea": "white", "Vary": "Accept"}
    assert [(wrapped(event, None), fails_too(event, None)) for event in events] == kept


def test_a_module_level_headers_dict_stays_as_it_is() -> None:
    answer = {"statusCode": 200, "headers": SHARED_HEADERS, "multiValueHeaders": SHARED_LISTS, "cookies": ["a=b"]}
    for source in (HTTP_API, REST_API):
        wrapped = cors(lambda event, context: answer, rules=Policy(allow_origins=[A, B], expose_headers=["ETag"]))
        for origin in (A, B, "https://c.example"):
            merged = wrapped(event_of(origin, source=source), None)
            assert merged is not answer
            assert merged["headers"] is not SHARED_HEADERS
            assert merged["multiValueHeaders"] is not SHARED_LISTS
            assert merged["multiValueHeaders"]["X-Tea"] is not SHARED_LISTS["X-Tea"]
    assert SHARED_HEADERS == {"X-Tea": "white", "Vary": "Accept"}
    assert SHARED_LISTS == {"X-Tea": ["white"], "Set-Cookie": ["a=b"]}
    assert answer["headers"] is SHARED_HEADERS


# --- The module ----------------------------------------------------------------------------------------------


def test_the_public_names_are_those_of_the_contract() -> None:
    assert sorted(edgecors.__all__) == [
        "Document",
        "Explanation",
        "FetchExplanation",
        "Policy",
        "PolicyError",
        "Problem",
        "Regex",
        "Request",
        "Rules",
        "RulesError",
        "Source",
        "Step",
        "cors",
    ]
    for name in edgecors.__all__:
        assert getattr(edgecors, name).__name__ == name
        assert name in dir(edgecors)
    with pytest.raises(AttributeError, match="module 'edgecors' has no attribute 'nothing'"):
        edgecors.nothing  # noqa: B018
    assert "wrap" not in edgecors.__all__
