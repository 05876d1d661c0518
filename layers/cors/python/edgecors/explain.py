"""What becomes of one request, step by step: what the server sends, and what a browser concludes from it."""

from __future__ import annotations

from edgecors import _browser
from edgecors._explain_origin import STRANGER, origin_detail
from edgecors._value import Value, assign
from edgecors.decision import actual_headers, allows_origin, only_origin, preflight_headers, refusal
from edgecors.policy import ALLOW_ORIGIN, PREFLIGHT_VARY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edgecors.policy import Policy
    from edgecors.request import Request
    from edgecors.rules import Rules


class Step(Value):
    """One check. `name`: origin, credentials, status, method or headers; `passed`; `detail`: what was compared,
    for people; `code`: the stable word, where it failed; `pointer`: the rule's JSON pointer; `reference`: the
    step of the Fetch standard."""

    __slots__ = ("name", "passed", "detail", "code", "pointer", "reference")  # noqa: RUF023

    name: str
    passed: bool
    detail: str
    code: str
    pointer: str
    reference: str

    def __init__(
        self, name: str, passed: bool, detail: str, code: str = "", pointer: str = "", reference: str = ""
    ) -> None:
        assign(self, "name", name)
        assign(self, "passed", passed)
        assign(self, "detail", detail)
        assign(self, "code", code)
        assign(self, "pointer", pointer)
        assign(self, "reference", reference)


class Explanation(Value):
    """What becomes of one HTTP request.

    - `allowed`: what a browser concludes; `code`: a stable word, of the first step that failed or `allowed`.
    - `steps`: in the order of the Fetch standard, up to the first that failed.
    - `status`: of the engine's own answer; None where the handler's counts.
    - `headers`: the CORS headers and `Vary` that are sent.
    - `message`: for a person, with what to change.
    - `policy`: the policy's name, if the path has one.
    - `reason`: Chromium's words for why the answer is blocked; "" where it is not.
    """

    __slots__ = ("allowed", "code", "steps", "status", "headers", "message", "policy", "reason")  # noqa: RUF023

    allowed: bool
    code: str
    steps: tuple[Step, ...]
    status: int | None
    headers: dict[str, str]
    message: str
    policy: str | None
    reason: str

    def __init__(
        self,
        allowed: bool,
        code: str,
        steps: tuple[Step, ...],
        status: int | None,
        headers: dict[str, str],
        message: str,
        policy: str | None,
        reason: str = "",
    ) -> None:
        assign(self, "allowed", allowed)
        assign(self, "code", code)
        assign(self, "steps", steps)
        assign(self, "status", status)
        assign(self, "headers", headers)
        assign(self, "message", message)
        assign(self, "policy", policy)
        assign(self, "reason", reason)

    def __hash__(self) -> int:
        return hash((self.allowed, self.code, self.steps, self.message))


def explain(
    rules: Rules, request: Request, *, include: bool = False, debug: bool = False, enforce: bool = False
) -> Explanation:
    """`include`: whether the page's credentials mode is include, which a request does not show."""
    policy = rules.policy_for(request.path)
    index, name = _entry(rules, policy, request.path)
    explainer = _Explainer(request, policy, f"/policies/{index}" if policy is not None else "", name, include)
    if "origin" not in request.headers:
        return explainer.without_origin()
    if request.is_preflight:
        return explainer.preflight(debug=debug)
    return explainer.actual(debug=debug, enforce=enforce)


def _entry(rules: Rules, policy: Policy | None, path: str) -> tuple[int, str | None]:
    """The place and name of the policy that has the path."""
    places = [(at, name) for at, (name, _, known) in enumerate(rules.policies) if known is policy]
    if len(places) > 1:  # one Policy object under several names
        exact = [place for place in places if path in rules.policies[place[0]][1]]
        below = [
            (len(pattern), place)
            for place in places
            for pattern in rules.policies[place[0]][1]
            if pattern.endswith("*") and path.startswith(pattern[:-1])
        ]
        places = exact or [max(below)[1]]
    return places[0] if places else (0, None)


