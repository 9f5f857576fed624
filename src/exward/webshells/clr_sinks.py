"""What the members of .NET's own classes do with what they are given, and how that is judged."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable

from exward.webshells import clr_database_sinks, clr_machine_sinks
from exward.webshells.clr_call import Call
from exward.webshells.clr_knowledge import Label, names_a_password
from exward.webshells.sign import Capability

_REQUEST = Label.REQUEST
_STRANGER = Label.REQUEST | Label.SOCKET
"""What comes from a request, or over a connection."""


def judge(kind: str, masks: tuple[int, ...]) -> tuple[Capability, bool] | None:  # noqa: C901, PLR0912
    """What an event means, and whether nothing harmless does it."""
    one, two = masks[0], masks[1] if len(masks) > 1 else 0
    if kind == "command":
        if one & _STRANGER:
            return Capability.RUN_COMMANDS, not one & Label.BASED
        if two & _STRANGER:
            return Capability.RUN_COMMANDS, bool(one & (Label.SHELL | Label.DECODED))
    elif kind == "eval":
        encrypted = Label.DECODED | Label.DECRYPTED
        if one & (_REQUEST | Label.EVALUATES) or one & encrypted == encrypted:
            return Capability.RUN_CODE, True
    elif kind == "load":
        encrypted = Label.DECODED | Label.DECRYPTED
        if one & (_REQUEST | Label.SESSION | Label.ASSEMBLY) or one & encrypted == encrypted:
            return Capability.LOAD_CODE, True
    elif kind == "stored-code":
        return Capability.LOAD_CODE, True
    elif kind == "stored-process":
        return Capability.RUN_COMMANDS, True
    elif kind == "stored-socket":
        return Capability.TUNNEL, True
    elif kind == "deserialize":
        if one & _REQUEST:
            return Capability.LOAD_CODE, False
    elif kind == "write":
        return _judge_write(one, two)
    elif kind == "save":
        if one & (_REQUEST | Label.FILE_NAME):
            return Capability.WRITE_FILES, bool(one & _REQUEST) and not one & Label.BASED
    elif kind == "read":
        if one & _REQUEST:
            return Capability.READ_FILES, False
    elif kind == "send":
        if two & _REQUEST and one & _REQUEST:
            return Capability.TUNNEL, True
    elif kind == "connect":
        if one & _REQUEST:
            return Capability.TUNNEL, False
    elif kind == "database":
        if two & _REQUEST and two & Label.SHELL:
            return Capability.RUN_COMMANDS, True
        if one & _REQUEST:
            return Capability.QUERY_DATABASES, bool(two & _REQUEST)
    elif kind == "shellcode":
        if one & _REQUEST:
            return Capability.RUN_SHELLCODE, True
    elif kind == "thread" and one & Label.MEMORY:
        return Capability.RUN_SHELLCODE, True
    elif kind in clr_machine_sinks.JUDGED:
        return clr_machine_sinks.JUDGED[kind](one, two)
    return None


def _judge_write(path: int, content: int) -> tuple[Capability, bool] | None:
    if content & Label.PASSWORD:
        return Capability.STEAL_PASSWORDS, False
    if not content & _REQUEST:
        return None
    if path & _REQUEST:
        return Capability.WRITE_FILES, not path & Label.BASED
    return Capability.WRITE_FILES, bool(path & Label.SCRIPT)


def _start_info(call: Call) -> None:
    call.result.put("file", call.at(1).mask)
    call.result.put("args", call.at(2).mask)


def _put(part: str) -> Callable[[Call], None]:
    def put(call: Call) -> None:
        call.at(0).put(part, call.at(1).mask)

    return put


def _start(call: Call) -> None:
    first = call.at(0)
    if len(call.arguments) > 1:
        call.emit("command", first.mask, call.mask(1))
    else:
        call.emit("command", first.part("file"), first.part("args"))
    call.result.parts = first.parts


def _same_parts(call: Call) -> None:
    call.result.parts = call.at(0).parts


def _set_start_info(call: Call) -> None:
    for part in ("file", "args"):
        call.at(0).put(part, call.at(1).part(part))


def _all(kind: str, start: int = 0) -> Callable[[Call], None]:
    def sink(call: Call) -> None:
        call.emit(kind, call.mask(start))

    return sink


def _input(call: Call) -> None:
    """A program's input: what is written to it is like its arguments."""
    owner = call.at(0)
    call.result.parts = {"input": owner.part("file")}


