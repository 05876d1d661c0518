"""`cors`: the decorator that puts the decision in front of a Lambda handler."""

from __future__ import annotations

from _thread import get_ident

from edgecors.aws import cloudfront, payload_v2, recognize
from edgecors.decision import (
    actual_headers,
    may_be_asked,
    only_origin,
    preflight_headers,
    refusal,
)
from edgecors.policy import ALLOW_ORIGIN, PREFLIGHT_VARY, Policy
from edgecors.request import Request
from edgecors.rules import Rules
from edgecors.runtime.events import report, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, Literal, Protocol, overload

    from edgecors.aws import Event, Shape
    from edgecors.request import Asked
    from edgecors.runtime.environment import Provider
    from edgecors.runtime.sources import Source

    Handler = Callable[[Any, Any], Any]
    RulesLike = Policy | Rules | Mapping[str, object] | str | bytes | Source

    class Decorator(Protocol):
        """What `cors(...)` with arguments gives."""

        def __call__(self, handler: Handler, /) -> Handler: ...

else:

    def overload(function):  # noqa: ANN001, ANN201
        """Nothing: `typing` is not imported at run time."""
        return function


REASON = "X-Edgecors-Reason"


# The threads whose handler runs inside a decorator: another one further in has nothing to say. (A ContextVar or a
# `threading.local` to set and reset would take 400 or 250 ns of a GET's 1,500, and no handler awaits anything.)
_inside: dict[int, bool] = {}

# Code flags (CPython's inspect.CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR; `inspect` takes 5 ms to import).
_GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x20, 0x80, 0x200


@overload
def cors(
    handler: Handler,
    *,
    rules: RulesLike | None = ...,
    enforce: bool = ...,
    on_error: Literal["propagate", "respond"] = ...,
    debug: bool | None = ...,
    preflight_status: Literal[200, 204] = ...,
    preflight_continue: bool = ...,
    origin_check: Callable[[str, Request], bool] | None = ...,
    base_path: str | Iterable[str] | None = ...,
) -> Handler: ...


@overload
def cors(
    handler: None = None,
    *,
    rules: RulesLike | None = ...,
    enforce: bool = ...,
    on_error: Literal["propagate", "respond"] = ...,
    debug: bool | None = ...,
    preflight_status: Literal[200, 204] = ...,
    preflight_continue: bool = ...,
    origin_check: Callable[[str, Request], bool] | None = ...,
    base_path: str | Iterable[str] | None = ...,
) -> Decorator: ...


def cors(
    handler: Handler | None = None,
    *,
    rules: RulesLike | None = None,
    enforce: bool = False,
    on_error: str = "propagate",
    debug: bool | None = None,
    preflight_status: int = 204,
    preflight_continue: bool = False,
    origin_check: Callable[[str, Request], bool] | None = None,
    base_path: str | Iterable[str] | None = None,
) -> Handler | Decorator:
    """Answers CORS for a Lambda handler `(event, context)`: preflights without it, all else around it.

    - `rules`: a Policy (for every path), Rules, a document (dict or JSON), or a Source; None: from the environment
      (EDGECORS_RULES, else EDGECORS_PARAMETER).
    - `enforce`: a cross-origin request from an origin that is not allowed gets 403, without the handler.
    - `on_error`: "propagate" lets the handler's exception go on; "respond" reports it and answers 500 as
      application/problem+json with the CORS headers, so that the page can read it.
    - `debug`: tells refused origins why, in `X-Edgecors-Reason`; None: EDGECORS_DEBUG is 1.
    - `preflight_status`: 204 or 200.
    - `preflight_continue`: calls the handler for allowed preflights too, and adds the CORS headers to its answer.
    - `origin_check`: asked about a well-formed origin that no pattern matched; only True allows.
    - `base_path`: custom-domain base paths that come before the API's own path; None: EDGECORS_BASE_PATH.

    Raises TypeError or ValueError for arguments of the wrong kind, RulesError (PolicyError for a Policy) for rules
    that do not parse or that are nowhere.
    """
    if on_error not in ("propagate", "respond"):
        raise ValueError(f'on_error is "propagate" or "respond", not {on_error!r}')
    if preflight_status not in (200, 204):
        raise ValueError(f"preflight_status is 200 or 204, not {preflight_status!r}")
    if origin_check is not None:
        _check_callable(origin_check, "origin_check", "(origin, request)")

    def decorate(handler: Handler) -> Handler:
        is_rules = isinstance(handler, Policy | Rules | dict | str | bytes) or hasattr(handler, "fetch")
        fix = "; write @cors(rules=...)" if is_rules else ""
        _check_callable(handler, "the handler", "(event, context)", fix)
        from edgecors.runtime import environment  # noqa: PLC0415  (only here, so that importing reads nothing)

        middleware = _Middleware(
            handler,
            rules=_provider(rules),
            enforce=enforce,
            respond=on_error == "respond",
            debug=environment.is_debug() if debug is None else debug,
            preflight_status=preflight_status,
            preflight_continue=preflight_continue,
            origin_check=origin_check,
            base_paths=_base_paths(environment.base_path() if base_path is None else base_path),
        )
        wrapper = middleware.wrapper()
        for name in ("__module__", "__name__", "__qualname__", "__doc__"):
            value = getattr(handler, name, None)
            if isinstance(value, str):  # an instance may give anything
                setattr(wrapper, name, value)
        wrapper.__wrapped__ = handler  # type: ignore[attr-defined]
        return wrapper

    return decorate if handler is None else decorate(handler)


