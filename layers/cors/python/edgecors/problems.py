"""What can be wrong with rules: every problem has a stable code, and all of them are reported at once.

A code is never reused or renamed; `docs/problems.md` lists them from this module.
"""

from __future__ import annotations

from edgecors._value import Value, assign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# code -> why it is wrong, in words that need no standard at hand. `{...}` are filled in by Problem.of.
MESSAGES = {
    # Shape of a document or of an argument
    "json-invalid": "This is not JSON: {detail}.",
    "json-duplicate-key": "The key stands twice in one object, and only the last one would count.",
    "document-not-utf-8": "A rules document is UTF-8 text: {detail}.",
    "document-too-deep": "It is nested deeper than any rules document.",
    "wrong-type": "It must be {expected}.",
    "list-expected": "It must be a list, even with one entry.",
    "key-missing": "The key is required.",
    "key-unknown": "There is no such key.",
    "schema-unknown": "This release reads the schema edgecors/1 only.",
    "private-network-obsolete": "Browsers have replaced Private Network Access by a permission that sends no "
    "preflight (Local Network Access): no header of a server takes part in it.",
    "rules-missing": "No rules: pass rules=, or set EDGECORS_RULES (a document) or EDGECORS_PARAMETER (the name of an "
    "SSM parameter).",
    # Names and paths
    "name-invalid": "A name is 1 to 64 letters, digits, dots, hyphens or underscores.",
    "name-duplicate": "Another policy has the same name.",
    "paths-empty": "A policy needs at least one path.",
    "path-no-slash": "A path begins with a slash (or is `*`, every path).",
    "path-wildcard-misplaced": "In a path, `*` stands only at the end, as `/*`; or alone, for every path.",
    "path-percent": "Paths are compared decoded: write the character itself.",
    "path-query": "Only the path is compared: a query or a fragment never is in it.",
    "path-unsafe": "A request with a dot segment, an encoded slash, a backslash, NUL or broken UTF-8 in its path "
    "has no policy, so this can never match.",
    "path-duplicate": "The same path already has a policy.",
    # Origins
    "origins-empty": "It names no origin, so nobody could read anything.",
    "origin-empty": "An Origin is never empty.",
    "origin-null": "`null` is what every sandboxed frame and every file page sends: it names nobody.",
    "origin-list": "Browsers compare one origin: each one is an entry of its own.",
    "origin-whitespace": "An Origin has no white space, so this can never match.",
    "origin-no-scheme": "An Origin begins with its scheme, so this can never match.",
    "origin-scheme-invalid": "This is not a scheme that an Origin can have.",
    "origin-scheme-too-long": "A scheme has at most 64 characters.",
    "origin-file-scheme": "Pages from files send `null`, never a file: origin.",
    "origin-upper-case": "Browsers send the Origin in lower case, so this can never match.",
    "origin-unicode": "Browsers send internationalised hosts as A-labels (xn--), so this can never match.",
    "origin-has-userinfo": "An Origin has no user name or password, so this can never match.",
    "origin-has-path": "An Origin has no path, so this can never match.",
    "origin-trailing-slash": "An Origin has no slash at the end, so this can never match.",
    "origin-has-query": "An Origin has no query, so this can never match.",
    "origin-has-fragment": "An Origin has no fragment, so this can never match.",
    "origin-no-host": "It names no host.",
    "origin-empty-label": "The host has an empty label (two dots in a row, or one in front).",
    "origin-host-too-long": "A host has at most 253 characters.",
    "origin-label-too-long": "A label of a host has at most 63 characters.",
    "origin-unmatchable": "No subdomain of this host is short enough to exist.",
    "origin-invalid-character": "The host has a character that no host in an Origin has.",
    "origin-punycode-invalid": "The xn-- label does not decode: it stands for no name.",
    "origin-ipv4-invalid": "A host that ends in a number is an IPv4 address, and this is none.",
    "origin-ipv4-not-dotted": "Browsers send an IPv4 address as four decimal numbers, so this can never match.",
    "origin-ipv6-invalid": "This is not an IPv6 address.",
    "origin-ipv6-brackets": "An IPv6 address stands in brackets.",
    "origin-ipv6-not-compressed": "Browsers send the compressed form of an IPv6 address, so this can never match.",
    "origin-port-empty": "The colon has no port behind it.",
    "origin-port-invalid": "This is not a port.",
    "origin-port-zero": "Port 0 is no port that a page can come from.",
    "origin-port-range": "A port is at most 65535.",
    "origin-port-zero-padded": "Browsers send the port without leading zeros, so this can never match.",
    "origin-default-port": "Browsers leave out the default port of the scheme, so this can never match.",
    "origin-wildcard-misplaced": "`*` stands only for whole labels in front (`https://*.a.example`), for the port "
    "(`http://localhost:*`), or alone.",
    "origin-wildcard-ip": "An IP address has no subdomains.",
    "origin-looks-like-regex": 'This is read as text. An expression is written {{"regex": "..."}}.',
    # Expressions
    "regex-invalid": "The expression does not parse: {detail}.",
    "regex-unsupported": "{detail} cannot be matched in time linear in the origin's length.",
    "regex-too-many-states": "The expression needs more than 2,000 states.",
    "regex-too-many": "A policy has at most 16 expressions.",
    "regex-matches-nothing": "No Origin that a browser sends can match this expression.",
    "regex-open": "{detail}",
    # Combinations
    "wildcard-not-alone": "`*` stands alone: everything beside it is already in it.",
    "wildcard-with-credentials": "Every site could act as the visitor: browsers refuse `*` with credentials.",
    "insecure-origin-with-credentials": "Whoever is on the network path can pose as an http origin and act as the "
    "visitor{detail}.",
    "public-suffix-with-credentials": "Anyone can register a name below {suffix} and then act as the visitor.",
    "expose-wildcard-with-credentials": "With credentials browsers take `*` for a header of that name.",
    # Methods and headers
    "method-invalid": "This is not a method: a method is one token.",
    "method-forbidden": "Pages can never send this method.",
    "method-lower-case": "Methods are compared by case, and the registered one is in upper case.",
    "header-invalid": "This is not a header name: a name is one token.",
    "header-forbidden-request": "Pages can never set this request header, so no preflight asks for it.",
    "header-is-response-header": "This is a header of responses: the engine sends it, no request does.",
    "header-forbidden-response": "Pages can never read this response header.",
    "header-is-request-header": "This is a header of requests: no response has it.",
    "max-age-range": "It must be from 0 to 86400 seconds: no browser keeps a preflight for longer.",
}

