"""All rules of edgecors_doctor, for cfn-lint: it loads every module of a folder that it is given, and of each module
the classes that are rules. So that works without any setting, the source folders are put on the path here."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
for _folder in (_ROOT / "tools", _ROOT / "layers" / "cors" / "python"):
    if str(_folder) not in sys.path:
        sys.path.append(str(_folder))

globals().update({rule.__name__: rule for rule in importlib.import_module("edgecors_doctor.rules").RULES})
