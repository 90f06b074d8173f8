"""Modules that others import and Koban seldom or never needs, loaded once something of them is used.

What mitmproxy and uvicorn import so would take 7 MB, and a third of the time of the proxy's own import. The standard
library's `LazyLoader` is of no use here: a plain `import` of such a module loads it.
"""

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any


class PostponedName:
    """Stands for a class, a function or a constant of a postponed module, which is loaded once it is used."""

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    def _value(self) -> Any:
        return getattr(_loaded(self._module), self._name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._value()(*args, **kwargs)

    def __getitem__(self, key: Any) -> Any:
        return self._value()[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._value())

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (self._value(),)

    def __instancecheck__(self, instance: object) -> bool:
        # Of a class that nobody has loaded there are no instances.
        return not isinstance(sys.modules.get(self._module), PostponedModule) and isinstance(instance, self._value())


class PostponedModule(ModuleType):
    """Stands for a module until something of it is asked for that is none of its postponed names."""

    def __init__(self, name: str, postponed_names: tuple[str, ...]) -> None:
        super().__init__(name)
        for each in postponed_names:
            setattr(self, each, PostponedName(name, each))

    def __getattr__(self, attribute: str) -> Any:
        if attribute == "__path__":
            # Whether it is a package is asked by each import of a name from it.
            raise AttributeError(attribute)
        return getattr(_loaded(self.__name__), attribute)


def _loaded(name: str) -> ModuleType:
    """Returns a module that was postponed, loaded."""
    if isinstance(sys.modules.get(name), PostponedModule):
        del sys.modules[name]
    return importlib.import_module(name)


def postpone(name: str, postponed_names: tuple[str, ...] = ()) -> None:
    """Have `import NAME` load nothing yet. Changes nothing where the module was imported before.

    postponed_names: can be imported from it without loading it either, where others import it by these alone. They are
    loaded when they are called, subscripted, iterated over or derived from; before, nothing is an instance of one.
    """
    if name in sys.modules:
        return
    package, _, child = name.rpartition(".")
    module = PostponedModule(name, postponed_names)
    if package and not postponed_names:
        # As the import of a module does.
        setattr(importlib.import_module(package), child, module)
    sys.modules[name] = module
