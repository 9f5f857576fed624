"""HttpRequestFiltering logs: the verdict of AMSI on each request (`Detected` was answered 400).

Times are in UTC, written in the form of the United States: `1/31/2026 6:05:09 PM` (Microsoft:
Test-AMSI of CSS-Exchange reads them so).
"""

from __future__ import annotations

from datetime import UTC, datetime

from exward.formats import exchange_csv
from exward.formats.exchange_csv_batch import Layout, Values, iso_time
from exward.formats.url_readings import add_url
from exward.model.records import EventType, Fields

NAME = "exchange-httprequestfiltering"
TITLE = "Exchange HttpRequestFiltering log (AMSI)"

_FORMS = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S")


def _time(text: str) -> int | None:
    for form in _FORMS:
        try:
            found = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return int(found.timestamp()) * 1_000_000
    return iso_time(text)


def _add(fields: Fields, values: Values) -> None:
    if values.get("UrlStem"):
        add_url(fields, values["UrlStem"], None)


LAYOUT = Layout(EventType("exchange.httprequestfiltering"), time=_time, add=_add)

recognises = exchange_csv.recogniser(
    ("httprequestfiltering logs", "httprequestfiltering log", "http request filtering log"),
    ("DateTime", "UrlStem", "ScanResult"),
)
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
