"""One self-contained page without script: every message with its reasons, escaped."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from exward.model.message import Disposal, MailResult
from exward.reports.visible import cut, visible

NAME = "html"
TITLE = "One self-contained web page"
MAX_MESSAGES = 2000
MAX_TEXT = 600


def render(result: MailResult) -> Iterator[str]:
    """Yield the page in pieces."""
    ordered = sorted(result.messages, key=lambda one: (-one.verdict.rank, -one.score, one.path))
    counts = Counter(one.verdict for one in result.messages)
    yield from (
        _environment()
        .get_template("mail.html")
        .generate(
            result=result,
            messages=ordered[:MAX_MESSAGES],
            left_out=max(0, len(ordered) - MAX_MESSAGES),
            counts=[(one.value, counts[one]) for one in Disposal],
            skipped=result.skipped[:MAX_MESSAGES],
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("exward.reports.messages", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    source = (files("exward.reports.messages") / "assets" / "mail.css").read_text("utf-8")
    digest = b64encode(sha256(source.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    # Our own file, written as it is: its hash stands in the policy.
    environment.globals.update(style=Markup(source), policy=Markup(policy))
    return environment


def _finalize(value: object) -> object:
    """Bound every text that the template writes and make it visible; Jinja then escapes it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return cut(visible(value), MAX_TEXT)
    return value
