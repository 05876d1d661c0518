"""`Handler: edgecors.wrap`: CORS for a function whose code nobody wants to touch."""

from __future__ import annotations

import importlib
import os

from edgecors.runtime.decorator import cors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def load() -> Callable[[Any, Any], Any]:
    """The handler that EDGECORS_HANDLER names (`app.handler`, as Lambda's own setting), decorated by the environment.

    Raises RuntimeError where it names none.
    """
    name = os.environ.get("EDGECORS_HANDLER", "")
    module_name, dot, attribute = name.rpartition(".")
    if not dot or not module_name or not attribute:
        raise RuntimeError(
            f"EDGECORS_HANDLER is {name!r}: set it to the function's own handler, as app.handler, "
            "when Handler is edgecors.wrap"
        )
    module_name = module_name.replace("/", ".")
    if (module_name, attribute) == ("edgecors", "wrap"):
        raise RuntimeError("EDGECORS_HANDLER names edgecors.wrap itself: set it to the function's own handler")
    try:
        module = importlib.import_module(module_name)
    except AttributeError as error:
        # Out of a look-up of `edgecors.wrap`, Lambda would take it for one that does not exist.
        raise RuntimeError(f"EDGECORS_HANDLER is {name!r}, and importing {module_name} failed: {error}") from error
    if not hasattr(module, attribute):
        raise RuntimeError(f"EDGECORS_HANDLER is {name!r}, but the module {module_name} has no {attribute}")
    handler: Callable[[Any, Any], Any] = getattr(module, attribute)
    return cors(handler)
