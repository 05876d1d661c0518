"""Reading a rules document: its JSON, its keys, its names and paths. Every problem is reported at its pointer."""

from __future__ import annotations

from edgecors._checks import check_description
from edgecors._path import is_plain_path, percent_decode
from edgecors._spec import DIGITS, LOWER
from edgecors.policy import DEFAULTS, Policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from edgecors._checks import Report

    Triples = tuple[tuple[str, tuple[str, ...], Policy], ...]

_NAME_CHARACTERS = LOWER + LOWER.upper() + DIGITS + ".-_"
_ROOT_KEYS = ("schema", "description", "policies")
_ROOT_KEYS_REQUIRED = ("schema", "policies")
# Longer ones are not compared, which takes time by their length: nobody meant one of ours.
_LONGEST_KEY = 64
# The fewest that Python can be told to convert.
_MAX_DIGITS = 640
_POLICY_KEYS_REQUIRED = ("name", "paths", "allow_origins")
_POLICY_KEYS = (*_POLICY_KEYS_REQUIRED, *DEFAULTS)

# What people coming from elsewhere write; anything else is matched by likeness.
_MEANT = {
    "origin": "allow_origins",
    "origins": "allow_origins",
    "allow_origin": "allow_origins",
    "allowed_origins": "allow_origins",
    "methods": "allow_methods",
    "allowed_methods": "allow_methods",
    "headers": "allow_headers",
    "allowed_headers": "allow_headers",
    "exposed_headers": "expose_headers",
    "expose": "expose_headers",
    "credentials": "allow_credentials",
    "supports_credentials": "allow_credentials",
    "ttl": "max_age",
    "max_age_seconds": "max_age",
    "path": "paths",
}


def read_document(
    document: Mapping[str, object] | str | bytes, schema: str, report: Report
) -> tuple[str | None, Triples]:
    """The description and the policies of a document, to be used only if the report has no problems."""
    root: object = document
    if isinstance(document, str | bytes | bytearray):
        try:
            root = _load(document, report)
        except _UnreadableError as error:
            report.problems.append(error.problem)
            return None, ()
    if not isinstance(root, dict):
        report.add("wrong-type", None, root, expected="an object with schema and policies")
        return None, ()
    _check_keys(root, _ROOT_KEYS, _ROOT_KEYS_REQUIRED, None, report)
    if "schema" in root and root["schema"] != schema:
        given = root["schema"]
        # What names another schema of ours is not misspelt, it is for another reader.
        ours = isinstance(given, str) and given.startswith("edgecors")
        report.add("schema-unknown", "schema", given, hint=None if ours else schema)
    return check_description(root.get("description"), report), _read_policies(root.get("policies", []), report)


class _UnreadableError(Exception):
    """Text that is no JSON, and so no document."""

    def __init__(self, code: str, value: object = None, **details: str) -> None:
        from edgecors.problems import Problem  # noqa: PLC0415  (only for people's mistakes)

        super().__init__(code)
        self.problem = Problem.of(code, "", value, **details)


class _Repeated(dict[str, object]):
    """A JSON object in which keys stand more than once."""

    repeated: Iterable[str] = ()


def _load(text: str | bytes | bytearray, report: Report) -> object:
    import json  # noqa: PLC0415  (a policy in code needs no JSON)

    found_repeated = False

    def read_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal found_repeated
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        found_repeated = True
        once: set[str] = set()
        again: dict[str, None] = {}
        for key, _ in pairs:
            if key in once:
                again[key] = None
            once.add(key)
        repeated = _Repeated(found)
        repeated.repeated = again
        return repeated

    try:
        if not isinstance(text, str):
            text = text.decode("utf-8")
        root = json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=read_object,
            parse_int=_read_integer,
            parse_constant=_refuse_constant,
        )
    except UnicodeDecodeError as error:
        raise _UnreadableError("document-not-utf-8", detail=f"byte {error.start + 1} is not") from None
    except RecursionError:
        raise _UnreadableError("document-too-deep") from None
    except json.JSONDecodeError as error:
        detail = f"{error.msg[:1].lower()}{error.msg[1:]} (line {error.lineno}, column {error.colno})"
        around = error.doc[max(0, error.pos - 30) : error.pos + 30]
        raise _UnreadableError("json-invalid", around, detail=detail) from None
    if found_repeated:
        _report_repeated(root, report)
    return root


def _read_integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise _UnreadableError("json-invalid", f"{digits[:40]}...", detail="no rule has a number of so many digits")
    return int(digits)


def _refuse_constant(name: str) -> object:
    raise _UnreadableError("json-invalid", name, detail=f"{name} is no number there")


def _report_repeated(root: object, report: Report) -> None:
    """Reports the keys that stand twice in one object, wherever it is: readers differ in which one counts."""
    waiting: list[tuple[str | None, object]] = [(None, root)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, dict):
            for key in getattr(value, "repeated", ()):
                report.add("json-duplicate-key", _below(pointer, key), value[key])
            waiting += [(_below(pointer, key), below) for key, below in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(_below(pointer, index), below) for index, below in reversed([*enumerate(value)])]


