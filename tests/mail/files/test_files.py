"""What attachments are, what is in them, and that none of them costs too much."""

from __future__ import annotations

import gzip
import io
import re
import struct
import tarfile
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from exward.mail.checks import bank_change
from exward.mail.files import aside, pdf, pdf_pages
from exward.mail.files import explode as exploding
from exward.mail.files.aside import Aside
from exward.mail.files.explode import Budget, explode
from exward.mail.files.images import codes_in, qr_texts
from exward.mail.files.kinds import extension, file_kind, is_disguised
from exward.mail.files.office import decompress, external_targets, read_ole, read_ooxml
from exward.mail.files.pdf import read_pdf
from exward.mail.files.pdf_pages import draw_pages, page_texts
from exward.mail.files.pdf_read import seen_in
from tests.mail.letters import attached, facts


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def paths(name, data, **limits):
    return [(one.path, one.kind) for one in explode("1", (name,), data, Budget(**limits))]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"MZ\x90", "pe"), (b"%PDF-1.7", "pdf"), (b"junk %PDF-1.7", "pdf"),
        (b"Rar!\x1a\x07\0", "rar"),
        (b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F", "lnk"), (b"{\\rt1", "rtf"),
        (bytes(32769) + b"CD001", "iso"), (bytes(100) + b"conectix" + bytes(504), "vhd"),
        (b"<html><body>", "html"), (b"  <!DOCTYPE html>", "html"),
        (b"<?xml version='1'?><svg>", "svg"),
        (b"[InternetShortcut]\r\nURL=x", "shortcut"), (b"@echo off\r\ndel x", "script"),
        (b"Hello, world", "text"), (b"\0\1\2\3\4\5", "unknown"), (b"", "text"),
        (zipped(a=b"x"), "zip"), (zipped(**{"[Content_Types].xml": b"x"}), "ooxml"),
    ],
)  # fmt: skip
def test_kinds_are_told_by_content(data, kind):
    assert file_kind(data) == kind


def test_names():
    assert extension("a.PDF. ") == "pdf"
    assert extension("no-dot") == ""
    assert is_disguised("a.pdf", "html")
    assert not is_disguised("a.doc", "rtf")


STARTS = [
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"BZh9",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\xfd7zXZ\0",
]


class TestExplode:
    def test_archives_in_archives(self):
        inner = zipped(**{"x.exe": b"MZ"})
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w") as archive:
            entry = tarfile.TarInfo("in.zip")
            entry.size = len(inner)
            archive.addfile(entry, io.BytesIO(inner))
        found = paths("a.tgz", gzip.compress(tar.getvalue()))
        assert [kind for _, kind in found] == ["gzip", "tar", "zip", "pe"]
        assert found[-1][0] == "1!!in.zip!x.exe"

    def test_depth_is_bounded(self):
        data = b"MZ"
        for _ in range(exploding.MAX_DEPTH + 3):
            data = zipped(**{"a.zip": data})
        assert len(paths("a.zip", data)) <= exploding.MAX_DEPTH + 2

    def test_number_and_size_are_bounded(self):
        assert len(paths("a.zip", zipped(**{f"n{n}": b"x" for n in range(300)}), files=50)) <= 51
        bomb = zipped(**{f"n{n}": bytes(1_000_000) for n in range(20)})
        sizes = [one.size_bytes for one in explode("1", ("b",), bomb, Budget(total=3_000_000))]
        assert sum(sizes) < 4_000_000

    def test_a_locked_archive_is_told(self):
        data = bytearray(zipped(a=b"secret"))
        data[6] |= 1
        data[data.index(b"PK\x01\x02") + 8] |= 1
        assert [one.is_encrypted for one in explode("1", ("a.zip",), bytes(data), Budget())] == [
            True
        ]

    @settings(deadline=None)
    @given(st.binary(max_size=100), st.sampled_from(STARTS))
    def test_damage_is_no_error(self, junk, start):
        assert list(explode("1", ("a",), start + junk, Budget()))


