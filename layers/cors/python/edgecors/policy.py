"""A policy: who may read the answers of some paths, checked and compiled when it is made.

A request reads what is ready here: the header values, the set of origins. Nothing is parsed, joined or
validated then.
"""

from __future__ import annotations

from edgecors._checks import (
    Regex,
    Report,
    check_allow_headers,
    check_description,
    check_expose_headers,
    check_flag,
    check_max_age,
    check_methods,
    check_origins,
)
from edgecors._match import OriginSet
from edgecors._value import Value, assign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Set


ALLOW_ORIGIN = "Access-Control-Allow-Origin"
ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials"
ALLOW_METHODS = "Access-Control-Allow-Methods"
ALLOW_HEADERS = "Access-Control-Allow-Headers"
EXPOSE_HEADERS = "Access-Control-Expose-Headers"
MAX_AGE = "Access-Control-Max-Age"
# Caches must know that a preflight's answer depends on all three (RFC 9110, section 12.5.5).
PREFLIGHT_VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

DEFAULTS: Mapping[str, object] = {
    "allow_methods": (),
    "allow_headers": (),
    "expose_headers": (),
    "allow_credentials": False,
    "max_age": 600,
    "description": None,
    "dangerously_allow_insecure_origins": False,
    "dangerously_allow_public_suffixes": False,
}


