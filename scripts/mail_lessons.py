"""Messages written for teaching the mail model what no free collection holds.

Free collections have next to no phishing and few notices of companies. These are put together from
`mail_lessons.toml`, by chance with a fixed seed: the same notice once as the company sends it (its
own domain, links that lead there) and once as a fake does (another domain, other links, pressure),
so that what tells them apart is who sends and where links lead, not the words of the trade.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from exward.mail.brands import Brand, all_brands
from exward.mail.data_files import data_file

SEED = 7
EACH = {"fraud": 70, "swindle": 60, "advert": 60, "wanted": 90, "personal": 80}
"""Messages of each lesson; fraud gives as many again as the company sends them."""
HONEST = frozenset({"wanted", "personal"})
BORROWED_SHARE = 0.12
"""Of unwanted messages that end in sentences of wanted ones, as against filters."""
HTML_SHARES = {"swindle": 0.3, "personal": 0.5}
POLICY = SMTP.clone(utf8=False)
NAMES = ("Ann Lee", "Bob Stone", "Carla Ruiz", "David Chen", "Eva Novak", "Frank Moore",
         "Grace Kim", "Hugo Martin", "Ines Costa", "Jonas Weber")  # fmt: skip
CITIES = ("Paris", "Moscow", "Lagos", "Seattle", "Berlin", "Sao Paulo", "Madrid", "Toronto")
DAYS = ("Monday", "Friday", "March 4", "12/05", "Nov 21", "2 June", "Thursday, May 8")
WORDS = ("harbor", "green", "river", "north", "maple", "silver", "cloud", "bright", "stone",
         "blue", "summit", "happy", "fresh", "urban", "prime", "garden", "union", "valley",
         "ocean", "star", "clinic", "market", "books", "travel", "dental", "coffee", "studio",
         "sports", "energy", "museum", "school", "bakery", "motors", "music", "health", "home",
         "tools", "shoes")  # fmt: skip
ENDINGS = ("com", "com", "com", "com", "com", "org", "net", "co.uk", "de", "fr", "com.br", "io",
           "co", "com.au", "nl", "it", "es", "shop", "email")  # fmt: skip
CARRIERS = ("sendgrid.net", "list-manage.com", "mailgun.org", "amazonses.com", "rs6.net", "mjt.lu")
SERVICES = ("restaurants", "reviews", "email-service", "mailer", "tickets", "booking", "notices",
            "loyalty", "patients", "schedule", "checkout", "orders")  # fmt: skip
OFFERS = ("Special Offer", "Your Deal", "Daily Savings", "Health News", "Reward Center")
PARTS = ("", "", "mail.", "news.", "info.", "email.")
ROLES = ("noreply", "no-reply", "info", "service", "support", "news", "hello", "orders", "account")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a message says it is from, and where its links lead."""

    name: str
    address: str
    link_hosts: tuple[str, ...]
    signer: str
    id_host: str
    reply_to: str = ""


def lessons(path: Path) -> Iterator[tuple[str, bytes, bool]]:
    """Label (`ham`, `spam`, `phish`), message, and whether it has HTML; the same on every run."""
    found = tomllib.loads(path.read_text("utf-8"))["lesson"]
    for number, lesson in enumerate(found):
        chance = Random(SEED * 1000 + number)
        kind = (lesson["as"], lesson["language"])
        lesson["borrowed"] = [
            line
            for one in found
            if one["as"] in HONEST and one["language"] == lesson["language"]
            for line in one["lines"]
        ]
        lesson["others"] = [one for one in found if one is not lesson
                            and (one["as"], one["language"]) == kind]  # fmt: skip
        for _ in range(EACH[lesson["as"]]):
            yield from _write(lesson, chance)


def _write(lesson: dict[str, Any], chance: Random) -> Iterator[tuple[str, bytes, bool]]:
    kind = lesson["as"]
    brand = chance.choice(all_brands())
    if kind == "fraud":
        yield ("phish", *_message(lesson, chance, _fake(lesson, brand, chance), brand.name))
        if lesson.get("claims", "") != "mailbox":
            honest = lesson | {"press": [], "borrowed": []}
            yield ("ham", *_message(honest, chance, _company(brand, chance), brand.name))
    elif kind == "wanted":
        is_known = chance.random() < 0.3
        sender = _company(brand, chance) if is_known else _small_company(chance)
        yield ("ham", *_message(lesson, chance, sender, sender.name))
    elif kind == "personal":
        yield ("ham", *_message(lesson, chance, _person(chance), ""))
    else:
        yield ("spam", *_message(lesson, chance, _stranger(kind, chance), ""))


