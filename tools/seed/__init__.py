"""Twelve teas with pictures, for a stack that has none: `python -m seed --stack tea`.

`load` puts them into a table and a bucket, `draw` made the pictures.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).parent

# The teas go in through the Tea API's own code, so that they are kept as it keeps teas.
_TEA = str(FOLDER.parent.parent / "functions" / "tea")
if _TEA not in sys.path:
    sys.path.append(_TEA)
