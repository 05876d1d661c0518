"""Why an Origin is or is not one of a policy's, in words."""

from __future__ import annotations

from edgecors._checks import Regex
from edgecors._diagnosis import diagnose
from edgecors._lookalike import likeness
from edgecors._origin import parse
from edgecors._path import is_plain_path
from edgecors._pattern import compile_pattern
from edgecors._value import Value, assign
from edgecors.problems import MESSAGES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors._pattern import Pattern
    from edgecors.policy import Policy


_LONGEST = 120  # characters of a request that a sentence quotes


class Finding(Value):
    """`detail`: one clause, which pattern matched, or what the nearest one lacks. `index`: of the pattern in
    `allow_origins` that the clause is about, None where it is about none. `stranger`: the origin is not one to let in,
    it is made to look like an allowed one."""

    __slots__ = ("detail", "index", "stranger")

    detail: str
    index: int | None
    stranger: bool

    def __init__(self, detail: str, index: int | None = None, stranger: bool = False) -> None:
        assign(self, "detail", detail)
        assign(self, "index", index)
        assign(self, "stranger", stranger)


def find(policy: Policy | None, name: str | None, origin: str, path: str) -> Finding:
    """What there is to say about an Origin under the policy `name` of the path, if the path has one."""
    if policy is None:
        if is_plain_path(path):
            return Finding(f"no policy has the path {shown(path)}")
        return Finding("a path with a dot segment, an encoded slash, a backslash, NUL or broken UTF-8 has no policy")
    if policy._any_origin:
        return Finding(f"policy {name} is for everyone", 0)
    index = matching_pattern(policy, origin)
    if index is not None:
        return Finding(f"{origin} by policy {name}, pattern {index + 1}", index)
    if origin == "null":
        return Finding("null is what sandboxed frames, files and some redirects send: it names nobody")
    if "," in origin:
        return Finding(f"{shown(origin)} is more than one origin")
    parts = parse(origin)
    if parts is None:
        return Finding(f"{shown(origin) or 'an empty Origin'} is no origin that a browser sends: {_malformed(origin)}")
    # Of several patterns the one that lacks least.
    near = min(_near(policy, *parts), default=None)
    clause = f"; {near[2]}" if near is not None else ""
    return Finding(
        f"{shown(origin)} is not in policy {name}{clause}",
        near[1] if near is not None else None,
        near is not None and near[0] == _STRANGER,
    )


def matching_pattern(policy: Policy, origin: str) -> int | None:
    """The index of the first pattern that matches, each tried by itself; None where none does."""
    parts = parse(origin)
    if parts is None:
        return None
    found = [index for index, pattern in _patterns(policy) if pattern.matches(*parts)]
    for index, expression in _expressions(policy):
        from edgecors._automaton import compile_expression  # noqa: PLC0415

        if compile_expression(expression).matches(origin):
            found.append(index)
    return min(found, default=None)


def _patterns(policy: Policy) -> Iterator[tuple[int, Pattern]]:
    entries = [(index, entry) for index, entry in enumerate(policy.allow_origins) if isinstance(entry, str)]
    return ((index, pattern) for index, entry in entries if (pattern := compile_pattern(entry)) is not None)


def _expressions(policy: Policy) -> Iterator[tuple[int, str]]:
    entries = enumerate(policy.allow_origins)
    return ((index, entry.expression) for index, entry in entries if isinstance(entry, Regex))


def plain(text: str) -> str:
    """Text of a request with nothing in it that a terminal or a log would act on."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def shown(text: str) -> str:
    """The same in a sentence: not too long."""
    return plain(text) if len(text) <= _LONGEST else f"{plain(text[:_LONGEST])}..."


def in_words(names: list[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _malformed(origin: str) -> str:
    if compile_pattern(origin) is not None:
        return "it is a pattern"
    faults, _ = diagnose(origin)
    reason = MESSAGES[faults[0].code].partition(", so ")[0].rstrip(".")
    return f"{reason[0].lower()}{reason[1:]}"


# How near an origin is to a pattern that does not match it.
_SAME_HOST, _SAME_DOMAIN, _STRANGER = range(3)


def _near(policy: Policy, scheme: str, host: str, port: str) -> Iterator[tuple[int, int, str]]:
    """What each pattern that is near lacks: how near it is, its index, and the clause that says it."""
    for index, pattern in _patterns(policy):
        like = likeness(host, pattern.host)
        if host == pattern.host or host.endswith("." + pattern.host):
            near, clause = _difference(pattern, scheme, host, port)
            yield near, index, f"{clause} {pattern}"
        elif like is not None:
            yield _STRANGER, index, _strange(like, pattern.host)
    for index, expression in _expressions(policy):
        for known in _hosts_of(expression):
            like = likeness(host, known)
            if like is not None:
                yield _STRANGER, index, _strange(like, known)


def _difference(pattern: Pattern, scheme: str, host: str, port: str) -> tuple[int, str]:
    """What is between an origin and a pattern whose host it has or is below, as the words before the pattern."""
    if pattern.subdomains and host == pattern.host:
        return _SAME_DOMAIN, f"{host} is no subdomain of itself, as it would have to be for"
    if not pattern.subdomains and host != pattern.host:
        return _SAME_DOMAIN, "it is a subdomain, and not the host itself, of"
    schemes, ports = scheme != pattern.scheme, pattern.port not in ("*", port)
    if schemes and ports:
        return _SAME_HOST, "it has another scheme and port than"
    return _SAME_HOST, f"it has another {'scheme' if schemes else 'port'} than"


def _strange(like: str, known: str) -> str:
    return f"{like} {known}, and belongs to someone else"


def _hosts_of(expression: str) -> list[str]:
    """The hosts that an expression was written for, or what they end in."""
    from edgecors._automaton import compile_expression  # noqa: PLC0415
    from edgecors._hosts import Hosts  # noqa: PLC0415
    from edgecors._regex_hint import safe_patterns  # noqa: PLC0415

    patterns = [compile_pattern(text) for text in safe_patterns(expression) or ()]
    hosts = {pattern.host for pattern in patterns if pattern is not None}
    return sorted(hosts or map(".".join, Hosts(compile_expression(expression)).endings()))
