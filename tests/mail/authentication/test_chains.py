"""ARC chains: the rules of RFC 8617, each kept and broken once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.mail.authentication.signatures import check_arc
from tests.mail.authentication.chains import MESSAGE, SMALL, Hop, chain, record, resolver, sealed


def result(message, text=None):
    return check_arc(message.encode(), resolver(text))


def moved(message):
    """The ARC headers at the end of the headers, in another order."""
    head, _, body = message.partition("\r\n\r\n")
    lines = head.split("\r\n")
    arc = [line for line in lines if line.startswith("ARC-")]
    return (
        "\r\n".join([*(line for line in lines if line not in arc), *sorted(arc)])
        + f"\r\n\r\n{body}"
    )


def without(message, name, number):
    lines = message.split("\r\n")
    gone = [line for line in lines if line.startswith(f"{name}:") and f"i={number};" in line]
    assert len(gone) == 1
    return "\r\n".join(line for line in lines if line not in gone)


def twice(message, name, number):
    lines = message.split("\r\n")
    (found,) = [line for line in lines if line.startswith(f"{name}:") and f"i={number};" in line]
    return f"{found}\r\n{message}"


TWO, THREE = chain(Hop(), Hop()), chain(Hop(), Hop(), Hop())
RESULTS = "from:to:arc-authentication-results"
CHANGED = chain(Hop()).replace("Hello", "Hello,\r\n-- \r\na mailing list")
PASSES = {
    "one": chain(Hop()),
    "two": TWO,
    "three": THREE,
    "twelve": chain(*(Hop() for _ in range(12))),
    "fifty": chain(*(Hop() for _ in range(50))),
    "in another order": moved(THREE),
    "folded, blanks around signs": chain(Hop(folded=True), Hop(folded=True)),
    "names of other letters": TWO.replace("ARC-Seal:", "arc-SEAL:"),
    "headers that are not there": chain(Hop(signature={"h": "from:to:subject:date:cc:reply-to"})),
    "headers named twice": chain(Hop(signature={"h": "from:from:subject:subject:date:to"})),
    "blanks between headers": chain(Hop(signature={"h": "From : To : Subject : Date"})),
    "signatures of DKIM named": chain(Hop(signature={"h": "from:to:subject:date:dkim-signature"})),
    "a signature of results": chain(Hop(signature={"h": RESULTS}), Hop(signature={"h": RESULTS})),
    "a signature of signatures": chain(Hop(), Hop(signature={"h": "from:arc-message-signature"})),
    "a missing name": chain(Hop(signature={"h": "from:to::date"})),
    "no name at all": chain(Hop(signature={"h": ""})),
    "no canonicalization": chain(Hop(signature={"c": None})),
    "unknown tags": chain(Hop(seal={"zz": "y"}, signature={"zz": "y"})),
    "a version, which is ignored": chain(Hop(signature={"v": "2"})),
    "no time": chain(Hop(seal={"t": None})),
    "a header more": "X-Added: later\r\n" + TWO,
    "blanks in the body": TWO.replace("Hello", "Hello  "),
    "changed before the second hop": sealed(Hop(), CHANGED),
    "results with a comment": chain(
        Hop(results="hop.example (x); spf=pass (a b) smtp.mailfrom=a@b")
    ),
    "a key of 1024 bits": chain(Hop(key=SMALL)),
}
FAILS = {
    "the last says so": chain(Hop(), Hop(cv="fail")),
    "the first says so": chain(Hop(cv="fail")),
    "the first says pass": chain(Hop(cv="pass")),
    "the second says none": chain(Hop(), Hop(cv="none")),
    "a word that is none": chain(Hop(cv="maybe")),
    "no word": chain(Hop(seal={"cv": None})),
    "an earlier one says fail": chain(Hop(), Hop(cv="fail"), Hop()),
    "the body was changed": TWO.replace("Hello", "Hallo"),
    "the sender was changed": TWO.replace("Ann Lee", "Eve"),
    "the subject was changed": TWO.replace("Minutes", "Invoice"),
    "results were changed": TWO.replace("spf=pass", "spf=fail", 1),
    "a header was added that is named": f"Cc: x@y\r\n{chain(Hop(signature={'h': 'from:cc'}))}",
    "a number is missing": chain(Hop(), Hop(number=3)),
    "the first is missing": chain(Hop(number=2)),
    "number zero": chain(Hop(number=1, seal={"i": "0"}, signature={"i": "0"})),
    "number fifty-one": chain(*(Hop() for _ in range(51))),
    "no number in the seal": chain(Hop(seal={"i": None})),
    "no number in the signature": chain(Hop(signature={"i": None})),
    "a number that is none": chain(Hop(seal={"i": "one"})),
    "numbers that differ": chain(Hop(seal={"i": "2"})),
    "a seal over headers": chain(Hop(seal={"h": "from:to"})),
    "a signature of seals": chain(Hop(), Hop(signature={"h": "from:arc-seal"})),
    "a name that is none of a header": chain(Hop(signature={"h": "from:to:da te"})),
    "seal without algorithm": chain(Hop(seal={"a": None})),
    "seal with another algorithm": chain(Hop(seal={"a": "rsa-sha512"})),
    "seal with SHA-1": chain(Hop(seal={"a": "rsa-sha1"})),
    "seal without signature": chain(Hop(seal={"b": None})),
    "seal with a broken signature": chain(Hop(seal={"b": "!!!"})),
    "seal with another's signature": chain(Hop(seal={"b": "QUJD"})),
    "seal without domain": chain(Hop(seal={"d": None})),
    "seal with no domain's domain": chain(Hop(seal={"d": "not a domain"})),
    "seal without selector": chain(Hop(seal={"s": None})),
    "seal with another selector": chain(Hop(seal={"s": "s2"})),
    "seal with a time that is none": chain(Hop(seal={"t": "yesterday"})),
    "signature without algorithm": chain(Hop(signature={"a": None})),
    "signature with another algorithm": chain(Hop(signature={"a": "rsa-md5"})),
    "signature with SHA-1": chain(Hop(signature={"a": "rsa-sha1"})),
    "signature without itself": chain(Hop(signature={"b": None})),
    "signature that is broken": chain(Hop(signature={"b": "QUJD"})),
    "signature without body hash": chain(Hop(signature={"bh": None})),
    "signature with another body hash": chain(Hop(signature={"bh": "QUJD"})),
    "signature without headers": chain(Hop(signature={"h": None})),
    "signature without From": chain(Hop(signature={"h": "to:subject"})),
    "signature without domain": chain(Hop(signature={"d": None})),
    "signature without selector": chain(Hop(signature={"s": None})),
    "signature with another canonicalization": chain(Hop(signature={"c": "relaxed/strict"})),
    **{f"no {name} {number}": without(THREE, name, number)
       for name in ("ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results")
       for number in (1, 2, 3)},
    **{f"{name} {number} twice": twice(THREE, name, number)
       for name in ("ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results")
       for number in (1, 2, 3)},
}  # fmt: skip


@pytest.mark.parametrize("message", [MESSAGE, "", "\r\n", "\r\nHello\r\n"])
def test_a_message_without_a_chain(message):
    assert result(message) == "none"


@pytest.mark.parametrize("name", PASSES)
def test_what_is_whole(name):
    assert result(PASSES[name], record(SMALL) if "1024" in name else None) == "pass"


@pytest.mark.parametrize("name", FAILS)
def test_what_is_not(name):
    assert result(FAILS[name]) == "fail"


@pytest.mark.parametrize(
    "text",
    [b"", b"v=DKIM1; p=", b"v=DKIM1; k=ed25519; p=QUJD", b"v=DKIM2; p=x", b"nonsense",
     record(SMALL), b"v=DKIM1; k=rsa; p=!!!"],
)  # fmt: skip
def test_keys_that_do_not_fit(text):
    assert result(TWO, text) == "fail"


@given(st.lists(st.sampled_from(THREE.partition("\r\n\r\n")[0].split("\r\n")), max_size=12))
def test_no_order_of_headers_raises(lines):
    found = result("\r\n".join(lines) + "\r\n\r\nHello\r\n")
    assert found in {"none", "fail", "pass"}