class Policy(Value):
    """Who may read, from which pages, by which methods and headers. Immutable, hashable, compared by its fields.

    Raises PolicyError with every problem at once. The fields:

    - `allow_origins`: patterns, at least one. `https://a.example` is that origin exactly; `https://*.a.example`
      one or more labels before it; `http://localhost:*` any port; `*` everyone; `Regex(...)` a full match.
    - `allow_methods`: beyond GET, HEAD and POST, which need no listing; `*` for any. Compared by case.
    - `allow_headers`: request headers beyond the safelisted ones; `*` for any (without credentials
      Authorization has to be named).
    - `expose_headers`: response headers that the page can read beyond the safelisted ones.
    - `allow_credentials`: whether the browser may send cookies and the like, and show the answer.
    - `max_age`: seconds for which a browser may keep a preflight, 0 to 86400; None leaves it at the browser's 5.
    - `description`: for people.
    - `dangerously_allow_insecure_origins`: with credentials, takes `http:` origins that are not this machine.
    - `dangerously_allow_public_suffixes`: with credentials, takes `https://*.github.io` and the like.
    """

    __slots__ = (  # noqa: RUF023  (the order of the constructor and of the repr)
        "allow_origins",
        "allow_methods",
        "allow_headers",
        "expose_headers",
        "allow_credentials",
        "max_age",
        "description",
        "dangerously_allow_insecure_origins",
        "dangerously_allow_public_suffixes",
        # Compiled:
        "_any_origin",  # the policy is for everyone: the answer does not depend on the Origin
        "_origins",
        "_exact",  # the origins that are listed as they are (of very many, those that were found last)
        "_matches",  # whether an Origin (as sent) is one of the others; None where there are no others
        "_actual",  # CORS headers of an allowed actual request, the origin left to fill in
        "_more",  # what of them is neither the origin nor `Vary`
        "_preflight",  # and of an allowed preflight, but for what is echoed
        "_echo_methods",
        "_echo_headers",
        "_withhold_authorization",
        "_reads_requested",  # whether the answer depends on Access-Control-Request-Headers
        "_is_fixed",  # whether a preflight's answer is `_preflight`, whatever it asks for
        "_hash",
    )

    allow_origins: tuple[str | Regex, ...]
    allow_methods: tuple[str, ...]
    allow_headers: tuple[str, ...]
    expose_headers: tuple[str, ...]
    allow_credentials: bool
    max_age: int | None
    description: str | None
    dangerously_allow_insecure_origins: bool
    dangerously_allow_public_suffixes: bool
    _any_origin: bool
    _origins: OriginSet
    _exact: Set[str]
    _matches: Callable[[str], bool] | None
    _actual: dict[str, str]
    _more: dict[str, str]
    _preflight: dict[str, str]
    _echo_methods: bool
    _echo_headers: bool
    _withhold_authorization: bool
    _reads_requested: bool
    _is_fixed: bool
    _hash: int | None

    def __init__(
        self,
        *,
        allow_origins: Iterable[str | Regex],
        allow_methods: Iterable[str] = (),
        allow_headers: Iterable[str] = (),
        expose_headers: Iterable[str] = (),
        allow_credentials: bool = False,
        max_age: int | None = 600,
        description: str | None = None,
        dangerously_allow_insecure_origins: bool = False,
        dangerously_allow_public_suffixes: bool = False,
    ) -> None:
        report = Report()
        self._fill(
            {
                "allow_origins": allow_origins,
                "allow_methods": allow_methods,
                "allow_headers": allow_headers,
                "expose_headers": expose_headers,
                "allow_credentials": allow_credentials,
                "max_age": max_age,
                "description": description,
                "dangerously_allow_insecure_origins": dangerously_allow_insecure_origins,
                "dangerously_allow_public_suffixes": dangerously_allow_public_suffixes,
            },
            report,
        )
        if report.problems:
            from edgecors.problems import PolicyError  # noqa: PLC0415  (only for people's mistakes)

            raise PolicyError(report.problems)

    @classmethod
    def _of(cls, fields: Mapping[str, object], report: Report) -> Policy:
        """The policy of a document's fields; usable only if the report has no problems afterwards."""
        policy = cls.__new__(cls)
        policy._fill({**DEFAULTS, **fields}, report)
        return policy

    def __reduce__(self) -> tuple[Callable[..., Policy], tuple[object, ...]]:
        return _restore, (self._fields(),)

    def _fill(self, given: Mapping[str, object], report: Report) -> None:
        credentials = check_flag("allow_credentials", given["allow_credentials"], report)
        insecure_field, suffixes_field = (
            "dangerously_allow_insecure_origins",
            "dangerously_allow_public_suffixes",
        )
        insecure = check_flag(insecure_field, given[insecure_field], report)
        suffixes = check_flag(suffixes_field, given[suffixes_field], report)
        origins = check_origins(given["allow_origins"], credentials, insecure, suffixes, report)
        methods = check_methods(given["allow_methods"], report)
        headers = check_allow_headers(given["allow_headers"], report)
        expose = check_expose_headers(given["expose_headers"], credentials, report)
        max_age = check_max_age(given["max_age"], report)
        assign(self, "allow_origins", tuple(origins.entries))
        assign(self, "allow_methods", methods)
        assign(self, "allow_headers", headers)
        assign(self, "expose_headers", expose)
        assign(self, "allow_credentials", credentials)
        assign(self, "max_age", max_age)
        assign(self, "description", check_description(given["description"], report))
        assign(self, insecure_field, insecure)
        assign(self, suffixes_field, suffixes)
        assign(self, "_hash", None)
        if not report.problems:
            self._compile(OriginSet(origins.exact, origins.patterns, origins.automata), any_origin=origins.any)

    def _compile(self, origins: OriginSet, *, any_origin: bool) -> None:
        credentials = {ALLOW_CREDENTIALS: "true"} if self.allow_credentials else {}
        more = dict(credentials)
        if self.expose_headers:
            more[EXPOSE_HEADERS] = ", ".join(self.expose_headers)
        actual = {ALLOW_ORIGIN: "*", **more}
        # With credentials browsers take `*` for a name: what they ask for is echoed instead.
        echo_methods = self.allow_credentials and "*" in self.allow_methods
        echo_headers = self.allow_credentials and "*" in self.allow_headers
        if not any_origin:
            actual["Vary"] = "Origin"
        preflight = {ALLOW_ORIGIN: "*", **credentials}
        if self.allow_methods and not echo_methods:
            preflight[ALLOW_METHODS] = ", ".join(self.allow_methods)
        if self.allow_headers and not echo_headers:
            preflight[ALLOW_HEADERS] = ", ".join(self.allow_headers)
        if self.max_age is not None:
            preflight[MAX_AGE] = str(self.max_age)
        preflight["Vary"] = PREFLIGHT_VARY
        assign(self, "_any_origin", any_origin)
        assign(self, "_origins", origins)
        assign(self, "_exact", origins.at_hand)
        assign(self, "_matches", (lambda _origin: True) if any_origin else origins.rest)
        assign(self, "_actual", actual)
        assign(self, "_more", more)
        assign(self, "_preflight", preflight)
        assign(self, "_echo_methods", echo_methods)
        assign(self, "_echo_headers", echo_headers)
        withhold_authorization = self.allow_headers == ("*",) and not self.allow_credentials
        assign(self, "_withhold_authorization", withhold_authorization)
        reads_requested = echo_headers or withhold_authorization
        assign(self, "_reads_requested", reads_requested)
        assign(self, "_is_fixed", not (echo_methods or reads_requested))

    def __hash__(self) -> int:
        # Computed once: a policy may have a million origins.
        if self._hash is None:
            assign(self, "_hash", Value.__hash__(self))
        return self._hash  # type: ignore[return-value]

    def _document(self) -> dict[str, object]:
        """The fields as a document has them, defaults left out."""
        document: dict[str, object] = {
            "allow_origins": [
                {"regex": entry.expression} if isinstance(entry, Regex) else entry for entry in self.allow_origins
            ]
        }
        for field, default in DEFAULTS.items():
            value = getattr(self, field)
            if value != default:
                document[field] = list(value) if isinstance(value, tuple) else value
        return document


def _restore(fields: dict[str, object]) -> Policy:
    """The policy that was pickled: the Public Suffix List may know more by now."""
    report = Report(strict=False)
    policy = Policy._of(fields, report)
    if report.problems:
        from edgecors.problems import PolicyError  # noqa: PLC0415  (as above)

        raise PolicyError(report.problems)
    return policy
