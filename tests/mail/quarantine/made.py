"""Held messages made for the tests."""

from __future__ import annotations

from pathlib import Path

from exward.mail.quarantine import audit, files
from exward.mail.quarantine.store import Quarantine
from exward.model.message import Disposal, Reason
from exward.model.quarantine import Deed, Holding, Kept
from tests.mail.letters import letter

HELD_AT = 1_767_600_000_000_000
"""2026-01-05 08:00 UTC."""
BOB, EVE = "bob@target.example", "eve@target.example"
HOSTILE = '<script>alert(1)</script>\x1b[2J\r\nBcc: x@evil.example\u202e"'


def hold(
    folder: Path, text: str = "Hello\n", recipients: tuple[str, ...] = (BOB,), **given
) -> Holding:
    """Put a message into the folder, as the filter does but for the index."""
    raw = letter(text)
    fields = {
        "id": files.identity("ann@source.example", recipients, raw),
        "held_at": HELD_AT,
        "mail_from": "ann@source.example",
        "recipients": recipients,
        "client": "192.0.2.1",
        "helo": "mx.source.example",
        "queue_id": "4ABC",
        "server": "gateway.example",
        "sender": "Ann <ann@source.example>",
        "sender_address": "ann@source.example",
        "subject": "Minutes of Monday",
        "verdict": Disposal.QUARANTINE,
        "score": 9.0,
        "classes": ("spam",),
        "reasons": (Reason("pressure", 9.0, "It presses.", "now"),),
        "size_bytes": len(raw),
        **given,
    }
    holding = Holding(**fields)
    files.make_folder(folder)
    files.write_message(folder, holding, raw)
    return holding


def trail_of(folder: Path) -> list[Deed]:
    """Every whole entry of the audit trail."""
    return [entry.deed for entry in audit.read(folder / audit.FILE) if entry.deed is not None]


def kept(quarantine: Quarantine, holding: Holding) -> Kept:
    """How it stands now."""
    found = quarantine.index.get(holding.id)
    assert found is not None
    return found
