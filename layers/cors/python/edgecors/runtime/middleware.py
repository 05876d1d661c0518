"""One decorated handler: what becomes of a request, whatever its source and whatever `cors` was told."""

from __future__ import annotations

from sys import _getframe

from edgecors.aws import cloudfront, recognize
from edgecors.decision import (
    actual_headers,
    allows_origin,
    may_be_asked,
    only_origin,
    preflight_headers,
    refusal,
)
from edgecors.policy import ALLOW_ORIGIN, PREFLIGHT_VARY
from edgecors.request import Request
from edgecors.runtime.events import report, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import CodeType
    from typing import Any

    from edgecors.aws import Event, Shape
    from edgecors.policy import Policy
    from edgecors.rules import Rules
    from edgecors.runtime.environment import Provider
    from edgecors.runtime.refusals import Refusals

    Handler = Callable[[Any, Any], Any]

REASON = "X-Edgecors-Reason"
VARY_ORIGIN = {"Vary": "Origin"}
_PROBLEM_JSON = {"Content-Type": "application/problem+json"}
_FORBIDDEN = (
    '{"type": "about:blank", "title": "Forbidden", "status": 403, '
    '"detail": "Pages of this origin may not call this API."}'
)

# An entry for each handler that runs inside a decorator now, in any thread: while there is none, as at the start of
# every request in Lambda, nothing can be nested.
running: list[None] = []