@cache
def _listed(name: str) -> tuple[str, ...]:
    return tuple(sorted(data_file("services.toml")[name]))


def _domain(chance: Random) -> str:
    words = chance.sample(WORDS, chance.choice((1, 2, 2, 2, 3)))
    return chance.choice(("", "", "", "-")).join(words) + "." + chance.choice(ENDINGS)


def _bad_domain(chance: Random) -> str:
    """As they are bought or broken into: cheap endings, random letters, digits, small firms."""
    cheap = _listed("cheap_endings")
    letters = "".join(chance.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(9))
    if chance.random() < 0.2:
        return f"{letters[:4]}.{chance.choice(WORDS)}{chance.randrange(99)}.{_domain(chance)}"
    return chance.choice(
        (
            f"{chance.choice(WORDS)}-{chance.choice(WORDS)}.{chance.choice(cheap)}",
            f"{letters}.{chance.choice((*cheap, 'com', 'net', 'ru'))}",
            f"{chance.choice(WORDS)}{chance.randrange(10, 999)}.{chance.choice(ENDINGS)}",
            f"secure-{chance.choice(WORDS)}-login.{chance.choice(ENDINGS)}",
            _domain(chance),
            _domain(chance),
        )
    )


def _link_host(chance: Random) -> str:
    open_hosts = _listed("open_hosts")
    shorteners = _listed("shorteners")
    return chance.choice(
        (
            _bad_domain(chance),
            _bad_domain(chance),
            _bad_domain(chance),
            f"{chance.choice(WORDS)}{chance.randrange(99)}.{chance.choice(open_hosts)}",
            chance.choice(shorteners),
        )
    )


def _drawn_host(brand: Brand, chance: Random) -> str:
    """Where a fake leads: anywhere, or to a name with the company's in it."""
    name, word = _ascii(brand.name), chance.choice(WORDS)
    if chance.random() < 0.75:
        return _link_host(chance)
    return chance.choice(
        (
            f"{name}-{word}.{chance.choice(ENDINGS)}",
            f"{word}{chance.randrange(99)}-{name}.{chance.choice(ENDINGS)}",
            f"{name}.{_bad_domain(chance)}",
            f"claim-{name}.{chance.choice(_listed('cheap_endings'))}",
        )
    )


def _ascii(name: str) -> str:
    return "".join(char for char in name if char.isascii() and char.isalnum())


def _home(brand: Brand) -> str:
    """One domain of a company's own."""
    first = min(brand.domains, key=lambda one: ("*" not in one, len(one), one))
    return first.replace(".*", ".com")


def _fake(lesson: dict[str, Any], brand: Brand, chance: Random) -> Sender:
    title = brand.name.title()
    name = chance.choice(
        (title, title, f"{title} Support", f"{title} Service", f"Team {title}", "Customer Service",
         f"{title.upper()}", "Account Security", f"support@{_home(brand)}", "")
    )  # fmt: skip
    if lesson.get("claims") == "mailbox":
        name = chance.choice(("Mail Administrator", "IT Helpdesk", "Webmail", "Mail Server", ""))
    free = chance.choice(_listed("free_mail"))
    host = chance.choice(
        (_bad_domain(chance), _bad_domain(chance), _bad_domain(chance), free, _home(brand),
         f"{_ascii(brand.name)}-{chance.choice(WORDS)}.{chance.choice(ENDINGS)}")
    )  # fmt: skip
    is_spoofed = host == _home(brand)
    local = chance.choice((*ROLES, f"{chance.choice(WORDS)}{chance.randrange(9999)}"))
    links = [_drawn_host(brand, chance)] * chance.randint(1, 4)
    if chance.random() < 0.3:
        links += [_home(brand)] * chance.randint(1, 3)
    signer = "" if is_spoofed or chance.random() < 0.5 else host
    own_id = "" if chance.random() < 0.15 else host if signer else _bad_domain(chance)
    reply_to = f"{local}{chance.randrange(99)}@{free}" if chance.random() < 0.1 else ""
    return Sender(name, f"{local}@{host}", tuple(links), signer, own_id, reply_to)


def _company(brand: Brand, chance: Random) -> Sender:
    home = _home(brand)
    host = chance.choice((home, home, f"mail.{home}", f"email.{home}", f"e.{home}"))
    title = brand.name.title()
    name = chance.choice((title, title, title, f"{title} Customer Service", f"{title} Team", ""))
    return _coherent(name, host, home, chance)


