"""`exward mail quarantine serve`: the page behind the links of digests."""

from __future__ import annotations

import asyncio
import re
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from exward.cli import exits
from exward.cli.quarantining import address_of, quarantine_in
from exward.cli.terminal import note
from exward.mail.quarantine.asking import ask, look
from exward.mail.quarantine.digests import PATH
from exward.mail.quarantine.handing import MailServer
from exward.mail.quarantine.http import PageServer, Request, Response
from exward.mail.quarantine.keys import load_key
from exward.mail.quarantine.rates import Rates
from exward.mail.quarantine.store import FAILURES, Quarantine
from exward.model.errors import ExwardError
from exward.model.quarantine import Answer, Asked
from exward.reports.quarantine.pages import link_page, policy

_LINK = re.compile(rf"(?:/[\w.~-]{{1,100}}){{0,10}}/{PATH}/([\w-]{{1,200}})", re.ASCII)
_STATUS = {
    Answer.READY: HTTPStatus.OK,
    Answer.RELEASED: HTTPStatus.OK,
    Answer.UNKNOWN: HTTPStatus.NOT_FOUND,
    Answer.ENDED: HTTPStatus.GONE,
    Answer.USED: HTTPStatus.GONE,
    Answer.ADMINISTRATOR: HTTPStatus.FORBIDDEN,
    Answer.LATER: HTTPStatus.SERVICE_UNAVAILABLE,
}
BURST, PER_MINUTE = 20, 20.0
ALL_BURST, ALL_PER_MINUTE = 200, 600.0
AT_ONCE = 4
"""Requests that are worked on at the same time; the others wait."""


@dataclass(frozen=True, slots=True)
class Service:
    """What the page may do."""

    folder: Path
    reserved: frozenset[str]
    server: MailServer


def serve_links(values: Mapping[str, Any]) -> int:
    """Serve until SIGINT or SIGTERM; raises ExwardError if the address cannot be listened on."""
    with quarantine_in(values["quarantine"]) as quarantine:  # complaints before anybody asks
        load_key(quarantine.folder)
    service = Service(
        Path(values["quarantine"]),
        frozenset(values["admin_only"]),
        MailServer(*address_of(values["smtp"], "--smtp")),
    )
    asyncio.run(_serve(Pages(service), *address_of(values["listen"], "--listen")))
    return exits.DONE


class Pages:
    """Answers requests; one for the life of the server."""

    def __init__(self, service: Service) -> None:
        """Nothing is opened before the first request."""
        self._service = service
        self._rates = Rates(BURST, PER_MINUTE)
        self._all = Rates(ALL_BURST, ALL_PER_MINUTE)
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def respond(self, request: Request) -> Response:
        """A page for every request; never raises."""
        now_s = time.monotonic()
        if not self._rates.takes(request.client, now_s) or not self._all.takes("", now_s):
            return Response(HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": "60"})
        match = _LINK.fullmatch(request.path)
        if match is None:
            return Response(HTTPStatus.NOT_FOUND)
        if request.method not in {"GET", "HEAD", "POST"}:
            return Response(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD, POST"})
        async with self._turns:
            asked = await asyncio.to_thread(self._act, request, match[1])
        if request.method == "POST" or asked.answer is Answer.LATER:
            message_id = asked.holding.id if asked.holding is not None else "-"
            note(f"{request.client}: {message_id}: {asked.answer.value}: {asked.said or '-'}")
        headers = {"Content-Security-Policy": policy(is_served=True)}
        return Response(_STATUS[asked.answer], link_page(asked), headers)

    def _act(self, request: Request, token: str) -> Asked:
        """Only a POST does anything: programs that guard mailboxes follow links on their own."""
        service = self._service
        try:
            with Quarantine(service.folder, fully=False) as quarantine:
                if request.method != "POST":
                    return look(quarantine, token, service.reserved)
                return ask(quarantine, token, service.reserved, service.server, request.client)
        except (*FAILURES, ExwardError) as error:
            return Asked(Answer.LATER, said=str(error))


async def _serve(pages: Pages, host: str, port: int) -> None:
    server = PageServer(pages.respond)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stopped.set)
        except NotImplementedError:  # Windows: Ctrl-C ends the run
            break
    try:
        port = await server.start(host, port)
    except OSError as error:
        where = f"{host}:{port}"
        raise ExwardError(f"cannot listen: {error.strerror}", "is it in use?", where) from error
    note(f"links are served on http://{host}:{port}")
    await stopped.wait()
    await server.close()
