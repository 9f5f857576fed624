"""Opens program files of Windows (the format PE) with dnfile, which is made for sound ones."""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dnfile

_LIBRARY: Any = dnfile  # only parts of it are typed
MOST_SECTIONS = 96  # Windows loads no more
EXPORTS, CLR = 0, 14  # directories
_MOST_STREAMS = 32  # five are usual
_LONGEST_VERSION = 255

# What dnfile and pefile raise for damaged files, and NotAnAssembly.
DAMAGED: tuple[type[Exception], ...] = (
    _LIBRARY.PEFormatError,
    _LIBRARY.errors.dnFormatError,
    struct.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


class NotAnAssembly(ValueError):
    """The file is no .NET assembly, or none that .NET would load."""


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library's warnings on damaged files, and the handler they would add, away."""
    disabled, handlers = logging.root.manager.disable, logging.root.handlers[:]
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(disabled)
        logging.root.handlers[:] = handlers


def open_file(data: bytes, directory: int) -> Any:  # noqa: ANN401  # the library's own class
    """The file with one of its directories read. Raises one of DAMAGED."""
    with _quiet():
        file = _LIBRARY.dnPE(data=data, fast_load=True, clr_lazy_load=True)
        if len(file.sections) > MOST_SECTIONS:
            raise NotAnAssembly
        if directory == CLR:
            _check_streams(file, data)
        file.parse_data_directories(directories=[directory])
    return file


def _check_streams(file: Any, data: bytes) -> None:  # noqa: ANN401
    """Refuse a file with so many streams that dnfile, which copies each, takes very long."""
    header = file.OPTIONAL_HEADER
    entry = header.get_file_offset() + header.sizeof() + 8 * CLR
    (address,) = struct.unpack_from("<I", data, entry)
    if not address:
        raise NotAnAssembly
    (root,) = struct.unpack("<I", file.get_data(address + 8, 4))
    (version,) = struct.unpack("<I", file.get_data(root + 12, 4))
    if version > _LONGEST_VERSION:
        raise NotAnAssembly
    (streams,) = struct.unpack("<H", file.get_data(root + 16 + version + 2, 2))
    if streams > _MOST_STREAMS:
        raise NotAnAssembly