class _Middleware:
    """One decorated handler."""

    __slots__ = (
        "_base_paths",
        "_debug",
        "_enforce",
        "_handler",
        "_note",
        "_origin_check",
        "_preflight_continue",
        "_preflight_status",
        "_respond",
        "_rules",
    )

    def __init__(
        self,
        handler: Handler,
        *,
        rules: tuple[Rules | None, Provider],
        enforce: bool,
        respond: bool,
        debug: bool,
        preflight_status: int,
        preflight_continue: bool,
        origin_check: Callable[[str, Request], bool] | None,
        base_paths: tuple[str, ...],
    ) -> None:
        self._handler = handler
        self._rules = rules
        self._enforce = enforce
        self._respond = respond
        self._debug = debug
        self._preflight_status = preflight_status
        self._preflight_continue = preflight_continue
        self._origin_check = origin_check
        self._base_paths = base_paths
        self._note = self._first_note

    def wrapper(self) -> Handler:
        """What stands in the handler's place. All that most requests need is in this one function: what Python takes
        for a call is what it takes for three look-ups."""
        handler, (fixed, current) = self._handler, self._rules

        def wrapper(given: Any, context: Any) -> Any:
            # Powertools' event classes, from a decorator of theirs outside ours, have the event itself inside.
            event = given if isinstance(given, dict) else getattr(given, "raw_event", None)
            if not isinstance(event, dict) or (_inside and get_ident() in _inside):
                return handler(given, context)
            shape: Shape = payload_v2  # the usual one, without a loop
            read = payload_v2.read(event)
            if read is None:
                found = recognize(event)
                if found is None:
                    return handler(given, context)
                shape, read = found
            method, origin, asked = read
            rules = fixed or current(context)
            policy = None
            if rules is not None:
                policy = rules._only or rules.policy_for(shape.path(event, self._base_paths))
            if origin is None:
                cors = actual_headers(policy, None) if policy is not None and policy._any_origin else _VARY_ORIGIN
            elif policy is not None and (
                policy._allows(origin)
                or (self._origin_check is not None and self._is_vouched_for(shape, event, policy, origin, method))
            ):
                if asked is None:
                    cors = policy._actual.copy()  # as actual_headers
                    if not policy._any_origin:
                        cors[ALLOW_ORIGIN] = origin
                else:
                    if policy._is_fixed:  # as preflight_headers
                        cors = policy._preflight.copy()
                        cors[ALLOW_ORIGIN] = origin
                    else:
                        requested = shape.header(event, *_REQUEST_HEADERS) if policy._reads_requested else None
                        cors = preflight_headers(policy, origin, asked, requested)
                    if not (self._preflight_continue or (shape is cloudfront and cloudfront.is_response(event))):
                        return shape.reply(event, self._preflight_status, cors, "")
            elif shape is not cloudfront and not (self._debug or self._enforce):
                # As _refused, which can do more: a flood should cost no more than answers to those who are allowed.
                if asked is not None:
                    self._note(rules, policy, origin, asked)
                    return shape.reply(event, 403, {"Vary": PREFLIGHT_VARY}, "")
                cors = _VARY_ORIGIN
                if not _is_same_origin(shape, event, origin):
                    self._note(rules, policy, origin, method)
            else:
                answer, cors = self._refused(shape, event, rules, policy, read)
                if answer is not None:
                    return answer
            thread = get_ident()
            _inside[thread] = True
            try:
                # A coroutine or a body that JSON cannot write is the handler's error as much as an exception.
                return shape.merge(event, handler(given, context), cors)
            except Exception as error:
                if not self._respond:
                    raise
                return _failed(shape, event, context, error, cors)
            finally:
                del _inside[thread]

        return wrapper

    def _refused(
        self, shape: Shape, event: Event, rules: Rules | None, policy: Policy | None, read: Asked
    ) -> tuple[Any, dict[str, str]]:
        """What a request from an origin that is not allowed gets: an answer of our own, or None and the headers for
        the handler's."""
        method, given, asked = read
        origin: str = given  # type: ignore[assignment]
        is_response = shape is cloudfront and cloudfront.is_response(event)
        if asked is not None:
            self._note(rules, policy, origin, asked)
            headers, status = {"Vary": PREFLIGHT_VARY}, 403
            if self._debug:
                headers, status = _told(policy, origin), self._preflight_status
            return None if is_response else shape.reply(event, status, headers, ""), headers
        headers = {REASON: refusal(policy, origin), **_VARY_ORIGIN} if self._debug else _VARY_ORIGIN
        if not _is_same_origin(shape, event, origin):
            self._note(rules, policy, origin, method)
            if self._enforce and not is_response:
                return shape.reply(event, 403, {**_PROBLEM_JSON, **headers}, _FORBIDDEN), headers
        return None, headers

    def _first_note(self, rules: Rules | None, policy: Policy | None, origin: str, method: str) -> None:
        """Reports the first refused origin, and has the next ones reported without a look whether they are."""
        from edgecors.runtime.refusals import Refusals  # noqa: PLC0415  (most processes refuse nobody)

        self._note = Refusals().note
        self._note(rules, policy, origin, method)

    def _is_vouched_for(self, shape: Shape, event: Event, policy: Policy, origin: str, method: str) -> bool:
        """Whether the user's `origin_check` allows an origin that no pattern matched."""
        check = self._origin_check
        if check is None or not may_be_asked(policy, origin):
            return False
        path = shape.path(event, self._base_paths)
        request = Request(method, "" if path is None else path, shape.headers(event))
        try:
            return check(origin, request) is True
        except Exception as error:  # noqa: BLE001  (whatever it raises: refused, and the API goes on)
            report("ERROR", "OriginCheckError", count=0, origin=origin, error=shown(error))
            return False


