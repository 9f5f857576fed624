"""All web files together: counts, observations, and what context does to findings on code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from exward.model.coverage import WebFileCoverage
from exward.model.finding import Confidence
from exward.model.severity import Severity
from exward.model.stage import Stage
from exward.webshells import page as pages
from exward.webshells.analyse import Reading
from exward.webshells.belonging import observations
from exward.webshells.belonging.builds import Named
from exward.webshells.belonging.files import WebFile, is_stock
from exward.webshells.belonging.listing import Listed, copy_path
from exward.webshells.belonging.owners import NOT_KNOWN, Owner
from exward.webshells.belonging.places import place_of
from exward.webshells.belonging.survey import Material, survey
from exward.webshells.belonging.times import DAY
from exward.webshells.sign import Capability, Sign
from tests.webshells.belonging.stock import ADMIN, AUTH, ERROR, LOGON, SIGNOUT, digest, page

pytestmark = pytest.mark.usefixtures("stock")

ROOT = "C/V15"
STOCK = {
    LOGON: page("logon"),
    ERROR: page("error", 1),
    SIGNOUT: page("signout"),
    ADMIN: page("admin", 1),
}
SHELL = b'<%eval request("x")%>'


def _survey(files, named=None, days=None):
    """Survey files of the installation, by their path in it; `days`: when they were changed."""
    web, findings, hints = [], [], []
    for path, data in files.items():
        full = f"{ROOT}/{path}"
        day = (days or {}).get(path)
        modified = None if day is None else day * DAY
        web.append(WebFile(full, digest(data), modified, is_stock(full, digest(data))))
        weighed = pages.weigh(full, data, digest(data))
        findings += [weighed.finding] if weighed.finding else []
        hints += [weighed.hint] if weighed.hint else []
    return survey(Material(web, findings, hints, named or Named(), frozenset()))


def test_a_stock_installation_is_known_good_and_gives_nothing():
    result = _survey(STOCK)
    assert result.findings == ()
    assert result.coverage == (
        WebFileCoverage("c/v15/", "15.2.858.5", "files", 4, 0, 0, 0, 0),
    )  # fmt: skip


def test_files_that_lie_nowhere_in_particular_are_counted_and_no_more():
    files = [WebFile("x.aspx", digest(b"x"), None)]
    result = survey(Material(files, [], [], Named(), frozenset()))
    assert result.findings == ()
    assert result.coverage == (WebFileCoverage("", "", "", 0, 0, 0, 0, 1),)


def test_a_changed_logon_page_is_worth_more_than_another():
    changed = {LOGON: b"<html>my logon</html>", ADMIN: b"<html>mine</html>"}
    logon, other = sorted(_survey(STOCK | changed).findings, key=lambda one: one.rule)
    assert (logon.rule, logon.severity) == ("webshell-logon-page-changed", Severity.MEDIUM)
    assert logon.stage is Stage.CREDENTIAL_ACCESS
    assert (other.rule, other.severity) == ("webshell-stock-page-changed", Severity.LOW)
    assert "differs from the stock file of Exchange 15.2." in other.why
    fields = logon.evidence[0].fields
    assert (fields["baseline"], fields["anonymous_folder"]) == ("modified", "/owa/auth")


def test_a_page_that_is_not_exchanges_is_observed():
    added = {f"{AUTH}/notice.aspx": b"<html/>", "clientaccess/ecp/notice.aspx": b"<html/>"}
    low, informational = sorted(
        _survey(STOCK | added).findings, key=lambda one: -one.severity.rank
    )  # fmt: skip
    assert low.severity is Severity.LOW
    assert "/owa/auth is served without signing in" in low.why
    assert informational.severity is Severity.INFORMATIONAL
    assert "no stock file of Exchange 15.2.858.5 has its path" in informational.why


def test_a_newer_build_gives_nothing_for_want_of_a_baseline():
    named = Named(logs={"c/v15/": {"15.02.1118.007"}})
    changed = {path: data + b" of a later build" for path, data in STOCK.items()}
    changed["clientaccess/ecp/new.aspx"] = b"<html/>"
    result = _survey(changed, named)
    assert result.findings == ()
    assert result.coverage == (WebFileCoverage("c/v15/", "15.2.1118.7", "logs", 0, 0, 0, 0, 5),)
    added = {f"{AUTH}/notice.aspx": b"<html/>"}
    (finding,) = _survey(changed | added, named).findings
    assert "no stock file of Exchange 15.1.2176.9 to 15.2.858.5, the builds of" in finding.why


def test_a_shell_says_where_it_lies_and_how_new_it_is():
    path = f"{AUTH}/help.asp"
    days = dict.fromkeys(STOCK, 100) | {path: 130}
    (finding,) = _survey(STOCK | {path: SHELL}, days=days).findings
    assert (finding.severity, finding.confidence) == (Severity.CRITICAL, Confidence.HIGH)
    assert finding.why == (
        "the page runs what the request says as code; "
        "no stock file of Exchange 15.2.858.5 has its path; "
        "/owa/auth is served without signing in; "
        "it is 30 days newer than the 3 pages in its folder"
    )
    fields = finding.evidence[0].fields
    assert fields["baseline"] == "unknown"
    assert fields["modified"] == "1970-05-11T00:00:00Z"


def test_code_that_proves_nothing_alone_does_so_where_it_does_not_belong(monkeypatch):
    doubt = Sign(Capability.READ_FILES, 1, "shows a file", sure=False)
    monkeypatch.setattr(pages, "_read", lambda path, data: Reading((doubt,), True))
    assert pages.judge("x.aspx", b"") == (None, True)
    assert _survey({"x.aspx": b""}).findings == ()
    (finding,) = _survey({f"{AUTH}/x.aspx": b""}).findings
    assert finding.rule == "webshell-read-files"
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.MEDIUM)


def test_very_many_observations_of_one_kind_are_told_as_one():
    count = observations.MAX_SINGLE + 1
    added = {f"{AUTH}/n{number}.aspx": b"<html/>" for number in range(count)}
    (finding,) = _survey(STOCK | added).findings
    assert finding.count == count
    assert finding.why.startswith(f"{count} pages are not as shipped")
    single = dict(list(added.items())[1:])
    assert len(_survey(STOCK | single).findings) == count - 1


def test_the_order_of_the_files_does_not_matter():
    files = STOCK | {f"{AUTH}/a.asp": SHELL, LOGON: b"x"}
    assert _survey(files).coverage == _survey(dict(reversed(files.items()))).coverage
    ids = [sorted(one.id for one in _survey(way).findings)
           for way in (files, dict(reversed(files.items())))]  # fmt: skip
    assert ids[0] == ids[1]


POOL = Owner("IIS APPPOOL\\MSExchangeOWAAppPool", "S-1-5-82-1-2-3")
ADMINISTRATORS = Owner("BUILTIN\\Administrators", "S-1-5-32-544")
HOME = "EX01.zip!"
SERVER_ROOT = r"C:\Exchange Server\V15"


def _listed(path, data, owner):
    full = copy_path(HOME, f"{SERVER_ROOT}/{path}")
    return Listed(HOME, WebFile(full, data and digest(data), 5 * DAY, created=DAY, owner=owner))


def _alone(path, data, owner):
    """Survey a file that was only listed, beside stock files of which there are copies."""
    stock = [_listed(name, content, ADMINISTRATORS) for name, content in STOCK.items()]
    copies = [replace(one.file, owner=NOT_KNOWN, created=None) for one in stock]
    listed = [*stock, _listed(path, data, owner)]
    return survey(Material(copies, [], [], Named(), frozenset(), listed))


def test_a_page_that_the_web_server_wrote_and_nobody_collected_is_a_finding():
    result = _alone(f"{AUTH}/Help.aspx", SHELL, POOL)
    (finding,) = result.findings
    assert (finding.rule, finding.severity) == ("webshell-page-not-collected", Severity.MEDIUM)
    assert finding.why == (
        "the collector listed it and has no copy, so that its code was not judged; "
        "no stock file of Exchange 15.2.858.5 has its path; "
        "/owa/auth is served without signing in; "
        "its owner is IIS APPPOOL\\MSExchangeOWAAppPool: the web server itself wrote it"
    )
    fields = finding.evidence[0].fields
    assert (fields["owner"], fields["sha256"]) == (POOL.name, digest(SHELL))
    assert (fields["created"], fields["modified"]) == (
        "1970-01-02T00:00:00Z", "1970-01-06T00:00:00Z",
    )  # fmt: skip
    # Only what was read is counted.
    assert sum(count for _, count in result.coverage[0].standings) == len(STOCK)


@pytest.mark.parametrize(
    ("path", "data", "owner"),
    [
        (f"{AUTH}/help.aspx", SHELL, ADMINISTRATORS),
        (f"{AUTH}/help.aspx", SHELL, Owner("NT AUTHORITY\\NETWORK SERVICE", "S-1-5-20")),
        (LOGON, b"", POOL),  # a stock page that could not be read, perhaps unchanged
        ("Logging/help.aspx", SHELL, POOL),
    ],
)
def test_other_files_without_a_copy_are_none(path, data, owner):
    assert _alone(path, data, owner).findings == ()


def test_a_stock_page_that_the_web_server_changed_is_one_and_one_as_shipped_is_not():
    stock = [_listed(name, content, POOL) for name, content in STOCK.items()]
    assert survey(Material([], [], [], Named(), frozenset(), stock)).findings == ()
    changed = [one for one in stock if not one.file.path.endswith(LOGON)]
    changed.append(_listed(LOGON, b"mine", POOL))
    (finding,) = survey(Material([], [], [], Named(), frozenset(), changed)).findings
    assert "it differs from the stock file of Exchange 15.2.858.5" in finding.why


def test_a_page_whose_code_shows_nothing_weighs_more_if_the_web_server_wrote_it():
    listed = [_listed(f"{AUTH}/notice.aspx", b"<html/>", POOL)]
    copies = [replace(one.file, owner=NOT_KNOWN) for one in listed]
    (plain,) = survey(Material(copies, [], [], Named(), frozenset())).findings
    (owned,) = survey(Material(copies, [], [], Named(), frozenset(), listed)).findings
    assert (plain.rule, plain.severity) == (owned.rule, Severity.LOW)
    assert (owned.severity, owned.confidence) == (Severity.MEDIUM, Confidence.MEDIUM)
    assert owned.why.endswith("the web server itself wrote it")


def test_a_page_that_is_only_listed_was_not_deleted():
    note = WebFile("EX01.zip!files/C/Windows/x.compiled", "", None, virtual_path="/owa/auth/x.aspx")
    beside = frozenset({copy_path(HOME, f"{SERVER_ROOT}/{LOGON}")})
    (gone,) = survey(Material([note], [], [], Named(), beside)).findings
    assert gone.rule == "webshell-leftover"
    listed = [_listed(f"{AUTH}/x.aspx", SHELL, ADMINISTRATORS)]
    assert survey(Material([note], [], [], Named(), beside, listed)).findings == ()


PARTS = st.sampled_from(
    ["FrontEnd", "HttpProxy", "owa", "auth", "ClientAccess", "ecp", "inetpub", "wwwroot", "Logging",
     "15.2.858", "current", "15.99999.1", "aspnet_client", "logon.aspx", "x.aspx", "a.zip!b", "..",
     "", "\ud800", "C:", "flogon.js", "x.dll"]
)  # fmt: skip
PATHS = st.lists(PARTS, max_size=9).map("/".join)


@given(
    st.sets(PATHS, max_size=12), st.sets(PATHS, max_size=6), st.sampled_from(list(STOCK.values()))
)
def test_any_paths_are_judged_and_each_file_is_counted_once(paths, noted, data):
    named = Named()
    for path in noted:
        named.note(path, b"#Version: 15.02.0858.005\r\n", place_of(path))
    web = [WebFile(path, digest(data), -1 << 62, is_stock(path, digest(data))) for path in paths]
    notes = [WebFile(f"{path}.compiled", "", None, virtual_path=f"/{path}") for path in noted]
    result = survey(Material([*web, *notes], [], [], named, frozenset(paths)))
    counted = sum(count for row in result.coverage for _, count in row.standings)
    assert counted == len(paths)
    assert len({one.id for one in result.findings}) == len(result.findings)
