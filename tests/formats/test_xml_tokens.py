"""Documents as streams of tags and texts."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import xml_tokens, xml_tree
from exward.formats.xml_tokens import Kind, tokens
from exward.formats.xml_tree import Element


def read(data: bytes, size: int = 1 << 20) -> list[tuple[object, ...]]:
    blocks = [data[i : i + size] for i in range(0, len(data), size)]
    return [
        (one.kind.name, one.value, one.line, *([one.attributes] if one.attributes else []))
        for one in tokens(blocks)
    ]


@pytest.mark.parametrize("size", [1, 2, 5, 1 << 20])
@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", []),
        (b"<a/>", [("START", "a", 1), ("END", "a", 1)]),
        (b"<a>\n<x:b c='1' y:d=\"&quot;&#65;>\" xmlns:q='u'/>",
         [("START", "a", 1), ("TEXT", "\n", 1),
          ("START", "b", 2, {"c": "1", "d": '"A>'}), ("END", "b", 2)]),
        (b"<?xml version='1.0'?><!-- <a> --><![CDATA[<&amp;]]>\n</a >",
         [("TEXT", "<&amp;", 1), ("TEXT", "\n", 1), ("END", "a", 2)]),
        (b"x&amp;y&undefined;&#0;", [("TEXT", "x&y&undefined;\ufffd", 1)]),
        (b"<!DOCTYPE a>\n<a/>",
         [("BROKEN", "a document type, which is refused", 1), ("TEXT", "\n", 1),
          ("START", "a", 2), ("END", "a", 2)]),
        (b"<a b=c>\n<a",
         [("BROKEN", "no readable tag", 1), ("BROKEN", "the file ends inside a tag", 2)]),
        (b"<a b=\"x\n<c/>", [("BROKEN", "no readable tag", 1), ("START", "c", 2), ("END", "c", 2)]),
        (b"<!-- never\n<a/>", [("BROKEN", "the file ends inside a tag", 1)]),
    ],
)  # fmt: skip
def test_tokens(data, wanted, size):
    assert read(data, size) == wanted


def test_a_token_without_end(monkeypatch):
    monkeypatch.setattr(xml_tokens, "MAX_TOKEN_BYTES", 1000)
    data = b"<a b='" + b"x\n" * 2000 + b"'/><c/>"
    kinds = [one.kind for one in tokens(data[i : i + 300] for i in range(0, len(data), 300))]
    assert Kind.BROKEN in kinds
    assert kinds[-2:] == [Kind.START, Kind.END]


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=5)
NAME = st.from_regex(r"[a-z]{1,3}", fullmatch=True)


def written(name: str, attributes: dict[str, str], text: str, children: list[str]) -> str:
    inside = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{inside}>{escape(text)}{''.join(children)}</{name}>"


DOCUMENT = st.recursive(
    st.builds(written, NAME, st.dictionaries(NAME, TEXT, max_size=2), TEXT, st.just([])),
    lambda inner: st.builds(
        written, NAME, st.dictionaries(NAME, TEXT, max_size=2), TEXT, st.lists(inner, max_size=3)
    ),
    max_leaves=6,
)


@given(DOCUMENT, st.integers(1, 20))
def test_agrees_with_expat(document, size):
    data = document.encode()
    assert not [one for one in read(data, size) if one[0] == "BROKEN"]
    starts = [
        (one.value, one.attributes)
        for one in tokens(data[i : i + size] for i in range(0, len(data), size))
        if one.kind is Kind.START
    ]
    assert starts == list(elements(xml_tree.parse(data)))


def elements(element: Element):
    yield element.name, element.attributes
    for child in element.children:
        yield from elements(child)


@given(st.binary(max_size=60) | st.text("<a/>&;\"' =!-[]?\n", max_size=60).map(str.encode),
       st.integers(1, 9))  # fmt: skip
def test_never_raises_and_blocks_do_not_matter(data, size):
    assert joined(read(data, size)) == joined(read(data))


def joined(found: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [one[:2] + one[3:] for one in found]
