"""What compiled web shells are known by, and what is like them and harmless."""

from __future__ import annotations

import logging
import random
import struct

import pytest

from exward.webshells.assemblies import LARGEST, analyse
from exward.webshells.sign import Capability
from tests.webshells.assembling import BASE, Library, program_file

_RETURN, _POP, _THIS, _FIRST = b"\x2a", b"\x26", b"\x02", b"\x03"
_PROCESS = "System.Diagnostics.Process"
_LOAD = "System.Reflection.Assembly::Load"


def _sure(data: bytes) -> set[Capability]:
    return {sign.capability for sign in analyse(data) if sign.sure}


def _request(library: Library, key: str = "c") -> bytes:
    """`this.Request["c"]`."""
    page = library.call("System.Web.UI.Page::get_Request", "System.Web.HttpRequest")
    item = library.call("System.Web.HttpRequest::get_Item", "string string")
    return _THIS + page + library.text(key) + item


def _start(library: Library) -> bytes:
    return library.call(f"{_PROCESS}::Start", f"{_PROCESS} string string", static=True) + _POP


def _page(code: bytes, library: Library) -> bytes:
    library.base = "System.Web.UI.Page"
    library.method("Page_Load", code + _RETURN)
    return library.build()


def test_request_to_command_interpreter() -> None:
    library = Library()
    code = library.text("cmd.exe") + _request(library) + _start(library)
    (sign,) = analyse(_page(code, library))
    assert sign.capability is Capability.RUN_COMMANDS
    assert sign.sure
    assert sign.line == 0
    assert "Process::Start, in Shell.Page_Load" in sign.words


def test_request_to_a_fixed_program_is_not_sure() -> None:
    library = Library()
    code = library.text("git.exe") + _request(library) + _start(library)
    (sign,) = analyse(_page(code, library))
    assert not sign.sure


def test_constants_only() -> None:
    library = Library()
    code = library.text("cmd.exe") + library.text("/c iisreset") + _start(library)
    assert analyse(_page(code, library)) == ()


def test_command_through_another_method() -> None:
    library = Library()
    run = library.method(
        "Run", library.text("cmd.exe") + _FIRST + _start(library) + _RETURN, "void string"
    )
    assert _sure(_page(_THIS + _request(library) + run, library)) == {Capability.RUN_COMMANDS}


def test_bytes_of_the_request_are_loaded() -> None:
    library = Library()
    decode = library.call("System.Convert::FromBase64String", "bytes string", static=True)
    load = library.call(_LOAD, "System.Reflection.Assembly bytes", static=True)
    data = _page(_request(library) + decode + load + _POP, library)
    assert _sure(data) == {Capability.LOAD_CODE}


def test_a_name_from_the_request_is_no_code() -> None:
    library = Library()
    load = library.call(_LOAD, "System.Reflection.Assembly string", static=True)
    assert _sure(_page(_request(library) + load + _POP, library)) == set()


def test_evaluated_jscript() -> None:
    library = Library()
    evaluate = library.call("Microsoft.JScript.Eval::JScriptEvaluate", "object object", static=True)
    assert _sure(_page(_request(library) + evaluate + _POP, library)) == {Capability.RUN_CODE}


def test_assembly_from_the_session() -> None:
    library = Library()
    session = "System.Web.SessionState.HttpSessionState"
    code = _THIS + library.call("System.Web.UI.Page::get_Session", session)
    code += library.text("k") + library.call(f"{session}::get_Item", "object string")
    code += b"\x74" + library.type("System.Reflection.Assembly") + _POP
    assert _sure(_page(code, library)) == {Capability.LOAD_CODE}


@pytest.mark.parametrize("name", ["page.aspx", "report.txt"])
def test_a_file_of_a_fixed_name(name: str) -> None:
    library = Library()
    write = library.call("System.IO.File::WriteAllText", "void string string", static=True)
    data = _page(library.text(name) + _request(library) + write, library)
    assert bool(_sure(data)) is name.endswith(".aspx")


