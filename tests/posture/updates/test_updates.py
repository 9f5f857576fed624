"""Each form of update, on samples of our own."""

import base64
import hashlib
import io
import json
import zipfile

import pytest
from Cryptodome.PublicKey import ECC
from Cryptodome.Signature import eddsa
from hypothesis import given
from hypothesis import strategies as st

from exward.model.errors import ContentError
from exward.posture import facts
from exward.posture.updates import bundle
from exward.posture.updates.interface import Trust
from exward.posture.updates.registry import form_of, forms

TABLES = {name: facts.newest_bytes(name, None) for name in facts.TABLES}
SIGNER = ECC.generate(curve="ed25519")
KEY = SIGNER.public_key().export_key(format="PEM").encode()


def apply(data, trust=None):
    form = form_of(data)
    assert form is not None
    return form.apply(data, TABLES, trust or Trust(), "x")


def table(name, as_of="2099-01-01"):
    return json.dumps({**json.loads(TABLES[name]), "as_of": as_of}).encode()


def packed(files, *, signer=SIGNER, listed=None, schema=bundle.SCHEMA):
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    manifest = json.dumps({"schema": schema, "files": listed or digests}).encode()
    signature = base64.b64encode(eddsa.new(signer, "rfc8032").sign(manifest))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("manifest.json", manifest)
        archive.writestr("manifest.sig", signature)
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_bundle_with_the_right_signature_replaces_tables():
    new = table("cves")
    changed = apply(packed({"cves.json": new}), Trust(KEY))
    assert changed.tables == {"cves": new}
    assert changed.said == ("cves: replaced",)


def test_a_bundle_with_the_right_digest_needs_no_key():
    data = packed({"cves.json": table("cves")})
    assert apply(data, Trust(sha256=hashlib.sha256(data).hexdigest())).tables


OTHER = ECC.generate(curve="ed25519")


@pytest.mark.parametrize(
    ("data", "trust", "said"),
    [
        (packed({"cves.json": table("cves")}), Trust(), "nothing proves"),
        (packed({"cves.json": table("cves")}), Trust(sha256="0" * 64), "another SHA-256"),
        (packed({"cves.json": table("cves")}, signer=OTHER), Trust(KEY), "signature"),
        (packed({"cves.json": table("cves")}), Trust(b"no key"), "signature"),
        (packed({"cves.json": b"{}"}), Trust(KEY), "no table"),
        (packed({"cves.json": table("cves", "2020-01-01")}), Trust(KEY), "older"),
        (packed({"../x.json": b"{}"}), Trust(KEY), "no table of facts"),
        (packed({"cves.json": table("cves")}, listed={"cves.json": "0" * 64}), Trust(KEY),
         "not the file"),
        (packed({}, listed={"cves.json": hashlib.sha256(b"").hexdigest()}), Trust(KEY), "no table"),
        (packed({}, schema="x"), Trust(KEY), "schema"),
        (packed({f"{n}": b"" for n in range(30)}), Trust(KEY), "too many"),
        (packed({"cves.json": table("cves")})[:-30], Trust(KEY), "damaged"),
    ],
    ids=range(12),
)  # fmt: skip
def test_a_bundle_that_is_not_proved_changes_nothing(data, trust, said):
    with pytest.raises(ContentError, match=said):
        apply(data, trust)


def test_the_catalogue_marks_what_is_newly_exploited():
    rows = json.loads(TABLES["cves"])["rows"]
    new = next(row["cve"] for row in rows if not row.get("exploited_since"))
    old = next(row["cve"] for row in rows if row.get("exploited_since"))
    catalogue = {
        "title": "made for a test", "catalogVersion": "2026.11.01",
        "vulnerabilities": [
            {"cveID": new, "dateAdded": "2026-11-01", "product": "Exchange Server"},
            {"cveID": old, "dateAdded": "2026-11-01"},
            {"cveID": "CVE-2000-0001", "dateAdded": "2026-11-01"},
        ],
    }  # fmt: skip
    changed = apply(json.dumps(catalogue).encode("utf-8-sig"))
    assert changed.said == (f"{new}: known to be exploited since 2026-11-01",)
    after = {row["cve"]: row for row in json.loads(changed.tables["cves"])["rows"]}
    assert after[new]["exploited_since"] == "2026-11-01"
    assert after[old]["exploited_since"] != "2026-11-01"
    assert len(after) == len(rows)


