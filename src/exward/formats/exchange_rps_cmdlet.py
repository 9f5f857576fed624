"""Rps_Cmdlet logs: every cmdlet of remote PowerShell and of the admin centre, reading ones too.

The first rows of a session say in GenericInfo who opened it (`PSSenderInfo=`); another name there
than in AuthenticatedUser is a forged token.
"""

from __future__ import annotations

import re

from exward.formats import exchange_csv
from exward.formats.cmdlet_parameters import add_parameters, parse_parameters
from exward.formats.exchange_csv_batch import Layout, Values
from exward.model.account import bare_name
from exward.model.records import EventType, Fields

NAME = "exchange-rps-cmdlet"
TITLE = "Exchange remote PowerShell cmdlet log"

_SENDER = re.compile(r"PSSenderInfo=([^;]{1,300})")
_ALIASES = {
    "AuthenticatedUser": "Caller",
    "ExecutingUserSid": "CallerSid",
    "ProcessName": "Process",
    "GenericErrors": "Error",
}
_SUCCEEDED = {"success": "true", "error": "false"}


def _add(fields: Fields, values: Values) -> None:
    for column, name in _ALIASES.items():
        if values.get(column):
            fields[name] = values[column]
    if (sender := _SENDER.search(values.get("GenericInfo", ""))) is not None:
        fields["PSSenderInfo"] = fields["SessionUser"] = sender[1]
        differs = bare_name(sender[1]) != bare_name(values.get("AuthenticatedUser", ""))
        fields["SessionUserDiffers"] = "true" if differs else "false"
    result = values.get("ExecutionResult", "").lower()
    if result in _SUCCEEDED:
        fields["Succeeded"] = _SUCCEEDED[result]
    add_parameters(fields, parse_parameters(values.get("Parameters", "")))


LAYOUT = Layout(EventType("exchange.rps-cmdlet"), add=_add)

recognises = exchange_csv.recogniser(("rps cmdlet logs",), ("DateTime", "Cmdlet", "ProcessName"))
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
