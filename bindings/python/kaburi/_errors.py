# SPDX-License-Identifier: Apache-2.0
"""What can go wrong: one exception a status of the library, each of the family Python has for it.

Takes a status and the library's error struct, gives the exception to raise. Wrong types are plain
``TypeError``; everything else is a :class:`KaburiError`.
"""

from __future__ import annotations

import enum
from typing import Dict, Optional, Type


class Status(enum.IntEnum):
    """Why a call failed, as in ``kaburi.h``."""

    OK = 0
    ARGUMENT = -1
    MEMORY = -2
    TEXT = -3
    TOO_LONG = -4
    NOT_FOUND = -5
    BUFFER = -6
    FORMAT = -7
    VERSION = -8
    IO = -9
    FULL = -10
    DAMAGED = -11
    TABLES = -12
    ENDIAN = -13


class KaburiError(Exception):
    """Any failure that kaburi reports.

    Attributes:
        code: the :class:`Status`.
        message: English: what, which value, what is allowed.
        offset: the byte in the text (UTF-8), or the line or byte in a file, where that says
            something; else 0.
        done: of a call for many rows, how many were done before the one refused; else 0.
    """

    code: Status = Status.ARGUMENT

    def __init__(
        self, message: str, *, code: Optional[int] = None, offset: int = 0, done: int = 0
    ) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.done = done
        if code is not None:
            self.code = Status(code)

    def __str__(self) -> str:
        # KeyError and OSError have a __str__ of their own, which shows something else.
        return self.message


class ArgumentError(KaburiError, ValueError):
    """A value that is not allowed; the message says what is."""


class ClosedError(ArgumentError):
    """The index is closed."""


class TextError(KaburiError, ValueError):
    """Text that cannot be: a lone surrogate, a NUL, in a file malformed UTF-8."""

    code = Status.TEXT


class TooLongError(KaburiError, ValueError):
    """A text of more than 16,384 bytes of UTF-8."""

    code = Status.TOO_LONG


class NotFoundError(KaburiError, KeyError):
    """No record with this id."""

    code = Status.NOT_FOUND


class FormatError(KaburiError, ValueError):
    """Not the file expected, or damaged; ``offset`` is the line or byte."""

    code = Status.FORMAT


class VersionError(KaburiError, ValueError):
    """A sound file of another version."""

    code = Status.VERSION


class DamagedError(FormatError):
    """A snapshot that is cut or changed; ``offset`` is the byte."""

    code = Status.DAMAGED


class TablesError(VersionError):
    """A sound snapshot whose names were read by other tables: add the records anew."""

    code = Status.TABLES


class EndianError(VersionError):
    """A snapshot of a machine of another byte order."""

    code = Status.ENDIAN


class FileError(KaburiError, OSError):
    """The system refused; ``errno`` says why."""

    code = Status.IO


class OutOfMemoryError(KaburiError, MemoryError):
    """The library got no memory."""

    code = Status.MEMORY


class FullError(KaburiError, OverflowError):
    """The index holds 2**31 - 1 records."""

    code = Status.FULL


class BufferTooSmallError(KaburiError):
    """A buffer was too small; the package asks again with a larger one, so nobody sees it."""

    code = Status.BUFFER


class LibraryError(KaburiError, ImportError):
    """The shared library cannot be used; the message lists every path tried and why it failed."""


_CLASSES: Dict[int, Type[KaburiError]] = {
    Status.ARGUMENT: ArgumentError,
    Status.MEMORY: OutOfMemoryError,
    Status.TEXT: TextError,
    Status.TOO_LONG: TooLongError,
    Status.NOT_FOUND: NotFoundError,
    Status.BUFFER: BufferTooSmallError,
    Status.FORMAT: FormatError,
    Status.VERSION: VersionError,
    Status.IO: FileError,
    Status.FULL: FullError,
    Status.DAMAGED: DamagedError,
    Status.TABLES: TablesError,
    Status.ENDIAN: EndianError,
}


def error_of(status: int, message: str, offset: int = 0, os_error: int = 0) -> KaburiError:
    """The exception for a status of the library."""
    kind = _CLASSES.get(status)
    if kind is None:
        return ArgumentError(f"unknown status {status}: {message}")
    error = kind(message, offset=offset)
    if isinstance(error, FileError):
        error.errno = os_error
        error.strerror = message
    return error
