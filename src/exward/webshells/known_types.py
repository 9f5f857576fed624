"""COM objects and .NET types by their names: what each is here.

Names are those of Microsoft's documentation (ASP 3.0, .NET Framework class library), lower case.
"""

from __future__ import annotations

import re

from exward.webshells.values import DECODED, DECRYPTED, NONE, OWN_FOLDER, SOURCES, Names, Value

COM = {
    "wscript.shell": "shell", "shell.application": "shell", "scripting.filesystemobject": "files",
    "adodb.stream": "stream", "adodb.connection": "connection", "adodb.recordset": "database",
    "msscriptcontrol.scriptcontrol": "script", "scriptcontrol": "script",
    "microsoft.xmlhttp": "http", "msxml2.xmlhttp": "http", "msxml2.serverxmlhttp": "http",
    "winhttp.winhttprequest": "http", "microsoft.xmldom": "xml", "msxml2.domdocument": "xml",
    "persits.upload": "upload", "lyfupload.uploadfile": "upload", "adox.catalog": "database",
    "72c24dd5-d70a-438b-8a42-98424b88afb8": "shell",
    "f935dc22-1cf0-11d0-adb9-00c04fd58a0b": "shell",
    "13709620-c279-11ce-a49e-444553540000": "shell",
    "0d43fe01-f093-11cf-8940-00a0c9054228": "files",
    "0e59f1d5-1fbe-11d0-8ff2-00a0d10038bc": "script",
    "00000566-0000-0010-8000-00aa006d2ea4": "stream", "cdo.message": "mail",
    "cdonts.newmail": "mail", "jmail.message": "mail", "vbscript.regexp": "regexp",
    "schedule.service": "scheduler", "softartisans.fileup": "upload", "dundas.upload": "upload",
    "aspsmartupload": "upload", "aspuploadcomponent.cupload": "upload",
    "abcupload4.xform": "upload", "wbemscripting.swbemlocator": "wmi",
    "oswinsck.winsock": "socket", "mswinsock.winsock": "socket",
    "0f87369f-a4e5-4cfc-bd3e-73e6154572dd": "scheduler",
}  # fmt: skip
"""Program id without its version, or class id without braces → what the object is here."""

TYPES = {
    "process": "process", "processstartinfo": "process", "httprequest": "request",
    "httprequestbase": "request", "httpcontext": "context", "httpcontextbase": "context",
    "httpapplication": "context", "httplistenercontext": "context",
    "httplistenerrequest": "request", "streamwriter": "writer", "filestream": "writer",
    "binarywriter": "writer", "fileinfo": "fileinfo", "socket": "socket", "tcpclient": "socket",
    "udpclient": "socket", "webclient": "http", "losformatter": "deserialiser",
    "objectstateformatter": "deserialiser", "binaryformatter": "deserialiser",
    "netdatacontractserializer": "deserialiser", "soapformatter": "deserialiser",
    "csharpcodeprovider": "compiler", "vbcodeprovider": "compiler",
    "jscriptcodeprovider": "compiler", "codedomprovider": "compiler", "icodecompiler": "compiler",
    "xslcompiledtransform": "xslt", "xsltransform": "xslt", "xsltsettings": "xsltsettings",
    "managementclass": "wmi", "managementobject": "wmi", "managementobjectsearcher": "wmisearch",
    "sqlcommand": "database", "sqlconnection": "database", "oledbcommand": "database",
    "oledbconnection": "database", "httppostedfile": "posted", "fileupload": "posted",
    "htmlinputfile": "posted", "assembly": "assembly", "powershell": "powershell",
    "runspace": "powershell", "char": "type:char", "pipeline": "powershell",
    "cryptostream": DECRYPTED, "httpclient": "http", "httpwebrequest": "http",
    "registrykey": "registry", "httplistener": "listener", "runspacefactory": "powershell",
    "runspaceinvoke": "powershell", "activityxamlservices": "deserialiser",
    "resxresourcereader": "deserialiser", "resourcereader": "deserialiser", "mailmessage": "mail",
    "simpletyperesolver": "deserialiser", "xamlreader": "deserialiser",
    "typenamehandling": "deserialiser", "regexp": "regexp", "odbccommand": "database",
    "odbcconnection": "database", "sqldataadapter": "database", "oledbdataadapter": "database",
    "taskservice": "scheduler", "taskdefinition": "scheduler", "tcplistener": "socket",
    "servicecontroller": "service", "eventlog": "eventlog", "exchangeservice": "ews",
    "userprincipal": "account",
}  # fmt: skip

STICKY: Names = frozenset(
    {*COM.values(), *TYPES.values(), "eval", "loader", "named", "bytes", "ownpath", "chosenpath",
     "chosendatabase", "asking", "hiddentype", "scriptpath", "fixedprogram", "anyprogram",
     DECODED, OWN_FOLDER}
) - {"type:char"}  # fmt: skip
"""Kinds that stay with a variable, and with what is made of it."""


def kinds_of_type(name: str) -> Names:
    """What a variable of a type is."""
    kind = TYPES.get(name.rpartition(".")[2].lower())
    return NONE if kind is None else frozenset({kind})


_VERSION = re.compile(r"(?:\.\d{1,3})+$")


def kinds_of_com(text: str) -> Names:
    """What a COM object is, by its program or class id."""
    text = text.strip().lower()
    for prefix in ("clsid:", "progid:", "new:"):
        text = text.removeprefix(prefix)
    text = text.strip("{} ")
    kind = COM.get(_VERSION.sub("", text))
    return NONE if kind is None else frozenset({kind})


_ANY_OBJECT = frozenset({"chosenobject", "script", "stream"})
"""What an object may be whose name is hidden, or chosen from outside."""


def named_object(name: Value) -> Names:
    """What COM objects may be that have a name."""
    texts = [name.constant, *name.others]
    kinds = NONE.union(*(kinds_of_com(text) for text in texts if isinstance(text, str)))
    hidden = name.constant is None and DECODED in name.kinds
    return kinds | _ANY_OBJECT if hidden or name.taint & SOURCES else kinds
