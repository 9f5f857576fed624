"""Office documents and PDFs that act: macros, templates from elsewhere, actions."""

from __future__ import annotations

from collections.abc import Iterator

from exward.mail.facts import Facts
from exward.mail.files.explode import File
from exward.mail.files.office import Office, external_targets, read_ole, read_ooxml
from exward.mail.signs import MALWARE, PHISHING, Sign

TITLE = "A document runs macros, loads something or acts when it is opened"
CLASS = MALWARE
MAX_DOCUMENTS = 20


def find(facts: Facts) -> Iterator[Sign]:
    """Look into the first documents."""
    documents = [file for file in facts.files if file.kind in {"ole", "ooxml", "rtf"}]
    for file in documents[:MAX_DOCUMENTS]:
        yield from _office(file)
    for path, pdf in sorted(facts.pdfs.items()):
        acts = sorted(pdf.actions & {"JavaScript", "JS", "Launch", "RichMedia"})
        if "Launch" in acts:
            yield Sign(7.0, "A PDF starts a program when it is opened.", path)
        elif acts:
            yield Sign(2.0, "A PDF runs a script.", f"{path}: {', '.join(acts)}")
        if "EmbeddedFile" in pdf.actions and acts:
            yield Sign(2.5, "A PDF carries another file and acts.", path)
        if len(pdf.urls) == 1 and pdf.pages <= 1 and len(facts.text) < 1000:
            yield Sign(1.5, "A PDF of one page is only there for its link.", pdf.urls[0], PHISHING)


def _office(file: File) -> Iterator[Sign]:
    where = file.name or file.path
    if file.kind == "rtf":
        if b"\\objdata" in file.data or b"\\objupdate" in file.data:
            yield Sign(5.0, f"The RTF document {where!r} carries an object.", file.path)
        return
    read = read_ole(file.data) if file.kind == "ole" else read_ooxml([*file.members], file.texts)
    yield from _macros(read, where)
    for kind, address in external_targets(file.texts):
        if kind != "hyperlink":
            why = f"{where!r} loads something from elsewhere when it is opened ({kind})."
            yield Sign(5.0, why, address[:300])
            break


def _macros(read: Office, where: str) -> Iterator[Sign]:
    if read.starts and read.acts:
        why = f"Macros in {where!r} start by themselves and use {', '.join(read.acts[:4])}."
        yield Sign(9.0, why, read.starts)
    elif read.has_macros or read.has_excel4:
        yield Sign(3.5 if read.starts else 2.5, f"{where!r} has macros.", read.starts)
    if read.is_encrypted:
        yield Sign(2.0, f"The document {where!r} is encrypted; it was not looked into.", "")
    if read.has_embedded:
        yield Sign(2.0, f"{where!r} carries an embedded object.", "")
