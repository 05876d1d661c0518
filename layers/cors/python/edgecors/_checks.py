"""What the fields of a policy may hold: every value is checked, every problem reported, none hides another."""

from __future__ import annotations

from edgecors import _spec
from edgecors._origin import is_localhost
from edgecors._pattern import are_plain, compile_pattern
from edgecors._value import Value, assign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from edgecors._automaton import Automaton
    from edgecors._pattern import Pattern
    from edgecors.problems import Problem

_MAX_EXPRESSIONS = 16
# So many origins are looked at together: the cost of one is the same from here on, and one that needs a closer look
# costs that to its neighbours only.
_TOGETHER = 1_000
# What is meant by a flag that is no boolean.
_FLAGS: Mapping[object, bool] = {"true": True, "false": False, "1": True, "0": False, 1: True, 0: False}


class Regex(Value):
    """An origin pattern that is an expression: always a full match, ASCII, case-sensitive.

    It is checked and compiled by the `Policy` that it is given to.
    """

    __slots__ = ("expression",)

    expression: str

    def __init__(self, expression: str) -> None:
        if not isinstance(expression, str):
            raise TypeError(f"an expression is text, not {type(expression).__name__}")
        assign(self, "expression", expression)


class Report:
    """Collects problems. `pointer`: the JSON pointer that fields are below; None for a policy in code, where a
    field is the argument's name.

    Problems that depend on data that changes are warnings where rules are only read (`strict` is False).
    """

    def __init__(self, pointer: str | None = None, *, strict: bool = True) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._strict = strict
        self._pointer = pointer

    def below(self, pointer: str) -> Report:
        """A report of what lies below `pointer`, into the same lists."""
        report = Report(f"{self._pointer}/{pointer}", strict=self._strict)
        report.problems, report.warnings = self.problems, self.warnings
        return report

    def add(
        self,
        code: str,
        field: str | None,
        value: object,
        index: int | None = None,
        hint: object = None,
        **details: str,
    ) -> None:
        """`field`: the name below the pointer; None for what is at the pointer itself. `index`: of a list's entry."""
        self.problems.append(_problem(code, self._place(field, index), value, hint, **details))

    def add_by_data(self, code: str, field: str, value: object, index: int, **details: str) -> None:
        """A problem that a newer release may see otherwise."""
        problem = _problem(code, self._place(field, index), value, **details)
        (self.problems if self._strict else self.warnings).append(problem)

    def _place(self, field: str | None, index: int | None) -> str:
        if self._pointer is None:
            return field or ""
        place = self._pointer if field is None else f"{self._pointer}/{field}"
        return place if index is None else f"{place}/{index}"


def _problem(code: str, field: str, value: object, hint: object = None, **details: str) -> Problem:
    from edgecors.problems import Problem  # noqa: PLC0415  (only for people's mistakes)

    return Problem.of(code, field, value, hint, **details)


class Origins:
    """The origins of a policy, checked and sorted by kind."""

    def __init__(self) -> None:
        self.entries: dict[str | Regex, None] = {}  # each once, in order
        self.any = False
        self.exact: list[str] = []
        self.patterns: list[Pattern] = []
        self.automata: list[Automaton] = []


def check_origins(given: object, credentials: bool, insecure: bool, suffixes: bool, report: Report) -> Origins:
    """`allow_origins`; the flags are the policy's (`insecure`, `suffixes`: the dangerous ones)."""
    origins = Origins()
    entries = _entries("allow_origins", given, report)
    if entries is None:
        return origins
    if not entries:
        report.add("origins-empty", "allow_origins", given)
    for start in range(0, len(entries), _TOGETHER):
        several = entries[start : start + _TOGETHER]
        if are_plain(several):
            origins.entries.update(dict.fromkeys(several))
            origins.exact += several
            continue
        for index, entry in enumerate(several, start):
            _check_entry(entry, index, credentials, insecure, suffixes, origins, report)
    if origins.any:
        star = next(index for index, entry in enumerate(entries) if entry == "*")
        if len(origins.entries) > 1:
            report.add("wildcard-not-alone", "allow_origins", "*", star)
        if credentials:
            report.add("wildcard-with-credentials", "allow_origins", "*", star)
    return origins


