"""Real pages in a real browser: `make browser`.

`serve` is a running `make serve` (`serving.Served`), `browser` a headless Chromium (playwright's `Browser`), and
`internet` every other host there is. All three last for the whole run.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser import chromium, tea, web
from serving import Served, copy_project, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


MISSING = "tests/browser needs Chromium: apt-get install chromium, or CHROMIUM=/path/to/one"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without Chromium CI fails, and another machine skips the suite: it is said once, by its first test."""
    own = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    if not own or chromium.executable():
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError(MISSING)
    own[0].add_marker(pytest.mark.skip(reason=MISSING))
    config.hook.pytest_deselected(items=own[1:])
    items[:] = [item for item in items if item not in own[1:]]


@pytest.fixture(scope="session")
def executable() -> Path:
    """Chromium's."""
    found = chromium.executable()
    assert found, MISSING
    return found


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`make serve` on a copy of the project, on free ports, with what its functions log."""
    with serving(copy_project(tmp_path_factory.mktemp("project")), VERBOSE="1") as running:
        yield running


@pytest.fixture(scope="session")
def internet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[web.Web]:
    """The web, without a site."""
    with web.served(tmp_path_factory.mktemp("web")) as whole:
        yield whole


@pytest.fixture(scope="session")
def browser(executable: Path, serve: Served, internet: web.Web) -> Iterator[Browser]:
    """Chromium, for which the web is the internet, and so is the Tea API of `make serve`."""
    with chromium.launched(executable, internet, (serve.port,)) as running:
        yield running


@pytest.fixture(scope="session")
def tea_api(serve: Served, internet: web.Web) -> tea.Tea:
    """The Tea API of `make serve` at `tea.URL`, and its pages at the origins of `tea`, with `?app` behind the slash."""
    internet.sites[tea.HOST] = web.forward(serve.port)
    pages = web.forward(serve.app_port, f"app.localhost:{serve.app_port}")
    for origin in (*tea.ALLOWED, *(origin for origin, via in tea.REFUSED if via == "navigation")):
        internet.sites[origin.removeprefix("https://")] = lambda asked: (
            web.plain_page(asked) if asked.target == "/" else pages(asked)
        )
    return tea.Tea(serve, internet)
