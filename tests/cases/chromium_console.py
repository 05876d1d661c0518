"""What Chromium did with every kind of fetch(): a table of cases, played and recorded in the browser itself.

    PYTHONPATH=tools python -m chromium_console [--check]

records it anew, or checks a newer Chromium. The shape of a case: tools/chromium_console/shapes.py.
"""

from __future__ import annotations

from chromium_console import recording

VERSION, CASES = recording.read()
