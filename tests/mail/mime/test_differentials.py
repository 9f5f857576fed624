"""One file and one name, hidden in hundreds of ways: what is not found is named here."""

from __future__ import annotations

import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.mail.files.kinds import extension
from exward.mail.mime.encodings import MAX_FRAMES, uuencoded
from exward.mail.mime.parser import parse
from tests.mail.letters import facts
from tests.mail.mime import (
    hidden_codes,
    hidden_files,
    hidden_name_oddities,
    hidden_names,
    hidden_oddities,
)
from tests.mail.mime.hidden_files import EVIL

CONTENTS = [
    *hidden_files.variants(),
    *hidden_codes.variants(),
    *hidden_oddities.variants(),
]
NAMES = [*hidden_names.variants(), *hidden_name_oddities.variants()]
NOT_FOUND = {
    # No program is known that takes a colon for an equals sign.
    "parameter: filename: a colon",
    "parameter: name: a colon",
    # A description is a name only where there is no other.
    "header field: a description and another name",
    # No mail program of today reads these.
    "layers: xxencoded",
    "layers: BinHex",
    "layers: BinHex in a text",
    # A mail server makes line ends of it before anybody reads it.
    "line ends: the other way round",
    # No file system would take it for the name.
    "encoded words: base64 of base64",
    "encoded words: a very long word",
    "letters: a backspace",
    "letters: a code of C",
    "letters: overlong UTF-8",
}


def is_found(raw):
    """Whether the file is among those that the checks see."""
    return any(EVIL in file.data for file in facts(raw).files)


def is_named(raw):
    names = [name for part in parse(raw).parts for name in part.names]
    return any("evil" in name and extension(name) == "exe" for name in names)


def families(variants):
    return list(dict.fromkeys(one.family for one in variants))


@pytest.mark.parametrize("family", families(CONTENTS))
def test_content_is_found_however_it_hides(family):
    hidden = [one for one in CONTENTS if one.family == family]
    missed = {f"{family}: {one.what}" for one in hidden if not is_found(one.raw)}
    assert missed == {one for one in NOT_FOUND if one.startswith(f"{family}: ")}


@pytest.mark.parametrize("family", families(NAMES))
def test_names_are_found_however_they_hide(family):
    hidden = [one for one in NAMES if one.family == family]
    missed = {f"{family}: {one.what}" for one in hidden if not is_named(one.raw)}
    assert missed == {one for one in NOT_FOUND if one.startswith(f"{family}: ")}


@given(st.sampled_from([*CONTENTS, *NAMES]), st.binary(max_size=8), st.integers(0, 2000))
def test_damage_costs_no_message(variant, junk, at):
    assert parse(variant.raw[:at] + junk + variant.raw[at:]).parts


def test_there_are_many_and_all_are_different():
    assert len({one.raw for one in CONTENTS}) > 400
    assert len({one.raw for one in NAMES}) > 350
    labels = [(one.family, one.what) for one in (*CONTENTS, *NAMES)]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize(
    "body",
    [
        "begin 2 weeks before the start of the course\nand read all of it.\n",
        "Begin  with a cup of tea.\n\nMean what you say.\n",
        "We =ybegin nothing here =yend\n",
        "Let me see: 100 %20 % of base64, and ==== a line.\n",
    ],
)
def test_ordinary_text_holds_no_file(body):
    message = parse(f"{hidden_files.HEAD.decode()}\r\n{body}".encode())
    assert len(message.parts) == 1
    assert message.ambiguities == ()


def test_a_file_ends_where_the_next_begins_and_their_number_is_bounded():
    piece = b"begin 644 a\n" + binascii.b2a_uu(b"x" * 45)
    found = uuencoded(piece * (MAX_FRAMES + 50))
    assert [len(content) for _, content in found] == [45] * MAX_FRAMES
