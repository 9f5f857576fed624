"""One visit to servers that answer as each version does."""

import datetime
from contextlib import contextmanager

import pytest

from exward.model.posture import Precision
from exward.posture.outside.address import parse
from exward.posture.outside.ask import ask
from exward.posture.outside.builds import that_count
from exward.posture.outside.reach import Reach, reached
from exward.posture.outside.visit import Manners, Visit
from tests.posture.outside.server import EXPORT_TOOL, NO_PAUSE, PEM, Exchange, reply, serving

DAY = datetime.date(2026, 11, 1)
SE = Exchange("15.2.2562.46", "15.2.2562")


def visited(answer, **how):
    with serving(answer, **how) as served:
        seen, skipped = ask(parse(served.url), NO_PAUSE, lambda: False, DAY)
    return seen, skipped, served


@pytest.mark.parametrize(
    ("server", "build", "precision", "told_by"),
    [
        (Exchange("15.0.1497.48", "15.0.1497"), "15.0.1497.48", "exact", "X-OWA-Version"),
        (Exchange("15.1.2507.72", "15.1.2507"), "15.1.2507.72", "exact", "X-OWA-Version"),
        (Exchange("15.2.1118.20", "15.2.1118"), "15.2.1118.20", "exact", "X-OWA-Version"),
        (SE, "15.2.2562.46", "exact", "X-OWA-Version"),
        # A proxy takes the header out: the page tells four numbers, or three and the tool the rest.
        (Exchange("15.1.2507.44", "15.1.2507.44", banner=False), "15.1.2507.44", "exact", "path"),
        (Exchange("15.2.1748.39", "15.2.1748", banner=False), "15.2.1748.39", "exact", "manifest"),
        (Exchange("", "15.1.2507", banner=False, tool=False), "15.1.2507", "cu-only", "path"),
    ],
)
def test_each_version_is_read(server, build, precision, told_by):
    seen, skipped, _ = visited(server)
    (one,) = that_count(seen.builds)
    assert (str(one.build), one.precision) == (build, Precision(precision))
    assert told_by in one.told_by
    assert not skipped


def test_a_guest_behaves():
    _, _, served = visited(SE)
    assert len(served.requests) == 9
    assert EXPORT_TOOL not in served.paths
    for request in served.requests:
        assert request.startswith("GET /")
        assert "User-Agent: exward/" in request
        assert f"Host: 127.0.0.1:{served.port}\r\n" in request
        assert not {"authorization", "cookie"} & {
            line.partition(":")[0].lower() for line in request.splitlines()
        }


def test_there_is_one_connection_at_a_time_with_a_pause_before_each(monkeypatch):
    pauses: list[float] = []
    steps: list[str] = []
    opened = Visit.open

    @contextmanager
    def noted(visit, context):
        steps.append("opened")
        with opened(visit, context) as line:
            yield line
        steps.append("closed")

    monkeypatch.setattr(Visit, "open", noted)
    monkeypatch.setattr("exward.posture.outside.visit.time.sleep", pauses.append)
    with serving(SE) as served:
        ask(parse(served.url), Manners(), lambda: False, DAY)
    assert steps[:18] == ["opened", "closed"] * 9
    assert pauses == [Manners().pause_s] * (steps.count("opened") - 1)


def test_the_tool_is_asked_for_only_where_the_build_is_not_told():
    _, _, served = visited(Exchange("15.2.1118.20", "15.2.1118", banner=False))
    assert served.paths[-1] == EXPORT_TOOL


def test_a_server_is_reached_by_ipv6():
    seen, _, _ = visited(SE, host="::1")
    assert seen.builds
    assert seen.server.startswith("[::1]:")


def test_of_several_builds_the_oldest_counts():
    def two(path):
        old = Exchange("15.2.1118.20", "15.2.1118", server="EX02")
        return old(path) if path == "/ecp/" else SE(path)

    seen, _, _ = visited(two)
    assert [str(one.build) for one in that_count(seen.builds)] == ["15.2.1118.20"]


@pytest.mark.parametrize(
    ("answer", "reach"),
    [
        (reply("401 Unauthorized", "WWW-Authenticate: Negotiate"), Reach.OPEN),
        (reply("500 Internal Server Error"), Reach.OPEN), (reply("440 Login Timeout"), Reach.OPEN),
        (reply("200 OK", "X-FEServer: EX01"), Reach.OPEN), (reply("200 OK"), Reach.UNKNOWN),
        (reply("403 Forbidden"), Reach.BLOCKED), (reply("404 Not Found"), Reach.BLOCKED),
        (reply("503 Service Unavailable"), Reach.UNKNOWN),
        (reply("302 Found", "Location: https://sso.example/x"), Reach.ELSEWHERE),
        (reply("302 Found", "Location: /my.policy"), Reach.ELSEWHERE),
        (reply("302 Found", "Location: https://sso.example/x", "X-FEServer: EX01"), Reach.OPEN),
        (reply("302 Found", "Location: /owa/auth/logon.aspx"), Reach.OPEN),
        (reply("302 Found", "Location: https://[x/"), Reach.UNKNOWN), (b"", Reach.UNKNOWN),
        (reply("302 Found"), Reach.UNKNOWN),
    ],
)  # fmt: skip
def test_what_an_answer_means(answer, reach):
    def some(path):
        return [answer] if path == "/PowerShell/" else SE(path)

    seen, _, _ = visited(some)
    assert reached(seen, "powershell").reach is reach
    assert reached(seen, "ews").reach is Reach.OPEN


def test_what_is_not_exchange_is_not_known():
    seen, _, _ = visited(lambda path: [reply("401 Unauthorized", "Server: nginx")])
    assert reached(seen, "ecp").reach is Reach.UNKNOWN
    assert not seen.builds


def test_a_trusted_certificate_is_told(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
    seen, _, _ = visited(SE)
    assert seen.tls is not None
    assert seen.tls.distrust == ""
    assert seen.tls.accepts == {"TLS 1.0": False, "TLS 1.1": False}


def test_an_untrusted_certificate_is_told_and_reading_goes_on():
    seen, skipped, _ = visited(SE)
    assert seen.tls is not None
    assert seen.tls.distrust == "self-signed certificate"
    assert seen.tls.certificate is not None
    assert seen.tls.certificate.names == ("127.0.0.1",)
    assert seen.builds
    assert not skipped


def test_what_is_cancelled_stops():
    asked = []

    def cancelled():
        asked.append(1)
        return len(asked) > 2

    with serving(SE) as served:
        seen, _ = ask(parse(served.url), NO_PAUSE, cancelled, DAY)
    assert list(seen.replies) == ["owa", "ecp"]
    assert seen.tls is not None
    assert seen.tls.distrust is None


def test_old_protocols_are_found():
    seen, _, _ = visited(Exchange("15.0.1497.48", "15.0.1497"), oldest=True)
    assert seen.tls is not None
    assert seen.tls.protocol == "TLSv1.1"
    assert seen.tls.accepts == {"TLS 1.0": True, "TLS 1.1": True}
