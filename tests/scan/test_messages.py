"""Many messages at once: as with one process, and a message that kills costs itself only."""

from __future__ import annotations

import os

import pytest

from exward.engines import local
from exward.mail.history.store import History
from exward.mail.settings import MailSettings, Rule
from exward.mail.verdict import judge
from exward.scan import mail_work
from exward.scan.mail_advisers import MailOptions
from exward.scan.messages import check_mail
from tests.mail.files.test_files import page_with_code
from tests.mail.letters import attached, letter

DEADLY = "Deadly"
FROM = b"From a@b Mon Jan  5 10:00:00 2026\n"


def boxed(folder, messages):
    """The messages as one mbox, between a file that is no mail and one that is damaged."""
    (folder / "a.txt").write_bytes(b"no mail")
    (folder / "b.mbox").write_bytes(
        b"".join(FROM + one.replace(b"\r\n", b"\n") + b"\n" for one in messages)
    )
    (folder / "c.msg").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    return [str(folder)]


def test_any_number_of_processes_gives_the_same(tmp_path):
    long = [attached(b"MZ" + bytes(500_000), "a.exe", Subject="half \udcff".encode(
        "utf-8", "surrogatepass").decode("latin-1"))]  # fmt: skip
    paths = boxed(tmp_path, long + [letter(f"{n}\n", Subject=f"No {n}") for n in range(20)])
    one, three = (check_mail(paths, MailSettings(), MailOptions(jobs=jobs)) for jobs in (1, 3))
    assert one == three
    assert [message.path.rpartition("#")[2] for message in one.messages] == [
        str(number) for number in range(1, 22)
    ]
    assert (len(one.skipped), one.files_not_mail, one.interrupted) == (1, 1, False)


@pytest.mark.skipif(local.METHOD != "fork", reason="only a forked process has what was replaced")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_message_that_kills_its_process_is_not_judged_and_the_others_are(
    jobs, tmp_path, monkeypatch
):

    def deadly(message, *given):
        return os._exit(9) if message.first("subject") == DEADLY else judge(message, *given)

    monkeypatch.setattr(mail_work, "judge", deadly)
    subjects = ["a", DEADLY, "b", DEADLY, "c"]
    paths = boxed(tmp_path, [letter(Subject=one) for one in subjects])
    result = check_mail(paths, MailSettings(), MailOptions(jobs=jobs))
    assert [one.subject for one in result.messages] == ["a", "b", "c"]
    lost = [one for one in result.skipped if "not judged" in one.reason]
    assert [(one.source.rpartition("#")[2], one.count) for one in lost] == [("2", 1), ("4", 1)]
    assert "exit code 9" in lost[0].reason


def test_pages_of_a_pdf_are_drawn_in_a_process_of_the_process(tmp_path):
    paths = boxed(tmp_path, [attached(page_with_code(1), "scan.pdf")] * 2)
    rule = Rule(name="code", place="link", pattern=r"a\.example", weight=9.0)
    result = check_mail(paths, MailSettings(rules=(rule,)), MailOptions(jobs=1))
    told = [[one.weight for one in message.reasons if one.check == "user-lists"]
            for message in result.messages]  # fmt: skip
    assert told == [[9.0], [9.0]]


def test_it_can_be_stopped_and_says_so(tmp_path):
    paths = boxed(tmp_path, [letter(Subject=str(number)) for number in range(50)])
    judged: list[int] = []
    result = check_mail(
        paths, MailSettings(), MailOptions(jobs=1), lambda: len(judged) >= 3, judged.append
    )
    assert result.interrupted
    assert 3 <= len(result.messages) < 50


def test_what_is_learned_is_learned_in_order(tmp_path):
    history = str(tmp_path / "h.sqlite")
    paths = boxed(tmp_path, [letter()])
    check_mail(paths, MailSettings(), MailOptions(history=history, learns=True, jobs=4))
    with_it = check_mail(paths, MailSettings(), MailOptions(history=history, jobs=2))
    assert len(with_it.messages) == 1
    kept = History(history, learns=False)
    try:
        assert kept.ask(sender_of(letter()), ["bob@fabrikam.example"]).days == 1
    finally:
        kept.close()


def sender_of(raw):
    from exward.mail.addresses import parse_mailbox
    from exward.mail.mime.parser import parse

    return parse_mailbox(parse(raw).first("from"))
