"""HttpProxy logs of Exchange's front end: every request that it passed to a back end.

Columns as seen in logs of 2013 to 2019; they are bound by name. URL, client and answer of a request
also stand under the names of web logs, so that rules for web servers meet them.
"""

from __future__ import annotations

from exward.formats import exchange_csv
from exward.formats.exchange_csv_batch import Layout, Values
from exward.formats.url_readings import URL_FIELDS, add_url
from exward.model.records import EventType, Fields

NAME = "exchange-httpproxy"
TITLE = "Exchange HttpProxy log"

_ALIASES = {
    "Method": ("cs-method",),
    "ClientIpAddress": ("c-ip", "src_ip"),
    "AuthenticatedUser": ("cs-username",),
    "UserAgent": ("cs-user-agent", "c-useragent"),
    "HttpStatus": ("sc-status",),
    "UrlHost": ("cs-host", "r-dns"),
    "RequestBytes": ("cs-bytes",),
    "ResponseBytes": ("sc-bytes",),
}


def _add(fields: Fields, values: Values) -> None:
    stem, query = values.get("UrlStem", ""), values.get("UrlQuery", "").removeprefix("?")
    if stem:
        add_url(fields, f"{stem}?{query}" if query else stem, query or None)


LAYOUT = Layout(
    EventType("exchange.httpproxy"),
    aliases=_ALIASES,
    add=_add,
    added=(URL_FIELDS, ("UrlStem", "UrlQuery")),
)

recognises = exchange_csv.recogniser(("httpproxy logs",), ("DateTime", "UrlStem", "ProxyAction"))
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
