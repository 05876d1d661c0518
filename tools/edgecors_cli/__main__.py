"""python -m edgecors_cli"""

from __future__ import annotations

import sys

from edgecors_cli.app import main

if __name__ == "__main__":
    sys.exit(main())
