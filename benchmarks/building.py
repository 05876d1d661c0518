"""What making a policy costs, by the number of its origins: time, and memory that stays."""

from __future__ import annotations

import gc
import tracemalloc
from statistics import median
from time import process_time

from edgecors import Policy


def origins(count: int) -> list[str]:
    """As many different whole origins."""
    return [f"https://customer{n}.example" for n in range(count)]


def wildcards(count: int) -> list[str]:
    """As many patterns, one to three labels below the same domain."""
    return [f"https://*.customer{n}.{'eu.' * (n % 3)}example" for n in range(count)]


def seconds(count: int, repeat: int) -> float:
    """Seconds of CPU for a policy of so many origins, the median of `repeat`."""
    given = origins(count)
    taken = []
    for _ in range(repeat):
        gc.collect()
        start = process_time()
        policy = Policy(allow_origins=given)
        taken.append(process_time() - start)
        assert len(policy.allow_origins) == count
        del policy
    return median(taken)


def bytes_each(count: int) -> float:
    """Bytes an origin that the policy holds, beyond the texts themselves."""
    given = origins(count)
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    policy = Policy(allow_origins=given)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(policy.allow_origins) == count
    return (held - before) / count
