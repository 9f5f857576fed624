"""Makes pages whose texts are hidden anew at random: from a seed, always the same ones.

A language is lists of templates. In a template `«text»` is a text that is hidden, `$asked` a value
that the request says, and any other `$name` a name that the page has for itself alone. Pages are
made in memory, to be judged there; nothing writes them to a disk.
"""

from __future__ import annotations

import base64
import gzip
import random
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from string import Template

MOST_NESTED = 2
PRINTABLE = "".join(map(chr, range(32, 127)))
HIDDEN_AGAIN = 0.25
KEPT = 0.35
PADDED = 0.5
RESPELT = 0.3
UTF_16 = 0.1
_HIDDEN = re.compile("«([^»]*)»")
_JUNK = ("~", "#@", "zz9", "|", "qx", "^_")


@dataclass(frozen=True)
class Way:
    """One way to hide a text.

    `encode` gives what stands for `$data`, a text that may be hidden once more, and the like.
    `gives` is the expression that has the text in the end, and `functions` and `before` what has to
    stand in the page for it.
    """

    name: str
    encode: Callable[[Maker, str], Mapping[str, str]]
    gives: str
    before: str = ""
    functions: str = ""


@dataclass(frozen=True)
class Deed:
    """What a page does: what for, its statements, and functions that these need."""

    name: str
    code: str
    functions: str = ""


@dataclass(frozen=True)
class Language:
    """How pages of a language are made. `quote`: writes a text as one of the language.

    `keeps`: statements that keep `$value`, and the expression that gives it back. `wraps`:
    extension and template of a page with `$functions` and `$body`; those of `disguises` no harmless
    page has. `spellings`: rewrite a line of
    code in another way that means the same.
    """

    name: str
    quote: Callable[[str], str]
    ways: tuple[Way, ...]
    asked: tuple[str, ...]
    keeps: tuple[tuple[str, str], ...]
    padding: tuple[str, ...]
    shells: tuple[Deed, ...]
    harmless: tuple[Deed, ...]
    wraps: tuple[tuple[str, str], ...]
    disguises: tuple[tuple[str, str], ...] = ()
    spellings: tuple[Callable[[random.Random, str], str], ...] = ()


@dataclass(frozen=True)
class Made:
    """A page: its name, its bytes, what it does, and how its texts are hidden."""

    name: str
    data: bytes
    codec: str
    deed: str
    ways: tuple[str, ...]


class _Names(dict[str, str]):
    """What the names in one template stand for; a new one gets a name of its own."""

    def __init__(self, maker: Maker, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.maker = maker

    def __getitem__(self, key: str) -> str:
        if key == "asked":
            return self.maker.asked()
        return super().__getitem__(key)

    def __missing__(self, key: str) -> str:
        self[key] = self.maker.name()
        return self[key]


@dataclass
class Maker:
    """Makes one page."""

    language: Language
    rng: random.Random
    functions: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)

    def name(self) -> str:
        """A name that no other thing of the page has."""
        letters = "".join(self.rng.choices("abcdefghijklmnopqrstuvwxyz", k=self.rng.randint(3, 9)))
        return f"{letters}{self.rng.randint(0, 99)}"

    def filled(self, template: str, names: Mapping[str, str]) -> str:
        """A template as code."""
        code = Template(template).substitute(names)
        return _HIDDEN.sub(lambda found: self.hidden(found[1]), code)

    def asked(self) -> str:
        """An expression for a value of the request."""
        return self._kept(self.filled(self.rng.choice(self.language.asked), _Names(self, {})))

    def hidden(self, text: str, nested: int = 0) -> str:
        """An expression for a text that does not stand in the page as it is."""
        way = self.rng.choice(self.language.ways)
        self.ways.append(way.name)
        parts = dict(way.encode(self, text))
        if "data" in parts:
            again = nested < MOST_NESTED and self.rng.random() < HIDDEN_AGAIN
            plain = parts["plain"]
            parts["data"] = self.hidden(plain, nested + 1) if again else self.language.quote(plain)
        names = _Names(self, parts)
        for template, where in ((way.functions, self.functions), (way.before, self.before)):
            if template:
                where.append(Template(template).substitute(names))
        return self._kept(Template(way.gives).substitute(names))

    def _kept(self, value: str) -> str:
        if self.rng.random() > KEPT:
            return value
        names = _Names(self, {"value": value})
        keep, given = self.rng.choice(self.language.keeps)
        self.before.append(Template(keep).substitute(names))
        return Template(given).substitute(names)

    def page(self, deed: Deed) -> Made:
        """The page that does this."""
        wraps = self.language.wraps
        if deed in self.language.shells:
            wraps += self.language.disguises
        names = _Names(self, {})
        self.functions.append(self.filled(deed.functions, names))
        body = self.filled(deed.code, names)
        if self.rng.random() < PADDED:
            padding = self.filled(self.rng.choice(self.language.padding), _Names(self, {}))
            self.before.insert(self.rng.randint(0, len(self.before)), padding)
        code = {"functions": "\n".join(self.functions), "body": "\n".join([*self.before, body])}
        for spelling in self.language.spellings:
            if self.rng.random() < RESPELT:
                code = {part: spelling(self.rng, text) for part, text in code.items()}
        extension, wrap = self.rng.choice(wraps)
        text = Template(wrap).substitute(code)
        codec = "utf-16" if self.rng.random() < UTF_16 else "utf-8"
        return Made(f"x.{extension}", text.encode(codec), codec, deed.name, tuple(self.ways))