def guide(**changes):
    document = {
        "DocumentTracking": {"InitialReleaseDate": "2026-09-08T07:00:00"},
        "ProductTree": {"FullProductName": [
            {"ProductID": "1", "Value": "Microsoft Exchange Server 2019 Cumulative Update 15"},
            {"ProductID": "2", "Value": "Microsoft Exchange Server Subscription Edition RTM"},
            {"ProductID": "3", "Value": "Windows Server 2025"},
        ]},
        "Vulnerability": [
            {"CVE": "CVE-2026-99001", "Title": {"Value": "x"},
             "Threats": [{"Type": 0, "Description": {"Value": "Remote Code Execution"}}],
             "CVSSScoreSets": [{"BaseScore": 8.8}],
             "Remediations": [
                 {"ProductID": ["1"], "FixedBuild": "15.02.1748.060",
                  "Description": {"Value": "5099001"}},
                 {"ProductID": ["2"], "FixedBuild": "15.02.2562.060"},
                 {"ProductID": ["3"], "FixedBuild": "10.0.26100.1"}]},
            {"CVE": "CVE-2026-99002", "Remediations": [{"ProductID": ["3"], "FixedBuild": "x"}]},
        ],
    }  # fmt: skip
    return json.dumps({**document, **changes}).encode()


def test_a_month_of_the_guide_adds_vulnerabilities_and_builds():
    changed = apply(guide())
    assert changed.said == (
        "CVE-2026-99001: added",
        "Exchange Server 2019 CU15 15.2.1748.60: added",
        "Exchange Server SE RTM 15.2.2562.60: added",
    )
    table = facts.check_table("cves", changed.tables["cves"], "x")
    row = next(row for row in table.rows if isinstance(row, facts.Cve) and "99001" in row.cve)
    assert (row.kind, row.cvss, row.fixed_by) == ("RCE", 8.8, "Sep26SU")
    assert row.fixed == {
        "Exchange Server 2019": {"CU15": "15.2.1748.60"},
        "Exchange Server SE": {"RTM": "15.2.2562.60"},
    }
    assert table.as_of.isoformat() == "2026-09-08"
    build = json.loads(changed.tables["builds"])["rows"][-2]
    assert (build["label"], build["kb"]) == ("2019 CU15 Sep26SU", "KB5099001")


@pytest.mark.parametrize(
    "changes",
    [
        {"DocumentTracking": {"InitialReleaseDate": "soon"}}, {"DocumentTracking": 3},
        {"Vulnerability": {}}, {"ProductTree": None},
    ],
)  # fmt: skip
def test_what_is_no_month_is_refused(changes):
    with pytest.raises(ContentError):
        apply(guide(**changes))


