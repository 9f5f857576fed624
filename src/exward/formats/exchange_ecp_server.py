"""ECP Server logs: what the admin centre (and whoever called it) had the server do.

`CMD` names the cmdlets, with parameters as `Set-OabVirtualDirectory.ExternalUrl='http://…'`.
"""

from __future__ import annotations

import re

from exward.formats import exchange_csv
from exward.formats.cmdlet_parameters import add_parameters
from exward.formats.exchange_csv_batch import Layout, Values
from exward.formats.exchange_ecp import add_event_data
from exward.model.records import EventType, Fields

NAME = "exchange-ecp-server"
TITLE = "Exchange ECP Server log"

_CMDLET = re.compile(r"(?:^|[;,|&] ?|\s)([A-Z][a-z]{1,20}-[A-Z]\w{1,60})")
_PARAMETER = re.compile(r"(?:\.|\s-?)([A-Z]\w{0,60})=(?='|\")")
MAX_PARAMETERS = 100


def _add(fields: Fields, values: Values) -> None:
    add_event_data(fields, values)
    command = str(fields.get("CMD") or "")
    cmdlets = list(dict.fromkeys(_CMDLET.findall(command)))
    if not cmdlets:
        return
    fields["Cmdlet"] = cmdlets[0] if len(cmdlets) == 1 else list(cmdlets)
    fields["Parameters"] = command
    add_parameters(fields, _parameters(command))
    if fields.get("PSA"):
        fields["Caller"] = fields["PSA"]
    if fields.get("EX"):
        fields["Error"] = fields["EX"]
    fields["Succeeded"] = "false" if fields.get("EX") else "true"


def _parameters(command: str) -> dict[str, str]:
    """`Name='value'`; a value ends before the next one, as scripts hold quotation marks."""
    found = list(_PARAMETER.finditer(command))[:MAX_PARAMETERS]
    ends = [one.start() for one in found[1:]] + [len(command)] * bool(found)
    return {
        one[1]: command[one.end() : end].strip(" ;,")[1:].removesuffix(command[one.end()])
        for one, end in zip(found, ends, strict=True)
    }


LAYOUT = Layout(EventType("exchange.ecp-server"), add=_add)

recognises = exchange_csv.recogniser(("ecp server log",))
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
