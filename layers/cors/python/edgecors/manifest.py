"""Rules that are too long for one SSM parameter: a manifest in the parameter itself, and compressed chunks.

The parameter `NAME` holds the manifest, `NAME/<generation>/<n>` the chunks, n from 0. Chunks are never written
again, so that whoever reads the manifest finds the generation that it names, whole, or notices that it does not.
The text is compressed by zlib (RFC 1950), cut, and each part written in base64.
"""

from __future__ import annotations

from edgecors._value import Value, assign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = "edgecors-manifest/1"
MAX_CHUNKS = 64
MAX_TEXT = 4 * 1024 * 1024  # bytes, decompressed
MAX_PARAMETER = 4_096  # bytes of a standard parameter's value
_GENERATION_CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz-"


class ManifestError(ValueError):
    """A manifest, or what it names, is not as written: incomplete, corrupt or beyond the limits."""


class Manifest(Value):
    """`generation`: part of the chunks' names; `chunks`: how many; `sha256`: of the whole text, hexadecimal;
    `size`: of the whole text, in bytes of UTF-8."""

    __slots__ = ("generation", "chunks", "sha256", "size")  # noqa: RUF023

    generation: str
    chunks: int
    sha256: str
    size: int

    def __init__(self, generation: str, chunks: int, sha256: str, size: int) -> None:
        assign(self, "generation", generation)
        assign(self, "chunks", chunks)
        assign(self, "sha256", sha256)
        assign(self, "size", size)

    def names(self, parameter: str) -> list[str]:
        """The names of the chunks, in order."""
        return [f"{parameter}/{self.generation}/{number}" for number in range(self.chunks)]

    def text(self) -> str:
        """The manifest as the parameter holds it."""
        import json  # noqa: PLC0415

        return json.dumps({"schema": SCHEMA, **self._fields()})


def parse_manifest(text: str) -> Manifest | None:
    """The manifest in a parameter's value; None where the value is no manifest, but a rules document itself.

    Raises ManifestError for a manifest that is not valid.
    """
    if SCHEMA.partition("/")[0] not in text:
        return None
    import json  # noqa: PLC0415  (most rules are one parameter)

    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    schema = found.get("schema") if isinstance(found, dict) else None
    if not isinstance(schema, str) or not schema.startswith("edgecors-manifest/"):
        return None
    if schema != SCHEMA:
        raise ManifestError(f"the manifest's schema is {schema!a}; this release reads {SCHEMA}")
    generation, chunks, sha256, size = (found.get(key) for key in ("generation", "chunks", "sha256", "size"))
    if not isinstance(generation, str) or not 0 < len(generation) <= 64 or generation.strip(_GENERATION_CHARACTERS):
        raise ManifestError("the manifest's generation is not 1 to 64 characters of a-z, 0-9 and -")
    if type(chunks) is not int or not 1 <= chunks <= MAX_CHUNKS:
        raise ManifestError(f"the manifest's chunks are not 1 to {MAX_CHUNKS}")
    if type(size) is not int or not 1 <= size <= MAX_TEXT:
        raise ManifestError(f"the manifest's size is not 1 to {MAX_TEXT} bytes")
    if not isinstance(sha256, str) or len(sha256) != 64 or sha256.strip("0123456789abcdef"):
        raise ManifestError("the manifest's sha256 is not 64 hexadecimal digits")
    return Manifest(generation, chunks, sha256, size)


def assemble(manifest: Manifest, chunks: Sequence[str]) -> str:
    """The text of a generation from its chunks, in order.

    Never takes more memory than the manifest's size says. Raises ManifestError where anything is not as written.
    """
    import base64  # noqa: PLC0415  (most rules are one parameter)
    import hashlib  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    if len(chunks) != manifest.chunks:
        raise ManifestError(f"{len(chunks)} chunks of {manifest.chunks} are there")
    try:
        compressed = b"".join(base64.b64decode(chunk, validate=True) for chunk in chunks)
        decompressor = zlib.decompressobj()
        content = decompressor.decompress(compressed, manifest.size + 1)
    except (ValueError, zlib.error) as error:
        raise ManifestError(f"a chunk is corrupt: {error}") from None
    if len(content) != manifest.size or not decompressor.eof or decompressor.unused_data:
        raise ManifestError("the chunks are not of the size that the manifest gives")
    if hashlib.sha256(content).hexdigest() != manifest.sha256:
        raise ManifestError("the chunks are not what the manifest's SHA-256 says")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise ManifestError("the chunks are no UTF-8") from None


def split(text: str, generation: str) -> tuple[Manifest, list[str]]:
    """The manifest and chunks of a text. Raises ManifestError where it is beyond the limits."""
    import base64  # noqa: PLC0415
    import hashlib  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    content = text.encode("utf-8")
    if len(content) > MAX_TEXT:
        raise ManifestError(f"the rules have {len(content):,} bytes; at most {MAX_TEXT:,} can be published")
    compressed = zlib.compress(content, 9)
    step = MAX_PARAMETER // 4 * 3  # base64 writes three bytes as four characters
    chunks = [
        base64.b64encode(compressed[start : start + step]).decode("ascii") for start in range(0, len(compressed), step)
    ]
    if len(chunks) > MAX_CHUNKS:
        raise ManifestError(
            f"the rules take {len(chunks)} parameters when compressed; at most {MAX_CHUNKS} can be published"
        )
    return Manifest(generation, len(chunks), hashlib.sha256(content).hexdigest(), len(content)), chunks
