"""Files: what is written is read back, whatever is in it; what is not ours is not read."""

from __future__ import annotations

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.mail.quarantine import files
from exward.mail.quarantine.files import HELD, DamagedFileError
from exward.model.quarantine import Holding
from tests.mail.quarantine.made import HOSTILE, hold

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(TEXTS, TEXTS, st.binary(max_size=200))
def test_head_and_message_come_back(tmp_path_factory, subject, sender, raw):
    folder = tmp_path_factory.mktemp("q")
    files.make_folder(folder)
    message_id = files.identity(sender, ("a@b",), raw)
    holding = Holding(id=message_id, held_at=1, mail_from=sender, recipients=("a@b",),
                      subject=subject)  # fmt: skip
    files.write_message(folder, holding, raw)
    path = files.path_of(folder, HELD, message_id)
    assert files.read_message(path) == (holding, raw)
    assert files.read_envelope(path) == holding
    assert files.is_whole(holding, raw)


@pytest.mark.parametrize("raw", [b" }\r\nX: y\r\n\r\n", b"", b" folded\r\n }\r\n", b"\r\n\r\n"])
def test_a_message_cannot_reach_into_the_head(tmp_path, raw):
    files.make_folder(tmp_path)
    holding = Holding(id=files.identity("", ("a@b",), raw), held_at=1, mail_from="",
                      recipients=("a@b",), subject=HOSTILE)  # fmt: skip
    files.write_message(tmp_path, holding, raw)
    path = files.path_of(tmp_path, HELD, holding.id)
    assert files.read_message(path) == (holding, raw)
    assert all(byte < 0x7F for byte in files.head_of(holding))


@pytest.mark.parametrize(
    "data",
    [b"", b"From: a\r\n\r\n", b"X-Exward-Held:\r\n {\r\n", b"X-Exward-Held:\r\n {\r\n }\r\n",
     b"X-Exward-Held:\r\n \xff\r\n }\r\n"],
)  # fmt: skip
def test_what_is_damaged_is_said(tmp_path, data):
    path = tmp_path / f"{'0' * 32}.eml"
    path.write_bytes(data)
    for read in (files.read_message, files.read_envelope):
        with pytest.raises(DamagedFileError):
            read(path)


def test_a_file_under_another_name_is_not_believed(tmp_path):
    holding = hold(tmp_path)
    path = files.path_of(tmp_path, HELD, holding.id)
    with pytest.raises(DamagedFileError):
        files.read_envelope(path.rename(path.with_stem("f" * 32)))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "", "A" * 32, "0" * 31, "0" * 31 + "/", "0" * 32 + "\n"]
)
def test_only_ids_become_paths(tmp_path, name):
    with pytest.raises(ValueError, match="not the id"):
        files.path_of(tmp_path, HELD, name)


def test_nothing_is_left_of_a_write_that_fails(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    files.make_folder(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        hold(tmp_path)
    assert [*tmp_path.rglob("*.*")] == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_others_may_not_read(tmp_path):
    holding = hold(tmp_path / "q")
    path = files.path_of(tmp_path / "q", HELD, holding.id)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_ids_depend_on_envelope_and_content():
    one = files.identity("a", ("b", "c"), b"x")
    assert one == files.identity("a", ("c", "b"), b"x")
    others = [("a", ("b",), b"x"), ("a", ("bc",), b"x"), ("ab", ("c",), b"x"),
              ("a", ("b", "c"), b"y")]  # fmt: skip
    assert len({one, *(files.identity(*each) for each in others)}) == 5
