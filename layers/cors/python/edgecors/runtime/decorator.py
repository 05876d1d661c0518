"""`cors`: the decorator that puts the decision in front of a Lambda handler."""

from __future__ import annotations

from edgecors.policy import Policy
from edgecors.rules import Rules
from edgecors.runtime.fast_path import wrapper_of
from edgecors.runtime.middleware import Middleware

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, Literal, Protocol, overload

    from edgecors.request import Request
    from edgecors.runtime.environment import Provider
    from edgecors.runtime.middleware import Handler
    from edgecors.runtime.source import Source

    RulesLike = Policy | Rules | Mapping[str, object] | str | bytes | Source

    class Decorator(Protocol):
        """What `cors(...)` with arguments gives."""

        def __call__(self, handler: Handler, /) -> Handler: ...

else:

    def overload(function):  # noqa: ANN001, ANN201
        """Nothing: `typing` is not imported at run time."""
        return function


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

        middleware = Middleware(
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
        wrapper = wrapper_of(middleware)
        for name in ("__module__", "__name__", "__qualname__", "__doc__"):
            value = getattr(handler, name, None)
            if isinstance(value, str):  # an instance may give anything
                setattr(wrapper, name, value)
        wrapper.__wrapped__ = handler  # type: ignore[attr-defined]
        return wrapper

    return decorate if handler is None else decorate(handler)


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
