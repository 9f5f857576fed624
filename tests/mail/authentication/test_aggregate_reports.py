"""DMARC aggregate reports: whole, damaged, hostile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.mail.authentication.aggregate_reports import Record, is_report, read_report

RECORD = """
<record><row><source_ip>{ip}</source_ip><count>{count}</count><policy_evaluated>
<disposition>{disposition}</disposition><dkim>{dkim}</dkim><spf>{spf}</spf></policy_evaluated></row>
<identifiers><header_from>Contoso.example</header_from></identifiers>
<auth_results><dkim><domain>mailer.example</domain><result>pass</result></dkim>
<dkim><domain>other.example</domain><result>fail</result></dkim>
<spf><domain>bounce.mailer.example</domain><result>pass</result></spf></auth_results></record>"""


def record(ip="192.0.2.7", count=3, disposition="none", dkim="fail", spf="fail"):
    return RECORD.format(ip=ip, count=count, disposition=disposition, dkim=dkim, spf=spf)


def report(*records, reporter="big mail", number="1", root="feedback", head=""):
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>{head}<{root}><report_metadata>"
        f"<org_name>{reporter}</org_name><report_id>{number}</report_id><date_range>"
        "<begin>1767225600</begin><end>1767311999</end></date_range></report_metadata>"
        "<policy_published><domain>contoso.example</domain><p>quarantine</p></policy_published>"
        f"{''.join(records)}</{root.split()[0]}>"
    ).encode()


def test_a_report_is_read():
    read = read_report(report(record(), record("2001:DB8::1", 9, "reject", dkim="pass")))
    assert (read.reporter, read.id, read.domain, read.policy) == (
        "big mail", "1", "contoso.example", "quarantine",
    )  # fmt: skip
    assert (read.begin, read.end, read.unreadable) == (1767225600, 1767311999, 0)
    assert read.records[0] == Record(
        "192.0.2.7", 3, "none", False, False, "contoso.example", ("mailer.example",),
        ("bounce.mailer.example",),
    )  # fmt: skip
    assert (read.records[1].source_ip, read.records[1].is_dkim_aligned) == ("2001:db8::1", True)


def test_namespaces_and_prefixes():
    read = read_report(report(record(), root='feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0"'))
    assert len(read.records) == 1
    plain = report(record())
    prefixed = plain.replace(b"</", b"</ns:").replace(b"<", b"<ns:").replace(b"<ns:/ns:", b"</ns:")
    prefixed = prefixed.replace(b"<ns:?", b"<?")
    assert is_report(prefixed)
    assert read_report(prefixed) == read_report(plain)


@pytest.mark.parametrize(
    "bad",
    [record(ip="not an address"), record(count=-1), record(count=0), record(count="9" * 40),
     record(count="x"), "<record><row>", "<record>&lol;</record>", "<record><b></record>"],
)  # fmt: skip
def test_a_damaged_record_costs_itself(bad):
    read = read_report(report(record(), bad, record("192.0.2.8")))
    assert [one.source_ip for one in read.records] == ["192.0.2.7", "192.0.2.8"]
    assert read.unreadable == 1


def test_entities_are_not_expanded():
    head = '<!DOCTYPE feedback [<!ENTITY a "contoso"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    read = read_report(report(record(), record(disposition="&a;"), record(ip="&b;"), head=head))
    assert (len(read.records), read.unreadable) == (1, 2)


@pytest.mark.parametrize("data", [b"", b"<feedback>", b"<feedback></feedback>",
                                  report().replace(b"contoso.example", b"a b")])  # fmt: skip
def test_what_is_no_report(data):
    with pytest.raises(ValueError, match="it "):
        read_report(data)


def test_one_that_is_cut_off_gives_what_there_is():
    whole = report(*(record(f"192.0.2.{n}") for n in range(100)))
    read = read_report(whole[: len(whole) // 2])
    assert 40 < len(read.records) < 60


@given(st.lists(st.sampled_from([record(), "<record", "</record>", "<row>", "<!--", "]]>", "\0"])))
def test_no_order_of_pieces_raises(pieces):
    read = read_report(report(*pieces))
    assert len(read.records) <= pieces.count(record())
