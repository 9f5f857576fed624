"""Pairs of a Sigma rule and a record that are likely to have to do with each other.

A rule is drawn first; each of its values remembers a text that would satisfy it. The record's
fields are then made of these texts, mutated: case, look-alikes under case folding, text around
them, lists, nulls, absence.
"""

# Letters that look alike are the point here.
# ruff: noqa: RUF003

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field

from hypothesis import strategies as st

FIELDS = ("CommandLine", "Image", "User", "Other")
# Texts that have been trouble somewhere: folding, JSON, wildcards, word boundaries.
SNIPPETS = (
    *("cmd", "PowerShell", ".exe", "-enc", "/c", " -nop -w", "a", "ss", "fi", "k", "I", "0x1F"),
    *(
        "Straße",
        "ſ",
        "\u212a",
        "İ",
        "ı",
        "ΣΑΣ",
        "ς",
        "ﬁ",
        "Ü",
        "u\u0308",
        "ŉ",
        "ǰ",
        "😀",
        "漢字",
        "Ж",
    ),
    *(
        "\\",
        "\\\\",
        '"',
        "'",
        "/",
        "\b",
        "\f",
        "\n",
        "\r\n",
        "\t",
        "\x00",
        "\x1f",
        "\x7f",
        "\u2028",
    ),
    *(
        "*",
        "?",
        "%",
        "[",
        "(",
        "$",
        "^",
        "|",
        "\u00a0",
        "\u200b",
        "\ufeff",
        "\u2013",
        "\u2015",
        ":",
        ",",
    ),
    *("1", "007", "true", "null", " ", "_", "-", "é", "\u0345", "ᾳ", "ẞ"),
)
LOOKALIKES = {
    "s": "ſ",
    "k": "\u212a",
    "ss": "ß",
    "fi": "ﬁ",
    "ß": "ss",
    "ſ": "S",
    "\u212a": "k",
    "σ": "ς",
    "ς": "Σ",
    "ﬁ": "FI",
    "ü": "Ü",
    "i": "I",
}
TEXT = st.lists(st.sampled_from(SNIPPETS), min_size=1, max_size=4).map("".join)
SHORT = st.sampled_from(SNIPPETS) | st.text(
    st.characters(exclude_categories=["Cs", "Cn"], max_codepoint=0x24FF), max_size=3
)
INTEGER = st.sampled_from([0, 1, -1, 7, 16, 31, 255, 4625, 2**31, 2**53 + 1, -(2**63), 2**63 - 1])
FLOAT = st.sampled_from([0.5, 1.0, -2.25, 1e22, 1e-7, 4625.0])
BOUND = st.sampled_from([-1, 0, 1, 7, 16, 30.5, 4625])


@dataclass
class Drawn:
    """A rule's searches, and the values that would meet them: field → candidates."""

    wanted: dict[str, list[object]] = field(default_factory=dict)

    def want(self, name: str, value: object) -> None:
        """Remember a value that meets a test on the field."""
        self.wanted.setdefault(name, []).append(value)


def escaped(text: str) -> str:
    """Written so that Sigma reads exactly this text."""
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?")


@st.composite
def written_text(draw: st.DrawFn) -> tuple[str, str]:
    """A value as a rule writes it, and a text that it matches (or just fails to)."""
    if draw(st.sampled_from([False] * 9 + [True])):
        text = draw(TEXT)  # one text is not two, even where they could overlap
        return f"{escaped(text)}*{escaped(text)}", text + draw(st.sampled_from(["", text]))
    written, meant = "", ""
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["text", "text", "text", "raw", "*", "?"]))
        if kind == "*":
            written, meant = written + "*", meant + draw(st.just("") | SHORT)
        elif kind == "?":
            written, meant = written + "?", meant + draw(st.sampled_from("xß\n😀s"))
        else:
            text = draw(TEXT)
            written += text if kind == "raw" else escaped(text)
            meant += text
    return written, meant


