"""Small trees of single elements, and what is refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import xml_tree

BOMB = b'<!DOCTYPE a [<!ENTITY b "xxxx"><!ENTITY c "&b;&b;">]><a>&c;</a>'


def test_a_tree():
    root = xml_tree.parse(b'<a xmlns="urn:x" x:b="1">\n t<c d="&quot;&#65;"/><c>u</c>\n</a>')
    assert (root.name, root.attributes, root.line) == ("a", {"b": "1"}, 1)
    assert [(c.name, c.attributes, c.text, c.line) for c in root.children] == [
        ("c", {"d": '"A'}, "", 2),
        ("c", {}, "u", 2),
    ]
    assert root.text.strip() == "t"
    assert root.child("c") is root.children[0]
    assert root.child("x") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b"<a>&undefined;</a>",
        b'<a b="1" b="2"/>',
        BOMB,
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>" * 100 + b"</a>" * 100,
    ],
)
def test_refused(data):
    with pytest.raises(ValueError, match=r"XML|nested|document type"):
        xml_tree.parse(data)


def test_too_many_elements(monkeypatch):
    monkeypatch.setattr(xml_tree, "MAX_ELEMENTS", 10)
    with pytest.raises(ValueError, match="too many"):
        xml_tree.parse(b"<a>" + b"<b/>" * 10 + b"</a>")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"<a>x\x01y&#x1;&#2;&#x1F;</a>", "x\ufffdy\ufffd\ufffd\ufffd"),
        (b"<a>\xe9</a>", "\xe9"),
        (b"<a>&#9;&#x20AC;</a>", "\t\u20ac"),
    ],
)
def test_forbidden_characters_are_replaced(data, text):
    assert xml_tree.parse(data).text == text


@given(st.binary(max_size=40) | st.text("<a/>&;\"' =!-[]#x1", max_size=40).map(str.encode))
def test_raises_nothing_but_value_errors(data):
    with contextlib.suppress(ValueError):
        assert xml_tree.parse(data).name
