"""The rules that are made for requests to pages that were judged."""

from __future__ import annotations

import dataclasses

import pytest

from exward.model.severity import Severity
from exward.rules.ir import RuleSet
from exward.scan import shell_requests
from exward.webshells import page

EMPTY = RuleSet((), (), ())


def _finding(path, severity=Severity.CRITICAL):
    found, _ = page.judge(path, b'<%eval request("x")%>')
    assert found is not None
    return dataclasses.replace(found, severity=severity)


@pytest.mark.parametrize(
    ("path", "severity", "expected"),
    [
        ("V15/FrontEnd/HttpProxy/owa/auth/X.asp", Severity.CRITICAL, ["/owa/auth/x.asp"]),
        ("V15/FrontEnd/HttpProxy/owa/auth/x.asp", Severity.LOW, []),
        ("V15/FrontEnd/HttpProxy/owa/auth/logon.aspx", Severity.CRITICAL, []),
        ("somewhere/x.asp", Severity.CRITICAL, []),
        (f"C:/inetpub/wwwroot/{'a' * 2000}.asp", Severity.CRITICAL, []),
    ],
)
def test_which_pages_get_a_rule(path, severity, expected):
    assert list(shell_requests.pages([_finding(path, severity)])) == expected


def test_of_very_many_pages_the_worst_get_rules():
    many = [_finding(f"inetpub/wwwroot/{n}.asp", Severity.MEDIUM) for n in range(200)]
    called = shell_requests.pages([*many, _finding("inetpub/wwwroot/worst.asp")])
    assert len(called) == shell_requests.MAX_PAGES
    assert "/worst.asp" in called


@pytest.mark.parametrize("name", ["x", "a*b", "a?b", "%cmd%", "a\\b", "\ud800", "{x}", "a'b"])
def test_any_name_makes_a_rule(name):
    called = shell_requests.pages([_finding(f"inetpub/wwwroot/{name}.asp")])
    rules = shell_requests.with_rules(EMPTY, called)
    assert rules.unusable == ()
    (rule,) = rules.rules
    assert rule.meta.id == shell_requests.rule_id(next(iter(called)))
    assert rule.meta.level == "high"


def test_without_pages_the_rules_stay_as_they_are():
    assert shell_requests.with_rules(EMPTY, {}) is EMPTY
