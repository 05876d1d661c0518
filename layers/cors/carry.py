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
    # Here, so that the carrier gets no names.
    import sys  # noqa: PLC0415
    from _imp import _fix_co_filename  # type: ignore[attr-defined]  # noqa: PLC0415

    # As the carrier's own. (To import importlib.machinery and importlib.util for them would be 1 ms.)
    spec_of, loader_of, module_of = type(carrier), type(carrier.loader), type(sys)
    folder = sys.modules[str(carrier.parent)].__path__[0]
    made: list[tuple[ModuleType, CodeType]] = []
    try:
        for name, file, code in carried:
            if name in sys.modules:  # as when the carrier is reloaded
                continue
            path = f"{folder}/{file}"
            loader = loader_of(name, path)  # type: ignore[call-arg, misc]
            spec = spec_of(name, loader, origin=path)
            spec.has_location = True
            module = module_of(name)
            if path.endswith("/__init__.py"):
                module.__path__ = spec.submodule_search_locations = [path.removesuffix("/__init__.py")]
            module.__spec__ = spec
            module.__loader__ = loader
            module.__package__ = spec.parent
            module.__file__ = path
            module.__cached__ = spec.cached  # type: ignore[attr-defined]
            _fix_co_filename(code, path)  # the package may be elsewhere than in the layer
            made.append((module, code))
        sys.modules.update({module.__name__: module for module, _ in made})
        for module, _ in made:
            package, _, last = module.__name__.rpartition(".")
            setattr(sys.modules[package], last, module)
        for module, code in made:
            exec(code, module.__dict__)  # noqa: S102
    except BaseException:
        for module, _ in made:
            sys.modules.pop(module.__name__, None)
        raise
