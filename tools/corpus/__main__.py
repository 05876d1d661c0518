"""`python -m corpus`: write what this release makes of rules documents to tests/corpus/<version>.jsonl, and some rules
in chunks, as it publishes them, to tests/corpus/<version>.chunks.json.

Once for each release, when it is made; a file that is there is never written again. `tests/contract/test_corpus.py`
holds every later release to it. Needs tests/ on the path, whose tables the documents are made from.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases import expressions, matching, origins, patterns, policy_fields, wire
from corpus.records import record_of
from edgecors import __version__
from edgecors.manifest import split

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[2] / "tests/corpus"
A = "https://a.example"


def documents() -> Iterator[tuple[str, str, list[str]]]:
    """A name, the document's text, and the origins to ask about."""
    yield "no policies", _text(), [A]
    yield "byte order mark", "\ufeff" + _text(_policy()), [A]
    yield "white space", json.dumps(_document(_policy()), indent=4), [A]
    yield "escapes", _text(_policy(description="\u8336 \U0001f375")), [A]
    yield "described", json.dumps(_document(_policy(description=None)) | {"description": "all of it"}), [A]
    yield (
        "paths",
        _text(
            *(
                _policy(name=f"p{number}", paths=[path], expose_headers=[f"X-{number}"])
                for number, path in enumerate(["*", "/tea", "/tea/*", "/tea/white", "/tea/white/*", "/", "/ü/*"])
            )
        ),
        [A],
    )
    for pattern in patterns.VALID:
        yield f"pattern {pattern}", _text(_policy(allow_origins=[pattern])), _around(pattern)
    for text, _, _, _ in patterns.HELD:
        flags = {"dangerously_allow_insecure_origins": True, "dangerously_allow_public_suffixes": True}
        policy = _policy(allow_origins=[text], allow_credentials=True, **flags)
        yield f"dangerously {text}", _text(policy), _around(text)
    for expression in expressions.ACCEPTED:
        policy = _policy(allow_origins=[{"regex": expression.expression}], **(expression.fields or {}))
        yield f"expression {expression.expression}", _text(policy), [*expression.matched, *expression.unmatched]
    for case in matching.MATCHING:
        policy = _policy(allow_origins=list(case.allow_origins), **case.fields)
        yield f"matching {case.name}", _text(policy), [*case.allowed, *case.refused][:40]
    for fields in policy_fields.VALID:
        try:
            text = _text(_policy(**fields.given))
        except TypeError:  # given as what JSON does not have
            continue
        yield f"fields {fields.name}", text, [A]
    for setting in wire.SETTINGS:
        if setting.policy is not None:
            policy = _policy(paths=list(setting.paths), **setting.policy)
            yield f"wire {setting.name}", _text(policy), [wire.A, wire.SUB, wire.B, wire.EVIL]


def _document(*policies: dict[str, Any]) -> dict[str, Any]:
    return {"schema": "edgecors/1", "policies": list(policies)}


def _text(*policies: dict[str, Any]) -> str:
    return json.dumps(_document(*policies))


def _policy(**fields: Any) -> dict[str, Any]:
    return {"name": "tea", "paths": ["*"], "allow_origins": [A]} | fields


def _around(pattern: str) -> list[str]:
    """Origins that the pattern may let in, and some that it must not."""
    filled = [
        pattern.replace("://*.", label).replace(":*", port)
        for label in ("://x.", "://x.y.", "://")
        for port in ("", ":8443")
    ]
    return list(dict.fromkeys([*filled, *(f"{origin}.evil.example" for origin in filled[:1]), *origins.VALID[:3]]))


def main() -> int:
    """The exit status."""
    file = FOLDER / f"{__version__}.jsonl"
    if file.exists():
        print(f"{file} is there already. What a release has accepted stays so.", file=sys.stderr)
        return 1
    lines = [json.dumps(record_of(*each), ensure_ascii=True) for each in documents()]
    file.write_text("\n".join(lines) + "\n", encoding="ascii")
    long = _text(
        _policy(allow_origins=[f"https://{hashlib.sha256(b'%d' % n).hexdigest()}.example" for n in range(120)])
    )
    manifest, chunks = split(long, "20261122t140000z-00000000")
    parts = {"value": manifest.text(), "chunks": chunks, "text": long}
    file.with_suffix(".chunks.json").write_text(json.dumps(parts, indent=1) + "\n", encoding="ascii")
    print(f"{len(lines)} documents in {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