def pages(language: Language, deeds: tuple[Deed, ...], seed: int, count: int) -> Iterator[Made]:
    """So many pages, each deed as often as any other."""
    rng = random.Random(f"{language.name} {seed}")
    for number in range(count):
        yield Maker(language, rng).page(deeds[number % len(deeds)])


# How texts are written down. Each gives `data`, or `bare` for what is code already.


def _data(text: str, **more: str) -> dict[str, str]:
    return {"data": "", "plain": text, **more}


def as_it_is(_: Maker, text: str) -> dict[str, str]:
    """The text itself."""
    return _data(text)


def reversed_(_: Maker, text: str) -> dict[str, str]:
    """From its end to its beginning."""
    return _data(text[::-1])


def shifted(maker: Maker, text: str) -> dict[str, str]:
    """Each letter `$key` further."""
    key = maker.rng.randint(1, 9)
    return _data("".join(chr(ord(letter) + key) for letter in text), key=str(key))


def stuffed(maker: Maker, text: str) -> dict[str, str]:
    """With `$junk` between all letters."""
    junk = maker.rng.choice([one for one in _JUNK if one not in text])
    return _data(junk.join(text), junk=maker.language.quote(junk))


def every_second(maker: Maker, text: str) -> dict[str, str]:
    """With a letter of no meaning behind each."""
    return _data("".join(letter + maker.rng.choice("aeioutnr") for letter in text))


def mirrored(maker: Maker, text: str) -> dict[str, str]:
    """Each letter replaced by its place in `$letters`, counted from the end."""
    turned = text.translate(str.maketrans(PRINTABLE, PRINTABLE[::-1]))
    return _data(turned, letters=maker.language.quote(PRINTABLE))


def hexadecimal(_: Maker, text: str) -> dict[str, str]:
    """Two digits for each letter."""
    return _data(text.encode().hex())


def hexadecimal_apart(_: Maker, text: str) -> dict[str, str]:
    """Two digits for each letter, with a line between them."""
    return _data(text.encode().hex("-"))


def percents(_: Maker, text: str) -> dict[str, str]:
    """`%xx` for each letter."""
    return _data("".join(f"%{byte:02x}" for byte in text.encode()))


def base64_(_: Maker, text: str) -> dict[str, str]:
    """Base64."""
    return _data(base64.b64encode(text.encode()).decode())