def _read_file(call: Call) -> None:
    if call.first_is_text:
        call.emit("read", call.at(1).mask)


def _write_all(call: Call) -> None:
    call.emit("write", call.at(0).mask, call.mask(1))


def _open(index: int) -> Callable[[Call], None]:
    def opened(call: Call) -> None:
        source = call.at(index)
        if source.parts is not None:
            call.result.parts = source.parts
        elif index == 0 or call.first_is_text:
            call.result.put("path", source.mask)

    return opened


def _write(call: Call) -> None:
    receiver, content = call.at(0), call.mask(1)
    parts = receiver.parts or {}
    if "path" in parts:
        call.emit("write", parts["path"], content)
    if "input" in parts:
        call.emit("command", parts["input"] & ~_REQUEST, content)
    if "host" in parts:
        call.emit("send", parts["host"], content)


def _load(call: Call) -> None:
    if call.takes_bytes:
        call.emit("load", call.mask())


def _connect(call: Call) -> None:
    host = call.mask(1)
    target = call.result if call.name.endswith("::.ctor") else call.at(0)
    if host:
        target.put("host", host)
        call.emit("connect", host)


def _send(call: Call) -> None:
    call.emit("send", call.at(0).part("host"), call.mask(1))


NAMED = {"load": "load", "start": "command", "shell": "command", "run": "command"}
NAMED |= {"exec": "command", "shellexecute": "command", "eval": "eval", "addscript": "command"}
NAMED |= {"jscriptevaluate": "eval", "compileassemblyfromsource": "eval", "addcode": "eval"}
NAMED |= {"executestatement": "eval", "unsafeload": "load", "arguments": "command"}
NAMED |= {"system.diagnostics.process": "command"}
"""What a member does, by its name alone; or all members of a type."""


def _by_name(name_at: int) -> Callable[[Call], None]:
    def invoked(call: Call) -> None:
        kind = NAMED.get((call.at(name_at).text or "").lower())
        if kind is not None:
            call.emit(kind, call.mask(1))

    return invoked


def _management(call: Call) -> None:
    if any(value.text == "Create" for value in call.arguments):
        call.emit("command", call.mask(1))


def _management_item(call: Call) -> None:
    if (call.at(1).text or "").lower() == "commandline":
        call.emit("command", call.at(2).mask)


def _keep_text(call: Call) -> None:
    call.result.text = call.at(1).text


def _decoded_text(call: Call) -> None:
    """Text in base64 that stands in the code."""
    text = call.at(0).text
    if text and len(text) < MOST_DECODED:
        with contextlib.suppress(ValueError):
            call.result.text = base64.b64decode(text, validate=True).decode("latin-1")


def _keep_own_text(call: Call) -> None:
    call.result.text = call.at(0).text


def _keep_last_text(call: Call) -> None:
    call.result.text = call.arguments[-1].text if call.arguments else None


def _marshal_copy(call: Call) -> None:
    if call.at(2).mask & Label.MEMORY:
        call.emit("shellcode", call.at(0).mask)
        call.at(2).mask |= call.at(0).mask


def _delegate(call: Call) -> None:
    if call.mask() & Label.MEMORY:
        call.emit("shellcode", call.mask())


def _transform(call: Call) -> None:
    scripted = any(value.mask & Label.SCRIPTED_XSLT for value in call.arguments[2:])
    if scripted or call.at(1).mask & Label.EVALUATES:
        call.emit("eval", call.mask(1))


