"""The web page in a real browser: it works, it is quiet, and nothing in evidence acts.

Needs Debian's `chromium` and the Python package `playwright`; without them these tests are
skipped, and fail where `CI=true` is set. `EXWARD_SCREENSHOTS=FOLDER` keeps pictures.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from exward.reports.html import render
from tests.reports.sample_result import clean_case, empty_result, large_result, sample_result

if TYPE_CHECKING:
    from exward.model.result import ScanResult

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
WATCH = """
globalThis.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.blockedURI));
"""

Opener = Callable[..., Any]


def _missing(what: str) -> None:
    message = f"browser tests not run: {what} is missing"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, without a network."""
    try:
        playwright = import_module("playwright.sync_api")
    except ImportError:
        _missing("the Python package playwright")
    path = shutil.which("chromium")
    if path is None:
        _missing("chromium")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=path, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Opener]:
    """Open a result's page; at the end no page may have complained, asked or loaded anything."""
    pages: list[tuple[Any, list[str]]] = []

    def opener(result: ScanResult, **settings: Any) -> Any:
        path = tmp_path / f"report-{len(pages)}.html"
        path.write_text("".join(render(result)), "utf-8")
        context = browser.new_context(offline=True, **settings)
        context.add_init_script(WATCH)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: _note(complaints, f"dialog: {dialog.message}"))
        page.on("request", lambda request: _note(complaints, f"request: {request.url}"))
        page.goto(path.as_uri())
        pages.append((page, complaints))
        return page

    yield opener
    for page, complaints in pages:
        loads = {f"request: {page.url.partition('#')[0]}", "request: data:,"}
        assert [one for one in complaints if one not in loads] == []
        assert page.evaluate("globalThis.violations ?? []") == []
        page.context.close()


def _note(complaints: list[str], words: str) -> None:
    complaints.append(words)


def _titles(page: Any) -> list[str]:
    titles: list[str] = page.locator("#rows summary .title").all_inner_texts()
    return titles


def _wait_for(page: Any, selector: str, count: int) -> None:
    # Not `wait_for_function`: it needs eval, which the page's policy forbids.
    import_module("playwright.sync_api").expect(page.locator(selector)).to_have_count(count)


def _picture(page: Any, name: str) -> None:
    folder = os.environ.get("EXWARD_SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(
    ("name", "result"),
    [("case", clean_case()), ("hostile", sample_result()), ("empty", empty_result())],
)
@pytest.mark.parametrize(
    ("look", "settings"),
    [
        ("light", {"color_scheme": "light"}),
        ("dark", {"color_scheme": "dark"}),
        ("phone", {"viewport": {"width": 390, "height": 844}}),
    ],
)
def test_opens_quietly_and_fits_the_screen(
    show: Opener, name: str, result: ScanResult, look: str, settings: dict[str, Any]
) -> None:
    page = show(result, **settings)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    _picture(page, f"{name}-{look}")


def test_hostile_values_do_nothing(show: Opener) -> None:
    page = show(sample_result())
    for summary in page.locator("#rows summary").all():
        summary.click()
    count = len(sample_result().findings)
    _wait_for(page, "#rows .detail", count)
    assert page.evaluate("globalThis.pwned === undefined")
    assert page.locator("img, iframe, object, embed, body script script").count() == 0
    assert page.locator("[href^='javascript:' i]").count() == 0
    assert "<script>alert(1)</script>" in page.locator("#rows").inner_text()