def written_as_xml(data):
    """The month as the Security Update Guide gives it to browsers."""
    month = json.loads(data)

    def fix(one):
        ids = "".join(f"<vuln:ProductID>{of}</vuln:ProductID>" for of in one["ProductID"])
        kb = one.get("Description", {}).get("Value", "Release Notes")
        return (
            f'<vuln:Remediation Type="Vendor Fix"><vuln:Description>{kb}</vuln:Description>'
            f"<vuln:URL />{ids}<vuln:FixedBuild>{one['FixedBuild']}</vuln:FixedBuild>"
            "</vuln:Remediation>"
        )

    def vulnerability(one):
        threats = "".join(
            '<vuln:Threat Type="Severity"><vuln:Description>Important</vuln:Description>'
            '</vuln:Threat><vuln:Threat Type="Impact"><vuln:Description>'
            f"{threat['Description']['Value']}</vuln:Description></vuln:Threat>"
            for threat in one.get("Threats", ())
        )
        scores = "".join(
            f"<vuln:ScoreSet><vuln:BaseScore>{score['BaseScore']}</vuln:BaseScore></vuln:ScoreSet>"
            for score in one.get("CVSSScoreSets", ())
        )
        fixes = "".join(map(fix, one["Remediations"]))
        return (
            '<vuln:Vulnerability Ordinal="1"><vuln:Title>x</vuln:Title><vuln:Notes><vuln:Note '
            'Title="T" Type="Description" Ordinal="0">&lt;p&gt;made for a test&lt;/p&gt;'
            f"</vuln:Note></vuln:Notes><vuln:CVE>{one['CVE']}</vuln:CVE><vuln:Threats>{threats}"
            f"</vuln:Threats><vuln:CVSSScoreSets>{scores}</vuln:CVSSScoreSets>"
            f"<vuln:Remediations>{fixes}</vuln:Remediations></vuln:Vulnerability>"
        )

    products = "".join(
        f'<prod:FullProductName ProductID="{one["ProductID"]}">{one["Value"]}'
        "</prod:FullProductName>"
        for one in month["ProductTree"]["FullProductName"]
    )
    day = month["DocumentTracking"]["InitialReleaseDate"]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!-- made for a test -->\n'
        '<cvrf:cvrfdoc xmlns:vuln="http://www.icasi.org/CVRF/schema/vuln/1.1" '
        'xmlns:prod="http://www.icasi.org/CVRF/schema/prod/1.1" '
        'xmlns:cvrf="http://www.icasi.org/CVRF/schema/cvrf/1.1">\n<cvrf:DocumentTracking>'
        f"<cvrf:InitialReleaseDate>{day}</cvrf:InitialReleaseDate></cvrf:DocumentTracking>"
        f"<prod:ProductTree>{products}</prod:ProductTree>\n"
        f"{''.join(map(vulnerability, month['Vulnerability']))}</cvrf:cvrfdoc>"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_month_as_xml_says_what_it_says_as_json(encoding):
    data = written_as_xml(guide()).encode(encoding)
    assert apply(data) == apply(guide())
    assert "CVE-2026-99001: added" in apply(data).said


BOMB = '<!DOCTYPE x [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("made for a test&lt;", "&b;"), "undefined entity"),
        (lambda text: text[:-300], "unclosed token"),
        (lambda text: text.replace("2026-09-08T07:00:00", "soon"), "no day of release"),
        (lambda text: text.replace(">8.8<", ">high<"), "BaseScore"),
        (lambda text: text.replace("cvrf:DocumentTracking", "cvrf:Other"), "DocumentTracking"),
        (lambda text: text.replace("<vuln:URL />", "<a>" * 99 + "</a>" * 99), "nested too deeply"),
        (lambda text: text.replace("<vuln:URL />", "<a/>" * 200_001), "too many elements"),
        (lambda text: text.replace("<vuln:Vuln", "<vuln:Vulnerability/>" * 200_001 + "<vuln:Vuln"),
         "more than 200,000"),
    ],
    ids=range(8),
)  # fmt: skip
def test_a_month_as_xml_that_is_hostile_or_damaged_changes_nothing(change, said):
    data = change(written_as_xml(guide())).encode()
    with pytest.raises(ContentError, match=said):
        apply(data)


def test_a_document_type_behind_a_comment_is_refused():
    data = written_as_xml(guide()).replace("<cvrf:cvrfdoc", f"{BOMB}<cvrf:cvrfdoc").encode()
    form = next(form for form in forms() if "XML" in form.TITLE)
    with pytest.raises(ContentError, match="document type"):
        form.apply(data, TABLES, Trust(), "x")


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.TITLE)
@given(data=st.binary(max_size=200))
def test_damage_is_refused_in_one_message(form, data):
    form.recognises(data)
    with pytest.raises(ContentError):
        form.apply(data, TABLES, Trust(sha256=hashlib.sha256(data).hexdigest()), "x")
