"""python -m edgecors_cli, and the command edgecors"""

from __future__ import annotations

import sys

from edgecors_cli.app import main


def run() -> None:
    """Run the command that the arguments name, and end."""
    sys.exit(main())


if __name__ == "__main__":
    run()
