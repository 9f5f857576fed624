"""Judges a program library (.dll) by its code: compiled pages, memory shells, IIS modules.

Nothing is loaded or run. A damaged file, or one beyond the bounds, has no signs.
"""

from __future__ import annotations

import re

from exward.webshells.clr_flow import Flow
from exward.webshells.clr_knowledge import NATIVE
from exward.webshells.clr_metadata import Assembly
from exward.webshells.clr_shape import ALONE, Shape, is_sink
from exward.webshells.clr_sinks import judge
from exward.webshells.clr_values import Event
from exward.webshells.native_modules import analyse_native
from exward.webshells.pe_files import NotAnAssembly
from exward.webshells.sign import Capability, Sign

LARGEST = 16 << 20
MOST_SIGNS = 50
_UNPRINTABLE = re.compile(r"[^ -~]")
_STAYS = re.compile(
    r"::RegisterVirtualPathProvider$|GlobalFilterCollection::Add$|^System\.Net\.HttpListener::Start$"
    r"|RouteCollection::(?:Insert|Add|MapPageRoute)$|RouteCollectionExtensions::MapRoute$"
    r"|::RegisterModule$|Collection`1::Insert(?:Item)?$"
)
# Constants of code that gives an application, compiled ahead, a page that it does not have.
_OPENS_COMPILED_APPLICATION = tuple(
    word.encode("utf-16-le") for word in ("_theBuildManager", "_isPrecompiledApp")
)
_REACHES = "request's data reaches"
_DONE_BY_PAGES = {
    "IOControl": Capability.STEAL_PASSWORDS,
    "RegisterVirtualPathProvider": Capability.STAY_IN_MEMORY,
    "Clear": Capability.HIDE_TRACKS,
}
_DOINGS = {
    "eval": "compiles or evaluates",
    "load": "loads as code",
    "stored-code": "uses code that the session keeps:",
    "stored-process": "uses a process that the session keeps:",
    "stored-socket": "uses a connection that the session keeps:",
}


def analyse(data: bytes) -> tuple[Sign, ...]:
    """The signs in a file of the kind PE; none in any other."""
    if not data.startswith(b"MZ") or len(data) > LARGEST:
        return ()
    try:
        assembly = Assembly(data)
    except NotAnAssembly:
        return analyse_native(data)
    return _analyse_assembly(assembly)


def _analyse_assembly(assembly: Assembly) -> tuple[Sign, ...]:
    members = {name for _, name in assembly.members()}
    if not any(is_sink(name) or name in ALONE for name in members) and NATIVE.isdisjoint(
        assembly.imports.values()
    ):
        return ()
    shape = Shape(assembly)
    shape.read()
    flow = Flow(assembly, shape.may_call)
    flow.run(shape.worth_following())
    signs = dict.fromkeys(
        sign for event in flow.found if (sign := _sign(assembly, event)) is not None
    )
    for method, name in shape.entered_by_comparison():
        words = f"{_where(assembly, method.token)} is named for comparing objects; it does {name}"
        signs[Sign(Capability.RUN_COMMANDS, 0, words)] = None
    for method, name in shape.done_by_pages():
        capability = _DONE_BY_PAGES[name.rpartition("::")[2]]
        words = f"{_where(assembly, method.token)} does {name}, which no page does"
        signs[Sign(capability, 0, words)] = None
    if all(word in assembly.texts() for word in _OPENS_COMPILED_APPLICATION):
        words = "makes a compiled application accept pages that it does not have"
        signs[Sign(Capability.STAY_IN_MEMORY, 0, words)] = None
    if any(sign.sure for sign in signs):
        for name in sorted(name for name in members if _STAYS.search(name)):
            words = f"{_printable(name)}: the code stays in the web server's memory"
            signs[Sign(Capability.STAY_IN_MEMORY, 0, words, sure=False)] = None
    return tuple(sorted(signs, key=lambda sign: not sign.sure))[:MOST_SIGNS]


def _sign(assembly: Assembly, event: Event) -> Sign | None:
    verdict = judge(event.kind, event.masks)
    if verdict is None:
        return None
    capability, sure = verdict
    if capability is Capability.STEAL_PASSWORDS:
        sure = any("System.Web.IHttpModule" in kind.interfaces for kind in assembly.types.values())
    doing = _DOINGS.get(event.kind, _REACHES)
    words = f"{doing} {_printable(event.member)}, in {_where(assembly, event.method)}"
    return Sign(capability, 0, words, sure)


def _where(assembly: Assembly, token: int) -> str:
    method = assembly.methods[token]
    return _printable(f"{assembly.types[method.owner].name}.{method.name}")


def _printable(name: str) -> str:
    return _UNPRINTABLE.sub("?", name[:120])
