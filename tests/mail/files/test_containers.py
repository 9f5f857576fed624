"""What is packed in containers of each kind, with names, passwords and bounds."""

from __future__ import annotations

import bz2
import io
import struct
import sys
import zipfile
import zlib
from dataclasses import dataclass

import py7zr
import pycdlib
import pytest
import pyzipper
from hypothesis import given
from hypothesis import strategies as st

from exward.mail.files.containers import zip_archive
from exward.mail.files.containers.interface import MAX_FILE_BYTES, Limits
from exward.mail.files.containers.registry import containers
from exward.mail.files.explode import Budget, explode
from exward.mail.files.kinds import file_kind
from exward.mail.files.unpacking import asked, read_archive
from tests.evidence.archives import zstd

EVIL = b"MZ" + b"evil program" * 20
LIMITS = Limits(100, 10_000_000, ("s3cret!",))


def opened(data, limits=LIMITS):
    return containers()[file_kind(data)].open_container(data, limits)


def zipped(*members, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def locked_zip(password, name="evil.exe", content=EVIL):
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.encode())
        archive.writestr(name, content)
    return out.getvalue()


def seven_zip(*members, **options):
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", **options) as archive:
        for name, content in members:
            archive.writef(io.BytesIO(content), name)
    return out.getvalue()


class TestZip:
    @pytest.mark.parametrize("password", ["s3cret!", "pässword 1"])
    def test_a_password_opens_it(self, password):
        found = opened(locked_zip(password), Limits(9, 10_000, ("no", password)))
        assert found.files == [("evil.exe", EVIL)]
        assert (found.is_encrypted, found.password) == (True, password)

    def test_without_the_password_names_are_told(self):
        found = opened(locked_zip("other"))
        assert (found.files, found.members, found.is_encrypted) == ([], ["evil.exe"], True)

    def test_two_archives_one_behind_the_other(self):
        data = zipped(("evil.exe", EVIL)) + zipped(("good.txt", b"good"))
        assert sorted(found for found, _ in opened(data).files) == ["evil.exe", "good.txt"]

    def test_one_damaged_member_hides_no_other(self):
        data = bytearray(zipped(("a.txt", b"a" * 500), ("evil.exe", EVIL)))
        at = data.index(b"a.txt") + 5
        data[at : at + 4] = b"\xff\xff\xff\xff"
        assert ("evil.exe", EVIL) in opened(bytes(data)).files

    def test_a_bomb_costs_what_the_limits_say(self):
        bomb = zipped(*((f"{n}.bin", bytes(20_000_000)) for n in range(4)))
        found = opened(bomb, Limits(100, 30_000_000))
        assert sum(len(content) for _, content in found.files) == 30_000_000

    def test_passwords_that_do_not_fit_cost_a_bounded_number_of_tries(self, monkeypatch):
        tried: list[object] = []

        def fits(*given):
            tried.append(given)
            return False

        monkeypatch.setattr(zip_archive, "aes_fits", fits)
        out = io.BytesIO()
        with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as archive:
            archive.setpassword(b"x")
            for number in range(50):
                archive.writestr(str(number), b"x")
        opened(out.getvalue(), Limits(100, 1000, tuple("abcdefghij")))
        assert len(tried) == zip_archive.MAX_TRIES


class TestOldCipher:
    """PKWARE's cipher, written here as APPNOTE 6.1 says."""

    def test_a_password_opens_it(self):
        data = _old_cipher(zipped(("evil.exe", EVIL)), "s3cret!")
        found = opened(data, Limits(9, 10_000, ("wrong", "s3cret!")))
        assert (found.files, found.password) == ([("evil.exe", EVIL)], "s3cret!")
        assert opened(data, Limits(9, 10_000, ("wrong",))).files == []