def _small_company(chance: Random) -> Sender:
    home = _domain(chance)
    host = chance.choice((home, home, f"mail.{home}", f"news.{home}"))
    name = home.partition(".")[0].title()
    sent_by = chance.random()
    if sent_by < 0.15:  # sent under the name of whoever sends for it
        host = f"{chance.choice(WORDS)}.{chance.choice(CARRIERS)}"
    elif sent_by < 0.35:  # by a service for shops, restaurants, surgeries with its own domain
        host = f"{chance.choice(WORDS)}-{chance.choice(SERVICES)}.com"
        home = chance.choice((home, home, host))
    return _coherent(chance.choice((name, name, chance.choice(NAMES), "")), host, home, chance)


def _coherent(name: str, host: str, home: str, chance: Random) -> Sender:
    count = chance.choice((1, 2, 3, 5, 8, 12, 20, 30))
    carrier = f"{chance.choice(WORDS)}.{chance.choice(CARRIERS)}"
    share = chance.choice((0.0, 0.0, 0.1, 0.5, 1.0))
    links = [carrier if chance.random() < share else f"www.{home}" for _ in range(count)]
    if chance.random() < 0.4:
        links += ["www.facebook.com", "www.instagram.com", "twitter.com"]
    own_id = chance.choice((host, host, "amazonses.com", carrier, ""))
    signer = host if chance.random() < 0.7 else ""
    local = chance.choice((*ROLES, *ROLES, f"news+{chance.getrandbits(32):x}",
                           f"reply-{chance.randrange(9999)}"))  # fmt: skip
    reply_to = f"{chance.choice(ROLES)}@{_domain(chance)}" if chance.random() < 0.1 else ""
    return Sender(name, f"{local}@{host}", tuple(links), signer, own_id, reply_to)


def _person(chance: Random) -> Sender:
    """A colleague, customer or friend, with a link in the signature at most."""
    home = _domain(chance)
    host = chance.choice(_listed("free_mail")) if chance.random() < 0.35 else home
    name = chance.choice(NAMES)
    first, last = name.lower().split()
    local = chance.choice((f"{first}.{last}", first, f"{last}{chance.randrange(99)}"))
    links = (f"www.{home}",) if chance.random() < 0.25 else ()
    signer = host if chance.random() < 0.6 else ""
    return Sender(name, f"{local}@{host}", links, signer, chance.choice((host, _domain(chance))))


def _stranger(kind: str, chance: Random) -> Sender:
    if kind == "advert" and chance.random() < 0.5:  # a mass mailer's own domain for everything
        home = _bad_domain(chance)
        return _coherent(
            chance.choice((*NAMES, *OFFERS)), f"{chance.choice(PARTS)}{home}", home, chance
        )
    free = chance.choice(_listed("free_mail"))
    name = chance.choice((*NAMES, "Dr. James", "Mrs. Maria", "Admin", "Special Offer", ""))
    host = free if chance.random() < (0.6 if kind == "swindle" else 0.3) else _bad_domain(chance)
    local = f"{chance.choice(WORDS)}{chance.choice(('', '.', str(chance.randrange(9999))))}x"
    answers = f"{chance.choice(WORDS)}{chance.randrange(999)}@{free}"
    reply_to = answers if chance.random() < 0.35 else ""
    links = [_link_host(chance)] * (0 if kind == "swindle" else chance.randint(0, 4))
    own_id = chance.choice((host, _bad_domain(chance), ""))
    return Sender(name, f"{local}@{host}", tuple(links), "", own_id, reply_to)


def _filled(text: str, brand: str, chance: Random) -> str:
    number, money = chance.randrange(1000, 99_999_999), chance.choice("$€£")
    amount = f"{money}{chance.randrange(1, 2000)}.{chance.randrange(10, 99)}"
    return text.format(
        brand=brand.title(), name=chance.choice(NAMES), money=amount, number=number,
        day=chance.choice(DAYS), hours=chance.choice((12, 24, 48, 72)),
        address="user@example.com", city=chance.choice(CITIES),
    )  # fmt: skip


def _some(pool: list[str], least: int, chance: Random) -> list[str]:
    return chance.sample(pool, min(len(pool), chance.randint(least, max(least, len(pool)))))


def _lines(lesson: dict[str, Any], chance: Random) -> list[str]:
    """A choice of a lesson's lines in any order; wanted mail is longer and presses less."""
    is_wanted = lesson["as"] == "wanted"
    lines = _some(lesson["lines"], 1 if lesson["as"] == "personal" else 2, chance)
    if is_wanted:
        lines += _some(lesson["press"], 1, chance)[: chance.choice((0, 0, 1, 2))]
    else:
        lines += _some(lesson["press"], 1, chance)
    if chance.random() < (0.5 if is_wanted else 0.15):
        lines += [line for other in lesson["others"] for line in _some(other["lines"], 1, chance)]
    chance.shuffle(lines)
    if lesson["as"] not in HONEST and chance.random() < BORROWED_SHARE:
        lines += _some(lesson["borrowed"], min(6, len(lesson["borrowed"])), chance)[:15]
    return lines


