"""Where redirects lead: as browsers read a Location, and never a password to a terminal."""

from __future__ import annotations

import pytest

from edgecors._url import parse_url
from edgecors_cli.probe.messages import Answer
from edgecors_cli.probe.redirects import Nowhere, location, resolve, step, told

BASE = parse_url("https://api.example/a/b?c")


@pytest.mark.parametrize(
    ("given", "target"),
    [
        ("/tea", "https://api.example/tea"),
        ("tea", "https://api.example/a/tea"),
        ("../tea", "https://api.example/tea"),
        ("?d", "https://api.example/a/b?d"),
        ("#d", "https://api.example/a/b?c#d"),
        ("", "https://api.example/a/b?c"),
        ("//other.example/tea", "https://other.example/tea"),
        ("\\\\other.example\\tea", "https://other.example/tea"),
        ("/tea?x=\\y", "https://api.example/tea?x=\\y"),
        ("HTTP://API.example:80/tea", "http://api.example/tea"),
        ("https://api.example:8443", "https://api.example:8443/"),
        ("/t\xe9", "https://api.example/t%C3%A9"),
        ("/tea @home", "https://api.example/tea%20@home"),
    ],
)
def test_urls(given: str, target: str) -> None:
    found = resolve(BASE, given)
    assert not isinstance(found, Nowhere)
    assert found.text == target


@pytest.mark.parametrize(
    ("given", "code", "url"),
    [
        ("https://me:secret@api.example/", "redirect-user-info", ""),
        ("//me@api.example/", "redirect-user-info", ""),
        ("ftp://api.example/", "redirect-invalid", "ftp://api.example/"),
        ("data:text/plain,x", "redirect-invalid", ""),
        ("javascript:alert(1)", "redirect-invalid", ""),
        ("https://", "redirect-invalid", ""),
        ("https://*.example/", "redirect-invalid", ""),
        ("https://api.example:99999/", "redirect-invalid", ""),
        ("https://[::1/", "redirect-invalid", ""),
        ("https://\x1b[2J/", "redirect-invalid", ""),
    ],
)
def test_nowhere(given: str, code: str, url: str) -> None:
    found = resolve(BASE, given)
    assert isinstance(found, Nowhere)
    assert (found.code, found.url) == (code, url)
    shown = step(Answer(302), given, found)
    assert (shown.passed, shown.code) == (False, code)
    assert shown.detail.isprintable()
    assert "secret" not in shown.detail


@pytest.mark.parametrize("status", [200, 201, 300, 301, 302, 303, 304, 305, 306, 307, 308, 404])
def test_only_some_statuses_redirect(status: int) -> None:
    found = location(Answer(status, (("LOCATION", "/tea"),)))
    assert found == ("/tea" if status in (301, 302, 303, 307, 308) else None)
    assert location(Answer(status)) is None


def test_passwords_are_left_out() -> None:
    assert told("https://me:secret@api.example/x@y") == "https://***@api.example/x@y"
    assert told("//secret\x1b@api.example") == "//***@api.example"
    assert told("/x@y//z") == "/x@y//z"