# Of answers that do not depend on the policy.
_VARY_ORIGIN = {"Vary": "Origin"}
_REQUEST_HEADERS = ("access-control-request-headers", "Access-Control-Request-Headers")
_PROBLEM_JSON = {"Content-Type": "application/problem+json"}
_FORBIDDEN = (
    '{"type": "about:blank", "title": "Forbidden", "status": 403, '
    '"detail": "Pages of this origin may not call this API."}'
)


def _told(policy: Policy | None, origin: str) -> dict[str, str]:
    """The headers that tell a refused origin's preflight why."""
    headers = {REASON: refusal(policy, origin), "Vary": PREFLIGHT_VARY}
    only = only_origin(policy)
    if only is not None:
        # The browser then says which origin would have been right.
        headers[ALLOW_ORIGIN] = only
    return headers


def _failed(shape: Shape, event: Event, context: Any, error: Exception, cors: Mapping[str, str]) -> Any:
    """The answer in place of the handler's, which raised `error`."""
    request_id = getattr(context, "aws_request_id", None)
    request_id = request_id if isinstance(request_id, str) else None
    _report_error(error, request_id)
    return shape.reply(event, 500, {**_PROBLEM_JSON, **cors}, _problem(request_id))


def _problem(request_id: str | None) -> str:
    import json  # noqa: PLC0415  (only for errors)

    problem = {"type": "about:blank", "title": "Internal Server Error", "status": 500}
    if request_id is not None:
        problem["request_id"] = request_id
    return json.dumps(problem)


