"""Service accounts on the page: their week, and what was found about each."""

from dataclasses import replace

from exward.model.service_account import Seen, ServiceAccount
from exward.model.stage import Stage
from exward.reports import html
from exward.reports.accounts_view import MAX_FINDINGS, by_account
from tests.reports.hostile_result import hostile_result


def test_an_account_stands_with_its_week_and_its_findings():
    whole = hostile_result()
    finding = replace(
        whole.findings[0],
        stage=Stage.BEHAVIOUR,
        account="svc_x",
        why="source 10.9.9.9 never seen; 03:12 on a Sunday",
    )
    account = ServiceAccount(
        "svc_x", "service", ("named so",), 0, 1, 5, False, "UTC", "never", (), (), (50,) * 168, 1,
        ("member of Domain Admins",), (Seen("address", "10.0.0.9", 0, 3_600_000_000, 80),),
        ("2026-03-06: 18:00 on a Friday",),
    )  # fmt: skip
    result = replace(whole, findings=(finding,), accounts=(account,))
    text = "".join(html.render(result))
    part = text.partition('id="accounts"')[2].partition("</section>")[0]
    assert '<li class="raw">source 10.9.9.9 never seen</li><li class="raw">03:12 on a' in part
    assert "too slight for an alert: 1 day<" in part
    assert "2026-03-06: 18:00 on a Friday" in part
    assert part.count('class="shade-3"') == 168
    assert "member of Domain Admins" in part
    row = part.partition("10.0.0.9")[2].partition("</tr>")[0]
    assert "1970-01-01 00:00" in row
    assert "1970-01-01 01:00" in row
    assert "80 %" in row


def test_of_many_findings_the_first_are_shown():
    one = replace(hostile_result().findings[0], stage=Stage.BEHAVIOUR, account="svc_x")
    assert len(by_account([one] * 50)["svc_x"]) == MAX_FINDINGS
    assert by_account([replace(one, stage=Stage.IMPACT)]) == {}
