"""Configuration of an untouched server: `applicationHost.config` with stock modules and paths."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

_INETSRV = "%windir%\\System32\\inetsrv\\"
_BIN = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\"
MODULES = (
    ("HttpLoggingModule", _INETSRV + "loghttp.dll"),
    ("UriCacheModule", _INETSRV + "cachuri.dll"),
    ("FileCacheModule", _INETSRV + "cachfile.dll"),
    ("HttpCacheModule", _INETSRV + "cachhttp.dll"),
    ("DefaultDocumentModule", _INETSRV + "defdoc.dll"),
    ("StaticFileModule", _INETSRV + "static.dll"),
    ("AnonymousAuthenticationModule", _INETSRV + "authanon.dll"),
    ("BasicAuthenticationModule", _INETSRV + "authbas.dll"),
    ("WindowsAuthenticationModule", _INETSRV + "authsspi.dll"),
    ("RequestFilteringModule", _INETSRV + "modrqflt.dll"),
    ("IsapiModule", _INETSRV + "isapi.dll"),
    ("RewriteModule", _INETSRV + "rewrite.dll"),
    ("PasswordExpiryModule", "%windir%\\System32\\rpcproxy\\rpcproxy.dll"),
    ("kerbauth", _BIN + "Bin\\kerbauth.dll"),
    ("exppw", _BIN + "ClientAccess\\Owa\\auth\\exppw.dll"),
)
DIRECTORIES = (
    ("/", "%SystemDrive%\\inetpub\\wwwroot"),
    ("/owa", _BIN + "FrontEnd\\HttpProxy\\owa"),
    ("/ecp", _BIN + "FrontEnd\\HttpProxy\\ecp"),
    ("/EWS", _BIN + "FrontEnd\\HttpProxy\\EWS"),
    ("/Autodiscover", _BIN + "FrontEnd\\HttpProxy\\Autodiscover"),
)
PATH = "C/Windows/System32/inetsrv/config/applicationHost.config"


def application_host(
    modules: tuple[tuple[str, str], ...] = (), directories: tuple[tuple[str, str], ...] = ()
) -> str:
    """The file with some more modules (name, image) and virtual directories (path, folder)."""
    globals_ = "".join(
        f"      <add name={quoteattr(name)} image={quoteattr(image)} />\r\n"
        for name, image in (*MODULES, *modules)
    )
    virtual = "".join(
        f'          <application path={quoteattr(path)}><virtualDirectory path="/" '
        f"physicalPath={quoteattr(folder)} /></application>\r\n"
        for path, folder in (*DIRECTORIES, *directories)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\r\n<configuration>\r\n'
        "  <system.applicationHost>\r\n    <sites>\r\n"
        f'      <site name="Default Web Site" id="1">\r\n{virtual}      </site>\r\n'
        "    </sites>\r\n  </system.applicationHost>\r\n  <system.webServer>\r\n"
        f"    <globalModules>\r\n{globals_}    </globalModules>\r\n"
        '    <httpLogging dontLog="false" />\r\n  </system.webServer>\r\n</configuration>\r\n'
    )
