"""Measures what memory the mail filter takes, with messages of every size at once.

    python benchmarks/mail_memory.py [--write]

Starts `exward mail serve` with two workers and speaks with it as a mail server does. Of every
process it reports the most memory that it ever had (VmHWM; Linux). `--write` writes
MAIL_MEMORY.md.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import io
import os
import random
import re
import socket
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
from PIL import Image

from measured import machine

RESULTS = Path(__file__).parent / "MAIL_MEMORY.md"
LARGE_BYTES = 25_000_000
"""Of a message as it comes, base64 included."""
TYPICAL_BYTES = 30_000
TYPICAL = 500
PORT = 18_899
_OPTIONS = struct.pack("!III", 6, 0x1FF, 0x1FFFFF)
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


def packet(command: bytes, data: bytes = b"") -> bytes:
    """One packet of the milter protocol."""
    return struct.pack("!I", 1 + len(data)) + command + data


def hand_over(raw: bytes) -> bytes:
    """The command with which the filter ends its answer on a message."""
    head, _, body = raw.partition(b"\r\n\r\n")
    with socket.create_connection(("127.0.0.1", PORT), timeout=300) as link:
        link.sendall(packet(b"O", _OPTIONS) + packet(b"C", b"mx.example\x004\x00\x19192.0.2.1\0"))
        link.sendall(packet(b"H", b"mx.example\0") + packet(b"M", b"<a@source.example>\0"))
        link.sendall(packet(b"R", b"<b@contoso.example>\0"))
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            link.sendall(packet(b"L", name + b"\0" + value + b"\0"))
        link.sendall(packet(b"N"))
        for at in range(0, len(body), 65_535):
            link.sendall(packet(b"B", body[at : at + 65_535]))
        link.sendall(packet(b"D", b"Ei\0Q1\0") + packet(b"E"))
        with link.makefile("rb") as answers:
            return last_of(answers)


def last_of(answers: io.BufferedReader) -> bytes:
    """Read answers up to the one that ends a message."""
    while head := answers.read(5):
        answers.read(struct.unpack("!I", head[:4])[0] - 1)
        if head[4:] in {b"c", b"a", b"t", b"d", b"y", b"r"}:
            # The options' answer is `O`; the first of these ends the message.
            return head[4:]
    return b""


def message(parts: list[tuple[str, bytes]]) -> bytes:
    """A message with these parts, each as base64."""
    lines = [b"From: Ann <a@source.example>", b"To: b@contoso.example", b"Subject: Files",
             b"MIME-Version: 1.0", b"Content-Type: multipart/mixed; boundary=b1", b""]  # fmt: skip
    for head, content in parts:
        lines += [b"--b1", head.encode(), b"Content-Transfer-Encoding: base64", b""]
        lines.append(base64.encodebytes(content).replace(b"\n", b"\r\n"))
    return b"\r\n".join([*lines, b"--b1--", b""])


def noise(size: int) -> bytes:
    """Bytes that nothing makes smaller."""
    return random.Random(1).randbytes(size)


def file_of_noise(size: int) -> bytes:
    """One attachment."""
    return message([('Content-Type: application/octet-stream; name="a.bin"', noise(size))])


def plain_text(size: int) -> bytes:
    """Text that is not encoded, with a link in each line."""
    line = b"The quick brown fox jumps. http://a.example/1\r\n"
    return b"From: a@source.example\r\nSubject: Text\r\n\r\n" + line * (size * 4 // 3 // len(line))


def page(size: int) -> bytes:
    """One table with many links."""
    row = b"<tr><td><a href='https://a.example/1'>Row</a></td></tr>\n"
    return message([("Content-Type: text/html", b"<table>" + row * (size // len(row)))])


def archive(size: int) -> bytes:
    """A zip with 20 texts ten times as large as they are in it, and noise."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(20):
            made.writestr(f"{number}.txt", noise(size // 200).hex().encode() * 5)
        made.writestr("rest.bin", noise(size - 11 * held.tell() // 10))
    return message([('Content-Type: application/zip; name="a.zip"', held.getvalue())])


def pictures(size: int) -> bytes:
    """PNG pictures of a megapixel each."""
    held = io.BytesIO()
    Image.frombytes("RGB", (1100, 1000), noise(3_300_000)).save(held, "PNG")
    head = 'Content-Type: image/png; name="{}.png"'
    return message([(head.format(number), held.getvalue())
                    for number in range(size // len(held.getvalue()))])  # fmt: skip


def uuencoded(size: int) -> bytes:
    """A file in the text itself, as programs wrote them before MIME."""
    data = noise(size)
    lines = b"".join(binascii.b2a_uu(data[at : at + 45]) for at in range(0, size, 45))
    text = b"begin 644 a.bin\n" + lines + b"`\nend\n"
    return b"From: a@source.example\r\nSubject: File\r\n\r\n" + text.replace(b"\n", b"\r\n")


def many_parts(size: int) -> bytes:
    """Small parts, up to as many as are read."""
    return message([("Content-Type: text/plain", noise(size // 10_000))] * 10_000)


def messages_in_messages(size: int) -> bytes:
    """One attachment, five messages deep."""
    raw = file_of_noise(size)
    for depth in range(5):
        head = f"From: a@source.example\r\nContent-Type: multipart/mixed; boundary=n{depth}\r\n\r\n"
        raw = (head.encode() + b"--n%d\r\nContent-Type: message/rfc822\r\n\r\n" % depth + raw
               + b"\r\n--n%d--\r\n" % depth)  # fmt: skip
    return raw


KINDS = (file_of_noise, plain_text, page, archive, pictures, uuencoded, many_parts,
         messages_in_messages)  # fmt: skip


def typical() -> bytes:
    """A message of usual size: two texts and a file."""
    text = b"Dear all, please find the minutes attached. https://contoso.example/1\n" * 60
    html = b"<html><body>" + text.replace(b"\n", b"<br>\n") * 2 + b"</body></html>"
    file = noise(TYPICAL_BYTES * 3 // 4 - len(text) - len(html))
    return message([("Content-Type: text/plain", text), ("Content-Type: text/html", html),
                    ('Content-Type: application/octet-stream; name="a.bin"', file)])  # fmt: skip


def peaks(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """MiB that the server, and the largest of its workers, ever had."""
    server = psutil.Process(process.pid)
    workers = [peak(one.pid) for one in server.children()]
    return peak(process.pid), max(workers, default=0.0)


def peak(pid: int) -> float:
    """MiB that a process ever had."""
    found = _PEAK.search(Path(f"/proc/{pid}/status").read_text("ascii", "replace"))
    return int(found[1]) / 1024 if found else 0.0


def served() -> subprocess.Popen[bytes]:
    """A filter that listens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "exward", "mail", "serve", "--no-dns", "--workers", "2",
         "--listen", f"127.0.0.1:{PORT}"],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", PORT)).close()
        except OSError:
            time.sleep(0.1)
            continue
        return process
    raise SystemExit("the filter did not start")


def rows() -> Iterator[str]:
    """Of each load, in a filter of its own: what was answered, and the memory."""
    loads = [(f"{TYPICAL} typical ones of {TYPICAL_BYTES // 1000} KB, 10 at once",
              [typical()] * TYPICAL, 10)]  # fmt: skip
    size = LARGE_BYTES * 3 // 4
    loads += [(f"25 MB: {made.__name__.replace('_', ' ')}", [made(size)], 1) for made in KINDS]
    loads.append(("20 of 25 MB, 10 at once", [file_of_noise(size)] * 20, 10))
    loads.append(("60 of 25 MB, 60 at once", [file_of_noise(size)] * 60, 60))
    for name, messages, at_once in loads:
        process = served()
        try:
            started = time.monotonic()
            with ThreadPoolExecutor(at_once) as threads:
                answers = list(threads.map(hand_over, messages))
            seconds = time.monotonic() - started
            server, worker = peaks(process)
        finally:
            process.terminate()
            process.wait()
        later = answers.count(b"t")
        yield (f"| {name} | {len(answers) - later} | {later} | {seconds:.1f} | {server:.0f} "
               f"| {worker:.0f} |")  # fmt: skip


def main() -> int:
    """Print the table, and write it if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    lines = [
        "# Memory of the mail filter",
        "",
        f"{machine()}. `exward mail serve --no-dns --workers 2` with `--memory` as it comes",
        "(512 MiB); MiB at the highest point of each process. Load of the machine before: "
        f"{os.getloadavg()[0]:.1f}.",
        "",
        "| messages | answered | asked to come later | s | server | largest worker |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    print("\n".join(lines))
    for row in rows():
        print(row, flush=True)
        lines.append(row)
    lines += [
        "",
        'What is "asked to come later" did not fit into `--memory` and was answered with a',
        "temporary error.",
    ]
    if given.write:
        RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
