"""Messages: what transport logs of them."""

from __future__ import annotations

from dataclasses import dataclass

from exward.simulate.world import DOMAIN, MINUTE, SECOND, Host, World, iso


@dataclass(frozen=True, slots=True)
class Message:
    """One message from `sender` to `recipients`; `client` "" is a mailbox of this server."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    client: str = ""
    client_type: str = "MOMT"
    size: int = 48_211
    source: str = ""


def is_inside(address: str) -> bool:
    """Whether an address is of the organisation."""
    return address.endswith(f"@{DOMAIN}")


def transport(world: World, host: Host, time: int, one: Message) -> str:
    """From the internet: RECEIVE, DELIVER; from a mailbox: SUBMIT, RECEIVE, DELIVER or SEND.

    Returns the Message-ID.
    """
    network_id = world.guid()
    message_id = f"<{network_id[:12]}@{one.sender.partition('@')[2]}>"
    base = {
        "message-id": message_id,
        "network-message-id": network_id,
        "internal-message-id": str(world.rng.randrange(10**12)),
        "recipient-address": ";".join(one.recipients),
        "total-bytes": str(one.size),
        "recipient-count": str(len(one.recipients)),
        "message-subject": one.subject,
        "sender-address": one.sender,
        "return-path": one.sender,
        "directionality": "Incoming" if one.client else "Originating",
        "original-client-ip": one.client,
        "original-server-ip": host.address,
        "transport-traffic-type": "Email",
        "log-id": world.guid(),
        "schema-version": "15.02.1118.007",
    }
    if one.client:
        _smtp(world, host, time, one)
        connector = f"{host.name}\\Default Frontend {host.name}"
        _row(world, host, time, base, ("SMTP", "RECEIVE"), **{"client-ip": one.client},
             **{"connector-id": connector})  # fmt: skip
    elif one.source:
        _row(world, host, time, base, (one.source, "RECEIVE"), **{"client-ip": "127.0.0.1"})
    else:
        context = (
            f"MDB:{world.guid()}, Mailbox:{world.guid()}, Event:{world.rng.randrange(10**7)}, "
            f"MessageClass:IPM.Note, CreationTime:{iso(time)}, ClientType:{one.client_type}"
        )
        _row(world, host, time, base, ("STOREDRIVER", "SUBMIT"), **{"source-context": context})
        _row(world, host, time + SECOND, base, ("STOREDRIVER", "RECEIVE"),
             **{"client-ip": host.address})  # fmt: skip
    for recipient in one.recipients:
        what = ("STOREDRIVER", "DELIVER") if is_inside(recipient) else ("SMTP", "SEND")
        _row(world, host, time + 2 * SECOND, base, what,
             **{"recipient-address": recipient})  # fmt: skip
    return message_id


def _row(
    world: World, host: Host, time: int, base: dict[str, str], what: tuple[str, str], **more: str
) -> None:
    row = {**base, "date-time": iso(time), "server-ip": host.address, "source": what[0],
           "event-id": what[1], **more}  # fmt: skip
    world.add(time, host, "tracking", row)


def _smtp(world: World, host: Host, time: int, one: Message) -> None:
    session = f"{world.rng.getrandbits(64):016X}"
    lines = (
        ("+", "", ""),
        (">", f"220 {host.full_name} Microsoft ESMTP MAIL Service ready", ""),
        ("<", "EHLO mx.fabrikam.example", ""),
        ("<", f"MAIL FROM:<{one.sender}> SIZE={one.size}", ""),
        ("<", f"RCPT TO:<{one.recipients[0]}>", ""),
        (">", "250 2.6.0 Queued mail for delivery", ""),
        ("-", "", "Local"),
    )
    for number, (event, data, context) in enumerate(lines):
        row = {
            "date-time": iso(time - MINUTE // 60 + number * SECOND // 20),
            "connector-id": f"{host.name}\\Default Frontend {host.name}",
            "session-id": session,
            "sequence-number": str(number),
            "local-endpoint": f"{host.address}:25",
            "remote-endpoint": f"{one.client}:40112",
            "event": event,
            "data": data,
            "context": context,
        }
        world.add(time - SECOND + number * SECOND // 20, host, "smtp-receive", row)