def _check_entry(
    raw: object, index: int, credentials: bool, insecure: bool, suffixes: bool, origins: Origins, report: Report
) -> None:
    entry = raw
    if isinstance(raw, dict) and set(raw) == {"regex"} and isinstance(raw["regex"], str):
        entry = Regex(raw["regex"])
    if not isinstance(entry, str | Regex):
        report.add("wrong-type", "allow_origins", raw, index, expected='an origin (text) or {"regex": "..."}')
        return
    if entry in origins.entries:
        return
    origins.entries[entry] = None
    if entry == "*":
        origins.any = True
    elif isinstance(entry, Regex):
        _check_expression(entry.expression, index, credentials, insecure, suffixes, origins, report)
    else:
        _check_pattern(entry, index, credentials, insecure, suffixes, origins, report)


def _check_pattern(
    text: str, index: int, credentials: bool, insecure: bool, suffixes: bool, origins: Origins, report: Report
) -> None:
    pattern = compile_pattern(text)
    if pattern is None:
        from edgecors._diagnosis import diagnose  # noqa: PLC0415  (only for people's mistakes)

        faults, meant = diagnose(text)
        if faults[0].code == "origin-looks-like-regex":
            from edgecors._regex_hint import safe_patterns  # noqa: PLC0415  (only for people's mistakes)

            meant = safe_patterns(text)
        for code in dict.fromkeys(fault.code for fault in faults):
            report.add(code, "allow_origins", text, index, meant)
        return
    if pattern.subdomains or pattern.port == "*":
        origins.patterns.append(pattern)
    else:
        origins.exact.append(text)
    if not credentials:
        return
    if pattern.scheme == "http" and not insecure and not is_localhost(pattern.host):
        report.add(
            "insecure-origin-with-credentials",
            "allow_origins",
            text,
            index,
            "https" + text.removeprefix("http").removesuffix(":443"),
            detail="",
        )
    if pattern.subdomains and not suffixes:
        # 60 KB of list: read only when a wildcard meets credentials.
        from edgecors._suffixes import is_public_suffix, rules_below  # noqa: PLC0415

        base = pattern.host.removesuffix(".")
        suffix = base if is_public_suffix(base) else next((below for below, _ in rules_below(base)), None)
        if suffix is not None:
            report.add_by_data("public-suffix-with-credentials", "allow_origins", text, index, suffix=suffix)


def _check_expression(
    text: str, index: int, credentials: bool, insecure: bool, suffixes: bool, origins: Origins, report: Report
) -> None:
    value = {"regex": text}
    if len(origins.automata) == _MAX_EXPRESSIONS:
        report.add("regex-too-many", "allow_origins", value, index)
        return
    # Only policies with expressions pay for the import of what compiles them.
    from edgecors._expression import check_expression  # noqa: PLC0415

    finding = check_expression(text, held=credentials, insecure=insecure, suffixes=suffixes)
    for code, hint, details in finding.faults:
        report.add(code, "allow_origins", value, index, hint, **details)
    for code, details in finding.by_data:
        report.add_by_data(code, "allow_origins", value, index, **details)
    if finding.automaton is not None:
        origins.automata.append(finding.automaton)


def check_methods(given: object, report: Report) -> tuple[str, ...]:
    """`allow_methods`."""

    def check(method: str) -> tuple[str, object] | None:
        if not _spec.is_token(method):
            return "method-invalid", _listed(method)
        if method.upper() in _spec.FORBIDDEN_METHODS:
            return "method-forbidden", None
        if method.islower() and method.upper() in _spec.REGISTERED_METHODS:
            return "method-lower-case", method.upper()
        return None

    return _names("allow_methods", given, check, report, fold=False)


