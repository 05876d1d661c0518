"""The Tea API of `make serve` for pages at their true origins: its address, its rules, its admin, what it was asked."""

from __future__ import annotations

import base64
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

from edgecors import Rules
from local.aws import REGION

if TYPE_CHECKING:
    from browser.web import Asked, Web
    from serving import Served

HOST = "api.tea.example"
URL = f"https://{HOST}"
PARAMETER = "/edgecors/tea/local"

# The rules' own page, one on a subdomain of it, and three that are neither.
PAGE = "https://victoria-lo.github.io"
ALLOWED = (PAGE, "https://pr-7.victoria-lo.github.io")
REFUSED = (
    ("https://victoria-lo.github.io.evil.example", "navigation"),
    ("https://www.google.com", "navigation"),
    ("null", "sandbox"),
)


@dataclass(frozen=True)
class Tea:
    """The API."""

    serve: Served
    internet: Web

    def authorization(self) -> str:
        """The admin's, as HTTP Basic has it."""
        password = self.serve.match(r"admin +(\S+)")
        return "Basic " + base64.b64encode(f"admin:{password}".encode()).decode()

    def client(self, service: str) -> Any:
        """A context manager: boto3's client of the stack that `make serve` has made."""
        made: Any = boto3.client  # its stubs know literal names only
        return closing(
            made(
                service,
                endpoint_url=self.serve.match(r"AWS_ENDPOINT_URL=(\S+)"),
                region_name=REGION,
                aws_access_key_id="local",
                aws_secret_access_key="local",
            )
        )

    def document(self) -> str:
        """The rules that are published."""
        with self.client("ssm") as ssm:
            text: str = ssm.get_parameter(Name=PARAMETER)["Parameter"]["Value"]
        return text

    def publish(self, document: str) -> None:
        """Put rules into the parameter, whatever they are, as a person with the AWS console could."""
        with self.client("ssm") as ssm:
            ssm.put_parameter(Name=PARAMETER, Value=document, Type="String", Overwrite=True)

    def predicted(self, origin: str, calls: list[tuple[str, dict[str, Any]]]) -> list[str]:
        """The lines of the console that `explain_fetch` says calls from an origin make."""
        rules = Rules.parse(self.document(), strict=False)
        explained = [
            rules.explain_fetch(url, origin, init.get("method", "GET"), init.get("headers", {}).items(), enforce=True)
            for url, init in calls
        ]
        return [each.console for each in explained if each.console]

    def asked(self, begin: int) -> list[Asked]:
        """What the API was asked since the internet had been asked `begin` times."""
        return [each for each in self.internet.asked[begin:] if each.host == HOST]