def _password(call: Call) -> None:
    key = call.at(1).text
    if key and names_a_password(key) and (call.result.mask & _REQUEST):
        call.result.mask |= Label.PASSWORD


def _every(names: str, prefix: str, sink: Callable[[Call], None]) -> dict[str, Callable[..., None]]:
    return {f"{prefix}{name}": sink for name in names.split()}


_PROCESS = "System.Diagnostics.Process"
_SHELL = "System.Management.Automation."
MOST_DECODED = 10_000
_STREAMS = "System.IO.Stream System.IO.FileStream System.IO.TextWriter System.IO.StreamWriter "
_STREAMS += "System.IO.BinaryWriter System.Net.Sockets.NetworkStream"

SINKS: dict[str, Callable[[Call], None]] = {
    **clr_machine_sinks.SINKS,
    **clr_database_sinks.SINKS,
    f"{_PROCESS}StartInfo::.ctor": _start_info,
    f"{_PROCESS}StartInfo::set_FileName": _put("file"),
    f"{_PROCESS}StartInfo::set_Arguments": _put("args"),
    f"{_PROCESS}::set_StartInfo": _set_start_info,
    f"{_PROCESS}::Start": _start,
    f"{_PROCESS}::get_StandardInput": _input,
    "Microsoft.VisualBasic.Interaction::Shell": _all("command"),
    **_every("AddScript AddCommand Create", f"{_SHELL}PowerShell::", _all("command", 1)),
    **_every("AddScript Add", f"{_SHELL}Runspaces.CommandCollection::", _all("command", 1)),
    f"{_SHELL}Runspaces.Runspace::CreatePipeline": _all("command", 1),
    f"{_SHELL}CommandInvocationIntrinsics::InvokeScript": _all("command", 1),
    f"{_SHELL}ScriptBlock::Create": _all("command"),
    "System.Management.ManagementObject::InvokeMethod": _management,
    "System.Management.ManagementBaseObject::set_Item": _management_item,
    "System.Management.ManagementBaseObject::SetPropertyValue": _management_item,
    **_every("Load", "System.Reflection.Assembly::", _load),
    "System.Reflection.Assembly::UnsafeLoadFrom": _all("deserialize"),
    "System.Reflection.Assembly::LoadFrom": _all("deserialize"),
    "System.Reflection.Assembly::LoadFile": _all("deserialize"),
    "System.AppDomain::Load": _load,
    "System.Reflection.MethodBase::Invoke": _by_name(0),
    "System.Reflection.MethodInfo::Invoke": _by_name(0),
    "System.Type::InvokeMember": _by_name(1),
    "Microsoft.VisualBasic.CompilerServices.NewLateBinding::LateCall": _by_name(2),
    "Microsoft.VisualBasic.CompilerServices.NewLateBinding::LateGet": _by_name(2),
    "Microsoft.VisualBasic.CompilerServices.LateBinding::LateCall": _by_name(2),
    "Microsoft.VisualBasic.CompilerServices.LateBinding::LateGet": _by_name(2),
    "Microsoft.VisualBasic.Interaction::CallByName": _by_name(1),
    "System.Type::GetMethod": _keep_text,
    "System.Type::GetMethods": _keep_own_text,
    "System.Type::GetType": _keep_own_text,
    "System.Type::GetTypeFromHandle": _keep_own_text,
    "System.Reflection.Assembly::GetType": _keep_text,
    "System.Convert::FromBase64String": _decoded_text,
    "System.Text.Encoding::GetString": _keep_text,
    "Microsoft.CSharp.RuntimeBinder.Binder::SetMember": _keep_text,
    "System.Delegate::CreateDelegate": _keep_last_text,
    "Microsoft.CSharp.RuntimeBinder.Binder::InvokeMember": _keep_text,
    "System.Runtime.CompilerServices.CallSite`1::Create": _keep_own_text,
    "Microsoft.JScript.Eval::JScriptEvaluate": _all("eval"),
    "System.CodeDom.Compiler.CodeDomProvider::CompileAssemblyFromSource": _all("eval", 1),
    "System.CodeDom.Compiler.ICodeCompiler::CompileAssemblyFromSource": _all("eval", 1),
    "System.CodeDom.Compiler.ICodeCompiler::CompileAssemblyFromSourceBatch": _all("eval", 1),
    "Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree::ParseText": _all("eval"),
    **_every(
        "EvaluateAsync RunAsync Create",
        "Microsoft.CodeAnalysis.CSharp.Scripting.CSharpScript::",
        _all("eval"),
    ),
    **_every("Parse Load", "System.Windows.Markup.XamlReader::", _all("eval")),
    "System.Xml.Xsl.XslCompiledTransform::Load": _transform,
    "System.Runtime.Serialization.Formatters.Binary.BinaryFormatter::Deserialize": _all(
        "deserialize", 1
    ),
    "System.Web.UI.LosFormatter::Deserialize": _all("deserialize", 1),
    "System.Web.UI.ObjectStateFormatter::Deserialize": _all("deserialize", 1),
    **_every(
        "WriteAllText WriteAllBytes WriteAllLines AppendAllText AppendAllLines",
        "System.IO.File::",
        _write_all,
    ),
    **_every("Create CreateText Open OpenWrite AppendText", "System.IO.File::", _open(0)),
    **{
        f"System.IO.{name}::.ctor": _open(1)
        for name in ("StreamWriter", "FileStream", "FileInfo", "BinaryWriter")
    },
    **_every("Create CreateText Open OpenWrite AppendText", "System.IO.FileInfo::", _same_parts),
    "System.IO.StreamWriter::get_BaseStream": _same_parts,
    **{
        f"{stream}::{name}": _write
        for stream in _STREAMS.split()
        for name in ("Write", "WriteLine", "WriteAsync", "WriteLineAsync", "WriteByte")
    },
    **{
        f"System.Web.{name}::SaveAs": _all("save", 1)
        for name in ("HttpPostedFile", "HttpPostedFileBase", "UI.WebControls.FileUpload")
    },
    **_every("ReadAllText ReadAllBytes ReadAllLines OpenRead", "System.IO.File::", _all("read")),
    "System.IO.StreamReader::.ctor": _read_file,
    "System.IO.DirectoryInfo::.ctor": _all("read", 1),
    **_every("GetFiles GetDirectories EnumerateFiles", "System.IO.Directory::", _all("read")),
    **_every("WriteFile TransmitFile", "System.Web.HttpResponse::", _all("read", 1)),
    **_every(".ctor Connect ConnectAsync", "System.Net.Sockets.TcpClient::", _connect),
    **_every("Connect BeginConnect ConnectAsync", "System.Net.Sockets.Socket::", _connect),
    "System.Net.Sockets.TcpClient::GetStream": _same_parts,
    "System.Net.Sockets.TcpClient::get_Client": _same_parts,
    **_every("Send BeginSend SendTo", "System.Net.Sockets.Socket::", _send),
    "System.Runtime.InteropServices.Marshal::Copy": _marshal_copy,
    "System.Runtime.InteropServices.Marshal::GetDelegateForFunctionPointer": _delegate,
    "System.Web.HttpRequest::get_Item": _password,
    "System.Web.HttpRequestBase::get_Item": _password,
    "System.Collections.Specialized.NameValueCollection::get_Item": _password,
    "System.Collections.Specialized.NameValueCollection::Get": _password,
}
# A cast of what the session held to one of these.
STORED = {
    "System.Reflection.Assembly": "stored-code",
    "System.Diagnostics.Process": "stored-process",
    "System.Net.Sockets.Socket": "stored-socket",
    "System.Net.Sockets.TcpClient": "stored-socket",
}