def _read_policies(given: object, report: Report) -> Triples:
    if not isinstance(given, list | tuple):
        report.add("list-expected", "policies", given, hint=[given] if isinstance(given, dict) else None)
        return ()
    names: set[str] = set()
    taken: set[str] = set()
    triples = []
    for index, entry in enumerate(given):
        pointer = f"policies/{index}"
        if not isinstance(entry, dict):
            report.add("wrong-type", pointer, entry, expected="an object")
            continue
        _check_keys(entry, _POLICY_KEYS, _POLICY_KEYS_REQUIRED, pointer, report)
        name = check_name(entry["name"], names, pointer, report) if "name" in entry else ""
        paths = check_paths(entry["paths"], taken, pointer, report) if "paths" in entry else ()
        fields = {key: value for key, value in entry.items() if key in DEFAULTS}
        # A missing key was reported above: stand in for it, so that the other fields are still checked.
        fields["allow_origins"] = entry.get("allow_origins", ["https://origin.invalid"])
        triples.append((name, paths, Policy._of(fields, report.below(pointer))))
    return tuple(triples)


def _check_keys(
    found: dict[str, object], known: tuple[str, ...], required: tuple[str, ...], pointer: str | None, report: Report
) -> None:
    for key, value in found.items():
        if key in known:
            continue
        words = _words(key)
        if "private_network" in words or "privatenetwork" in words:
            report.add("private-network-obsolete", _below(pointer, key), value)
        else:
            absent = [name for name in known if name not in found]
            report.add("key-unknown", _below(pointer, key), key, hint=_meant_key(words, absent))
    for key in required:
        if key not in found:
            report.add("key-missing", _below(pointer, key), None)


def _words(key: object) -> str:
    """The words of a key in lower case with `_` between: `AllowOrigins`, `Access-Control-Allow-Origin`."""
    if not isinstance(key, str):
        return ""
    spaced = "".join(
        f"_{letter}" if letter.isupper() and key[at - 1 : at].islower() else letter for at, letter in enumerate(key)
    )
    words = "".join(letter if letter.isalnum() else "_" for letter in spaced.lower()).split("_")
    return "_".join(filter(None, words)).removeprefix("access_control_")


def _meant_key(words: str, absent: list[str]) -> str | None:
    import difflib  # noqa: PLC0415  (only for people's mistakes)

    if len(words) > _LONGEST_KEY:
        return None
    meant = _MEANT.get(words, words)
    return next(iter(difflib.get_close_matches(meant, absent, n=1, cutoff=0.7)), None)


def _below(pointer: str | None, key: object) -> str:
    """The place of a key in the object at `pointer`, both without the slash in front; None is the document."""
    # RFC 6901, section 3.
    escaped = str(key).replace("~", "~0").replace("/", "~1")
    return escaped if pointer is None else f"{pointer}/{escaped}"


def check_name(name: object, names: set[str], pointer: str, report: Report) -> str:
    """A policy's name, unique among `names`, to which it is added."""
    field = f"{pointer}/name"
    if not isinstance(name, str):
        report.add("wrong-type", field, name, expected="text")
        return ""
    if not 0 < len(name) <= 64 or name.strip(_NAME_CHARACTERS):
        report.add("name-invalid", field, name)
    elif name in names:
        report.add("name-duplicate", field, name)
    names.add(name)
    return name


def check_paths(paths: object, taken: set[str], pointer: str, report: Report) -> tuple[str, ...]:
    """A policy's paths, none of them among `taken`, to which they are added."""
    field = f"{pointer}/paths"
    if isinstance(paths, str | bytes | bytearray | dict) or not hasattr(paths, "__iter__"):
        report.add("list-expected", field, paths, hint=[paths] if isinstance(paths, str) and paths else None)
        return ()
    entries = list(paths)
    if not entries:
        report.add("paths-empty", field, entries)
    checked = []
    for index, path in enumerate(entries):
        if not isinstance(path, str):
            report.add("wrong-type", field, path, index, expected="text")
            continue
        codes, meant = _diagnose_path(path)
        for code in codes:
            report.add(code, field, path, index, meant)
        if path in taken:
            report.add("path-duplicate", field, path, index)
        taken.add(path)
        checked.append(path)
    return tuple(checked)


def _diagnose_path(path: str) -> tuple[list[str], str | None]:
    """The codes of what is wrong with a policy's path, and the path that was meant where that is certain."""
    if path == "*":
        return [], None
    codes: list[str] = []
    certain = True
    meant = path
    scheme, separator, rest = path.partition("://")
    if separator and scheme.isalpha():
        _, slash, below = rest.partition("/")
        meant, certain = f"/{below}", slash == "/"
    elif not path.startswith("/"):
        meant = f"/{path.lstrip().removeprefix('/')}"
        certain = meant != "/"
    if meant != path:
        codes.append("path-no-slash")
    cut = min((at for mark in "?#" if (at := meant.find(mark)) >= 0), default=len(meant))
    if cut < len(meant):
        codes.append("path-query")
        meant = meant[:cut]
    decoded = meant
    if "%" in meant:
        codes.append("path-percent")
        decoded = percent_decode(meant) or "\0"
    plain = is_plain_path(decoded)
    if "*" in (decoded[:-1] if decoded.endswith("/*") else decoded):
        codes.append("path-wildcard-misplaced")
        # `/tea/**` and `/tea/*/` can only mean what is below; `/tea*` and `/*/tea` have no equal.
        above = decoded.rstrip("*/")
        certain = certain and "*" not in above and decoded[len(above)] == "/"
        decoded = f"{above}/*"
    if not plain:
        codes.append("path-unsafe")
        certain = False
    return codes, decoded if codes and certain and "%" not in decoded else None