@st.composite
def text_item(draw: st.DrawFn, drawn: Drawn, name: str) -> tuple[str, object]:
    """Strings with every combination of the text modifiers."""
    key = name
    place = draw(st.sampled_from(["", "", "|contains", "|startswith", "|endswith"]))
    dash = draw(st.sampled_from(["", "", "", "|windash"]))
    pairs = draw(st.lists(written_text(), min_size=1, max_size=4))
    if dash:
        pairs = [pair for pair in pairs if len(re.findall("[-/]", pair[0])) <= 3] or [("-x", "/x")]
    key += dash + place + draw(st.sampled_from(["", "", "", "|cased"]))
    every = len(pairs) > 1 and draw(st.booleans())
    key += "|all" if every else draw(st.sampled_from(["", "", "", "", "|neq"]))
    before = draw(SHORT) if place in ("|contains", "|endswith") else ""
    after = draw(SHORT) if place in ("|contains", "|startswith") else ""
    if every:
        drawn.want(name, before + "".join(meant for _, meant in pairs) + after)
    for _, meant in pairs:
        drawn.want(name, before + meant + after)
        if dash:
            drawn.want(name, before + re.sub("[-/]", "\u2014", meant) + after)
    values = [written for written, _ in pairs]
    return key, values if len(values) > 1 or draw(st.booleans()) else values[0]


@st.composite
def scalar_item(draw: st.DrawFn, drawn: Drawn, name: str) -> tuple[str, object]:
    """Numbers, truth values, null, the empty text, and lists that mix them."""
    values = draw(
        st.lists(
            INTEGER | FLOAT | st.booleans() | st.sampled_from([None, "", "5", "0x10", "TRUE"]),
            min_size=1,
            max_size=3,
        )
    )
    for value in values:
        drawn.want(name, value)
        drawn.want(name, str(value))
        if isinstance(value, int):
            drawn.want(name, hex(value))
    return name, values if len(values) > 1 else values[0]


@st.composite
def number_text_item(draw: st.DrawFn, drawn: Drawn, name: str) -> tuple[str, object]:
    """Texts compared with what are numbers and truth values in the record."""
    value = draw(INTEGER | FLOAT | st.booleans())
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    begin = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(begin + 1, len(text)))
    drawn.want(name, value)
    place = {(True, True): "", (True, False): "|startswith", (False, True): "|endswith"}
    key = place.get((begin == 0, end == len(text)), "|contains")
    return f"{name}{draw(st.sampled_from([key, '|contains']))}", text[begin:end]


@st.composite
def compare_item(draw: st.DrawFn, drawn: Drawn, name: str) -> tuple[str, object]:
    """Comparisons."""
    bound = draw(BOUND)
    drawn.want(name, bound)
    drawn.want(name, f" {bound + 1} ")
    drawn.want(name, hex(int(bound) + 1))
    return f"{name}|{draw(st.sampled_from(['lt', 'lte', 'gt', 'gte']))}", bound


@st.composite
def exists_item(draw: st.DrawFn, drawn: Drawn, name: str) -> tuple[str, object]:
    """Whether the field is there."""
    drawn.want(name, draw(st.sampled_from(["x", "", None])))
    return f"{name}|exists", draw(st.booleans())


@st.composite
def cidr_item(draw: st.DrawFn, drawn: Drawn, name: str) -> tuple[str, object]:
    """Networks."""
    for text in ("10.1.2.3", "::ffff:10.9.9.9", "fe80::1%3", "fe81::1", "10.1.2.3 ", "010.1.2.3"):
        drawn.want(name, text)
    networks = ["10.0.0.0/8", "10.1.2.0/30", "fe80::/16", "::/0", "0.0.0.0/0", "10.1.2.3"]
    return f"{name}|cidr", draw(st.lists(st.sampled_from(networks), min_size=1, max_size=2))


