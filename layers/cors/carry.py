"""What runs in front of a module's own code where its bytecode carries that of others: pack.py puts it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType


def import_carried(carried: tuple[tuple[str, str, CodeType], ...], carrier: ModuleSpec) -> None:
    """Import modules, given by their names, their files below the carrier's folder, and their codes, each after those
    that it imports itself.

    They become what importlib makes of their files. Nothing is looked for, and no lock is taken for each of them, which
    would be 1 ms more: they stand under the carrier's, for which whoever imports that in another thread waits. (Who
    imports one of them by its own name at that moment does not. With importlib, that often ends in an error, too.)
    If one fails, it is as if none had been imported.
    """
    # Here, so that the carrier gets no names. importlib.util, which has the first two, is half a millisecond to import.
    import sys  # noqa: PLC0415
    from _frozen_importlib import module_from_spec  # noqa: PLC0415
    from _frozen_importlib_external import spec_from_file_location  # noqa: PLC0415
    from _imp import _fix_co_filename  # type: ignore[attr-defined]  # noqa: PLC0415

    folder = sys.modules[str(carrier.parent)].__path__[0]
    made: list[tuple[str, ModuleType, CodeType]] = []
    try:
        for name, file, code in carried:
            if name in sys.modules:  # as when the carrier is reloaded
                continue
            path = f"{folder}/{file}"
            above = path.removesuffix("/__init__.py")
            spec = spec_from_file_location(name, path, submodule_search_locations=None if above == path else [above])
            made.append((name, module_from_spec(spec), code))  # type: ignore[arg-type]
            _fix_co_filename(code, path)  # the package may be elsewhere than in the layer
        sys.modules.update({name: module for name, module, _ in made})
        for name, module, _ in made:
            package, _, last = name.rpartition(".")
            setattr(sys.modules[package], last, module)
        for _, module, code in made:
            exec(code, module.__dict__)  # noqa: S102
    except BaseException:
        for name, _, _ in made:
            sys.modules.pop(name, None)
        raise
