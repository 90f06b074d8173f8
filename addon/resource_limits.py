"""The limits that the system holds this process to (setrlimit(2)), as far as it knows them.

Windows knows none: nothing is done there. macOS takes one of address space and does not hold to it: none is set. A
limit is never set above its hard one, which whoever started Koban may have lowered, and which nobody may raise.
"""

import os
import sys
from pathlib import Path
from types import ModuleType

MOST_FILES = 16_384
"""That this process asks for; the system may allow less."""

ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "VECLIB_MAXIMUM_THREADS": "1"}
"""What numpy's libraries (OpenBLAS, and Accelerate on macOS) ask of the environment before they begin no threads of
their own. These busy-wait: with sums as small as ours two took three times the processor's time of one. OpenBLAS
reserves memory for each as well."""


def limit_address_space(further: int) -> bool:
    """Have this process fail to allocate more bytes than those, on top of what it has by now.

    Returns whether the system holds to that. Raises OSError or ValueError where it refuses the limit.
    """
    resource = _resource()
    if resource is None or sys.platform == "darwin":
        return False
    _lower(resource, resource.RLIMIT_AS, _address_space(resource) + further)
    return True


def limit_processor_time(seconds: int) -> None:
    """Have this process end once it has taken so many seconds of a processor since its start."""
    resource = _resource()
    if resource is not None:
        _lower(resource, resource.RLIMIT_CPU, seconds)


def use_one_core() -> None:
    """Have what numpy computes with use one core, here and in every process begun from here, unless the user chose.

    To be called before numpy is imported.
    """
    for variable, value in ONE_CORE.items():
        os.environ.setdefault(variable, value)


def forbid_writing() -> None:
    """Have this process write no file, nor a core dump where it fails."""
    resource = _resource()
    if resource is not None:
        _lower(resource, resource.RLIMIT_FSIZE, 0)
        _lower(resource, resource.RLIMIT_CORE, 0)


def raise_file_limit() -> int | None:
    """Let this process open more files at once; returns how many, None where the system has no such limit.

    A process begins with the soft limit, often 1,024 or 256, for the sake of programs that cannot do with more.
    """
    resource = _resource()
    if resource is None:
        return None
    soft: int
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return None
    # macOS calls its hard limit infinite and refuses more than OPEN_MAX (10,240; man setrlimit).
    for candidate in (MOST_FILES, 10_240, 4_096):
        limit = _within(resource, candidate, hard)
        if limit <= soft:
            break
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
        except (OSError, ValueError):
            continue
        return limit
    return soft


def _resource() -> ModuleType | None:
    """The module of limits; None on Windows, which has none."""
    try:
        import resource
    except ImportError:
        return None
    return resource


def _lower(resource: ModuleType, kind: int, most: int) -> None:
    """Set both limits to a number, or to what the lower of them was before where that is less."""
    soft, hard = resource.getrlimit(kind)
    limit = _within(resource, _within(resource, most, soft), hard)
    resource.setrlimit(kind, (limit, limit))


def _within(resource: ModuleType, most: int, limit: int) -> int:
    return most if limit == resource.RLIM_INFINITY else min(most, limit)


def _address_space(resource: ModuleType) -> int:
    """Returns the bytes of address space that this process has; 0 where /proc does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError):
        return 0
    size: int = resource.getpagesize()
    return pages * size
