"""YAML within bounds: what is read, what is refused, and where the message points."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.model.errors import ContentError
from exward.rules import safe_yaml

BOMB = b"a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + b"".join(
    b"%c: &%c [%s]\n" % (letter, letter, b", ".join([b"*%c" % (letter - 1)] * 10))
    for letter in range(ord("b"), ord("k"))
)


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        (b"", []),
        (b"# only a comment\n", []),
        (b"a: 1", [({"a": 1}, 1)]),
        (b"# head\n\na: 1\n---\n---\nb: [x, 2]\n", [({"a": 1}, 3), ({"b": ["x", 2]}, 6)]),
        (
            b"x: &x {q: 1, r: 3}\ny: {<<: *x, q: 2}",
            [({"x": {"q": 1, "r": 3}, "y": {"q": 2, "r": 3}}, 1)],
        ),
        # A map that was merged elsewhere first is not one with a key said twice.
        (
            b"b: &b {a: 1}\np: {q: &m {<<: *b, a: 2}}\ntop: {<<: *m}",
            [({"b": {"a": 1}, "p": {"q": {"a": 2}}, "top": {"a": 2}}, 1)],
        ),
        (b"a: '" + b"1" * 5000 + b"'", [({"a": "1" * 5000}, 1)]),
        ("ä: ü".encode("utf-16"), [({"ä": "ü"}, 1)]),
    ],
)
def test_documents_and_their_lines(text, documents):
    assert safe_yaml.load_documents(text) == documents


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        (b"a: 1\na: 2", "n:2", "'a' stands twice"),
        (b"a:\n  - b: 1\n    c: 1\n    b: 2\n", "n:4", "'b' stands twice"),
        (BOMB, "n:6", "more than 200,000 values"),
        (b"a: &a [*a]", "n:1", "inside itself"),
        (b"[" * 100_000, "n:1", "deeper than 50"),
        (b"- " * 60 + b"x", "n:1", "deeper than 50"),
        (b"a: *nowhere", "n:1", "undefined alias"),
        (b"ok: 1\nn: " + b"1" * 5000, "n:2", "more than 1000 characters"),
        (b"n: " + b"1" + b":10" * 600, "n:1", "more than 1000 characters"),
        (b"a: 2024-99-99", "n", "month"),
        (b"!!python/object/apply:os.system [ls]", "n:1", "!!tag"),
        (b"!!timestamp foo", "n:1", "!!tag"),
        (b"? [a]\n: 1", "n:1", "unhashable"),
        (b"a: [1, 2]]", "n:1", "is not valid YAML"),
        (b"a: \x00", "n", "control characters"),
        (b"a: \xff\xfe", "n", "is not valid YAML"),
    ],
)
def test_refused_with_the_place(text, where, what):
    with pytest.raises(ContentError) as caught:
        safe_yaml.load_documents(text, "n")
    assert caught.value.where == where
    assert what in caught.value.what
    assert caught.value.hint


def test_size_is_bounded_before_parsing():
    with pytest.raises(ContentError, match="larger than"):
        safe_yaml.load_documents(b"a" * (safe_yaml.MAX_BYTES + 1))


def test_a_path_names_itself(tmp_path: Path):
    path = tmp_path / "rule.yml"
    path.write_bytes(b"title: x\ntitle: y\n")
    with pytest.raises(ContentError) as caught:
        safe_yaml.load_documents(path)
    assert caught.value.where == f"{path}:2"


def test_what_is_no_file_is_refused(tmp_path: Path):
    fifo = tmp_path / "pipe.yml"
    os.mkfifo(fifo)
    for path in (tmp_path, tmp_path / "absent.yml", fifo):
        with pytest.raises(ContentError, match="not a file"):
            safe_yaml.load_documents(path)


def test_a_huge_file_is_not_read_whole(tmp_path: Path):
    path = tmp_path / "huge.yml"
    with path.open("wb") as file:
        file.truncate(safe_yaml.MAX_BYTES * 1000)
    with pytest.raises(ContentError, match="larger than"):
        safe_yaml.load_documents(path)


@given(st.one_of(st.binary(max_size=200), st.text("[]{}&*a:,- \n!'\"|>?%#1.~<=", max_size=200)))
def test_any_text_gives_documents_or_a_content_error(text: bytes | str):
    data = text.encode() if isinstance(text, str) else text
    try:
        documents = safe_yaml.load_documents(data)
    except ContentError:
        documents = []
    assert all(document is not None and line >= 1 for document, line in documents)
