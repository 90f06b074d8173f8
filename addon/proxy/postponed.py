"""Modules that mitmproxy imports and Koban seldom or never needs, imported once something of them is asked for.

They take a fifth of the time until the proxy listens. The standard library's `LazyLoader` is of no use here: a plain
`import` of such a module loads it.
"""

import importlib
import sys
from types import ModuleType
from typing import Any


class PostponedModule(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, attribute: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), attribute)


def postpone(name: str) -> None:
    """Have `import NAME` load nothing yet. Changes nothing where the module was imported before.

    Raises ImportError where the package that it is of does not exist.
    """
    if name in sys.modules:
        return
    package, _, child = name.rpartition(".")
    module = PostponedModule(name)
    if package:
        # As the import of a module does.
        setattr(importlib.import_module(package), child, module)
    sys.modules[name] = module