def _message(
    lesson: dict[str, Any], chance: Random, sender: Sender, brand: str
) -> tuple[bytes, bool]:
    texts = [_filled(line, brand, chance) for line in _lines(lesson, chance)]
    labels = lesson["buttons"] or [""]
    links = [
        (f"{chance.choice(('https', 'https', 'http'))}://{host}/{_path(chance)}", label)
        for host, label in ((host, chance.choice(labels)) for host in sender.link_hosts)
    ]
    message = EmailMessage(policy=POLICY)
    _headers(message, sender, _filled(chance.choice(lesson["subjects"]), brand, chance), chance)
    is_html = chance.random() < HTML_SHARES.get(lesson["as"], 0.88)
    pictures = {"personal": 0.0, "wanted": 0.02}.get(lesson["as"], 0.12)
    is_picture = bool(links) and chance.random() < pictures
    page = _pictures(links) if is_picture else _page(texts, links, chance)
    if is_html and (is_picture or chance.random() < 0.5):
        message.set_content(page, "html", cte="base64")
        return message.as_bytes(), True
    plain = "\n\n".join((*texts, *(f"{text}: {url}" for url, text in links)))
    message.set_content(plain, cte="quoted-printable")
    if is_html:
        message.add_alternative(page, "html", cte="quoted-printable")
        message.set_boundary("=_lesson")  # else the library draws one of its own
    return message.as_bytes(), is_html


def _path(chance: Random) -> str:
    code = "".join(chance.choice("abcdefghijkLMNOPQRST0123456789") for _ in range(40))
    return chance.choice(("", "account", "login.php", f"c/{code}", f"?id={code[:12]}", "a/b.html"))


def _headers(message: EmailMessage, sender: Sender, subject: str, chance: Random) -> None:
    name = f'"{sender.name}" ' if sender.name else ""
    message["From"] = f"{name}<{sender.address}>"
    message["To"] = "user@example.com"
    message["Subject"] = subject
    message["Date"] = f"{chance.randint(1, 28)} Mar 2024 10:{chance.randint(10, 59)}:00 +0000"
    if sender.id_host:
        message["Message-ID"] = f"<{chance.randrange(10**12)}@{sender.id_host}>"
    if subject.startswith("Re: ") and sender.signer:  # an answer to what was written before
        message["In-Reply-To"] = f"<{chance.randrange(10**12)}@example.com>"
    if sender.reply_to:
        message["Reply-To"] = sender.reply_to
    if sender.signer:
        message["DKIM-Signature"] = f"v=1; a=rsa-sha256; d={sender.signer}; s=s1; b=AAAA"
    if chance.random() < 0.3:
        message["List-Unsubscribe"] = f"<https://{(sender.link_hosts or ('a.example',))[0]}/u>"


def _picture(url: str, number: int) -> str:
    return f'<img src="https://{url.split("/")[2]}/i/{number}.png" alt="">'


def _pictures(links: list[tuple[str, str]]) -> str:
    return "".join(f'<a href="{url}">{_picture(url, 1)}</a>' for url, _ in links)


def _page(texts: list[str], links: list[tuple[str, str]], chance: Random) -> str:
    """One look for all: nothing in the way the page is made tells good from bad."""
    first = links[0][0] if links else "https://a.example/"
    blocks = [f"<p>{text}</p>" for text in texts]
    blocks += [f'<p><a href="{url}">{text or url}</a></p>' for url, text in links]
    blocks += [_picture(first, n) for n in range(chance.choice((0, 0, 1, 1, 2, 4, 8)))]
    if chance.random() < 0.5:
        chance.shuffle(blocks)
    if chance.random() < 0.25:  # the line that mail programs show beside the subject
        pad = "&zwnj;&nbsp;" * 40
        blocks.insert(0, f'<span style="display:none">{texts[0]}{pad}</span>')
    if chance.random() < 0.5:
        blocks.append("<p>123 Main Street. All rights reserved. Privacy. Terms. Unsubscribe.</p>")
    body = "".join(blocks)
    if chance.random() < 0.6:
        body = f"<table width=600><tr><td>{body}</td></tr></table>"
    return f"<html><head><style>p{{margin:0}}</style></head><body>{body}</body></html>"
