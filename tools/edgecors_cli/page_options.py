"""What a page's fetch() is told on the command line, for `explain` and `probe`."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from edgecors._diagnosis import corrected
from edgecors._origin import parse
from rules_store import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Mode(StrEnum):
    """The credentials modes of fetch()."""

    OMIT = "omit"
    SAME_ORIGIN = "same-origin"
    INCLUDE = "include"


Url = Annotated[str, typer.Argument(metavar="URL", help="What the page calls.", show_default=False)]
Origin = Annotated[
    str,
    typer.Option("--origin", metavar="O", help="The page's origin, like https://app.example.", show_default=False),
]
Method = Annotated[str, typer.Option("--method", "-X", metavar="M", help="The method of the page's fetch().")]
Headers = Annotated[
    list[str] | None,
    typer.Option(
        "--header",
        "-H",
        metavar="'NAME: VALUE'",
        help="A header that the page sets; may be given several times.",
        show_default=False,
    ),
]
Credentials = Annotated[Mode, typer.Option("--credentials", help="The credentials mode of the page's fetch().")]


def pairs(headers: Iterable[str] | None, option: str) -> tuple[tuple[str, str], ...]:
    """Names and values of headers. Raises StoreError for one without a colon."""
    found = []
    for header in headers or ():
        name, colon, value = header.partition(":")
        if not colon or not name:
            raise StoreError(
                "header-invalid", f"{option} {header!a} is no header.", f"Write {option} 'Name: value'.", kind="call"
            )
        found.append((name.strip(), value.strip()))
    return tuple(found)


def refuse_star(method: str, headers: tuple[tuple[str, str], ...]) -> None:
    """`*` would be a method or a header of that name, which nobody means. Raises StoreError."""
    if method == "*" or any(name == "*" for name, _ in headers):
        kind = "method" if method == "*" else "header"
        raise StoreError(f"{kind}-invalid", f"A page sends one {kind}, not any.", f"Name the {kind}.", kind="call")


def wrong_call(error: ValueError, origin: str) -> StoreError:
    """What the engine says of a URL, origin, method or header that no page has."""
    text = str(error)
    meant = corrected(origin) if parse(origin) is None else None
    # What is meant may be a pattern, which is no page's origin either.
    fix = f"Write --origin {meant}" if meant is not None and parse(meant) is not None and origin != "null" else ""
    return StoreError("call-invalid", f"{text[0].upper()}{text[1:]}.", fix, kind="call")
