"""Pages that ASP.NET compiled once and that are gone: what a deleted web shell leaves behind.

For each page that was called, ASP.NET keeps a `.compiled` file below `Temporary ASP.NET Files`
that names the page, until the application is updated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from exward.model.finding import Confidence, Evidence, Finding
from exward.model.severity import Severity
from exward.model.stage import Stage
from exward.webshells.belonging.baseline import baseline
from exward.webshells.belonging.files import WebFile
from exward.webshells.belonging.folders import folders
from exward.webshells.belonging.observations import Kind, made
from exward.webshells.belonging.places import BACK_END, FRONT_END, as_listed, folded, place_of
from exward.webshells.belonging.standing import FOREIGN

RULE = "webshell-leftover"
_TITLE = "Deleted Page Was Once Compiled"
_ADVICE = (
    "Look for the page in backups, shadow copies and the file system's journal; keep the compiled "
    "program that the file names, it holds the page's code; look for requests to the page."
)
_PAGES = FOREIGN - {"asax", "ascx", "master"}
"""What can be called."""
_WINDOWS = re.compile(r"^(.*?)(?:^|[/!])windows/microsoft\.net/", re.DOTALL)
_DRIVE = re.compile(r"(?:^|(?<=[/!]))(?:%5c%5c\.%5c)?[a-z](?::|%3a|\$|_drive|drive)?$")
"""The last folder of a collection that keeps each drive in one of its own."""


class Present(NamedTuple):
    """The web files and web folders of the evidence, by URL path: the hosts' paths they lie at."""

    pages: dict[str, set[str]]
    folders: dict[str, set[str]]


def present(paths: Iterable[str]) -> Present:
    """Sort what lies in web folders by URL path."""
    held = Present({}, {})
    for path in paths:
        place = place_of(path)
        if place is not None:
            held.pages.setdefault(place.url, set()).add(place.root)
            held.folders.setdefault(_folder(place.url), set()).add(place.root)
    return held


def find(leftovers: Iterable[WebFile], held: Present) -> Iterator[Finding]:
    """The findings on pages that were compiled and are not there.

    Stock pages, pages that lie where they belong, and folders of which nothing is known give none.
    A page is looked for in the folders of the same host only.
    """
    for file in sorted(leftovers, key=lambda one: one.path):
        url = file.virtual_path
        if url.rpartition(".")[2] not in _PAGES or _is_stock(url):
            continue
        is_ours = _is_on_host(file.path)
        if any(map(is_ours, held.pages.get(url, ()))):
            continue
        was_collected = any(map(is_ours, held.folders.get(_folder(url), ())))
        anonymous = _anonymous(url)
        if was_collected or anonymous not in {"", "/"}:
            yield _finding(file, anonymous, was_collected=was_collected)


def _finding(file: WebFile, anonymous: str, *, was_collected: bool) -> Finding:
    url = file.virtual_path
    shape = _shape(url.rpartition("/")[2].rpartition(".")[0])
    severity = Severity.MEDIUM if anonymous and was_collected else Severity.LOW
    if shape and anonymous:
        severity = tuple(Severity)[severity.rank + 1]
    confidence = Confidence.MEDIUM if was_collected else Confidence.LOW
    kind = Kind(RULE, _TITLE, severity, confidence, Stage.WEB_SHELL, "T1505.003", _ADVICE)
    gone = "the page is gone" if was_collected else "its folder is not in the evidence"
    said = [f"ASP.NET compiled {url}, which is no page of Exchange, and {gone}", shape]
    said.append(f"{anonymous} is served without signing in" if anonymous else "")
    # `cs-uri-stem` joins the finding with the requests for the page.
    named = {"cs-uri-stem": url, "sha256": file.sha256}
    return made(kind, (Evidence(file.path, 0, None, named),), "; ".join(filter(None, said)))


def _is_stock(url: str) -> bool:
    roots = (FRONT_END, BACK_END, f"{BACK_END}/exchweb")
    return any(f"{root}{as_listed(url)}" in baseline().files for root in roots)


def _anonymous(url: str) -> str:
    """The URL of the folder around a page that is served without signing in; "" if none is."""
    for one in folders().anonymous:
        if one.url and url.startswith(f"{one.url}/"):
            return one.url
    return "/" if url.count("/") == 1 else ""


def _folder(url: str) -> str:
    return url.rpartition("/")[0]


def _is_on_host(path: str) -> Callable[[str], bool]:
    """Make a function that says whether a root lies on the host whose leftover lies at `path`."""
    found = _WINDOWS.match(folded(path))
    host = _DRIVE.sub("", found[1]) if found else ""
    return lambda root: root.startswith(host)


def _shape(name: str) -> str:
    """What is telling in a page's name, in words; "" if nothing is."""
    if name in folders().campaign.names:
        return "the attacks of 2021 used its name"
    letters = sum(letter.isalpha() for letter in name)
    is_mixed = re.search(r"\d[a-z]", name) is not None
    is_mute = letters >= 5 and not re.search(r"[aeiouy]", name)
    is_short = re.fullmatch(r"[a-z0-9]{4,12}", name) is not None
    return "its name looks random" if is_short and letters and (is_mixed or is_mute) else ""