def test_the_policy_stops_what_would_slip_through(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    page_text = "".join(render(clean_case()))
    attack = "<script>globalThis.pwned=1</script><p onclick=x style='color:red'>x</p><img src=//x/>"
    path.write_text(page_text.replace("<main>", f"<main>{attack}"), "utf-8")
    context = browser.new_context(offline=True)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.evaluate("globalThis.pwned === undefined")
    assert page.evaluate("violations.length") >= 3
    context.close()


def test_script_shows_the_same_rows_as_the_page_without_it(show: Opener) -> None:
    with_script, without = show(sample_result()), show(sample_result(), java_script_enabled=False)
    assert _titles(with_script) == _titles(without)
    for page in (with_script, without):
        page.locator("#rows summary").first.click()
    words = [page.locator("#rows li").first.inner_text().split() for page in (with_script, without)]
    assert words[0] == words[1]
    assert not without.locator("#filters").is_visible()


def test_filters_narrow_the_list(show: Opener) -> None:
    page = show(clean_case())
    assert page.locator("#shown").inner_text() == "All 12 findings, worst first"
    page.fill("#q", "comsvcs minidump")
    _wait_for(page, "#rows > li", 1)
    assert _titles(page) == ["Memory of LSASS dumped"]
    page.click("#filters button[type=reset]")
    assert len(_titles(page)) == 12
    page.get_by_role("button", name="critical 4").click()
    page.get_by_role("button", name="high 6").click()
    assert page.locator("#shown").inner_text() == "2 of 12 findings"
    page.click("#filters button[type=reset]")
    page.select_option("#server", "=EX03")
    assert _titles(page) == ["SMB version 1 is switched on"]
    page.click("#filters button[type=reset]")
    page.select_option("#grade", "attempt")
    page.select_option("#stage", label="Defence evasion (1)")
    assert _titles(page) == ["Microsoft Defender exclusion added"]


def test_a_stretch_of_time_is_chosen_by_hand_or_by_keyboard(show: Opener) -> None:
    page = show(clean_case())
    page.fill("#from", "2026-01-06 00:00")
    page.press("#from", "Tab")
    assert _titles(page) == ["SMB version 1 is switched on"]
    page.click("#unzoom")
    assert len(_titles(page)) == 12
    box = page.locator("#spikes").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30, steps=4)
    page.mouse.up()
    assert "SMB version 1 is switched on" not in _titles(page)
    assert page.locator("#zoomed").is_visible()


def test_heads_sort_both_ways(show: Opener) -> None:
    page = show(clean_case())
    page.get_by_role("button", name="First seen").click()
    times = page.locator("#rows summary time").all_inner_texts()
    assert times == sorted(times)
    page.get_by_role("button", name="First seen").click()
    assert page.locator("#rows summary time").all_inner_texts() == times[::-1]


def test_links_in_the_story_open_the_finding(show: Opener) -> None:
    page = show(clean_case())
    page.fill("#q", "nothing matches this")
    _wait_for(page, "#rows > li", 0)
    page.get_by_role("link", name="Memory of LSASS dumped").click()
    opened = page.locator("#rows details[open]")
    assert "Reset every account that logged on here" in opened.inner_text()
    assert opened.is_visible()


def test_rows_open_by_keyboard(show: Opener) -> None:
    page = show(clean_case())
    page.locator("#rows summary").first.focus()
    page.keyboard.press("Enter")
    opened = page.locator("#rows details[open]")
    opened.get_by_text("Isolate the server").first.wait_for()
    assert opened.count() == 1


def test_ten_thousand_findings_are_drawn_in_pieces(show: Opener) -> None:
    page = show(large_result(10_000))
    assert page.locator("#rows > li").count() == 100
    page.click("#more")
    assert page.locator("#rows > li").count() >= 200
    page.fill("#q", "EX299")
    _wait_for(page, "#rows > li", 33)
    assert page.locator("#shown").inner_text() == "33 of 10,000 findings"


def test_print_opens_everything_and_hides_the_controls(show: Opener) -> None:
    page = show(clean_case())
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert page.locator("#rows .detail").count() == 12
    assert not page.locator("#filters").is_visible()
    assert not page.locator("nav").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#rows details[open]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(show: Opener, scheme: str) -> None:
    page = show(sample_result(), color_scheme=scheme)
    # WCAG 2.1, 1.4.3: 4.5 to 1 for normal text.
    worst = page.evaluate("""() => {
        const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
        const light = (colour) => {
            const [r, g, b] = parts(colour).map((c) => c / 255)
                .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const behind = (node) => {
            for (let at = node; at; at = at.parentElement) {
                const colour = getComputedStyle(at).backgroundColor;
                if (!/, 0\\)$/.test(colour)) return colour;
            }
            return "rgb(255, 255, 255)";
        };
        const ratio = (node) => {
            const [a, b] = [light(getComputedStyle(node).color), light(behind(node))].sort();
            const [low, high] = a < b ? [a, b] : [b, a];
            return (high + 0.05) / (low + 0.05);
        };
        const all = [...document.body.querySelectorAll("*")];
        const shown = all.filter((node) => node.checkVisibility());
        const texts = shown.filter((node) => [...node.childNodes]
            .some((child) => child.nodeType === 3 && child.data.trim()));
        return texts.map((node) => [ratio(node), node.className || node.tagName])
            .sort((a, b) => a[0] - b[0])[0];
    }""")
    assert worst[0] >= 4.5, worst
