"""What `make serve` writes, as the load reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from load.errors import CannotError
from load.serving import Serving, read_welcome

WELCOME = """\
edgecors   Tea API    http://127.0.0.1:36975/tea                rules      /edgecors/tea/local, version 1 (SSM, local)
           admin      morning-rooibos-3771                      change     edit functions/tea/rules.json
           AWS        AWS_ENDPOINT_URL=http://127.0.0.1:40387   ready      in 9.0 s

try   curl -i -H 'Origin: https://victoria-lo.github.io' http://127.0.0.1:36975/tea                allowed
"""
QUIET = """\
22:40:57  GET      /           https://victoria-lo.github.io  ✓ allowed    tea                 200   332.9 ms
22:40:57  GET      /500        https://failed.example         ✗ refused    origin-not-allowed  403     5.0 ms
22:40:58  rules    /edgecors/tea/local   version 3   It is not JSON.
22:40:59  guard    /edgecors/tea/local   version 4   the last good rules, put back in place of some that are not valid
"""
TROUBLE = """\
22:40:57  GET      /           https://victoria-lo.github.io  · failed     KeyError            500     2.9 ms
22:40:57  GET      /           –                              · no origin                      502     2.9 ms
Traceback (most recent call last):
"""


def test_the_addresses_are_read_from_the_first_lines(tmp_path: Path) -> None:
    output = tmp_path / "output"
    assert read_welcome(WELCOME, 7, output) == Serving(
        7, 36975, "http://127.0.0.1:40387", "/edgecors/tea/local", output
    )
    with pytest.raises(CannotError, match="did not say where"):
        read_welcome("", 7, output)


def test_failures_are_found_among_the_requests(tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.write_text(WELCOME + QUIET + TROUBLE, "utf-8")
    assert read_welcome(WELCOME, 7, output).trouble() == TROUBLE.splitlines()