def deflated(_: Maker, text: str) -> dict[str, str]:
    """Deflate, in base64."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return _data(base64.b64encode(packer.compress(text.encode()) + packer.flush()).decode())


def gzipped(_: Maker, text: str) -> dict[str, str]:
    """GZip, in base64."""
    return _data(base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode())


def numbers_text(maker: Maker, text: str) -> dict[str, str]:
    """Numbers in one text, `$key` more than those of the letters, with `,` between them."""
    key = maker.rng.randint(1, 40)
    return _data(",".join(str(ord(letter) + key) for letter in text), key=str(key))


def xored(maker: Maker, text: str) -> dict[str, str]:
    """Numbers as a list of the language, each combined with `$key`."""
    key = maker.rng.randint(1, 31)
    return {"bare": ",".join(str(ord(letter) ^ key) for letter in text), "key": str(key)}


def multiplied(maker: Maker, text: str) -> dict[str, str]:
    """Numbers as a list, `$key` times as much each."""
    key = maker.rng.randint(2, 9)
    return {"bare": ",".join(str(ord(letter) * key) for letter in text), "key": str(key)}


def xored_by_word(maker: Maker, text: str) -> dict[str, str]:
    """Numbers as a list, combined with the letters of `$word` in turn."""
    word = maker.name()
    numbers = (ord(letter) ^ ord(word[at % len(word)]) for at, letter in enumerate(text))
    return {"bare": ",".join(map(str, numbers)), "word": maker.language.quote(word)}


def picked(one: str, between: str) -> Callable[[Maker, str], Mapping[str, str]]:
    """Letters picked from `$letters` by their place from 0 (`$at`) and from 1 (`$nth`)."""

    def encode(maker: Maker, text: str) -> dict[str, str]:
        letters = sorted(set(text))
        maker.rng.shuffle(letters)
        held = maker.name()
        places = [letters.index(letter) for letter in text]
        code = [Template(one).substitute(held=held, at=at, nth=at + 1) for at in places]
        return {
            "bare": between.join(code),
            "held": held,
            "letters": maker.language.quote("".join(letters)),
        }

    return encode


def each(one: str, between: str) -> Callable[[Maker, str], Mapping[str, str]]:
    """One piece of code for each letter, of its number `$n`: also `$more`, `$less`, `$x`."""

    def encode(maker: Maker, text: str) -> dict[str, str]:
        code = []
        for number in map(ord, text):
            less = maker.rng.randint(1, 99)
            given = {"n": f"{number}", "less": f"{less}", "more": f"{number + less}",
                     "x": f"{number:X}", "u": f"{number:04x}", "o": f"{number:o}"}  # fmt: skip
            code.append(Template(one).substitute(given))
        return {"bare": between.join(code)}

    return encode


def pieces(between: str) -> Callable[[Maker, str], Mapping[str, str]]:
    """The text in pieces of up to four letters."""

    def encode(maker: Maker, text: str) -> dict[str, str]:
        return {"bare": between.join(map(maker.language.quote, cut(maker, text)))}

    return encode


def numbered_pieces(maker: Maker, text: str) -> dict[str, str]:
    """`$holes`, with `{0}` and the like, and the pieces that belong there."""
    found = cut(maker, text)
    order = list(range(len(found)))
    maker.rng.shuffle(order)
    holes = "".join(f"{{{order.index(at)}}}" for at in range(len(found)))
    held = ",".join(maker.language.quote(found[at]) for at in order)
    return {"holes": maker.language.quote(holes), "bare": held}


def cut(maker: Maker, text: str) -> list[str]:
    """The text in pieces of up to four letters."""
    found = []
    while text:
        length = maker.rng.randint(1, 4)
        found.append(text[:length])
        text = text[length:]
    return found or [""]


# How code is written in another way that means the same.


def outside_texts(pattern: str, code: str, replaced: Callable[[re.Match[str]], str]) -> str:
    """Replace what fits the pattern outside of the texts and comments of the code."""
    found = re.compile(rf"(?P<text>\"(?:\\.|\"\"|[^\"\\\n])*\"|'[^\n]*)|(?P<part>{pattern})")
    return found.sub(lambda one: one[0] if one["text"] is not None else replaced(one), code)