def check_allow_headers(given: object, report: Report) -> tuple[str, ...]:
    """`allow_headers`: those that pages can set."""

    def check(header: str) -> tuple[str, object] | None:
        name = header.lower()
        if not _spec.is_token(name):
            return "header-invalid", _listed(header)
        if name in _spec.PRIVATE_NETWORK_HEADERS:
            return "private-network-obsolete", None
        if name in _spec.CORS_RESPONSE_HEADERS:
            return "header-is-response-header", None
        if _spec.is_forbidden_request_header(name):
            return "header-forbidden-request", None
        return None

    return _names("allow_headers", given, check, report, beside_star=("authorization",))


def check_expose_headers(given: object, credentials: bool, report: Report) -> tuple[str, ...]:
    """`expose_headers`: those that pages can read."""

    def check(header: str) -> tuple[str, object] | None:
        name = header.lower()
        if credentials and name == "*":
            return "expose-wildcard-with-credentials", None
        if not _spec.is_token(name):
            return "header-invalid", _listed(header)
        if name in _spec.FORBIDDEN_RESPONSE_HEADERS:
            return "header-forbidden-response", None
        if name in _spec.CORS_REQUEST_HEADERS:
            return "header-is-request-header", None
        return None

    return _names("expose_headers", given, check, report)


def check_max_age(given: object, report: Report) -> int | None:
    """`max_age`, in seconds."""
    if given is None:
        return None
    if not isinstance(given, int) or isinstance(given, bool):
        digits = isinstance(given, str) and given.isascii() and given.isdigit() and len(given) <= len("86400")
        meant = int(given) if digits or (isinstance(given, float) and given.is_integer()) else -1  # type: ignore[call-overload]
        hint = meant if 0 <= meant <= _spec.MAX_AGE_LIMIT else None
        report.add("wrong-type", "max_age", given, hint=hint, expected="a whole number of seconds, or null")
        return None
    if not 0 <= given <= _spec.MAX_AGE_LIMIT:
        report.add("max-age-range", "max_age", given, hint=max(0, min(given, _spec.MAX_AGE_LIMIT)))
    return int(given)


def check_flag(field: str, given: object, report: Report) -> bool:
    """A field that is true or false, and nothing else: `"false"` would be true to Python."""
    if isinstance(given, bool):
        return given
    word = given.strip().lower() if isinstance(given, str) else given
    hint = _FLAGS.get(word) if isinstance(word, str | int | float) else None
    report.add("wrong-type", field, given, hint=hint, expected="true or false")
    return hint is True  # so that what is wrong with the meaning is reported too


def check_description(given: object, report: Report) -> str | None:
    """`description`."""
    if given is None or isinstance(given, str):
        return given
    report.add("wrong-type", "description", given, expected="text, or null")
    return None


def _entries(field: str, given: object, report: Report) -> list[object] | None:
    if isinstance(given, str | bytes | bytearray | Regex | dict) or not hasattr(given, "__iter__"):
        meant: list[object] = []
        if isinstance(given, str):
            meant = [*given.replace(",", " ").split()]
        elif isinstance(given, Regex) or (isinstance(given, dict) and set(given) == {"regex"}):
            meant = [given]
        report.add("list-expected", field, given, hint=meant or None)
        return None
    return list(given)


def _names(
    field: str,
    given: object,
    check: Callable[[str], tuple[str, object] | None],
    report: Report,
    *,
    beside_star: tuple[str, ...] = (),
    fold: bool = True,
) -> tuple[str, ...]:
    """A list of names: each once (`fold`: whatever its case), in the order and spelling given."""
    names: dict[str, str] = {}
    star: int | None = None
    for index, entry in enumerate(_entries(field, given, report) or ()):
        if not isinstance(entry, str):
            report.add("wrong-type", field, entry, index, expected="text")
            continue
        fault = check(entry)
        if fault is not None:
            report.add(fault[0], field, entry, index, fault[1])
        if entry == "*" and star is None:
            star = index
        names.setdefault(entry.lower() if fold else entry, entry)
    if star is not None and any(name != "*" and name not in beside_star for name in names):
        report.add("wildcard-not-alone", field, "*", star)
    return tuple(names.values())


def _listed(text: str) -> object:
    """The names in a text that holds several, or has white space around one."""
    names = text.replace(",", " ").split()
    if not names or not all(map(_spec.is_token, names)):
        return None
    return names[0] if len(names) == 1 else names