def test_payload_that_is_entered_by_a_comparison() -> None:
    library = Library()
    code = library.text("cmd.exe") + library.text("/c whoami") + _start(library) + b"\x16"
    library.method("Equals", code + _RETURN, "object object")
    assert _sure(library.build()) == {Capability.RUN_COMMANDS}


def test_names_are_made_printable() -> None:
    library = Library()
    library.base = "System.Web.UI.Page"
    code = library.text("cmd.exe") + _request(library) + _start(library) + _RETURN
    library.method("\x1b[31m" + "a" * 300, code)
    (sign,) = analyse(library.build())
    assert sign.words.isascii()
    assert sign.words.isprintable()
    assert len(sign.words) < 300


def _native(strings: bytes, export: bytes = b"RegisterModule") -> bytes:
    """A library without .NET that exports one function, and holds these strings."""
    place = BASE + 40  # behind the directory: a function, a name, an ordinal, and the texts
    section = struct.pack("<IIHHII", 0, 0, 0, 0, place + 10, 1)
    section += struct.pack("<IIIII", 1, 1, place, place + 4, place + 8)
    section += struct.pack("<IIH", BASE, place + 16, 0) + b"x.dll\0" + export + b"\0\0"
    return program_file(section + strings + b"\0", {0: (0, len(section))})


def test_native_module_with_a_command_interpreter() -> None:
    data = _native(b"CreateProcessA\0cmd.exe /c \0")
    assert _sure(data) == {Capability.RUN_COMMANDS}
    assert _sure(_native(b"CreateProcessW\0" + "cmd.exe".encode("utf-16-le"))) == {
        Capability.RUN_COMMANDS
    }


@pytest.mark.parametrize(
    ("strings", "export"),
    [
        (b"CreateProcessW\0where.exe dotnet\0", b"RegisterModule"),
        (b"CreateProcessA\0cmd.exe /c \0", b"DllMain"),
        (b"cmd.exe /c \0", b"RegisterModule"),
    ],
)
def test_native_libraries_without_it(strings: bytes, export: bytes) -> None:
    assert analyse(_native(strings, export)) == ()


def test_what_is_no_program_file() -> None:
    for data in (b"", b"M", b"MZ", b"PK\x03\x04", b"MZ" + bytes(4000), b"MZ" * 40_000):
        assert analyse(data) == ()
    library = Library()
    data = _page(library.text("cmd.exe") + _request(library) + _start(library), library)
    assert analyse(data + bytes(LARGEST)) == ()


def test_damaged_files() -> None:
    library = Library()
    run = library.method(
        "Run", library.text("cmd.exe") + _FIRST + _start(library) + _RETURN, "void string"
    )
    sound = _page(_THIS + _request(library) + run, library)
    chance = random.Random(5)
    handlers = logging.root.handlers[:]
    for _ in range(1500):
        data = bytearray(sound)
        for _ in range(chance.choice((1, 3, 10))):
            data[chance.randrange(len(data))] = chance.choice((0, 1, 0x7F, 0xFF))
        assert isinstance(analyse(bytes(data)), tuple)
    for length in range(0, len(sound), 7):
        assert isinstance(analyse(sound[:length]), tuple)
    assert logging.root.handlers == handlers


@pytest.mark.parametrize("filler", ["loops", "switches", "texts", "calls", "stack"])
def test_work_is_bounded(filler: str) -> None:
    library = Library()
    begin = library.text("cmd.exe") + _request(library) + _start(library)
    long_text = library.text("cmd " * 4000)
    ask = _request(library)
    own = library.method("Own", begin + _RETURN)
    size = 3 << 20
    code = {
        "loops": b"\x16\x2d\xfc" * (size // 3),
        "switches": b"\x16\x45"
        + struct.pack("<I", size // 4)
        + struct.pack("<i", -8) * (size // 4),
        "texts": (long_text + _POP) * (size // 6),
        "calls": (_THIS + own + ask + _POP) * (size // 20),
        "stack": (b"\x25" * 200 + b"\x2d\x00") * (size // 202),
    }[filler]
    for _ in range(2):
        library.method("Fill", begin + code + begin + _RETURN)
    data = _page(begin, library)
    assert len(data) < LARGEST
    assert Capability.RUN_COMMANDS in _sure(data)
