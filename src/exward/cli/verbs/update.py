"""`exward update --from FILE|URL`: newer facts about builds and vulnerabilities."""

from __future__ import annotations

from typing import Any

import click

from exward.cli.options import COMMON_OPTIONS, FACTS, UPDATE_OPTIONS


def _run(**values: Any) -> int:
    from exward.cli.updating import run_update

    return run_update(values)


command = click.Command(
    "update",
    callback=_run,
    params=[*UPDATE_OPTIONS, FACTS, *COMMON_OPTIONS],
    help=(
        "Bring the facts about builds and vulnerabilities up to date.\n\n"
        "FILE or URL (https) is a signed bundle of tables, CISA's catalogue of known exploited "
        "vulnerabilities (JSON), or a month of Microsoft's Security Update Guide (CVRF, JSON or "
        "XML). Nothing is fetched unless a URL is given."
    ),
)
