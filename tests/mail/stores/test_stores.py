"""Every kind of store, read through `exward mail check`'s own way in."""

from __future__ import annotations

import zipfile

import pytest

from exward.mail.settings import MailSettings
from exward.mail.stores import registry
from exward.scan.messages import check_mail, is_mail
from tests.mail.letters import letter

FROM = b"From a@b Mon Jan  5 10:00:00 2026\n"


def paths(*given):
    result = check_mail([str(one) for one in given], MailSettings())
    return [one.path.rpartition("/")[2] for one in result.messages], result


def test_files_folders_and_archives(tmp_path):
    (tmp_path / "a.eml").write_bytes(letter("x"))
    (tmp_path / "no-mail.txt").write_bytes(b"hello\n")
    box = tmp_path / "Maildir" / "new"
    box.mkdir(parents=True)
    (box / "1.host").write_bytes(b"no header at all")
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("in/b.eml", letter("y"))
    found, result = paths(tmp_path)
    assert sorted(found) == ["1.host", "a.eml", "b.eml"]
    assert result.files_not_mail == 1
    assert result.skipped == ()


def test_mbox_messages_are_numbered_and_quoting_is_undone(tmp_path):
    one = letter("\n>From the start\n").replace(b"\r\n", b"\n")
    (tmp_path / "box").write_bytes(FROM + one + b"\n" + FROM + one + b"\nFrom nowhere\n")
    found, result = paths(tmp_path / "box")
    assert found == ["box#1", "box#2"]
    (tmp_path / "single").write_bytes(FROM + one)
    assert paths(tmp_path / "single")[0] == ["single"]
    assert all(one.subject == "Minutes of Monday" for one in result.messages)


def test_a_damaged_msg_file_is_skipped(tmp_path):
    (tmp_path / "a.msg").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    found, result = paths(tmp_path)
    assert found == []
    assert [one.source.endswith("a.msg") for one in result.skipped] == [True]


@pytest.mark.parametrize("store", registry.stores(), ids=lambda one: one.NAME)
def test_a_store_recognises_no_shreds(store):
    assert not any(store.recognises("x", head) for head in (b"", b"\0", b"From", b"a: b", b"\xff"))


def test_what_is_mail():
    assert is_mail("x", letter("x")[:64])
    assert not is_mail("x", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
