"""Origins of requests: parsed as browsers serialise them, or not at all."""

from __future__ import annotations

import pytest

from cases.origins import HOST, MALFORMED, SCHEME, VALID
from edgecors._diagnosis import diagnose
from edgecors._origin import ipv6_pieces, is_ipv6, is_localhost, parse, serialize_ipv6
from edgecors._pattern import compile_pattern
from oracles import origins as oracle
from tables import each


@each("origin", VALID)
def test_what_a_browser_may_send(origin: str) -> None:
    parts = parse(origin)
    assert parts is not None
    scheme, host, port = parts
    assert origin == f"{scheme}://{host}{':' * bool(port)}{port}"
    assert oracle.origin_parts(origin) == (
        scheme,
        [host] if host.startswith("[") else host.split("."),
        int(port) if port else None,
    )


@each(("origin", "code"), MALFORMED)
def test_what_no_browser_sends(origin: str, code: str | None) -> None:
    assert parse(origin) is None
    assert not oracle.is_origin(origin)
    if code is None:
        assert compile_pattern(origin) is not None
    else:
        assert diagnose(origin)[0][0].code == code


def test_a_character_too_many() -> None:
    for origin in VALID:
        for spoiled in (f" {origin}", *(f"{origin}{character}" for character in " /\n,\0:"), origin.upper()):
            assert parse(spoiled) is None


class Unreadable(str):
    """An Origin that must not be looked into."""

    __slots__ = ()

    def partition(self, separator: str) -> tuple[str, str, str]:
        raise AssertionError(separator)


def test_beyond_the_longest_origin_nothing_is_parsed() -> None:
    longest = f"{SCHEME}://{HOST}.:65535"
    assert parse(longest) is not None
    with pytest.raises(AssertionError):
        parse(Unreadable(longest))
    assert parse(Unreadable(longest + "0")) is None
    assert parse(Unreadable("https://" + "a" * 1_000_000)) is None


@each(
    ("host", "expected"),
    [
        ("localhost", True),
        ("localhost.", True),
        ("a.localhost", True),
        ("a.b.localhost.", True),
        ("127.0.0.1", True),
        ("127.255.255.255", True),
        ("[::1]", True),
        ("alocalhost", False),
        ("localhost.example", False),
        ("localhost.localdomain", False),
        ("127.example", False),
        ("127.0.0.1.example", False),
        ("128.0.0.1", False),
        ("126.255.255.255", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("[::]", False),
        ("[::2]", False),
        ("[::ffff:7f00:1]", False),
        ("[1::1]", False),
    ],
)
def test_this_machine(host: str, expected: bool) -> None:
    assert is_localhost(host) is expected
    assert oracle.is_localhost(host) is expected


def test_every_shape_of_ipv6_zeros() -> None:
    """All 256 ways in which the eight pieces can be zero or not."""
    for zeros in range(256):
        pieces = [0 if zeros >> index & 1 else index + 1 for index in range(8)]
        number = sum(piece << 16 * (7 - index) for index, piece in enumerate(pieces))
        text = serialize_ipv6(pieces)
        assert text == oracle.serialize_ipv6(number)
        assert ipv6_pieces(text) == pieces
        assert is_ipv6(text)
        written_out = ":".join(f"{piece:x}" for piece in pieces)
        assert is_ipv6(written_out) is (text == written_out)
        assert ipv6_pieces(written_out) == pieces


def test_every_other_way_to_compress_is_refused() -> None:
    """For each run of pieces that `::` could stand for, only the first longest of two or more zeros is taken."""
    for zeros in range(256):
        pieces = ["0" if zeros >> index & 1 else "a" for index in range(8)]
        canonical = serialize_ipv6([int(piece, 16) for piece in pieces])
        for start in range(8):
            for end in range(start + 1, 9):
                if any(piece != "0" for piece in pieces[start:end]):
                    continue
                text = ":".join(pieces[:start]) + "::" + ":".join(pieces[end:])
                assert is_ipv6(text) is (text == canonical)
