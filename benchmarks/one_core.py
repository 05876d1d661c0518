"""Everybody on one core, the processes that are started later as well.

A core that has waited for another process begins slow: with Node's laps before it, a lap of edgecors took 1.6 times as
long for 20 ms. Short laps are in that with the whole of them, and long ones are not.
"""

from __future__ import annotations

import os


def stay() -> None:
    """Keeps to one core from now on, where the system can."""
    if hasattr(os, "sched_setaffinity"):  # Linux
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
