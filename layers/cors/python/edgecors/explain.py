"""What becomes of one request, step by step: what the server sends, and what a browser concludes from it."""

from __future__ import annotations

from edgecors import _browser
from edgecors._checks import Report, check_allow_headers, check_methods
from edgecors._document import check_paths
from edgecors._explain_origin import find, in_words, plain, shown
from edgecors._pattern import compile_pattern
from edgecors._spec import CORS_RESPONSE_HEADERS, SAFELISTED_METHODS
from edgecors._value import Value, assign
from edgecors.decision import actual_headers, allows_origin, only_origin, preflight_headers, refusal, requested_headers
from edgecors.policy import ALLOW_ORIGIN, PREFLIGHT_VARY, Policy
from edgecors.problems import PolicyError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from edgecors.request import Request
    from edgecors.rules import Rules

# Where Fetch has the steps.
_REFERENCES = {
    _browser.ORIGIN: "Fetch, CORS check, steps 1 to 4",
    _browser.CREDENTIALS: "Fetch, CORS check, steps 5 to 7",
    _browser.STATUS: "Fetch, CORS-preflight fetch, step 7",
    _browser.METHOD: "Fetch, CORS-preflight fetch, steps 7.1 to 7.5",
    _browser.HEADERS: "Fetch, CORS-preflight fetch, steps 7.6 and 7.7",
}


_NO_ORIGIN = (
    "This is no CORS request: it has no Origin, which browsers send with every cross-origin one. "
    "To try one from a shell, send the header, as in curl -H 'Origin: https://a.example'."
)


class Step(Value):
    """One check.

    - `name`: origin, credentials, status, method or headers.
    - `passed`: whether the browser goes on.
    - `detail`: what was compared, a clause for people.
    - `code`: where it failed, the stable word for why.
    - `pointer`: the JSON pointer of the rule that decided; "" where there is none.
    - `reference`: the step of the Fetch standard.
    """

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
    pointer, name = _place(rules, policy, request.path)
    if "origin" not in request.headers:
        headers = actual_headers(policy, None) if policy is not None and policy._any_origin else {"Vary": "Origin"}
        return Explanation(True, "no-origin", (), None, headers, _NO_ORIGIN, name)
    explainer = _Explainer(request, policy, pointer, name, include)
    return explainer.preflight(debug) if request.is_preflight else explainer.actual(debug, enforce)


def _place(rules: Rules, policy: Policy | None, path: str) -> tuple[str, str | None]:
    """The JSON pointer and the name of the policy that has the path."""
    # One Policy object may stand under several names.
    places = [
        (pattern == path, len(pattern), index, name)
        for index, (name, paths, known) in enumerate(rules.policies)
        for pattern in paths
        if known is policy and (pattern == path or (pattern[-1] == "*" and path.startswith(pattern[:-1])))
    ]
    if not places:
        return "", None
    *_, index, name = max(places)
    return f"/policies/{index}", name


