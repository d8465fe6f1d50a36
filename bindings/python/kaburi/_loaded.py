# SPDX-License-Identifier: Apache-2.0
"""What models, policies and tables of aliases have in common: read from a file or a text by the
library, immutable, freed when nothing uses them any more."""

from __future__ import annotations

import ctypes
import os
import weakref
from typing import Any, Callable, ClassVar, Type, TypeVar, Union

from ._errors import BufferTooSmallError
from ._library import lib
from ._prototypes import kaburi_error

PathLike = Union[str, "os.PathLike[str]"]
_Self = TypeVar("_Self", bound="Loaded")


class Loaded:
    """Something of the library, of the noun in ``kaburi_<noun>_load``, ``_parse`` and ``_free``."""

    _noun: ClassVar[str]
    #: The library's object; borrowed by whatever it is given to.
    handle: ctypes.c_void_p

    def _parse(self, text: bytes) -> None:
        self.handle = ctypes.c_void_p()
        error = kaburi_error()
        parse = getattr(lib, f"kaburi_{self._noun}_parse")
        parse(ctypes.byref(self.handle), text, len(text), None, ctypes.byref(error))
        self._own()

    @classmethod
    def _load(cls: Type[_Self], path: PathLike) -> _Self:
        made = cls.__new__(cls)
        made.handle = ctypes.c_void_p()
        error = kaburi_error()
        load = getattr(lib, f"kaburi_{cls._noun}_load")
        load(ctypes.byref(made.handle), os.fsencode(path), None, ctypes.byref(error))
        made._own()
        return made

    def _own(self) -> None:
        free: Callable[[Any], None] = getattr(lib, f"kaburi_{self._noun}_free")
        # At exit the system takes the memory back, and a thread may still be in a call.
        weakref.finalize(self, free, self.handle).atexit = False


def built_in_text(noun: str) -> str:
    """The built-in object of a noun as a file."""
    size = ctypes.c_size_t()
    address = getattr(lib, f"kaburi_{noun}_default_text")(ctypes.byref(size))
    return ctypes.string_at(address, size.value).decode()


def written(noun: str, handle: ctypes.c_void_p) -> str:
    """An object as a file."""
    write = getattr(lib, f"kaburi_{noun}_write")
    return text_of(lambda *room: write(handle, *room))


def text_of(call: Callable[..., None], room: int = 4096) -> str:
    """The text of a function whose last arguments are buffer, capacity, size and error."""
    size = ctypes.c_size_t()
    error = kaburi_error()
    while True:
        buffer = ctypes.create_string_buffer(room)
        try:
            call(buffer, room, ctypes.byref(size), ctypes.byref(error))
        except BufferTooSmallError:
            room = size.value + 1
            continue
        return buffer.raw[: size.value].decode()
