"""The handler of every function here: what COLD_TARGET names, and what the process has taken by its answer.

It begins after COLD_COLLECTIONS young collections of garbage and with COLD_OBJECTS objects more: why, is told in
`benchmarks/cold/__main__.py`.
"""

import gc
import importlib
import os
import time
from typing import Any

gc.collect(1)  # both counts at nought, whatever the runtime has left: 13 collections would be as good as 11
for _ in range(int(os.environ["COLD_COLLECTIONS"])):
    gc.collect(0)
_objects: list[list[int]] = [[] for _ in range(int(os.environ["COLD_OBJECTS"]))]
_answer = importlib.import_module(os.environ["COLD_TARGET"]).handler


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    answer = _answer(event, context)
    cpu = time.process_time()
    with open("/proc/self/status") as status:  # noqa: PTH123  pathlib is not loaded in each of them
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return {"seconds": cpu, "kilobytes": peak, "status": answer["statusCode"], "headers": answer["headers"]}