def _old_cipher(data, password):
    """Lock the only member of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (info,) = archive.infolist()
    begin = 30 + len(info.filename)
    plain = bytes(11) + bytes([info.CRC >> 24]) + data[begin : begin + info.compress_size]
    keys = [0x12345678, 0x23456789, 0x34567890]

    def crc(value, byte):
        return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    def update(byte):
        keys[0] = crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = crc(keys[2], keys[1] >> 24)

    for byte in password.encode():
        update(byte)
    cipher = bytearray()
    for byte in plain:
        mixed = (keys[2] | 2) & 0xFFFF
        cipher.append(byte ^ ((mixed * (mixed ^ 1)) >> 8 & 0xFF))
        update(byte)
    local = bytearray(data[:begin])
    central = bytearray(data[begin + info.compress_size :])
    local[6] |= 1
    central[8] |= 1
    struct.pack_into("<I", local, 18, len(cipher))
    struct.pack_into("<I", central, 20, len(cipher))
    struct.pack_into("<I", central, len(central) - 6, len(local) + len(cipher))
    return bytes(local + cipher + central)


class TestSevenZip:
    def test_it_is_unpacked(self):
        found = opened(seven_zip(("evil.exe", EVIL), ("b.txt", b"x" * 5000)))
        assert found.files == [("evil.exe", EVIL), ("b.txt", b"x" * 5000)]
        assert not found.is_encrypted

    @pytest.mark.parametrize("header", [False, True])
    def test_a_password_opens_it(self, header):
        data = seven_zip(("evil.exe", EVIL), password="s3cret!", header_encryption=header)
        found = opened(data, Limits(9, 10_000, ("wrong", "s3cret!")))
        assert found.files == [("evil.exe", EVIL)]
        assert (found.is_encrypted, found.is_unread, found.password) == (True, False, "s3cret!")
        without = opened(data, Limits(9, 10_000, ("wrong",)))
        assert (without.files, without.is_encrypted) == ([], True)
        assert without.members == ([] if header else ["evil.exe"])

    def test_a_bomb_costs_what_the_limits_say(self):
        bomb = seven_zip(("a.bin", bytes(60_000_000)), ("b.bin", bytes(60_000_000)))
        found = opened(bomb, Limits(100, 40_000_000))
        assert max(len(content) for _, content in found.files) <= MAX_FILE_BYTES
        assert sum(len(content) for _, content in found.files) <= 40_000_000

    def test_a_key_that_takes_too_long_is_not_made(self):
        """The fourth byte from the end of a locked header's properties tells the rounds."""
        data = seven_zip(("a", EVIL), password="s3cret!")
        at = data.index(b"\x06\xf1\x07\x01") + 5
        slow = data[:at] + bytes([data[at] & 0xC0 | 30]) + data[at + 1 :]
        header = slow[32 + struct.unpack_from("<Q", slow, 12)[0] :]
        start = slow[12:28] + struct.pack("<I", zlib.crc32(header))
        slow = slow[:8] + struct.pack("<I", zlib.crc32(start)) + start + slow[32:]
        found = opened(slow)
        assert (found.files, found.is_unread) == ([], True)


def packed(content):
    """Content as one block of RAR 5's compression, in which each letter stands for itself.

    The block's header, the lengths of 20 codes, by these the lengths of 430 codes (306, 64, 16 and
    44), then the data: the 256 letters have codes of 8 bits, so that they are what they were.
    """
    lengths = [1 if number in {0, 8} else 0 for number in range(20)]
    bits = "".join(f"{one:04b}" for one in lengths) + "1" * 256 + "0" * 174
    bits += "".join(f"{byte:08b}" for byte in content)
    used = len(bits) % 8 or 8
    data = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    size = len(data).to_bytes(3, "little")
    flags = 0x80 | 0x40 | 2 << 3 | (used - 1)
    check = 0x5A ^ flags ^ size[0] ^ size[1] ^ size[2]
    return bytes([flags, check]) + size + data


