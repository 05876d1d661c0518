"""README's `sam local` section on the output of `sam build` (BUILD_DIR, else .aws-sam/build): `make sam-local`.

Needs Docker. Where no daemon runs, root starts dockerd for the time of the tests (daemon.py); AWS's base image is
made up where it is not there (image.py); AWS itself is moto's server. Whether there is a Docker is decided once.
"""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from local.aws import environment
from runtime.account import Account, with_one_tea
from runtime.pythons import ROOT
from sam_local import readme
from sam_local.daemon import connected, without
from sam_local.image import provided
from sam_local.project import Project, checkout, shell
from sam_local.web import Web

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from runtime.account import Teas


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_request(self, *_: Any) -> None:
        """Nothing: the terminal belongs to the tests."""


def containers(client: Any) -> list[Any]:
    """Those of functions, running or not."""
    found: list[Any] = client.containers.list(all=True, filters={"label": "sam.cli.container.type=lambda"})
    return found


@pytest.fixture(scope="session")
def docker() -> Iterator[Any]:
    """A client of a daemon that has the base image. Afterwards no container of SAM CLI's is left."""
    # Whoever ends the tests from outside, as a time limit does, leaves no daemon behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with connected() as client, provided(client):
        before = set(containers(client))
        yield client
        # When it is interrupted, it ends now and then without having stopped all of its containers.
        for container in set(containers(client)) - before:
            container.remove(force=True)


@pytest.fixture(scope="session")
def account(docker: Any) -> Iterator[Account]:
    """moto's server, where containers can reach it. No account that this machine may have is ever asked."""
    network = docker.networks.get("bridge").attrs["IPAM"]["Config"][0]
    # A bridge that Docker has just made takes the first address, and tells it later.
    address = network.get("Gateway") or str(next(ip_network(network["Subnet"]).hosts()))
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in environment({}).items():
            patch.setenv(name, value)
        try:
            server = make_server(
                address, 0, DomainDispatcherApplication(create_backend_app), threaded=True, request_handler=Quiet
            )
        except (OSError, SystemExit):  # werkzeug says it in its own words, and wants to end
            without(
                f"{address}, where this Docker's containers would look for AWS, is none of this machine's addresses"
            )
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Account(f"http://{address}:{server.port}")
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.fixture(scope="session")
def project(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Where README's commands run."""
    build = ROOT / os.environ.get("BUILD_DIR", ".aws-sam/build")
    if not (build / "template.yaml").is_file():
        pytest.fail(f"{build} has no template.yaml: `make sam-local` builds it, and so does `sam build`")
    return checkout(tmp_path_factory.mktemp("checkout"), build, account.endpoint)


@pytest.fixture(scope="session")
def teas(account: Account) -> Teas:
    """A table with one tea, which nobody writes into."""
    return with_one_tea(account, "read")


@pytest.fixture(scope="session")
def pool() -> Iterator[ThreadPoolExecutor]:
    """Two commands at a time: most of each is SAM CLI's own start."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture(scope="session")
def tea_of_the_api(account: Account) -> Teas:
    """A table with one tea, for `sam local start-api`; what writes puts it back."""
    return with_one_tea(account, "api")


@pytest.fixture(scope="session")
def started(docker: Any, project: Project, tea_of_the_api: Teas) -> Iterator[Path]:
    """README's `sam local start-api`; its log."""
    with project.served(readme.beginning("sam", "local", "start-api")[0].words, shell(tea_of_the_api)) as log:
        yield log


@pytest.fixture(scope="session")
def web(project: Project, started: Path) -> Web:
    """The API over HTTP."""
    return Web(project.port)