class _Explainer:
    """The explanation of one request with an Origin under construction."""

    def __init__(self, request: Request, policy: Policy | None, pointer: str, name: str | None, include: bool) -> None:
        self._path = request.path
        self._policy = policy
        self._pointer = pointer
        self._name = name
        self._include = include
        self._origin = request.headers["origin"]
        self._allowing = policy if allows_origin(policy, self._origin) else None
        self._finding = find(policy, name, self._origin, request.path)
        self._method = request.headers.get("access-control-request-method", "")
        self._requested = request.headers.get("access-control-request-headers", "")
        names = _browser.elements(self._requested)
        # What is no list of names is no name either.
        self._asked = [name.lower() for name in ([self._requested] if names is None else names)]
        self._missing: list[str] = []
        self._methods = policy.allow_methods if policy is not None else ()
        self._headers = policy.allow_headers if policy is not None else ()

    def actual(self, debug: bool, enforce: bool) -> Explanation:
        policy, origin = self._allowing, self._origin
        status = None
        if policy is not None:
            headers = actual_headers(policy, origin)
            if not policy._any_origin:
                headers["Vary"] = "Origin"
        else:
            headers = {"Vary": "Origin"}
            if debug:
                headers["X-Edgecors-Reason"] = refusal(self._policy, origin)
            if enforce:
                status = 403
        checks = _browser.actual_checks(headers, origin, include=self._include)
        return self._conclude(
            status, headers, checks, "The page can read the answer", "The page cannot read the answer"
        )

    def preflight(self, debug: bool) -> Explanation:
        policy, origin = self._allowing, self._origin
        status = 204
        if policy is not None:
            headers = preflight_headers(policy, origin, self._method, self._requested or None)
        else:
            headers = {"Vary": PREFLIGHT_VARY}
            status = 204 if debug else 403
            if debug:
                headers["X-Edgecors-Reason"] = refusal(self._policy, origin)
                only = only_origin(self._policy)
                headers.update({ALLOW_ORIGIN: only} if only is not None else {})
        self._missing = _browser.missing_headers(headers, self._asked, include=self._include)
        checks = _browser.preflight_checks(status, headers, origin, self._method, self._asked, include=self._include)
        return self._conclude(
            status, headers, checks, "The browser sends the request", "The browser does not send the request"
        )

    def _conclude(
        self,
        status: int | None,
        headers: dict[str, str],
        checks: Iterable[tuple[str, str | None]],
        can: str,
        cannot: str,
    ) -> Explanation:
        steps = []
        for name, reason in checks:
            passed = reason is None
            detail, code, pointer = {
                _browser.ORIGIN: self._origin_step,
                _browser.CREDENTIALS: self._credentials_step,
                _browser.STATUS: lambda _passed: (str(status), "", ""),
                _browser.METHOD: self._method_step,
                _browser.HEADERS: self._headers_step,
            }[name](passed)
            steps.append(Step(name, passed, detail, "" if passed else code, pointer, _REFERENCES[name]))
            if reason is not None:
                message = " ".join(filter(None, (f"{cannot}: {detail}.", self._remedy(code, pointer))))
                return Explanation(False, code, tuple(steps), status, headers, message, self._name, plain(reason))
        message = f"{can}: policy {self._name} allows it."
        return Explanation(True, "allowed", tuple(steps), status, headers, message, self._name)

    # --- Steps: the detail, the code where it failed, the pointer ------------------------------------------

    def _origin_step(self, passed: bool) -> tuple[str, str, str]:
        pointer = f"{self._pointer}/allow_origins" if self._policy is not None else ""
        if passed:
            return self._finding.detail, "", f"{pointer}/{self._finding.index}"
        if self._allowing is not None:
            return "`*` is not for requests with credentials", "wildcard-with-credentials", pointer
        return self._finding.detail, refusal(self._policy, self._origin), pointer

    def _credentials_step(self, passed: bool) -> tuple[str, str, str]:
        detail = f"policy {self._name} {'allows' if passed else 'does not allow'} credentials"
        return detail, "credentials-not-allowed", f"{self._pointer}/allow_credentials"

    def _method_step(self, passed: bool) -> tuple[str, str, str]:
        listed, method = self._methods, shown(self._method) or "an empty method"
        if passed:
            how = "listed" if method in listed else "any method" if "*" in listed else "needs no listing"
            detail = f"{method}: {how}"
        else:
            detail = f"{method} is not in {', '.join(dict.fromkeys([*sorted(SAFELISTED_METHODS), *listed]))}"
        return detail, "method-not-allowed", f"{self._pointer}/allow_methods"

    def _headers_step(self, passed: bool) -> tuple[str, str, str]:
        names = in_words([shown(name) for name in self._missing])
        verb = "is" if len(self._missing) == 1 else "are"
        if passed:
            detail = ", ".join(map(shown, self._asked)) or "none asked for"
        elif requested_headers(self._requested) is None:
            detail = "what it asks for is no list of header names, or too long a one"
        elif "*" in self._headers:
            detail = f"`*` does not stand for {names}"
        else:
            detail = f"{names} {verb} not in {', '.join(self._headers) or 'the list, which is empty'}"
        return detail, "header-not-allowed", f"{self._pointer}/allow_headers"

    # --- What to change ------------------------------------------------------------------------------------

    def _remedy(self, code: str, pointer: str) -> str:
        """A sentence; "" where there is nothing to advise, or nothing that ought to be."""
        return {
            "origin-not-allowed": self._origin_remedy,
            "method-not-allowed": self._method_remedy,
            "header-not-allowed": self._headers_remedy,
            "credentials-not-allowed": self._credentials_remedy,
            "wildcard-with-credentials": lambda pointer: (
                f"Name the origins in {pointer} instead, and allow credentials."
            ),
            "no-policy": self._path_remedy,
        }.get(code, lambda _pointer: "")(pointer)

    def _path_remedy(self, _pointer: str) -> str:
        report = Report()
        check_paths([self._path], set(), "", report)
        return "" if report.problems else f'To allow it, give a policy the path "{shown(self._path)}".'

    def _origin_remedy(self, pointer: str) -> str:
        # Whoever is shown this must not be told to let a look-alike in.
        if self._finding.stranger or compile_pattern(self._origin) is None:
            return ""
        origins = self._policy.allow_origins if self._policy is not None else ()
        if not self._can_be(allow_origins=[*origins, self._origin]):
            return "With credentials the page has to come over https."
        return f'To allow it, add "{self._origin}" to {pointer}.'

    def _credentials_remedy(self, pointer: str) -> str:
        return f"To allow it, set {pointer} to true." if self._can_be(allow_credentials=True) else ""

    def _method_remedy(self, pointer: str) -> str:
        report = Report()
        check_methods([self._method], report)
        if not report.problems:
            return f'To allow it, add "{self._method}" to {pointer}.'
        upper = report.problems[0].hint
        if not isinstance(upper, str):
            return ""
        also = "" if upper in self._methods else f", and add that to {pointer}"
        return f'Methods are compared by case: have the page call fetch() with "{upper}"{also}.'

    def _headers_remedy(self, pointer: str) -> str:
        wrong = [name for name in self._missing if name in CORS_RESPONSE_HEADERS]
        if wrong:
            return f"Take {in_words(wrong)} out of the request: the server sends such headers, not the page."
        report = Report()
        check_allow_headers(self._missing, report)
        if report.problems or requested_headers(self._requested) is None:
            return ""
        names = ", ".join(f'"{name}"' for name in self._missing)
        return f"To allow it, add {names} to {pointer}."

    def _can_be(self, **changes: object) -> bool:
        """Whether the policy would be one with these changes."""
        fields = self._policy._fields() if self._policy is not None else {}
        try:
            Policy(**{**fields, **changes})  # type: ignore[arg-type]
        except PolicyError:
            return False
        return True
