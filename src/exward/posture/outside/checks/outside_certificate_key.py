"""The key of the certificate, and what it was signed with."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer
from exward.posture.checks.judging import concluded
from exward.posture.outside.checks import new_certificate
from exward.posture.outside.seen import Seen

ID = "outside-certificate-key"
TITLE = "The certificate has a long key and a signature that cannot be forged"
SEVERITY = Severity.MEDIUM
WHY = "Short keys are computed, and signatures with MD5 or SHA-1 forged: both make a false server."
FIX = new_certificate.FIX
SOURCES = (
    "https://cabforum.org/working-groups/server/baseline-requirements/",
    *new_certificate.SOURCES,
)
_LEAST = {"RSA": 2048, "ECC": 256}
_FORGED = frozenset({"md5", "sha1"})


def judge(seen: Seen) -> Answer:
    """Judge key and signature; that of a certificate which signs itself proves nothing anyway."""
    held = None if seen.tls is None else seen.tls.certificate
    if held is None:
        return concluded((), ["the certificate was not read"], "")
    least = _LEAST.get(held.key.split(" ")[0])
    weak = []
    if least is not None and (held.key_bits or 0) < least:
        weak.append(f"{held.key} key of {held.key_bits} bits")
    if held.key == "DSA":
        weak.append("DSA key")
    if held.signed_with in _FORGED and not held.is_self_issued:
        weak.append(f"signed with {held.signed_with.upper()}")
    size = "" if held.key_bits is None else f" of {held.key_bits} bits"
    return concluded(weak, (), f"{held.key} key{size}, signed with {held.signed_with or held.key}.")
