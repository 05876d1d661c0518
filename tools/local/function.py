"""A function of the stack, as its processes need to know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.aws import ACCOUNT, REGION

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Function:
    """A function of the stack, as Lambda knows it."""

    logical_id: str
    name: str
    handler: str
    code: Path
    layers: tuple[Path, ...]
    variables: dict[str, str]
    timeout: int  # seconds
    memory: int  # MB
    runtime: str

    @property
    def arn(self) -> str:
        """Its ARN, unqualified."""
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.name}"
