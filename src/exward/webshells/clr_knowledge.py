"""What the members of .NET's own classes do: where data comes from, and what may be done with it.

Names are as in `clr_metadata`: `Type::Member`. A class that stands for several kinds of the same
thing (HttpRequest, HttpRequestBase, HttpRequestWrapper) is listed under each name.
"""

from __future__ import annotations

import re
from enum import IntFlag

from exward.webshells.served import SCRIPTS


class Label(IntFlag):
    """Where a value comes from, and what became of it."""

    REQUEST = 1
    SHELL = 2  # a constant that names a command interpreter
    DECODED = 4  # was base64 or hexadecimal
    DECRYPTED = 8
    ASSEMBLY = 16  # a constant that holds a compiled program
    SESSION = 32  # the session's or application's store
    BASED = 64  # a path below a given folder
    SCRIPT = 128  # a constant that ends like a script's name
    PASSWORD = 256  # what the request holds under the name of a password
    SOCKET = 512
    MEMORY = 1024  # memory that was asked from Windows
    SCRIPTED_XSLT = 2048
    EVALUATES = 4096  # a constant of XSLT with a script that evaluates the request's data
    FILE_NAME = 8192  # the name of a file that was sent
    OWN_PATH = 16384  # where the page itself stands
    PREFIXED = 32768  # a text of the program stands before it


FIRST_ARGUMENT = 20  # the bit of a method's first argument
MOST_ARGUMENTS = 24
CONCRETE = (1 << FIRST_ARGUMENT) - 1

_SHELLS = re.compile(
    r"(?:^|[\\/\s\"'])(?:cmd|powershell|pwsh|[cw]script|mshta|rundll32|bash|sh)(?:\.exe)?(?:$|[\s\"'])"
    r"|/bin/(?:ba)?sh|^comspec$|%comspec%",
    re.IGNORECASE,
)
_SCRIPTS = (*SCRIPTS, ".php", ".jsp", ".jspx")
_PASSWORDS = re.compile(r"pass(?:word|wd)?|pwd", re.IGNORECASE)
_ENCODED_PROGRAM = re.compile(r"TV[qpro]|H4sI|7[bXVLZ]", re.ASCII)
_EVALUATING_SCRIPT = re.compile(r"\beval\s*\(|Assembly\.Load|Process(?:StartInfo|\.Start)|Shell\b")


def label_of_constant(text: str) -> int:
    """What a constant's text says about its use."""
    label = 0
    if _SHELLS.search(text):
        label |= Label.SHELL
    if text[-16:].lower().endswith(_SCRIPTS):
        label |= Label.SCRIPT
    if "xp_cmdshell" in text.lower():
        label |= Label.SHELL
    if "msxsl:script" in text and _EVALUATING_SCRIPT.search(text):
        label |= Label.EVALUATES
    if len(text) > 1500 and _ENCODED_PROGRAM.match(text):
        label |= Label.ASSEMBLY
    return label


def names_a_password(text: str) -> bool:
    """Whether a field of a form is called like a password."""
    return len(text) < 40 and _PASSWORDS.search(text) is not None


_REQUESTS = (
    "System.Web.HttpRequest",
    "System.Web.HttpRequestBase",
    "System.Web.HttpRequestWrapper",
    "System.Web.UnvalidatedRequestValues",
    "System.Net.HttpListenerRequest",
)
_REQUEST_DATA = (
    "Item Form QueryString Params Cookies Headers InputStream RawUrl Url PathInfo UserAgent "
    "UrlReferrer Files ServerVariables Unvalidated ContentType Path UserLanguages AcceptTypes"
)
_CONTROLS = (
    "TextBox DropDownList ListBox HiddenField FileUpload RadioButtonList ListControl CheckBoxList"
)
_INPUTS = (
    "HtmlInputText HtmlInputControl HtmlInputHidden HtmlInputFile HtmlTextArea HtmlSelect "
    "HtmlInputPassword HtmlContainerControl"
)
_INPUT_DATA = "Text Value SelectedValue SelectedItem PostedFile FileBytes FileContent"