class Middleware:
    """One decorated handler, and what `cors` was told about it."""

    __slots__ = (
        "_origin_check",
        "base_paths",
        "debug",
        "enforce",
        "handler",
        "note",
        "preflight_continue",
        "preflight_status",
        "respond",
        "rules",
    )

    note: Callable[[Rules | None, Policy | None, str, str], Refusals]

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
        self.handler = handler
        self.rules = rules
        self.enforce = enforce
        self.respond = respond
        self.debug = debug
        self.preflight_status = preflight_status
        self.preflight_continue = preflight_continue
        self._origin_check = origin_check
        self.base_paths = base_paths
        self.note = self._first_note

    @property
    def refuses_quietly(self) -> bool:
        """Whether a refused request is counted, and otherwise none of our business."""
        return not (self.debug or self.enforce or self._origin_check is not None)

    def answer(self, given: Any, context: Any) -> Any:
        """The answer to an event, the handler's with our headers or our own; of what is no HTTP request the handler's
        as it is."""
        # Powertools' event classes, from a decorator of theirs outside ours, have the event itself inside.
        event: Any = given if isinstance(given, dict) else getattr(given, "raw_event", None)
        found = recognize(event) if isinstance(event, dict) else None
        if found is None:
            return self.handler(given, context)
        shape, method = found
        origin, asked = shape.header(event, "origin", "Origin"), None
        if origin is not None and method == "OPTIONS":
            # With it, this is a preflight; without, it is the handler's.
            asked = shape.header(event, "access-control-request-method", "Access-Control-Request-Method")
        fixed, current = self.rules
        rules = fixed or current(context)
        policy = None
        if rules is not None:
            policy = rules._only or rules.policy_for(shape.path(event, self.base_paths))
        if origin is None:
            cors = actual_headers(policy, None) if policy is not None and policy._any_origin else VARY_ORIGIN
        elif policy is None or not self._allows(shape, event, policy, origin, method):
            answer, cors = self._refused(shape, event, rules, policy, origin, method, asked)
            if answer is not None:
                return answer
        elif asked is None:
            cors = actual_headers(policy, origin)
        else:
            requested = None
            if policy._reads_requested:
                requested = shape.header(event, "access-control-request-headers", "Access-Control-Request-Headers")
            cors = preflight_headers(policy, origin, asked, requested)
            if not (self.preflight_continue or (shape is cloudfront and cloudfront.is_response(event))):
                return shape.reply(event, self.preflight_status, cors, "")
        return self._around(shape, event, given, context, cors)

    def _around(self, shape: Shape, event: Event, given: Any, context: Any, cors: Mapping[str, str]) -> Any:
        """The handler's answer with our headers."""
        running.append(None)
        try:
            # A coroutine or a body that JSON cannot write is the handler's error as much as an exception.
            return shape.merge(event, self.handler(given, context), cors)
        except Exception as error:
            if not self.respond:
                raise
            return failed(shape, event, context, error, cors)
        finally:
            running.pop()

    def _allows(self, shape: Shape, event: Event, policy: Policy, origin: str, method: str) -> bool:
        return allows_origin(policy, origin) or (
            self._origin_check is not None and self._is_vouched_for(shape, event, policy, origin, method)
        )

    def _refused(
        self,
        shape: Shape,
        event: Event,
        rules: Rules | None,
        policy: Policy | None,
        origin: str,
        method: str,
        asked: str | None,
    ) -> tuple[Any, dict[str, str]]:
        """What a request from an origin that is not allowed gets: an answer of our own, or None and the headers for
        the handler's."""
        is_response = shape is cloudfront and cloudfront.is_response(event)
        if asked is not None:
            self.note(rules, policy, origin, asked)
            headers, status = {"Vary": PREFLIGHT_VARY}, 403
            if self.debug:
                headers, status = _told(policy, origin), self.preflight_status
            return None if is_response else shape.reply(event, status, headers, ""), headers
        headers = {REASON: refusal(policy, origin), **VARY_ORIGIN} if self.debug else VARY_ORIGIN
        if not _is_same_origin(shape, event, origin):
            self.note(rules, policy, origin, method)
            if self.enforce and not is_response:
                return shape.reply(event, 403, {**_PROBLEM_JSON, **headers}, _FORBIDDEN), headers
        return None, headers

    def _first_note(self, rules: Rules | None, policy: Policy | None, origin: str, method: str) -> Refusals:
        """Reports the first refused origin, and has the next ones reported without a look whether they are."""
        from edgecors.runtime.refusals import Refusals  # noqa: PLC0415  (most processes refuse nobody)

        self.note = Refusals().note
        return self.note(rules, policy, origin, method)

    def _is_vouched_for(self, shape: Shape, event: Event, policy: Policy, origin: str, method: str) -> bool:
        """Whether the user's `origin_check` allows an origin that no pattern matched."""
        check = self._origin_check
        if check is None or not may_be_asked(policy, origin):
            return False
        path = shape.path(event, self.base_paths)
        request = Request(method, "" if path is None else path, shape.headers(event))
        try:
            return check(origin, request) is True
        except Exception as error:  # noqa: BLE001  (whatever it raises: refused, and the API goes on)
            report("ERROR", "OriginCheckError", count=0, origin=origin, error=shown(error))
            return False


def is_nested(wrapper: CodeType) -> bool:
    """Whether who asks, a decorated handler, runs inside another one's, in this thread; `wrapper` is the code of both.

    The thread's own frames tell: nothing has to be set and reset, and nothing can be left behind. (A dict of threads
    would cost every GET 80 ns, a `threading.local` 250; frames are looked at only while a handler is running.)
    """
    frame, inner = _getframe(1).f_back, None
    while frame is not None:
        code = frame.f_code
        # A handler is called by `_around`, or by the wrapper itself unless that goes the whole way.
        if code is _AROUND or (code is wrapper and inner is not _ANSWER):
            return True
        frame, inner = frame.f_back, code
    return False


_ANSWER, _AROUND = Middleware.answer.__code__, Middleware._around.__code__


def _told(policy: Policy | None, origin: str) -> dict[str, str]:
    """The headers that tell a refused origin's preflight why."""
    headers = {REASON: refusal(policy, origin), "Vary": PREFLIGHT_VARY}
    only = only_origin(policy)
    if only is not None:
        # The browser then says which origin would have been right.
        headers[ALLOW_ORIGIN] = only
    return headers


def failed(shape: Shape, event: Event, context: Any, error: Exception, cors: Mapping[str, str]) -> Any:
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