def rar(*members):
    """A RAR 5 archive (technical note of RARLAB): a member is name, content, method 0 to 5."""

    def number(value):
        out = b""
        while value > 127:
            out += bytes([value & 127 | 128])
            value >>= 7
        return out + bytes([value])

    def block(body, data=b""):
        sized = number(len(body)) + body
        return struct.pack("<I", zlib.crc32(sized)) + sized + data

    out = b"Rar!\x1a\x07\x01\x00" + block(b"\x01\x00\x00")
    for name, content, method in members:
        raw = name.encode()
        data = packed(content) if method else content
        body = b"\x02\x02" + number(len(data)) + b"\x04" + number(len(content)) + b"\x20"
        body += struct.pack("<I", zlib.crc32(content)) + number(method << 7) + b"\x00"
        out += block(body + number(len(raw)) + raw, data)
    return out + block(b"\x05\x00\x00")


def test_what_office_packages_say_is_part_of_the_budget():
    parts = [("[Content_Types].xml", b""), ("word/document.xml", b""), ("a.rels", bytes(1_000_000))]
    package = zipped(*parts)
    assert file_kind(package) == "ooxml"
    budget = Budget(total=3_500_000)
    found = [file for _ in range(10) for file in explode("1", ("a.docx",), package, budget)]
    assert sum(len(text) for file in found for text in file.texts.values()) <= 3_500_000
    assert sum(len(file.texts) for file in found) <= 4
    assert found[-1].is_unread


@pytest.mark.parametrize(
    ("budget", "is_read"),
    [(Budget(), True), (Budget(total=50_000), False), (Budget(files=2), False)],
)
def test_an_archive_of_which_something_is_left_out_is_told(budget, is_read):
    data = zipped(("padding", bytes(60_000)), ("evil.docm", EVIL))
    outer, *_ = explode("1", ("a.zip",), data, budget)
    assert outer.is_unread is not is_read


class TestRar:
    def test_everything_is_read(self):
        found = opened(rar(("stored.exe", EVIL, 0), ("packed.scr", EVIL * 50, 3)))
        assert found.files == [("stored.exe", EVIL), ("packed.scr", EVIL * 50)]
        assert (found.members, found.is_unread) == (["stored.exe", "packed.scr"], False)

    def test_what_cannot_be_unpacked_is_named(self):
        whole = rar(("stored.exe", EVIL, 0), ("packed.scr", EVIL * 50, 3))
        found = opened(whole.replace(packed(EVIL * 50)[:40], bytes(40)))
        assert found.files == [("stored.exe", EVIL)]
        assert (found.members, found.is_unread) == (["stored.exe", "packed.scr"], True)

    def test_members_of_one_name_hide_nothing(self):
        found = opened(rar(("a.doc", EVIL * 50, 3), ("a.doc", b"harmless", 0)))
        assert sorted(found.files) == sorted([("a.doc", b"harmless"), ("a.doc", EVIL * 50)])
        assert not found.is_unread
        broken = rar(("a.doc", EVIL * 50, 3), ("a.doc", b"harmless", 0))
        assert opened(broken.replace(packed(EVIL * 50)[:40], bytes(40))).is_unread

    def test_large_members_are_read_whole(self):
        content = bytes(300) * 4000
        found = opened(rar(("large", content, 3)), Limits(10, 2 * len(content)))
        assert (found.files, found.is_unread) == ([("large", content)], False)

    def test_without_the_library_names_are_told(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "archi", None)
        assert list(read_archive(asked(rar(("packed.scr", EVIL, 3)), 10, 1000))) == []

    def test_the_rest_is_left_where_enough_was_read(self):
        many = rar(*((f"{n}", bytes(20_000), 3) for n in range(200)))
        assert len(list(read_archive(asked(many, 20, 10_000_000)))) == 20

    def test_what_is_unpacked_is_bounded(self):
        many = rar(*((f"{n}", EVIL, 3) for n in range(LIMITS.files)))
        assert len(opened(many).files) <= LIMITS.files
        large = rar(("a", bytes(LIMITS.total_bytes + 1000), 3))
        assert sum(len(data) for _, data in opened(large).files) <= LIMITS.total_bytes

    def test_names_are_bounded(self):
        found = opened(rar(*((f"{n}", b"x", 0) for n in range(200))))
        assert len(found.members) <= LIMITS.files + 1
        assert found.is_unread