SOURCES = frozenset(
    {f"{owner}::get_{name}" for owner in _REQUESTS for name in _REQUEST_DATA.split()}
    | {f"{owner}::BinaryRead" for owner in _REQUESTS}
    | {f"{owner}::GetBuffer{kind}InputStream" for owner in _REQUESTS for kind in ("ed", "less")}
    | {
        f"System.Web.UI.{space}::get_{name}"
        for space in [f"WebControls.{name}" for name in _CONTROLS.split()]
        + [f"HtmlControls.{name}" for name in _INPUTS.split()]
        for name in _INPUT_DATA.split()
    }
    | {
        "System.Web.UI.WebControls.CommandEventArgs::get_CommandArgument",
        "System.Web.HttpPostedFile::get_InputStream",
        "System.Web.HttpWorkerRequest::GetKnownRequestHeader",
        "System.Web.HttpWorkerRequest::GetUnknownRequestHeader",
        "System.Web.HttpWorkerRequest::ReadEntityBody",
        "System.Web.HttpWorkerRequest::GetQueryString",
        "System.Web.HttpWorkerRequest::GetQueryStringRawBytes",
        "System.Web.HttpWorkerRequest::GetRawUrl",
        "System.Web.Routing.RouteData::get_Values",
        "System.Web.HttpWorkerRequest::GetPreloadedEntityBody",
    }
)
FILE_NAMES = frozenset(
    {
        f"System.Web.{owner}::get_FileName"
        for owner in ("HttpPostedFile", "HttpPostedFileBase", "UI.WebControls.FileUpload")
    }
)
STORES = frozenset(
    {
        "System.Web.SessionState.HttpSessionState::get_Item",
        "System.Web.HttpSessionStateBase::get_Item",
        "System.Web.HttpApplicationState::get_Item",
        "System.Web.HttpApplicationState::Get",
        "System.Web.Caching.Cache::get_Item",
        "System.Web.Caching.Cache::Get",
        "System.AppDomain::GetData",
    }
)
# Public methods of these take what a stranger sends.
SERVICE_METHODS = frozenset(
    {
        "System.Web.Services.WebMethodAttribute",
        "System.ServiceModel.OperationContractAttribute",
        "System.ServiceModel.Web.WebGetAttribute",
        "System.ServiceModel.Web.WebInvokeAttribute",
    }
)
CONTROLLERS = frozenset(
    {
        "System.Web.Mvc.Controller",
        "System.Web.Http.ApiController",
        "Microsoft.AspNetCore.Mvc.Controller",
        "Microsoft.AspNetCore.Mvc.ControllerBase",
    }
)