def _report_error(error: Exception, request_id: str | None) -> None:
    import traceback  # noqa: PLC0415  (only for errors)

    report(
        "ERROR",
        "HandlerError",
        request_id=request_id,
        error=shown(error),
        traceback="".join(traceback.format_exception(error)),
    )


def _is_same_origin(shape: Shape, event: Event, origin: str) -> bool:
    """Whether the page and the API have the same origin: browsers send Origin with every POST, to their own too."""
    site = shape.header(event, "sec-fetch-site", "Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    scheme = shape.header(event, "x-forwarded-proto", "X-Forwarded-Proto") or "https"
    host = shape.header(event, "host", "Host") or ""
    return host != "" and origin == f"{scheme.lower()}://{host.lower()}"


def _provider(rules: RulesLike | None) -> tuple[Rules | None, Provider]:
    """The rules, where they never change, and what gives those in force."""
    if rules is None or (isinstance(rules, dict | str | bytes) and not rules):
        from edgecors.runtime.environment import rules_provider  # noqa: PLC0415

        return None, rules_provider()
    if isinstance(rules, Policy):
        rules = Rules.of(rules)
    elif isinstance(rules, dict | str | bytes):
        rules = Rules.parse(rules)
    if isinstance(rules, Rules):
        fixed = rules
        return fixed, lambda _context: fixed
    if callable(getattr(rules, "fetch", None)) and not isinstance(rules, type):
        from edgecors.runtime.environment import fetched  # noqa: PLC0415

        return None, fetched(rules)  # type: ignore[arg-type]
    raise TypeError(
        f"rules= takes a Policy, Rules, a document (dict or JSON text) or a Source with fetch(), not {_kind(rules)}"
    )


def _base_paths(given: str | Iterable[str]) -> tuple[str, ...]:
    """Base paths without outer slashes, the longest first."""
    if isinstance(given, str):
        given = given.split(",")
    several: list[Any] = list(given) if hasattr(given, "__iter__") else [given]
    for path in several:
        if not isinstance(path, str):
            raise TypeError(f"base_path is text, or several texts, not {_kind(path)}")
    bare = {path.strip().strip("/") for path in several}
    return tuple(sorted(bare - {""}, key=len, reverse=True))


def _check_callable(function: object, what: str, parameters: str, fix: str = "") -> None:
    if not callable(function):
        raise TypeError(
            f"{what} must be a function {parameters}, or an object with __call__, not {_kind(function)}{fix}"
        )
    flags = getattr(_code_of(function), "co_flags", 0)
    if flags & (_COROUTINE | _ASYNC_GENERATOR):
        raise TypeError(f"{what} is asynchronous, and Lambda's runtime awaits nothing: call it with asyncio.run()")
    if flags & _GENERATOR:
        raise TypeError(f"{what} is a generator: return the answer instead of yielding it")


def _code_of(function: object) -> object:
    """The code that a call runs, through functools.partial, methods and instances; None where there is none."""
    if not hasattr(function, "__code__"):
        from functools import partial  # noqa: PLC0415  (plain functions do not need it)

        while isinstance(function, partial):
            function = function.func
    if not hasattr(function, "__code__") and not isinstance(function, type):  # a class makes instances
        function = getattr(function, "__func__", None) or type(function).__call__
    return getattr(function, "__code__", None)


def _kind(value: object) -> str:
    return f"a value of type {type(value).__name__}"
