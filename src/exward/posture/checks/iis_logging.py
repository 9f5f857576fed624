"""The web server's log is the first thing to read after an attack, if there is one."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, unknown
from exward.posture.checks.judging import concluded
from exward.posture.iis import BACK, FRONT, SITES, ending, holding, host_elements, values_of, within
from exward.posture.inventory import IIS_CONFIG, Inventory
from exward.posture.row import Row

ID = "iis-logging"
TITLE = "IIS writes its log, with all fields that show an attack"
SEVERITY = Severity.HIGH
READS = (IIS_CONFIG,)
GOOD = (
    "logFile enabled as W3C, dontLog false, with the fields of the default; behind a load balancer "
    "X-Forwarded-For as well"
)
WHY = "Without it nobody can say whether the server was attacked, by whom, and what was taken."
FIX = Fix(
    change=(
        "Set-WebConfigurationProperty -PSPath 'IIS:\\' -Filter system.webServer/httpLogging "
        "-Name dontLog -Value $false; Set-ItemProperty 'IIS:\\Sites\\Default Web Site' -Name "
        "logFile.enabled -Value $true"
    ),
    preview="Get-ItemProperty 'IIS:\\Sites\\Default Web Site' -Name logFile | fl *",
    undo=("Set-ItemProperty 'IIS:\\Sites\\Default Web Site' -Name logFile.enabled -Value $false"),
    breaks="Nothing; the log needs space, and a task that moves old files away.",
)
SOURCES = (
    "https://learn.microsoft.com/iis/configuration/system.applicationhost/sites/site/logfile/",
    "https://learn.microsoft.com/iis/configuration/system.webserver/httplogging",
)
_DEFAULTS = "system.applicationhost/sites/sitedefaults/logfile"
_NEEDED = frozenset(
    {"date", "time", "clientip", "username", "method", "uristem", "uriquery", "httpstatus",
     "useragent"}
)  # fmt: skip


def judge(inventory: Inventory) -> Answer:
    """What neither the site nor the defaults set is IIS's own default, which is good."""
    elements = host_elements(inventory)
    sites = {
        name
        for row in ending(elements, SITES)
        if (name := (row.text("name") or "").lower()) in {FRONT, BACK}
    }
    if not sites:
        return unknown("Not collected: the sites of applicationHost.config.")
    defaults = ending(elements, _DEFAULTS)
    own = {within(row): row for row in ending(elements, f"{SITES}/logfile")}
    silent = values_of(ending(elements, "system.webserver/httplogging"), "dontLog")
    weak = [
        f"{site} {said}"
        for site in sorted(sites)
        for said in _weaknesses(own.get(site), defaults, holding(silent, site))
    ]
    return concluded(weak, [], f"{len(sites)} sites write their log.")


def _weaknesses(own: Row | None, defaults: tuple[Row, ...], silent: str | None) -> list[str]:
    rows = (*((own,) if own is not None else ()), *defaults)
    found = []
    if (silent or "").lower() == "true":
        found.append("logs nothing (dontLog)")
    if (_first(rows, "enabled") or "true").lower() != "true":
        found.append("has its log switched off")
    form = _first(rows, "logFormat") or "W3C"
    if form.lower() != "w3c":
        found.append(f"writes the form {form}")
    fields = _first(rows, "logExtFileFlags")
    told = _NEEDED if fields is None else {one.strip().lower() for one in fields.split(",")}
    if lacking := sorted(_NEEDED - told):
        found.append(f"leaves out {', '.join(lacking)}")
    return found


def _first(rows: tuple[Row, ...], attribute: str) -> str | None:
    return next((said for row in rows if (said := row.text(attribute)) is not None), None)
