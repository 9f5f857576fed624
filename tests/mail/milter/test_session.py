"""The protocol with lists: what a server sends, what it gets."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exward.mail.authentication.check import Envelope
from exward.mail.banner import Banner
from exward.mail.milter import packets, session
from exward.mail.milter.decision import FilterOptions, decide, unjudged
from exward.mail.milter.packets import Packet, ProtocolError, encode
from exward.mail.milter.session import Closed, Letter, Session
from exward.mail.settings import MailSettings
from tests.mail.letters import attached

ALL_FLAGS = 0x1FFFFF
OPTIONS = encode(Packet(b"O", struct.pack("!III", 6, 0x1FF, ALL_FLAGS)))
CONNECT = encode(Packet(b"C", b"mx.example\x004\x00\x19" + b"192.0.2.1\0"))
MACROS = encode(Packet(b"D", b"Mi\x004ABC\0{auth}\0x\0"))
ENVELOPE = (encode(Packet(b"H", b"mx.example\0")) + encode(Packet(b"M", b"<a@b.example>\0SIZE=1\0"))
            + encode(Packet(b"R", b"<c@d.example>\0")))  # fmt: skip
OURS = FilterOptions(server_name="mx.contoso.example", subject_tag="[!]")


def wire(raw):
    """A message as packets from header to end."""
    head, _, body = raw.partition(b"\r\n\r\n")
    out = b""
    for line in head.replace(b"\r\n\t", b"\n\t").split(b"\r\n"):
        name, _, value = line.partition(b":")
        out += encode(Packet(b"L", name + b"\0" + value + b"\0"))
    out += encode(Packet(b"N")) + encode(Packet(b"B", body)) + encode(Packet(b"E"))
    return out


def letter_of(raw):
    found = Session().receive(OPTIONS + CONNECT + MACROS + ENVELOPE + wire(raw))
    return next(one for one in found if isinstance(one, Letter))


RAW = b"From: Ann <a@b.example>\r\nSubject:  two\r\n\tlines\r\n\r\nHello\r\n"


class TestSession:
    def test_options_are_what_both_can(self):
        (answer,) = Session().receive(OPTIONS)
        assert answer == packets.options_packet(6, session.ACTIONS, session.WANTED)
        old = encode(Packet(b"O", struct.pack("!III", 2, 0x1, 0)))
        assert Session().receive(old) == [packets.options_packet(2, 1, 0)]

    def test_the_letter_is_what_was_sent_byte_for_byte(self):
        letter = letter_of(RAW)
        assert letter.raw == RAW
        assert letter.envelope == Envelope("192.0.2.1", "mx.example", "a@b.example")
        assert letter.queue_id == "4ABC"

    def test_nothing_is_answered_where_nobody_waits(self):
        found = Session().receive(OPTIONS + CONNECT + MACROS + ENVELOPE + wire(RAW))
        assert [type(one) for one in found] == [Packet, Letter]

    def test_an_old_server_is_answered_each_time(self):
        old = encode(Packet(b"O", struct.pack("!III", 2, 0x1, 0)))
        found = Session().receive(old + CONNECT + ENVELOPE + wire(RAW))
        assert found.count(Packet(b"c")) == 8
        assert isinstance(found[-1], Letter)

    def test_several_messages_share_a_connection_and_nothing_else(self):
        one = Session()
        found = one.receive(OPTIONS + CONNECT + ENVELOPE + wire(RAW))
        found += one.receive(encode(Packet(b"M", b"<>\0")) + wire(b"A: b\r\n\r\n"))
        letters = [item for item in found if isinstance(item, Letter)]
        assert letters[1].envelope == Envelope("192.0.2.1", "mx.example", "")
        assert letters[1].raw == b"A: b\r\n\r\n"

    def test_an_aborted_message_is_forgotten(self):
        one = Session()
        one.receive(OPTIONS + ENVELOPE + wire(RAW)[:-5] + encode(Packet(b"A")))
        found = one.receive(encode(Packet(b"M", b"<x@y>\0")) + wire(b"A: b\r\n\r\n"))
        assert [item.raw for item in found if isinstance(item, Letter)] == [b"A: b\r\n\r\n"]

    def test_quitting(self):
        assert isinstance(Session().receive(encode(Packet(b"Q")))[0], Closed)
        assert Session().receive(encode(Packet(b"K"))) == []

    def test_a_large_message_is_bounded(self, monkeypatch):
        monkeypatch.setattr(session, "MAX_LETTER_BYTES", 1000)
        assert len(letter_of(RAW + b"x" * 5000).raw) == 1000

    def test_what_is_dropped_is_kept_no_longer_and_the_next_is(self):
        one = Session()
        one.receive(OPTIONS + ENVELOPE + wire(RAW)[:-5])
        assert len(RAW) < one.size < len(RAW) + len(ENVELOPE)
        one.drop()
        assert one.size == 0
        found = one.receive(encode(Packet(b"B", b"more")) + encode(Packet(b"E")))
        one.drop()
        found += one.receive(ENVELOPE + wire(RAW))
        letters = [item for item in found if isinstance(item, Letter)]
        assert [(item.is_dropped, item.raw) for item in letters] == [(True, b""), (False, RAW)]

    def test_recipients_are_part_of_its_size(self):
        one = Session()
        recipient = encode(Packet(b"R", b"<" + b"a" * 10_000 + b"@b>\0"))
        one.receive(OPTIONS + ENVELOPE + recipient * 10)
        assert one.size > 100_000
        one.drop()
        one.receive(recipient * 10)
        assert one.size == 0
        (letter,) = [item for item in one.receive(wire(RAW)) if isinstance(item, Letter)]
        assert (letter.is_dropped, letter.recipients) == (True, ())

    def test_what_a_client_calls_itself_is_bounded(self):
        one = Session()
        names = encode(Packet(b"H", b"h" * 100_000 + b"\0"))
        names += encode(Packet(b"C", b"host\x004\0\x19" + b"1" * 100_000 + b"\0"))
        found = one.receive(OPTIONS + ENVELOPE + names + wire(RAW))
        (letter,) = [item for item in found if isinstance(item, Letter)]
        assert len(letter.envelope.helo) == len(letter.envelope.client) == session.MAX_HOST

    def test_names_of_headers_are_bounded(self, monkeypatch):
        monkeypatch.setattr(session, "MAX_HEADER_NAMES", 3)
        letter = letter_of(b"A: 1\r\nB: 1\r\nA: 1\r\nC: 1\r\nD: 1\r\nX-Exward-Verdict: x\r\n\r\n")
        assert letter.header_counts == {"a": 2, "b": 1, "c": 1}
        decision = decide(letter, MailSettings(), OURS, None)
        assert [one.command for one in decision.answer] == [b"y"]

    @settings(deadline=None)
    @given(st.binary(max_size=200))
    def test_bytes_arrive_in_any_pieces(self, cut):
        whole = OPTIONS + CONNECT + MACROS + ENVELOPE + wire(RAW)
        one, found, at = Session(), [], 0
        for size in [*(byte % 50 + 1 for byte in cut), len(whole)]:
            found += one.receive(whole[at : at + size])
            at += size
        assert [item.raw for item in found if isinstance(item, Letter)] == [RAW]

    @settings(deadline=None)
    @given(st.binary(max_size=100))
    def test_junk_ends_the_connection_or_is_answered(self, junk):
        one = Session()
        try:
            one.receive(junk)
        except ProtocolError:
            return
        one.receive(b"")

    @pytest.mark.parametrize("length", [0, packets.MAX_PACKET_BYTES + 1, 0xFFFFFFFF])
    def test_a_length_that_cannot_be(self, length):
        with pytest.raises(ProtocolError):
            Session().receive(struct.pack("!I", length) + b"x")


class TestDecision:
    def test_who_is_not_judged_carries_nobodys_word(self):
        forged = b"X-Exward-Verdict: deliver\r\nAuthentication-Results: mx; dmarc=pass\r\n"
        assert unjudged(letter_of(forged + RAW)) == (
            packets.change_header(1, "X-Exward-Verdict", ""),
            packets.change_header(1, "Authentication-Results", ""),
            packets.insert_header(0, "X-Exward-Verdict", " not-judged"),
            Packet(b"c"),
        )
        assert [one.command for one in unjudged(letter_of(forged * 51 + RAW))] == [b"y"]

    def test_what_is_good_goes_on_with_headers(self):
        decision = decide(letter_of(RAW), MailSettings(), OURS, None)
        assert decision.answer[-1] == Packet(b"c")
        added = b"".join(one.data for one in decision.answer if one.command == b"i")
        assert b"X-Exward-Verdict\0 deliver\0" in added

    def test_what_is_bad_is_tagged_and_held(self):
        raw = attached(b"MZ" + bytes(64), "a.exe", Subject="Rechnung für Sie")
        answer = decide(letter_of(raw), MailSettings(), OURS, None).answer
        commands = [one.command for one in answer]
        assert b"q" in commands
        subject = next(one for one in answer if b"Subject" in one.data)
        assert subject.data.startswith(b"\0\0\0\x01Subject\0 =?utf-8?")

    def test_what_is_worst_is_refused_or_held(self):
        settings = MailSettings(block=frozenset({"b.example"}))
        assert decide(letter_of(RAW), settings, OURS, None).answer[0].data.startswith(b"550 5.7.1")
        kind = FilterOptions(server_name="x", may_reject=False)
        assert b"q" in [one.command for one in decide(letter_of(RAW), settings, kind, None).answer]

    def test_forged_headers_of_ours_are_taken_out(self):
        forged = b"X-Exward-Verdict: deliver\r\nX-Exward-Verdict: deliver\r\n" + RAW
        answer = decide(letter_of(forged), MailSettings(), OURS, None).answer
        removed = [one.data for one in answer if one.command == b"m"]
        assert removed[:2] == [b"\0\0\0\x02X-Exward-Verdict\0\0", b"\0\0\0\x01X-Exward-Verdict\0\0"]

    def test_results_are_added_and_forged_ones_taken_out(self):
        class Nothing:
            def lookup(self, name, kind):
                return []

        forged = (b"Authentication-Results: other.example; dmarc=pass\r\n"
                  b"Authentication-Results: mx.contoso.example; dmarc=pass\r\n" + RAW)  # fmt: skip
        answer = decide(letter_of(forged), MailSettings(), OURS, Nothing()).answer
        changed = [one.data for one in answer if one.command == b"m"]
        assert changed == [b"\0\0\0\x02Authentication-Results\0\0"]
        assert any(b"mx.contoso.example;\n\tspf=none" in one.data for one in answer)

    @pytest.mark.parametrize("name", [
        "mx.contoso.example", "MX.Contoso.example 1", "(a) mx.contoso.example",
        '"mx.contoso.example"', "((a) b) mx.contoso.example",
    ])  # fmt: skip
    def test_results_in_our_name_are_neither_believed_nor_kept_where_nobody_checks(self, name):
        trusting = MailSettings(trusted_authserv_ids=frozenset({"mx.contoso.example"}),
                                allow=frozenset({"b.example"}))  # fmt: skip
        forged = f"Authentication-Results: {name}; dmarc=fail\r\n".encode() + RAW
        decision = decide(letter_of(forged), trusting, OURS, None)
        assert b"\0\0\0\x01Authentication-Results\0\0" in [one.data for one in decision.answer]
        assert decision.verdict is not None
        assert not any(one.check == "authentication" for one in decision.verdict.reasons)

    def test_a_server_that_is_trusted_and_not_us_is_believed(self):
        trusting = MailSettings(trusted_authserv_ids=frozenset({"inner.contoso.example"}))
        told = b"Authentication-Results: inner.contoso.example; dmarc=fail\r\n" + RAW
        decision = decide(letter_of(told), trusting, OURS, None)
        assert decision.verdict is not None
        assert any(one.check == "authentication" for one in decision.verdict.reasons)

    @pytest.mark.parametrize("name", [b"Authentication-Results", b"X-Exward-Verdict"])
    def test_headers_of_filters_by_the_thousand_are_refused(self, name):
        decision = decide(letter_of((name + b": a\r\n") * 5000 + RAW), MailSettings(), OURS, None)
        assert [one.command for one in decision.answer] == [b"y"]
        assert decision.answer[0].data.startswith(b"550 5.6.0")

    def test_a_subject_of_half_a_letter_is_tagged_as_any(self):
        raw = attached(b"MZ" + bytes(64), "a.exe", Subject="=?utf-7?Q?+2AA-?= x")
        answer = decide(letter_of(raw), MailSettings(), OURS, None).answer
        assert b"Subject" in b"".join(one.data for one in answer if one.command == b"m")


class TestBanner:
    SETTINGS = MailSettings(banner=Banner("Careful"), block=frozenset({"bad.example"}))
    DOUBTFUL = attached(b"MZ" + bytes(200_000), "a.exe")

    def answer(self, letter):
        return decide(letter, self.SETTINGS, OURS, None).answer

    def test_the_body_of_what_is_not_clean_begins_with_it(self):
        body = b"".join(one.data for one in self.answer(letter_of(self.DOUBTFUL))
                        if one.command == b"b")  # fmt: skip
        _, _, before = self.DOUBTFUL.partition(b"\r\n\r\n")
        assert body.replace(b"Careful\r\n\r\n", b"") == before
        assert body != before

    def test_pieces_are_as_large_as_the_server_takes(self):
        pieces = [len(one.data) for one in self.answer(letter_of(self.DOUBTFUL))
                  if one.command == b"b"]  # fmt: skip
        assert pieces[:-1] == [packets.MAX_BODY_BYTES] * (len(pieces) - 1)

    def test_what_is_clean_or_refused_stays(self):
        bad = RAW.replace(b"b.example", b"bad.example")
        for raw in (RAW, bad):
            assert b"b" not in [one.command for one in self.answer(letter_of(raw))]

    def test_a_message_of_which_the_end_is_missing_is_never_replaced(self, monkeypatch):
        monkeypatch.setattr(session, "MAX_LETTER_BYTES", 100_000)
        letter = letter_of(self.DOUBTFUL)
        assert letter.is_cut
        assert b"b" not in [one.command for one in self.answer(letter)]

    def test_a_server_that_does_not_allow_it(self):
        no_body = encode(Packet(b"O", struct.pack("!III", 6, 0x1FF & ~0x2, ALL_FLAGS)))
        found = Session().receive(no_body + ENVELOPE + wire(self.DOUBTFUL))
        letter = next(one for one in found if isinstance(one, Letter))
        assert b"b" not in [one.command for one in self.answer(letter)]