# Codes of what is not there, or is not to be shown again.
_NO_VALUE = frozenset({"document-not-utf-8", "document-too-deep", "key-missing", "key-unknown"})


class Problem(Value):
    """One thing that is wrong.

    - `code`: a stable kebab-case word, a key of `MESSAGES`.
    - `field`: the argument of `Policy`, or in a document the JSON pointer (RFC 6901) of the place.
    - `value`: what stands there.
    - `message`: why it is wrong, a sentence for people.
    - `hint`: the corrected value (of the type that the place takes), or None where there is no certain one.
    """

    __slots__ = ("code", "field", "hint", "message", "value")

    code: str
    field: str
    value: object
    message: str
    hint: object

    def __init__(self, code: str, field: str, value: object, message: str, hint: object = None) -> None:
        assign(self, "code", code)
        assign(self, "field", field)
        assign(self, "value", value)
        assign(self, "message", message)
        assign(self, "hint", hint)

    @classmethod
    def of(cls, code: str, field: str, value: object, hint: object = None, **details: str) -> Problem:
        """The problem with the message of its code, `details` filled in."""
        plain = {name: _ascii(detail) for name, detail in details.items()}
        return cls(code, field, value, MESSAGES[code].format(**plain), hint)

    def __hash__(self) -> int:
        return hash((self.code, self.field, self.message))

    def __str__(self) -> str:
        """The place, the value, the reason, the fix, the code; in printable ASCII whatever the value holds."""
        if self.code == "rules-missing":
            return f"{self.message} ({self.code})"
        # A pointer is of a document: values are shown as JSON there, as Python in the arguments of a Policy.
        in_json = self.field[:1] in ("", "/")
        place = self.field or "The document"
        value = "" if self.code in _NO_VALUE else f" {_brief(self.value, in_json=in_json)}"
        fix = "" if self.hint is None else f" Fix: {_brief(self.hint, in_json=in_json)}"
        return f"{_ascii(place)}{value}: {_ascii(self.message)}{fix} ({self.code})"


class _ProblemsError(ValueError):
    """All the problems of one input."""

    problems: tuple[Problem, ...]
    _subject: str

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = [f"{count} problem{'s' * (count != 1)} in {self._subject}", *map(str, self.problems)]
        super().__init__("\n  ".join(lines))

    def __reduce__(self) -> tuple[type[_ProblemsError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class PolicyError(_ProblemsError):
    """A `Policy` cannot be made: `problems` has every reason, at least one."""

    _subject = "the policy"


class RulesError(_ProblemsError):
    """Rules cannot be made: `problems` has every reason, at least one, `field` being a JSON pointer."""

    _subject = "the rules"


def _brief(value: object, *, in_json: bool) -> str:
    """The value in ASCII, control characters escaped, in at most 200 characters."""
    # A value may come from anywhere, and messages end up in logs and terminals.
    text = f"a value of type {type(value).__name__}"
    for write in (_json, ascii) if in_json else (ascii,):
        try:
            text = write(value)
            break
        # What JSON does not have; a number of thousands of digits, a value within itself; nested too deep.
        except (TypeError, ValueError, RecursionError):
            continue
    return text if len(text) <= 200 else text[:197] + "..."


def _json(value: object) -> str:
    import json  # noqa: PLC0415  (only for people's mistakes)

    return json.dumps(value)


def _ascii(text: str) -> str:
    """The text, with everything escaped that is not printable ASCII."""
    return "".join(character if " " <= character <= "~" else ascii(character)[1:-1] for character in text)