class TestPdf:
    def test_names_in_any_writing_and_packed_objects(self):
        packed = zlib.compress(
            b"<</S/JavaScript/JS(app.alert())>> <</URI(http://a.example/\\(x\\))>>"
        )
        head, tail = (
            b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode>>stream\n",
            b"\nendstream endobj 2 0 obj",
        )
        data = head + packed + tail + b"<</OpenAction<</S/L#61unch>>/Type/Page>>"
        found = read_pdf(data)
        assert {"JavaScript", "Launch", "OpenAction"} <= found.actions
        assert found.urls == ("http://a.example/(x)",)
        assert found.pages == 1

    def test_any_letter_of_a_name_may_be_its_number(self):
        found = read_pdf(
            b"%PDF /#4a#53 /#4C#61unch /T#79pe /P#61ge /Type /Pages /U#52I (http://a/#41)"
        )
        assert found.actions == {"JS", "Launch"}
        assert (found.pages, found.urls) == (1, ("http://a/#41",))

    @pytest.mark.parametrize("hostile", [b"#41", b"/JS ", b"/Type/Page ", b"/URI(%d)"])
    def test_the_memory_does_not_grow_with_what_is_found(self, hostile):
        data = b"%PDF-1.7 " + b"".join(hostile.replace(b"%d", b"%d" % n) for n in range(100_000))
        tracemalloc.start()
        found = read_pdf(data)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < len(data)
        assert len(found.urls) <= pdf.MAX_URLS

    @settings(deadline=None)
    @given(st.binary(max_size=200))
    def test_junk(self, junk):
        read_pdf(b"%PDF-1.7 obj<</Filter/FlateDecode>>stream\n" + junk)

    def test_a_stream_without_an_end_is_read_within_its_bound(self, monkeypatch):
        packed = zlib.compress(b"<</S/Launch>>")
        data = b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode>>stream\n" + packed + bytes(1000)
        assert "Launch" in read_pdf(data).actions
        monkeypatch.setattr(pdf, "MAX_PACKED_BYTES", 5)
        assert "Launch" not in read_pdf(data).actions


class TestOffice:
    def test_a_text_that_copies_from_itself(self):
        # MS-OVBA 2.4.1: header with size - 3, then flags, three letters, and a token: three back,
        # six letters (four bits of offset here).
        chunk = b"\x08abc" + ((2 << 12) | 3).to_bytes(2, "little")
        header = (0xB000 | (len(chunk) + 2 - 3)).to_bytes(2, "little")
        assert decompress(b"\x01" + header + chunk, 0) == b"abcabcabc"

    @settings(deadline=None)
    @given(st.binary(max_size=100))
    def test_junk(self, junk):
        decompress(b"\x01" + junk, 0)
        read_ole(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + junk)

    def test_a_package_with_macros_and_a_template_from_elsewhere(self):
        rels = (b'<Relationship Type="http://x/attachedTemplate" Target="http://a.example/t.dotm" '
                b'TargetMode="External"/>')  # fmt: skip
        assert external_targets({"word/_rels/settings.xml.rels": rels}) == [
            ("attachedTemplate", "http://a.example/t.dotm")
        ]
        assert read_ooxml(["word/vbaProject.bin"], {}).has_macros


def page_with_code(tiles):
    """A PDF whose code is one picture, or two that only the page puts together."""
    import zxingcpp

    code = zxingcpp.create_barcode("https://a.example/x", zxingcpp.BarcodeFormat.QRCode)
    picture = Image.fromarray(code.to_image(scale=1)).convert("L")
    side, size = picture.width, 4 * picture.width
    step = side // tiles
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    names = b"".join(b"/P%d %d 0 R" % (n, 5 + n) for n in range(tiles))
    objects.append(
        b"<</Type/Page/Parent 2 0 R/MediaBox [0 0 612 792]/Contents 4 0 R"
        b"/Resources<</XObject<<" + names + b">>>>>>"
    )
    bounds = [(n * step, side if n == tiles - 1 else (n + 1) * step) for n in range(tiles)]
    drawn = b"".join(
        b"q %d 0 0 %d %d 300 cm /P%d Do Q\n" % ((right - left) * 4, size, 100 + left * 4, n)
        for n, (left, right) in enumerate(bounds)
    )
    objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
    for left, right in bounds:
        data = picture.crop((left, 0, right, side)).tobytes()
        objects.append(
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray"
            b"/BitsPerComponent 8/Length %d>>stream\n"
            % (right - left, side, len(data))
            + data
            + b"\nendstream"
        )
    out = b"%PDF-1.4\n"
    for number, body in enumerate(objects, start=1):
        out += b"%d 0 obj%s endobj\n" % (number, body)
    return out + b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF" % (len(objects) + 1)