@st.composite
def regex_item(draw: st.DrawFn, drawn: Drawn, name: str) -> tuple[str, object]:
    """Regular expressions on which RE2 and Python's `re` agree."""
    blocks = [
        *(("ask", "ask"), ("Run", "Run"), ("[0-9]+", "42"), ("[a-h]{2}", "be"), (r"\\", "\\")),
        *(("(?:run|walk)", "walk"), (".", "x"), (".*", "xyz"), (r"\.", "."), ("x?", "")),
        *(('"', '"'), (r"\x41", "A"), ("[^a]", "\u00df"), ("漢", "漢"), (r"\t", "\t")),
    ]
    chosen = draw(st.lists(st.sampled_from(blocks), min_size=1, max_size=4))
    flags = draw(st.sampled_from(["", "", "|i", "|m", "|s", "|i|s"]))
    pattern = "".join(one for one, _ in chosen)
    if draw(st.booleans()):
        pattern = "^" + pattern
    meant = "".join(text for _, text in chosen)
    for text in (meant, draw(SHORT) + meant, "a\n" + meant, meant.swapcase(), meant + draw(SHORT)):
        # Python lets i, İ and ı stand for each other where case is ignored; RE2 does not.
        drawn.want(name, re.sub("[iIİı]", "", text))
    single = bool(name) and draw(st.booleans())
    return f"{name}|re{flags}", pattern if single else [pattern, "nothing like it"]


@st.composite
def encoded_item(draw: st.DrawFn, drawn: Drawn, name: str) -> tuple[str, object]:
    """Base64 and wide texts."""
    text = draw(TEXT.filter(lambda text: len(text) > 1))
    wide = draw(st.sampled_from(["", "|wide", "|utf16le", "|utf16be", "|utf16"]))
    codec = {"": "utf-8", "|utf16be": "utf-16-be"}.get(wide, "utf-16-le")
    data = (b"\xff\xfe" if wide == "|utf16" else b"") + text.encode(codec)
    kind = draw(st.sampled_from(["|base64", "|base64|contains", "|base64offset|contains", ""]))
    if kind:
        around = draw(st.sampled_from([b"", b"x", b"xy"]))
        for whole in (data, around + data, around + data + around):
            drawn.want(name, base64.b64encode(whole).decode())
    else:
        drawn.want(name, data.decode("latin-1"))
    return f"{name}{wide}{kind}", escaped(text)


@st.composite
def reference_item(draw: st.DrawFn, drawn: Drawn, name: str) -> tuple[str, object]:
    """Comparison with another field."""
    place = draw(st.sampled_from(["", "|startswith", "|endswith", "|contains"]))
    text = draw(TEXT)
    drawn.want("Other", text)
    drawn.want(name, text)
    drawn.want(name, text + "x")
    drawn.want(name, "x" + text)
    return f"{name}|fieldref{place}", "Other"


@st.composite
def time_item(draw: st.DrawFn, drawn: Drawn, name: str) -> tuple[str, object]:
    """Parts of a time."""
    part, value = draw(
        st.sampled_from(
            [("minute", 5), ("hour", 23), ("day", 4), ("week", 1), ("month", 1), ("year", 2026)]
        )
    )
    for text in (
        "2026-01-04T23:05:06.1234567Z",
        "2026-01-05T01:05:00+02:00",
        "2026-01-04 23:05",
        "2026-01-04",
        "20260104T230500",
        "04/01/2026",
    ):
        drawn.want(name, text)
    drawn.want(name, 20260104)
    operator = draw(st.sampled_from(["", "", "|gte", "|lt"]))
    return f"{name}|{part}{operator}", value


ITEMS = (
    *(text_item, text_item, text_item, scalar_item, number_text_item, compare_item, exists_item),
    *(cidr_item, regex_item, encoded_item, reference_item, time_item),
)


@st.composite
def mapping(draw: st.DrawFn, drawn: Drawn) -> dict[str, object]:
    """A search that is a map of items."""
    pairs = []
    for _ in range(draw(st.sampled_from([1, 1, 2, 3]))):
        make = draw(st.sampled_from(ITEMS))
        pairs.append(draw(make(drawn, draw(st.sampled_from(FIELDS)))))
    return dict(pairs)