class _Explainer:
    """The explanation of one request under construction."""

    def __init__(self, request: Request, policy: Policy | None, pointer: str, name: str | None, include: bool) -> None:
        self._request = request
        self._policy = policy
        self._pointer = pointer
        self._name = name
        self._include = include
        self._steps: list[Step] = []
        self._origin = request.headers.get("origin", "")

    def without_origin(self) -> Explanation:
        everyone = self._policy is not None and self._policy._any_origin
        headers = actual_headers(self._policy, None) if self._policy and everyone else {"Vary": "Origin"}
        message = (
            "This is no CORS request: it has no Origin, which browsers send with every cross-origin one. "
            "To try one from a shell, send the header, as in curl -H 'Origin: https://a.example'."
        )
        return Explanation(True, "no-origin", (), None, headers, message, self._name)

    def actual(self, *, debug: bool, enforce: bool) -> Explanation:
        policy, origin = self._policy, self._origin
        status = None
        if policy is not None and allows_origin(policy, origin):
            headers = actual_headers(policy, origin)
            if not policy._any_origin:
                headers["Vary"] = "Origin"
        else:
            headers = {"Vary": "Origin"}
            if debug:
                headers["X-Edgecors-Reason"] = refusal(policy, origin)
            if enforce:
                status = 403
        fault = self._cors_check(headers)
        if fault:
            return self._failed(status, headers, fault)
        return self._passed(status, headers)

    def preflight(self, *, debug: bool) -> Explanation:
        policy, origin, request = self._policy, self._origin, self._request
        method = request.headers["access-control-request-method"]
        requested = request.headers.get("access-control-request-headers")
        status = 204
        if policy is not None and allows_origin(policy, origin):
            headers = preflight_headers(policy, origin, method, requested)
        else:
            headers = {"Vary": PREFLIGHT_VARY}
            status = 204 if debug else 403
            only = only_origin(policy) if debug else None
            if debug:
                headers["X-Edgecors-Reason"] = refusal(policy, origin)
            if only is not None:
                headers[ALLOW_ORIGIN] = only
        fault = self._cors_check(headers)
        if fault:
            return self._failed(status, headers, _browser.preflight_reason(fault))
        self._step("status", True, str(status), reference="CORS-preflight fetch, step 7")
        fault = self._method_check(headers, method) or self._headers_check(headers, requested)
        return self._failed(status, headers, fault) if fault else self._passed(status, headers)

    # --- Steps ---------------------------------------------------------------------------------------------

    def _cors_check(self, headers: dict[str, str]) -> str | None:
        policy, origin = self._policy, self._origin
        reference = "CORS check, steps 1 to 4"
        reason = _browser.origin_fault(headers, origin, include=self._include)
        allowed = policy is not None and allows_origin(policy, origin)
        detail = origin_detail(policy, self._name, origin, self._request.path)
        pointer = f"{self._pointer}/allow_origins" if policy is not None else ""
        if reason is not None:
            code = "wildcard-with-credentials" if allowed else refusal(policy, origin)
            if allowed:
                detail = "`*` is not for requests with credentials"
            self._step("origin", False, detail, code, pointer, reference)
            return reason
        self._step("origin", True, detail, pointer=pointer, reference=reference)
        if not self._include:
            return None
        reference = "CORS check, steps 5 to 7"
        pointer = f"{self._pointer}/allow_credentials"
        reason = _browser.credentials_fault(headers, include=True)
        if reason is not None:
            self._step(
                "credentials",
                False,
                "the policy does not allow them",
                "credentials-not-allowed",
                pointer,
                reference,
            )
            return reason
        self._step("credentials", True, "allowed", pointer=pointer, reference=reference)
        return None

    def _method_check(self, headers: dict[str, str], method: str) -> str | None:
        reference = "CORS-preflight fetch, steps 7.1 to 7.5"
        pointer = f"{self._pointer}/allow_methods"
        reason = _browser.method_fault(headers, method, include=self._include)
        listed = self._policy.allow_methods if self._policy is not None else ()
        if reason is None:
            how = "listed" if method in listed else "any method" if "*" in listed else "needs no listing"
            self._step("method", True, f"{method}: {how}", pointer=pointer, reference=reference)
            return None
        methods = ", ".join(dict.fromkeys(("GET", "HEAD", "POST", *listed)))
        self._step("method", False, f"{method} is not in {methods}", "method-not-allowed", pointer, reference)
        return reason

    def _headers_check(self, headers: dict[str, str], requested: str | None) -> str | None:
        reference = "CORS-preflight fetch, steps 7.6 and 7.7"
        pointer = f"{self._pointer}/allow_headers"
        asked = [name.lower() for name in _browser.elements(requested or "")]
        missing = _browser.missing_headers(headers, asked, include=self._include)
        if not missing:
            self._step("headers", True, ", ".join(asked) or "none asked for", pointer=pointer, reference=reference)
            return None
        listed = ", ".join(self._policy.allow_headers if self._policy is not None else ()) or "an empty list"
        names = " and ".join(missing)
        verb = "is" if len(missing) == 1 else "are"
        self._step("headers", False, f"{names} {verb} not in {listed}", "header-not-allowed", pointer, reference)
        return _browser.header_reason(missing[0])

    def _step(
        self, name: str, passed: bool, detail: str, code: str = "", pointer: str = "", reference: str = ""
    ) -> None:
        self._steps.append(Step(name, passed, detail, code, pointer, f"Fetch, {reference}"))

    # --- Verdicts ------------------------------------------------------------------------------------------

    def _passed(self, status: int | None, headers: dict[str, str]) -> Explanation:
        what = "The browser goes on to send the request." if self._request.is_preflight else "The page can read it."
        message = f"Allowed by policy {self._name}. {what}"
        return Explanation(True, "allowed", tuple(self._steps), status, headers, message, self._name)

    def _failed(self, status: int | None, headers: dict[str, str], reason: str) -> Explanation:
        step = self._steps[-1]
        what = "The browser does not send the request" if self._request.is_preflight else "The page cannot read it"
        message = f"{what}: {step.detail}. {self._remedy(step)}".rstrip()
        return Explanation(False, step.code, tuple(self._steps), status, headers, message, self._name, reason)

    def _remedy(self, step: Step) -> str:
        if STRANGER in step.detail:
            return ""  # whoever is shown this must not be told to let it in
        method = self._request.headers.get("access-control-request-method", "")
        wanted = {
            "origin-not-allowed": f'To allow it, add "{self._origin}" to {step.pointer}.',
            "method-not-allowed": f'To allow it, add "{method}" to {step.pointer}.',
            "header-not-allowed": f"To allow it, add the name to {step.pointer}.",
            "credentials-not-allowed": f"To allow it, set {step.pointer} to true.",
            "wildcard-with-credentials": f"Name the origins in {step.pointer} instead of `*`.",
            "no-policy": f'To allow it, give a policy the path "{self._request.path}".',
        }
        if step.code == "header-not-allowed":
            asked = _browser.elements(self._request.headers.get("access-control-request-headers", ""))
            known = {name.lower() for name in (self._policy.allow_headers if self._policy else ())}
            names = ", ".join(f'"{name}"' for name in asked if name.lower() not in known)
            return f"To allow it, add {names} to {step.pointer}."
        return wanted.get(step.code, "")