# What adds a label to the value that comes back.
ADDS: dict[str, int] = {
    "System.Convert::FromBase64String": Label.DECODED,
    "System.Convert::FromBase64CharArray": Label.DECODED,
    "System.Byte::Parse": Label.DECODED,
    "System.Convert::ToByte": Label.DECODED,
    "System.Security.Cryptography.ICryptoTransform::TransformFinalBlock": Label.DECRYPTED,
    "System.Security.Cryptography.CryptoStream::.ctor": Label.DECRYPTED,
    "System.Web.HttpServerUtility::MapPath": Label.BASED,
    "System.Web.HttpServerUtilityBase::MapPath": Label.BASED,
    "System.Web.HttpRequest::MapPath": Label.BASED,
    "System.Web.UI.Page::MapPath": Label.BASED,
    "System.Web.HttpRequest::get_PhysicalPath": Label.SCRIPT | Label.OWN_PATH,
    "System.Web.Hosting.HostingEnvironment::MapPath": Label.BASED,
    "System.IO.Path::Combine": Label.BASED,
    "System.Convert::ToInt32": Label.DECODED,
    "System.Xml.Xsl.XsltSettings::get_TrustedXslt": Label.SCRIPTED_XSLT,
    "System.Xml.Xsl.XsltSettings::.ctor": Label.SCRIPTED_XSLT,
    "System.Net.Sockets.TcpClient::GetStream": Label.SOCKET,
    "System.Net.Sockets.Socket::.ctor": Label.SOCKET,
    **{f"System.Net.Sockets.TcpListener::{name}": Label.SOCKET
       for name in ("AcceptTcpClient", "AcceptSocket")},
    "System.Net.Sockets.Socket::Accept": Label.SOCKET,
    "System.Runtime.CompilerServices.RuntimeHelpers::InitializeArray": Label.DECODED,
}  # fmt: skip
KEPT = {
    f"System.Web.{owner}::get_{name}": -1 - number
    for number, name in enumerate(("Cache", "Items"))
    for owner in ("UI.Page", "HttpRuntime", "HttpContext", "HttpContextBase")
}
"""What is the same object whoever asks for it → where it is kept, as a field of the program."""
# What looks something up by a key: what comes back is not the key.
LOOKUPS = frozenset({"get_Item", "TryGetValue", "Get", "GetValue", "GetValues", "ContainsKey"})
# What fills an argument from the object, or from another argument.
FILLS = frozenset(
    {
        "Read",
        "ReadBlock",
        "ReadAsync",
        "CopyTo",
        "CopyToAsync",
        "BlockCopy",
        "Copy",
        "Receive",
        "TryGetValue",
        "TransformBlock",
        "GetBytes",
        "GetChars",
        "ReadEntityBody",
        "ConstrainedCopy",
        "SetValue",
    }
)
# Owners whose results do not hold what they were asked with.
CLEAN_OWNERS = (
    "System.Data.",
    "System.Type",
    "System.Activator",
    "System.Guid",
    "System.DateTime",
    "System.Int32",
    "System.Int64",
    "System.Boolean",
    "System.Enum",
    "System.Configuration.",
    "System.Resources.",
    "System.Web.Configuration.",
    "System.Web.Security.",
    "System.Web.HttpResponse",
    "System.Security.Cryptography.MD5",
    "System.Security.Cryptography.SHA",
    "System.Security.Cryptography.HashAlgorithm",
    "System.Text.RegularExpressions.Regex::IsMatch",
    "System.IO.File::Exists",
    "System.IO.Directory::",
)
# Numbers that are read from text: with a base, they are bytes that were sent as hexadecimal.
WITH_BASE = frozenset({"System.Convert::ToInt32", "System.Convert::ToByte", "System.Byte::Parse"})
NUMBERS = frozenset({0x02, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D})  # returned types

ALLOCATES = frozenset(
    {"VirtualAlloc", "VirtualAllocEx", "VirtualProtect", "VirtualProtectEx", "HeapCreate"}
    | {"NtAllocateVirtualMemory", "ZwAllocateVirtualMemory", "CreateFileMappingA"}
)
RUNS_MEMORY = frozenset(
    {"CreateThread", "CreateRemoteThread", "CreateRemoteThreadEx", "NtCreateThreadEx"}
    | {"RtlCreateUserThread", "QueueUserAPC", "ResumeThread", "CreateFiber", "EnumWindows"}
)
COPIES_MEMORY = frozenset(
    {"WriteProcessMemory", "RtlMoveMemory", "NtWriteVirtualMemory", "CopyMemory", "memcpy"}
)
STARTS_PROGRAMS = frozenset(
    {"CreateProcess", "CreateProcessA", "CreateProcessW", "WinExec", "ShellExecute", "system"}
    | {"ShellExecuteA", "ShellExecuteW", "ShellExecuteEx", "CreateProcessAsUser", "_wsystem"}
    | {"CreateProcessWithLogonW", "CreateProcessWithTokenW", "CreateProcessAsUserA"}
    | {"CreateProcessAsUserW"}
)
NATIVE = ALLOCATES | RUNS_MEMORY | COPIES_MEMORY | STARTS_PROGRAMS
