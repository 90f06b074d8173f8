"""Limits that a process sets to itself before it opens what strangers made: memory, files, sockets, priority."""

import contextlib
import os
import signal
import socket
import sys
from typing import Any

from addon.resource_limits import ONE_CORE, forbid_writing, limit_address_space

LOWEST = 19
"""The priority of a process that gives way to all others, in steps below the usual one (nice(2))."""


def confine(memory: int, niceness: int = LOWEST) -> None:
    """Have this process end, or fail to allocate, beyond `memory` bytes; run below all others; write and fetch nothing.

    memory: on top of what the process has by now; on macOS and Windows, in all. niceness: steps below the usual
    priority; Windows knows one, idle.

    Raises OSError or ValueError where the system refuses the limit of memory: then nothing may be opened.
    """
    sys.dont_write_bytecode = True
    # Else numpy's library reserves address space for each of the machine's cores.
    os.environ.update(ONE_CORE, OMP_NUM_THREADS="1")
    socket.socket = _NoSocket  # type: ignore[assignment, misc]
    if sys.platform == "win32":
        _confine_on_windows(memory)
        return
    os.nice(niceness)
    _keep_one_heap()
    forbid_writing()
    if not limit_address_space(memory):
        _watch(memory)


def limit_time(seconds: float) -> None:
    """Have this process end once it has taken so many seconds of a processor from now on; 0: no longer.

    Unlike a clock on the wall, this holds on a machine that is busy with other things. On Windows nothing is done.
    """
    if sys.platform != "win32":
        # Its signal ends the process where no one handles it, also within a library that never returns.
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _keep_one_heap() -> None:
    """Have glibc give large blocks back at once and keep one heap: a fifth less memory. Elsewhere nothing is done."""
    import ctypes

    mmap_threshold, arena_max = -3, -8  # malloc.h
    with contextlib.suppress(AttributeError, OSError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(mmap_threshold, 8_000_000)
        mallopt(arena_max, 1)


def give_back() -> None:
    """Have glibc give the system what is free between blocks in use, some 60 MB after a picture; takes 2 ms.

    Elsewhere nothing is done.
    """
    import ctypes

    # Windows has no library of the process itself to look a name up in.
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


class _NoSocket:
    """In place of sockets: none of the libraries needs one, and one of them fetches models where some are missing."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise OSError("this process opens no connection")


def _watch(memory: int) -> None:
    """End this process soon after its resident memory exceeds the limit. The libraries let other threads run."""
    import resource
    import threading
    import time

    def watch() -> None:
        while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss <= memory:
            time.sleep(0.05)
        os._exit(70)

    threading.Thread(target=watch, name="koban-memory", daemon=True).start()


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _JobLimits(ctypes.Structure):
        """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

        _fields_ = (
            ("per_process_time", ctypes.c_int64),
            ("per_job_time", ctypes.c_int64),
            ("flags", wintypes.DWORD),
            ("minimum_working_set", ctypes.c_size_t),
            ("maximum_working_set", ctypes.c_size_t),
            ("active_processes", wintypes.DWORD),
            ("affinity", ctypes.c_size_t),
            ("priority_class", wintypes.DWORD),
            ("scheduling_class", wintypes.DWORD),
            ("io", ctypes.c_uint64 * 6),
            ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t),
            ("peak_process_memory", ctypes.c_size_t),
            ("peak_job_memory", ctypes.c_size_t),
        )

    _EXTENDED_LIMITS = 9
    _PROCESS_MEMORY, _ACTIVE_PROCESS, _PRIORITY_CLASS = 0x100, 0x8, 0x20
    _IDLE = 0x40

    def _confine_on_windows(memory: int) -> None:
        """A job object of one process (learn.microsoft.com/windows/win32/procthread/job-objects). Raises OSError."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        job = kernel.CreateJobObjectW(None, None)
        limits = _JobLimits(
            flags=_PROCESS_MEMORY | _ACTIVE_PROCESS | _PRIORITY_CLASS,
            active_processes=1,
            priority_class=_IDLE,
            process_memory=memory,
        )
        size = ctypes.sizeof(limits)
        is_confined = (
            job
            and kernel.SetInformationJobObject(wintypes.HANDLE(job), _EXTENDED_LIMITS, ctypes.byref(limits), size)
            and kernel.AssignProcessToJobObject(wintypes.HANDLE(job), wintypes.HANDLE(kernel.GetCurrentProcess()))
        )
        if not is_confined:
            raise ctypes.WinError(ctypes.get_last_error())