def iso(*, joliet=True):
    image = pycdlib.PyCdlib()
    image.new(joliet=3 if joliet else None)
    image.add_directory("/DIR1", joliet_path="/Dokumente für Sie" if joliet else None)
    image.add_fp(io.BytesIO(EVIL), len(EVIL), "/DIR1/EVIL.EXE;1",
                 joliet_path="/Dokumente für Sie/invoice.pdf.exe" if joliet else None)  # fmt: skip
    out = io.BytesIO()
    image.write_fp(out)
    image.close()
    return out.getvalue()


class TestIso:
    def test_names_are_those_that_windows_shows(self):
        assert opened(iso()).files == [("Dokumente für Sie/invoice.pdf.exe", EVIL)]
        assert opened(iso(joliet=False)).files == [("DIR1/EVIL.EXE", EVIL)]

    def test_directories_that_hold_each_other(self):
        data = bytearray(iso(joliet=False))
        root = struct.unpack_from("<I", data, 16 * 2048 + 158)[0]
        at = data.index(b"DIR1", root * 2048) - 33
        struct.pack_into("<I", data, at + 2, root)
        assert opened(bytes(data)).files == []

    def test_a_file_that_says_it_is_huge(self):
        data = bytearray(iso(joliet=False))
        at = data.index(b"EVIL.EXE;1") - 33
        struct.pack_into("<I", data, at + 10, 0xFFFFFFF0)
        ((name, content),) = opened(bytes(data)).files
        assert name == "DIR1/EVIL.EXE"
        assert content.startswith(EVIL)
        assert len(content) < len(data)

    def test_another_file_system_is_searched(self):
        data = bytearray(bytes(40_000) + EVIL.ljust(512, b"\0") + bytes(4096))
        data[32_769:32_774] = b"BEA01"
        start = 40_000 // 512 * 512
        data[start : start + len(EVIL)] = EVIL
        assert any(content.startswith(EVIL) for _, content in opened(bytes(data)).files)


class TestDisk:
    def test_files_are_cut_out_and_names_are_told(self):
        name = "Rechnung.exe".encode("utf-16-le")
        disk = bytes(2048) + name.ljust(512, b"\0") + EVIL.ljust(1024, b"\0")
        disk += zipped(("b.js", b"x")).ljust(512, b"\0") + bytes(512)
        found = opened(disk + b"conectix" + bytes(504))
        assert [file_kind(content) for _, content in found.files] == ["pe", "zip"]
        assert found.members == ["Rechnung.exe"]

    def test_a_raw_disk_is_told_by_its_boot_sector(self):
        for system in (b"FAT16   ", b"FAT32   "):
            boot = bytearray(512)
            at = 54 if system == b"FAT16   " else 82
            boot[at : at + 8] = system
            assert opened(bytes(boot) + EVIL.ljust(1024, b"\0")).files[0][1].startswith(EVIL)


def notebook(*contents):
    head = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + bytes(2000)
    mark = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
    return head + b"".join(
        mark + struct.pack("<Q", len(one)) + bytes(12) + one + bytes(16) for one in contents
    )


class TestOneNote:
    def test_embedded_files(self):
        found = opened(notebook(EVIL, b"<job><script>x"))
        assert [content for _, content in found.files] == [EVIL, b"<job><script>x"]

    def test_one_that_says_it_is_longer(self):
        data = bytearray(notebook(EVIL))
        struct.pack_into("<Q", data, data.index(b"\x9e\xac") + 2, 1 << 60)
        found = opened(bytes(data))
        assert found.is_unread
        assert found.files[0][1].startswith(EVIL)


@dataclass
class Attribute:
    level: int
    name: int
    kind: int
    content: bytes

    def packed(self):
        head = struct.pack("<BHHI", self.level, self.name, self.kind, len(self.content))
        return head + self.content + struct.pack("<H", sum(self.content) & 0xFFFF)