@st.composite
def keywords(draw: st.DrawFn, drawn: Drawn) -> object:
    """A search without fields."""
    name = draw(st.sampled_from(FIELDS))
    kind = draw(st.sampled_from(["list", "list", "all", "regex", "encoded", "span"]))
    if kind == "span":  # from the end of one value to the beginning of the next
        first, second = draw(TEXT), draw(TEXT)
        for field_name in FIELDS:
            drawn.want(field_name, first)
            drawn.want(field_name, second)
        return [escaped(first) + draw(st.sampled_from(["\n", "*", "?"])) + escaped(second)]
    if kind == "regex":
        key, value = draw(regex_item(drawn, ""))
    elif kind == "encoded":
        key, value = draw(encoded_item(drawn, ""))
    else:
        pairs = draw(st.lists(written_text(), min_size=1, max_size=3))
        for _, meant in pairs:
            drawn.want(draw(st.sampled_from(FIELDS)), draw(SHORT) + meant)
        value = [written for written, _ in pairs]
        if kind == "list":
            return [*value, *draw(st.sampled_from([[], [4625]]))]
        key = "|all"
    for text in drawn.wanted.pop("", []):
        drawn.want(name, text)
    return {key: value}


@st.composite
def search(draw: st.DrawFn, drawn: Drawn) -> object:
    """Any search: a map, a list of maps, keywords, or a list of both."""
    kind = draw(st.sampled_from(["map", "map", "map", "maps", "keywords", "mixed"]))
    if kind == "map":
        return draw(mapping(drawn))
    if kind == "maps":
        return [draw(mapping(drawn)), draw(mapping(drawn))]
    if kind == "keywords":
        return draw(keywords(drawn))
    return [draw(mapping(drawn)), draw(written_text())[0]]


SHAPES = ("{} and {}", "{} or {}", "not {}", "({})", "{} and not ({})", "not ({} or {})")
QUANTITIES = ("1 of them", "all of them", "any of them", "1 of s*", "all of sel_*", "2 of sel_*")


@st.composite
def conditions(draw: st.DrawFn, names: list[str], depth: int = 2) -> str:
    """A condition over the searches."""
    if depth == 0 or draw(st.booleans()):
        many = QUANTITIES if "sel_b" in names else ()
        return draw(st.sampled_from([*names, *names, *many]))
    shape = draw(st.sampled_from(SHAPES))
    parts = [draw(conditions(names, depth - 1)) for _ in range(shape.count("{}"))]
    return shape.format(*parts)


def mutations(value: object) -> st.SearchStrategy[object]:
    """The value, or something close to it."""
    if not isinstance(value, str):
        return st.just(value)
    changed = [value, value, value.upper(), value.lower(), value.swapcase(), value.casefold()]
    changed += [value.replace(one, other) for one, other in LOOKALIKES.items() if one in value]
    changed += [value[:-1], value[1:], value + value]
    around = st.tuples(SHORT, st.sampled_from(changed), SHORT).map("".join)
    return st.sampled_from(changed) | st.sampled_from(changed) | around


@st.composite
def records(draw: st.DrawFn, wanted: dict[str, list[object]]) -> dict[str, object]:
    """A record's fields from what a rule wants."""
    fields: dict[str, object] = {}
    for name in draw(st.permutations(FIELDS)):
        candidates = wanted.get(name) or [draw(SHORT)]
        one = st.sampled_from(candidates).flatmap(mutations)
        kind = draw(st.sampled_from(["one"] * 8 + ["list", "null", "absent", "any"]))
        if kind == "one":
            fields[name] = draw(one)
        elif kind == "list":
            fields[name] = draw(st.lists(one | st.none() | SHORT, min_size=1, max_size=3))
        elif kind == "null":
            fields[name] = None
        elif kind == "any":
            fields[name] = draw(INTEGER | FLOAT | st.booleans() | SHORT)
    return fields


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, object], dict[str, object]]:
    """A rule and a record."""
    drawn = Drawn()
    names = draw(st.sampled_from([["sel_a"], ["sel_a", "sel_b"], ["sel_a", "sel_b", "_c"]]))
    searches = {name: draw(search(drawn)) for name in names}
    stated = conditions(names)
    condition: object = draw(stated | st.lists(stated, min_size=2, max_size=2))
    rule: dict[str, object] = {
        "title": "Generated",
        "logsource": {"product": "windows"},
        "detection": {**searches, "condition": condition},
    }
    return rule, draw(records(drawn.wanted))
