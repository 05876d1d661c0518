"""The arguments and options that several commands share, as Typer reads them from annotations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Rules = Annotated[
    str,
    typer.Argument(metavar="RULES", help="The rules document: a file, or - for standard input.", show_default=False),
]
Parameter = Annotated[
    str,
    typer.Option(
        "--parameter", metavar="NAME", help="The SSM parameter, like /edgecors/<api>/<stage>.", show_default=False
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Publish without asking, in CI for example.")]
Why = Annotated[
    str,
    typer.Option(
        "--message", "-m", metavar="WHY", help="The reason, kept in the parameter's history.", show_default=False
    ),
]
Fallback = Annotated[
    Path | None,
    typer.Option(
        "--fallback",
        metavar="FILE",
        help="The document that ships with the function: warn where it lets in what is being removed.",
        show_default=False,
    ),
]
Profile = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME", help="The AWS profile (else AWS_PROFILE).", show_default=False),
]
Region = Annotated[
    str | None, typer.Option("--region", metavar="REGION", help="The AWS Region (else AWS_REGION).", show_default=False)
]
Endpoint = Annotated[
    str | None,
    typer.Option("--endpoint-url", metavar="URL", help="Another endpoint than AWS's, for tests.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]