def long_name(text):
    raw = text.encode("utf-16-le") + b"\0\0"
    padded = raw + bytes(-len(raw) % 4)
    named = struct.pack("<2H", 0x1E, 0x8001) + bytes(16) + struct.pack("<2I", 1, 6)
    named += b"a\0b\0\0\0\0\0"
    named += struct.pack("<2I", 1, 2) + b"x\0\0\0"
    return struct.pack("<I", 3) + named + struct.pack("<2HI", 3, 0x0FFE, 7) + struct.pack(
        "<2H2I", 0x1F, 0x3707, 1, len(raw)) + padded  # fmt: skip


def tnef(*attributes):
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(one.packed() for one in attributes)


TNEF = tnef(
    Attribute(1, 0x9006, 8, struct.pack("<I", 0x10000)),
    Attribute(1, 0x800C, 2, b"Password: 1234"),
    Attribute(2, 0x9002, 6, bytes(14)),
    Attribute(2, 0x8010, 1, b"EVIL~1.EXE\0"),
    Attribute(2, 0x800F, 6, EVIL),
    Attribute(2, 0x9005, 6, long_name("evil file.exe")),
    Attribute(2, 0x9002, 6, bytes(14)),
    Attribute(2, 0x8010, 1, b"b.txt\0"),
    Attribute(2, 0x800F, 6, b"second"),
)


class TestTnef:
    def test_attachments_with_their_long_names(self):
        found = opened(TNEF)
        assert found.files == [
            ("text.txt", b"Password: 1234"), ("evil file.exe", EVIL), ("b.txt", b"second"),
        ]  # fmt: skip
        assert not found.is_unread

    def test_one_that_is_cut_off_gives_what_there_is(self):
        found = opened(TNEF[: TNEF.index(EVIL) + 100])
        assert found.files[1] == ("EVIL~1.EXE", EVIL[:100])
        assert found.is_unread

    def test_properties_that_state_more_than_there_are(self):
        lying = struct.pack("<I", 0xFFFFFFFF) + struct.pack("<2H2I", 0x101E, 0x3707, 1 << 31, 9)
        data = tnef(Attribute(2, 0x9002, 6, b""), Attribute(2, 0x9005, 6, lying),
                    Attribute(2, 0x800F, 6, EVIL))  # fmt: skip
        assert [content for _, content in opened(data).files] == [EVIL]


@pytest.mark.parametrize("pack", [bz2.compress, zstd.compress])
def test_compressed_files_have_the_name_of_the_archive(pack):
    found = list(explode("1", ("evil.exe.x",), pack(EVIL), Budget()))
    assert [one.name for one in found] == ["evil.exe.x", "evil.exe"]
    assert found[1].kind == "pe"


def test_containers_in_containers():
    inner = seven_zip(("evil.exe", EVIL), password="s3cret!")
    data = tnef(Attribute(2, 0x9002, 6, b""), Attribute(2, 0x800F, 6, zipped(("a.7z", inner))))
    found = list(explode("1", ("winmail.dat",), data, Budget(passwords=("s3cret!",))))
    assert [one.kind for one in found] == ["tnef", "zip", "7z", "pe"]
    assert found[-1].path == "1!attachment!a.7z!evil.exe"


SAMPLES = {
    "zip": zipped(("a", EVIL)), "aes": locked_zip("s3cret!"), "7z": seven_zip(("a", EVIL)),
    "rar": rar(("a", EVIL, 0)), "iso": iso()[:60_000], "onenote": notebook(EVIL), "tnef": TNEF,
    "bzip2": bz2.compress(EVIL), "zstd": zstd.compress(EVIL),
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
@given(st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), max_size=8),
       st.integers(0, 1 << 16))  # fmt: skip
def test_damage_raises_nothing(name, changes, cut):
    data = bytearray(SAMPLES[name])
    for at, byte in changes:
        data[16 + at % (len(data) - 16)] = byte
    given_ = bytes(data[: max(100, len(data) - cut % len(data))])
    assert list(explode("1", ("a",), given_, Budget(passwords=("s3cret!",))))