def page_with_words(*lines):
    """A PDF of one page with these lines."""
    drawn = b"BT /F1 12 Tf 14 TL 72 720 Td\n"
    drawn += b"".join(b"(%s) Tj T*\n" % line.encode("latin-1") for line in lines) + b"ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox [0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    out = b"%PDF-1.4\n"
    for number, body in enumerate(objects, start=1):
        out += b"%d 0 obj%s endobj\n" % (number, body)
    return out + b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF" % (len(objects) + 1)


class TestWords:
    """What a PDF says is read as what the message says, by the checks that look for wishes."""

    def test_words_of_a_page(self):
        data = page_with_words("Our bank account has changed.", "Please pay the invoice there.")
        assert "Our bank account has changed." in "".join(page_texts(data))
        found = facts(attached(data, "letter.pdf"))
        assert "bank account has changed" in found.written
        assert "bank account" not in found.text
        assert [sign.weight for sign in bank_change.find(found)] == [3.0]

    def test_words_are_bounded(self, monkeypatch):
        data = page_with_words("a" * 50, "b" * 50)
        monkeypatch.setattr(pdf_pages, "MAX_TEXT", 20)
        assert len("".join(page_texts(data))) <= 20
        monkeypatch.setattr(pdf_pages, "MAX_S", -1.0)
        assert list(page_texts(data)) == []
        monkeypatch.setattr(pdf_pages, "MAX_BYTES", 10)
        assert list(page_texts(data)) == []

    def test_words_are_kept_where_drawing_takes_too_long(self, monkeypatch):
        class Slow(Aside):
            def ask(self, act, data):
                yield from [next(super().ask(act, data))]
                raise TimeoutError

        reader = Slow()
        assert seen_in([page_with_words("Hello there")] * 2, reader).text == "Hello there"
        reader.close()


class TestImages:
    def test_a_code_is_read(self):
        import zxingcpp

        code = zxingcpp.create_barcode("https://a.example/x", zxingcpp.BarcodeFormat.QRCode)
        picture = Image.fromarray(code.to_image(scale=6))
        out = io.BytesIO()
        picture.convert("RGB").save(out, "PNG")
        assert qr_texts(out.getvalue(), "png") == ["https://a.example/x"]

    @pytest.mark.parametrize("tiles", [1, 2])
    def test_a_code_on_a_page_is_read_also_in_pieces(self, tiles):
        data = page_with_code(tiles)
        assert [text for page in draw_pages(data) for text in codes_in(page)] == [
            "https://a.example/x"
        ]
        raw = attached(data, "scan.pdf")
        assert [link.url.host for link in facts(raw).links] == ["a.example"]

    def test_a_page_is_read_in_a_process_that_is_killed_when_it_takes_too_long(self, monkeypatch):
        reader = Aside()
        # Every object begins anew: the library looks for each end through the whole rest.
        slow = b"%PDF-1.7\n" + b"1 0 obj<</Type/Page>>stream\n" * 20_000
        good = page_with_code(1)
        assert seen_in([good, b"junk", good], reader).codes == ("https://a.example/x",) * 2
        first = reader._process
        monkeypatch.setattr(aside, "ANSWER_S", 0.5)
        assert seen_in([slow, good], reader).codes == ()
        assert first is not None
        assert not first.is_alive()
        monkeypatch.undo()
        assert seen_in([good], reader).codes == ("https://a.example/x",)
        reader.close()

    def test_pages_that_take_too_long_or_are_none(self, monkeypatch):
        assert list(draw_pages(b"%PDF-1.7 junk")) == []
        monkeypatch.setattr(pdf_pages, "MAX_BYTES", 10)
        assert list(draw_pages(page_with_code(1))) == []
        monkeypatch.undo()
        monkeypatch.setattr(pdf_pages, "MAX_S", -1.0)
        assert list(draw_pages(page_with_code(2))) == []

    def test_a_page_that_says_it_is_huge(self):
        data = page_with_code(1)
        huge = re.sub(rb"/MediaBox\s*\[[^\]]*\]", b"/MediaBox [0 0 9e9 9e9]", data)
        assert huge != data
        assert sum(page.width * page.height for page in draw_pages(huge)) <= pdf_pages.MAX_PIXELS

    def test_a_picture_that_says_it_is_huge_is_not_opened(self):
        header = struct.pack("!IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
        chunk = b"IHDR" + header
        data = (
            b"\x89PNG\r\n\x1a\n"
            + struct.pack("!I", 13)
            + chunk
            + struct.pack("!I", zlib.crc32(chunk))
        )
        assert qr_texts(data, "png") == []
        assert qr_texts(b"junk", "jpeg") == []
