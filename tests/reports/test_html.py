"""The web page as text: whole, escaped, self-contained, the same every time."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from exward.model.incident import ServerVerdict, Verdict
from exward.reports import html
from exward.reports.html import STATIC_ROWS, policy, render
from tests.reports.sample_result import (
    HOSTILE,
    clean_case,
    empty_result,
    large_result,
    sample_result,
)

if TYPE_CHECKING:
    from exward.model.result import ScanResult

VOID = {"meta", "link", "input", "br", "img"}


class Page(HTMLParser):
    """Tags in order, attributes, text; `strays` are closing tags that close nothing."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.strays: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.strays.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", " ".join(Page(page).texts))


@pytest.mark.parametrize(
    "result", [sample_result(), clean_case(), large_result(300), empty_result()]
)
def test_every_tag_that_opens_is_closed(result: ScanResult) -> None:
    page = Page("".join(render(result)))
    assert page.strays == []
    assert page.open == []


def test_hostile_values_add_no_tag_and_no_attribute() -> None:
    page = Page("".join(render(sample_result())))
    names = [tag for tag, _ in page.tags]
    assert names.count("script") == 2
    assert names.count("img") == 0
    attributes = {name for _, attrs in page.tags for name in attrs}
    assert not {name for name in attributes if name.startswith("on") or name == "style"}


def test_links_go_to_the_page_itself_or_to_the_web_without_a_referrer() -> None:
    page = Page("".join(render(sample_result())))
    ids = {attrs.get("id") for _, attrs in page.tags}
    for tag, attrs in page.tags:
        address = attrs.get("href")
        if address is None or tag == "link":
            continue
        if address.startswith("#"):
            assert address[1:] in ids
        else:
            assert address.startswith(("http://", "https://"))
            assert attrs["rel"] == "noreferrer noopener"


def test_ids_are_unique() -> None:
    page = Page("".join(render(sample_result())))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_nothing_is_loaded_from_elsewhere() -> None:
    page = Page("".join(render(sample_result())))
    loaded = [attrs["src"] for _, attrs in page.tags if "src" in attrs]
    assert loaded == []
    assert [attrs["href"] for tag, attrs in page.tags if tag == "link"] == ["data:,"]


def test_policy_names_the_hashes_of_the_style_and_the_script() -> None:
    page = "".join(render(clean_case()))
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)
    stated = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert style
    assert script
    assert stated
    assert stated[1] == policy(style[1], script[1])
    digest = b64encode(sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in stated[1]
    assert "default-src 'none'" in stated[1]
    assert "unsafe" not in stated[1]


def test_values_are_visible_and_bounded() -> None:
    text = "".join(render(sample_result()))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]", text)
    assert "invoice\\u202efdp.exe" in text
    assert "more characters)" in text
    assert "A" * 2000 not in text
    assert text.encode()


def test_templates_in_evidence_are_not_evaluated() -> None:
    text = _text("".join(render(sample_result())))
    assert "{{7*7}}" in text
    assert HOSTILE[2] in text


def test_says_everything_without_script() -> None:
    text = _text("".join(render(clean_case())))
    for words in (
        "EX01 is compromised.",
        "What would change this: Proof that discover.aspx is your own page",
        "EX03 exposed",
        "ProxyShell to mailbox export",
        "Lateral movement not seen",
        "Defence evasion attempted",
        "source_ip=203.0.113.77",
        "Set-MpPreference -ExclusionPath",
        "What to do: Isolate the server; keep memory and disk images",
        "case.zip!C/inetpub/logs/LogFiles/W3SVC1/u_ex260105.log:41",
        "sc-status",
        "2 d of silence: 2025-12-30 02:14:09Z",
        "40 of 42 rules could not have fired",
        "the archive member is encrypted",
        "2,301 loaded, 1 unusable",
        "after 1 min 33 s",
    ):
        assert words in text


def test_the_data_is_all_there_and_the_static_rows_are_the_worst() -> None:
    page = "".join(render(large_result(1000)))
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert data
    assert len(json.loads(data[1])["findings"]) == 1000
    static = [attrs["id"] for tag, attrs in Page(page).tags
              if tag == "li" and re.fullmatch(r"f\d+", attrs.get("id") or "")]  # fmt: skip
    assert static == [f"f{number}" for number in range(STATIC_ROWS)]
    assert "The 800 findings after these" in page


def test_an_excerpt_keeps_its_lines() -> None:
    first = clean_case().findings[0]
    place = replace(first.evidence[0], fields={"ScriptBlockText": "one\n  two <b>"})
    page = "".join(render(replace(clean_case(), findings=(replace(first, evidence=(place,)),))))
    assert "<dd>one\n  two &lt;b&gt;</dd>" in page


def test_nothing_found_and_nothing_read_are_said_in_words() -> None:
    text = _text("".join(render(empty_result())))
    for words in (
        "No server could be judged from this evidence.",
        "The run was interrupted.",
        "No findings were joined into an attack.",
        "No log was read.",
        "Nothing, of what had been reached when the run was interrupted.",
    ):
        assert words in text


def test_hundreds_of_servers_stand_in_a_table_behind_the_worst() -> None:
    text = _text("".join(render(large_result(10, servers=400))))
    assert "80 of 400 servers are compromised." in text
    assert "388 more servers" in text


def test_a_server_without_a_name_is_named_so() -> None:
    verdict = ServerVerdict("", Verdict.COMPROMISED, "Because.", "")
    text = _text("".join(render(replace(clean_case(), verdicts=(verdict,)))))
    assert "The server is compromised." in text
    assert "(server not named)" in text


def test_pieces_come_one_after_the_other_and_twice_the_same() -> None:
    pieces = list(render(sample_result()))
    assert len(pieces) > 100
    assert "".join(pieces) == "".join(render(sample_result()))


def test_findings_of_a_state_have_no_chart_of_times() -> None:
    result = sample_result()
    one = result.findings[0]
    untimed = [replace(one, id=f"s{number}", first=None, last=None) for number in range(9)]
    assert 'id="chart"' in "".join(render(result))
    assert 'id="chart"' not in "".join(render(replace(result, findings=(one, *untimed))))


def test_is_a_renderer() -> None:
    assert (html.NAME, html.EXTENSION) == ("html", "html")
