"""Reading a rules document: its JSON, its keys, its names and paths. Every problem is reported at its pointer."""

from __future__ import annotations

from edgecors._path import is_plain_path, percent_decode
from edgecors._spec import DIGITS, LOWER
from edgecors.policy import DEFAULTS, Policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from edgecors._checks import Report

_NAME_CHARACTERS = LOWER + LOWER.upper() + DIGITS + ".-_"
_ROOT_KEYS = ("schema", "description", "policies")
_POLICY_KEYS = ("name", "paths", "allow_origins", *DEFAULTS)

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
    "path": "paths",
}


class _Repeated(dict[str, object]):
    """A JSON object in which keys stand more than once."""

    repeated: tuple[str, ...] = ()


def read_document(
    document: Mapping[str, object] | str | bytes, schema: str, report: Report
) -> dict[str, object] | None:
    """The root object, its own keys checked; None where there is none."""
    root = _load(document, report) if isinstance(document, str | bytes | bytearray) else document
    if root is None:
        return None
    if not isinstance(root, dict):
        report.add("wrong-type", "", root, expected="an object with schema and policies")
        return None
    _check_keys(root, _ROOT_KEYS, ("schema", "policies"), "", report)
    if "schema" in root and root["schema"] != schema:
        report.add("schema-unknown", "schema", root["schema"], hint=schema)
    description = root.get("description")
    if description is not None and not isinstance(description, str):
        report.add("wrong-type", "description", description, expected="text, or null")
    return root


def _load(text: str | bytes | bytearray, report: Report) -> object:
    import json  # noqa: PLC0415  (a policy in code needs no JSON)

    try:
        if not isinstance(text, str):
            text = text.decode("utf-8")
        return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_object, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        report.add("document-not-utf-8", "", None, detail=f"byte {error.start} is not")
    except RecursionError:
        report.add("document-too-deep", "", None)
    except ValueError as error:
        report.add("json-invalid", "", text[:80], detail=str(error))
    return None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    keys = [key for key, _ in pairs]
    repeated = _Repeated(found)
    repeated.repeated = tuple(key for key in found if keys.count(key) > 1)
    return repeated


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON number")


def read_policies(root: dict[str, object], report: Report) -> tuple[tuple[str, tuple[str, ...], Policy], ...]:
    """The `policies` of a document, to be used only if the report has no problems."""
    given = root.get("policies", [])
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
        _check_keys(entry, _POLICY_KEYS, ("name", "paths", "allow_origins"), pointer, report)
        name = check_name(entry["name"], names, pointer, report) if "name" in entry else ""
        paths = check_paths(entry["paths"], taken, pointer, report) if "paths" in entry else ()
        fields = {key: value for key, value in entry.items() if key in DEFAULTS}
        # A missing key was reported above: stand in for it, so that the other fields are still checked.
        fields["allow_origins"] = entry.get("allow_origins", ["https://origin.invalid"])
        triples.append((name, paths, Policy._of(fields, report.below(pointer))))
    return tuple(triples)


def _check_keys(
    found: dict[str, object], known: tuple[str, ...], required: tuple[str, ...], pointer: str, report: Report
) -> None:
    for key in getattr(found, "repeated", ()):
        report.add("json-duplicate-key", _below(pointer, key), found[key])
    for key, value in found.items():
        if key in known:
            continue
        plain = key.lower().replace("-", "_") if isinstance(key, str) else ""
        if "private_network" in plain or "privatenetwork" in plain:
            report.add("private-network-obsolete", _below(pointer, key), value)
        else:
            report.add("key-unknown", _below(pointer, key), key, hint=_meant_key(key, known))
    for key in required:
        if key not in found:
            report.add("key-missing", _below(pointer, key), None)


def _meant_key(key: object, known: tuple[str, ...]) -> str | None:
    if not isinstance(key, str):
        return None
    import difflib  # noqa: PLC0415  (only for people's mistakes)

    snake = "".join("_" + letter.lower() if letter.isupper() else letter for letter in key).replace("-", "_").strip("_")
    meant = _MEANT.get(snake, snake)
    return next(iter(difflib.get_close_matches(meant, known, n=1, cutoff=0.7)), None)


def _below(pointer: str, key: object) -> str:
    # RFC 6901, section 3.
    escaped = str(key).replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{escaped}" if pointer else escaped


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
    if isinstance(paths, str | bytes | dict) or not hasattr(paths, "__iter__"):
        report.add("list-expected", field, paths, hint=[paths] if isinstance(paths, str) else None)
        return ()
    checked = []
    for index, path in enumerate(paths):
        if not isinstance(path, str):
            report.add("wrong-type", field, path, index, expected="text")
            continue
        for code, hint in _path_faults(path):
            report.add(code, field, path, index, hint)
        if path in taken:
            report.add("path-duplicate", field, path, index)
        taken.add(path)
        checked.append(path)
    if not checked and not list(paths):
        report.add("paths-empty", field, paths)
    return tuple(checked)


def _path_faults(path: str) -> list[tuple[str, str | None]]:
    if path == "*":
        return []
    faults: list[str] = []
    meant = path
    scheme, separator, rest = path.partition("://")
    if separator and scheme.isalpha():
        meant = "/" + rest.partition("/")[2]
    if not meant.startswith("/"):
        meant = "/" + meant
    if meant != path:
        faults.append("path-no-slash")
    cut = min((at for mark in "?#" if (at := meant.find(mark)) >= 0), default=len(meant))
    if cut < len(meant):
        faults.append("path-query")
        meant = meant[:cut]
    if "%" in meant:
        faults.append("path-percent")
        decoded = percent_decode(meant)
        meant = decoded if decoded is not None else meant
    if "*" in (meant[:-1] if meant.endswith("/*") else meant):
        faults.append("path-wildcard-misplaced")
        meant = meant.rstrip("*/") + "/*" if "*" not in meant.rstrip("*/") else meant
    if not is_plain_path(meant) or not _is_text(meant):
        faults.append("path-unsafe")
    certain = is_plain_path(meant) and "%" not in meant and "*" not in meant[:-1] and meant != path
    return [(code, meant if certain else None) for code in faults]


def _is_text(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
