"""What any release has accepted, this one accepts, with the same meaning (`python -m corpus` writes the files)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.records import Record, record_of
from edgecors import __version__
from edgecors.manifest import assemble, parse_manifest
from tables import each

FOLDER = Path(__file__).parents[1] / "corpus"
FILES = sorted(FOLDER.glob("*.jsonl"))
RECORDS: list[Record] = [json.loads(line) for file in FILES for line in file.read_text(encoding="ascii").splitlines()]


def test_this_release_has_a_file() -> None:
    """If not: PYTHONPATH=layers/cors/python:tools:tests python -m corpus"""
    assert f"{__version__}.jsonl" in [file.name for file in FILES]


@pytest.mark.no_cover
@each("record", RECORDS, ids=lambda record: record["name"])
def test_a_document_has_the_meaning_that_it_had(record: Record) -> None:
    assert record_of(record["name"], record["document"], record["origins"]) == record


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.chunks.json")), ids=lambda file: file.name)
def test_rules_in_chunks_are_read_as_they_were_written(file: Path) -> None:
    held = json.loads(file.read_text(encoding="ascii"))
    manifest = parse_manifest(held["value"])
    assert manifest is not None
    assert len(held["chunks"]) > 1
    assert assemble(manifest, held["chunks"]) == held["text"]
