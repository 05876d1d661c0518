"""`cors`: the decorator that puts the decision in front of a Lambda handler."""

from __future__ import annotations

from _thread import _local

from edgecors.aws import shape_of
from edgecors.decision import (
    actual_headers,
    allows_origin,
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
    from edgecors.runtime.environment import Provider
    from edgecors.runtime.refusals import Refusals
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


class _Inside(_local):
    """Set while a thread's handler runs inside a decorator: another one further in has nothing to say."""

    # (A ContextVar would take 400 ns to set and reset, a sixth of a GET; and no handler awaits anything.)
    handler = False


_inside = _Inside()

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
            current=_provider(rules),
            enforce=enforce,
            respond=on_error == "respond",
            debug=environment.is_debug() if debug is None else debug,
            preflight_status=preflight_status,
            preflight_continue=preflight_continue,
            origin_check=origin_check,
            base_paths=_base_paths(environment.base_path() if base_path is None else base_path),
        )

        def wrapper(event: Any, context: Any) -> Any:
            return middleware.answer(event, context)

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
        "_current",
        "_debug",
        "_enforce",
        "_handler",
        "_origin_check",
        "_preflight_continue",
        "_preflight_status",
        "_refusals",
        "_respond",
    )

    def __init__(
        self,
        handler: Handler,
        *,
        current: Provider,
        enforce: bool,
        respond: bool,
        debug: bool,
        preflight_status: int,
        preflight_continue: bool,
        origin_check: Callable[[str, Request], bool] | None,
        base_paths: tuple[str, ...],
    ) -> None:
        self._handler = handler
        self._current = current
        self._enforce = enforce
        self._respond = respond
        self._debug = debug
        self._preflight_status = preflight_status
        self._preflight_continue = preflight_continue
        self._origin_check = origin_check
        self._base_paths = base_paths
        self._refusals: Refusals | None = None

    def answer(self, given: Any, context: Any) -> Any:
        # Powertools' event classes, from a decorator of theirs outside ours, have the event itself inside.
        event: Any = given if isinstance(given, dict) else getattr(given, "raw_event", None)
        shape = shape_of(event)
        if shape is None or _inside.handler:
            return self._handler(given, context)
        call = (given, context)
        rules = self._current(context)
        policy = None
        if rules is not None:
            policy = rules._only or rules.policy_for(shape.path(event, self._base_paths))
        origin = shape.header(event, "origin", "Origin")
        if origin is None:
            everyone = policy is not None and policy._any_origin
            cors = actual_headers(policy, None) if policy is not None and everyone else {}
            return self._run(shape, event, call, cors, _vary(policy))
        allowing = policy
        if not allows_origin(policy, origin):
            check = self._origin_check
            if check is None or policy is None or not self._is_vouched_for(check, shape, event, policy, origin):
                allowing = None
        method = shape.method(event)
        if method == "OPTIONS":
            asked = shape.header(event, "access-control-request-method", "Access-Control-Request-Method")
            if asked is not None:
                if allowing is None:
                    self._note(rules, policy, origin, asked)
                return self._preflight(shape, event, call, allowing, policy, origin, asked)
        if allowing is not None:
            vary = None if allowing._any_origin else "Origin"
            return self._run(shape, event, call, actual_headers(allowing, origin), vary)
        refused = {REASON: refusal(policy, origin)} if self._debug else {}
        if not _is_same_origin(shape, event, origin):
            self._note(rules, policy, origin, method)
            if self._enforce and not shape.is_response(event):
                return shape.reply(event, 403, {**_PROBLEM_JSON, **refused, "Vary": "Origin"}, _FORBIDDEN)
        return self._run(shape, event, call, refused, "Origin")

    def _preflight(
        self,
        shape: Shape,
        event: Event,
        call: tuple[Any, Any],
        allowing: Policy | None,
        policy: Policy | None,
        origin: str,
        asked: str,
    ) -> Any:
        """Answers a preflight; `allowing` is the policy, where it allows the origin."""
        if allowing is not None:
            requested = None
            if allowing._reads_requested:
                requested = shape.header(event, "access-control-request-headers", "Access-Control-Request-Headers")
            headers = preflight_headers(allowing, origin, asked, requested)
            status = self._preflight_status
            if self._preflight_continue:
                return self._run(shape, event, call, headers, PREFLIGHT_VARY)
        else:
            headers, status = {"Vary": PREFLIGHT_VARY}, 403
            if self._debug:
                headers, status = _told(policy, origin), self._preflight_status
        if shape.is_response(event):
            return self._run(shape, event, call, headers, PREFLIGHT_VARY)
        return shape.reply(event, status, headers, "")

    def _run(self, shape: Shape, event: Event, call: tuple[Any, Any], cors: Mapping[str, str], vary: str | None) -> Any:
        """The handler's answer to `call`, its own event and context, with the CORS headers."""
        _inside.handler = True
        try:
            # A coroutine or a body that JSON cannot write is the handler's error as much as an exception.
            return shape.merge(event, self._handler(*call), cors, vary)
        except Exception as error:
            if not self._respond:
                raise
            request_id = getattr(call[1], "aws_request_id", None)
            request_id = request_id if isinstance(request_id, str) else None
            _report_error(error, request_id)
            headers = {**_PROBLEM_JSON, **cors}
            if vary is not None:
                headers["Vary"] = vary
            return shape.reply(event, 500, headers, _problem(request_id))
        finally:
            _inside.handler = False

    def _note(self, rules: Rules | None, policy: Policy | None, origin: str, method: str) -> None:
        if self._refusals is None:
            from edgecors.runtime.refusals import Refusals  # noqa: PLC0415  (most processes refuse nobody)

            self._refusals = Refusals()
        self._refusals.note(rules, policy, origin, method)

    def _is_vouched_for(
        self, check: Callable[[str, Request], bool], shape: Shape, event: Event, policy: Policy, origin: str
    ) -> bool:
        """Whether the user's `origin_check` allows an origin that no pattern matched."""
        if not may_be_asked(policy, origin):
            return False
        path = shape.path(event, self._base_paths)
        request = Request(shape.method(event), "" if path is None else path, shape.headers(event))
        try:
            return check(origin, request) is True
        except Exception as error:  # noqa: BLE001  (whatever it raises: refused, and the API goes on)
            report("ERROR", "OriginCheckError", count=0, origin=origin, error=shown(error))
            return False


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


def _vary(policy: Policy | None) -> str | None:
    """`*` is the same for everyone, so that caches need not know the Origin."""
    return None if policy is not None and policy._any_origin else "Origin"


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


def _provider(rules: RulesLike | None) -> Provider:
    if rules is None or (isinstance(rules, dict | str | bytes) and not rules):
        from edgecors.runtime.environment import rules_provider  # noqa: PLC0415

        return rules_provider()
    if isinstance(rules, Policy):
        rules = Rules.of(rules)
    elif isinstance(rules, dict | str | bytes):
        rules = Rules.parse(rules)
    if isinstance(rules, Rules):
        fixed = rules
        return lambda _context: fixed
    if callable(getattr(rules, "fetch", None)) and not isinstance(rules, type):
        from edgecors.runtime.environment import fetched  # noqa: PLC0415

        return fetched(rules)  # type: ignore[arg-type]
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
