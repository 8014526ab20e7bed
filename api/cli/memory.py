"""How a service that runs for months keeps its memory: large pieces apart, what stays out of the way, the rest given back."""

import ctypes
import gc
from contextlib import suppress

# The names and numbers of the C library's own settings (mallopt(3)).
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
LARGE_BYTES = 128 * 1024
ARENAS = 2


def keep_large_pieces_apart() -> None:
    """Has every large piece taken from the system by itself, and given back to it as soon as it is free.

    Left to itself, the C library raises what it calls large with each such piece that it frees, and keeps an arena for each
    of many threads: one long answer then lies between small things that stay, and its memory is never seen again. To be
    called before there are threads; where the library has no such settings, nothing happens.
    """
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        for setting, value in ((M_MMAP_THRESHOLD, LARGE_BYTES), (M_TRIM_THRESHOLD, LARGE_BYTES), (M_ARENA_MAX, ARENAS)):
            library.mallopt(setting, value)


def leave_alone_what_stays() -> None:
    """What is there by now stays as long as the service: looking through it for waste would hold up every answer for a moment."""
    gc.collect()
    gc.freeze()


def give_back_memory() -> None:
    """Lets the system have what large answers left behind, where its C library has a way to say so; else nothing."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
