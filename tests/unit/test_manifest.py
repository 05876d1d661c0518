"""Rules in chunks: what is cut is put together whole, and anything else is noticed."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import string
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecors.manifest import (
    MAX_CHUNKS,
    MAX_PARAMETER,
    MAX_TEXT,
    Manifest,
    ManifestError,
    assemble,
    parse_manifest,
    split,
)

GOOD = {"schema": "edgecors-manifest/1", "generation": "g-1", "chunks": 2, "sha256": "ab" * 32, "size": 7}
NOISE = "".join(random.Random(1).choices(string.printable, k=20_000))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_what_is_split_is_assembled(text: str) -> None:
    manifest, chunks = split(text, "g")
    assert parse_manifest(manifest.text()) == manifest
    assert assemble(manifest, chunks) == text
    assert manifest.names("/a/b") == [f"/a/b/g/{number}" for number in range(len(chunks))]


def test_each_chunk_fits_a_standard_parameter() -> None:
    manifest, chunks = split(NOISE, "g")
    assert len(chunks) == manifest.chunks > 1
    assert all(len(chunk) <= MAX_PARAMETER for chunk in chunks)
    assert not any("{{" in chunk for chunk in chunks)


def test_what_is_beyond_the_limits_is_not_split() -> None:
    with pytest.raises(ManifestError, match="4,194,305 bytes"):
        split("x" * (MAX_TEXT + 1), "g")
    incompressible = "".join(random.Random(1).choices(string.printable, k=400_000))
    with pytest.raises(ManifestError, match="parameters when compressed; at most 64"):
        split(incompressible, "g")


@pytest.mark.parametrize(
    "text",
    [
        '{"schema": "edgecors/1", "policies": []}',
        "edgecors-manifest",
        '["edgecors-manifest/1"]',
        '{"schema": 1, "x": "edgecors-manifest/1"}',
        "[" * 100_000 + "edgecors-manifest",
    ],
    ids=["rules", "text", "list", "no-schema", "deep"],
)
def test_other_values_are_no_manifest(text: str) -> None:
    assert parse_manifest(text) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"schema": "edgecors-manifest/2"}, "schema"),
        ({"generation": ""}, "generation"),
        ({"generation": "a/b"}, "generation"),
        ({"generation": "a" * 65}, "generation"),
        ({"generation": None}, "generation"),
        ({"chunks": 0}, "chunks"),
        ({"chunks": MAX_CHUNKS + 1}, "chunks"),
        ({"chunks": True}, "chunks"),
        ({"chunks": "2"}, "chunks"),
        ({"size": 0}, "size"),
        ({"size": MAX_TEXT + 1}, "size"),
        ({"size": 7.0}, "size"),
        ({"sha256": "ab"}, "sha256"),
        ({"sha256": "AB" * 32}, "sha256"),
        ({"sha256": 3}, "sha256"),
    ],
)
def test_a_manifest_that_is_not_valid(change: dict[str, object], reason: str) -> None:
    with pytest.raises(ManifestError, match=reason):
        parse_manifest(json.dumps(GOOD | change))


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def test_chunks_that_are_not_as_written() -> None:
    manifest, chunks = split(NOISE, "g")
    other = Manifest("g", manifest.chunks, "0" * 64, manifest.size)
    bomb = _encoded(zlib.compress(b"x" * 10_000_000))
    small = Manifest("g", 1, manifest.sha256, 3)
    cases = [
        (manifest, chunks[:-1], "chunks of"),
        (manifest, [*chunks, chunks[0]], "chunks of"),
        (manifest, ["?" + chunks[0][1:], *chunks[1:]], "corrupt"),
        (manifest, [_encoded(b"not zlib"), *chunks[1:]], "corrupt"),
        (manifest, list(reversed(chunks)), "corrupt"),
        (manifest, [*chunks[:-1], _encoded(b"")], "size"),
        (Manifest("g", manifest.chunks, manifest.sha256, manifest.size - 1), chunks, "size"),
        (small, [bomb], "size"),
        (small, [_encoded(zlib.compress(b"abc") + b"more")], "size"),
        (other, chunks, "SHA-256"),
    ]
    for wrong, given_chunks, reason in cases:
        with pytest.raises(ManifestError, match=reason):
            assemble(wrong, given_chunks)


def test_a_text_is_utf_8() -> None:
    content = b"\xff\xfe"
    manifest = Manifest("g", 1, hashlib.sha256(content).hexdigest(), 2)
    with pytest.raises(ManifestError, match="UTF-8"):
        assemble(manifest, [_encoded(zlib.compress(content))])
