"""The areas are those of the contract, docs/collector.md."""

import re
from importlib import resources
from pathlib import Path

import pytest

from exward.collector.script import about, areas, make_script
from exward.model.errors import UsageError
from tests.collector import powershell

DOC = (Path(__file__).parents[2] / "docs" / "collector.md").read_text("utf-8")
NOT_ASKED = {"reachable"}
"""The script sends nothing."""
# Values that the table gives as examples, and what Windows tells in its own language only.
NO_MEMBERS = {
    "ComponentBasedServicing", "Running", "Auto", "Manual", "Disabled", "Allow", "Circular",
    "AutoBackup", "Retain", "On", "Off", "NT5DS", "LDAPServerIntegrity", "KB5034439", "HKLM",
    "LdapEnforceChannelBinding", "OffsetSeconds", "Failure", "Success",
}  # fmt: skip


def text_of(area):
    parts = resources.files("exward").joinpath("content", "collector", "areas")
    return parts.joinpath(f"{area}.ps1").read_text("ascii")


def table(heading):
    section = (
        DOC.split(f"\n## {heading}\n")[-1]
        if f"\n## {heading}\n" in DOC
        else DOC.split(f"\n### {heading}\n")[-1]
    )
    rows = re.split(r"\n##", section)[0].splitlines()
    return [re.findall(r"`([^`]+)`", row.split("|")[1]) for row in rows if row.startswith("| `")]


@pytest.mark.parametrize("area", areas())
def test_an_area_registers_what_its_file_is_named_for(area):
    text = text_of(area)
    names = re.findall(r"^Register-\w+ '([\w-]+)'", text, re.M)
    assert set(names) == {area}
    assert about(area)
    # Nothing runs when it is put together: there are only functions and registrations.
    top = [line for line in text.splitlines() if re.match(r"[A-Za-z$]", line)]
    assert all(line.startswith(("function ", "Register-")) for line in top)


def test_every_area_of_the_contract_is_collected():
    inventory = {area for area in areas() if f"Register-Area '{area}'" in text_of(area)}
    wanted = {name for names in table("Areas") for name in names}
    assert wanted - NOT_ASKED == inventory


def test_every_cmdlet_of_the_contract_is_collected():
    script = make_script()
    collected = set(re.findall(r"Register-Cmdlet '[\w-]+' '([\w-]+)'", script))
    assert {name for names in table("Cmdlets") for name in names} <= collected
    for name in collected:
        assert name in powershell.commands(script)


def test_every_member_of_the_contract_is_written():
    for row in DOC.split("\n## Areas\n")[1].split("\n### Registry keys")[0].splitlines():
        if not row.startswith("| `"):
            continue
        _, name, members, _ = re.split(r"(?<!\\)\|", row)
        area = name.strip(" `")
        if area in NOT_ASKED:
            continue
        for member in re.findall(r"`([A-Z]\w+)`", members):
            if member in NO_MEMBERS:
                continue
            assert re.search(rf"\b{member}\b", make_script(14, [area])), (area, member)


@pytest.mark.parametrize("key", re.findall(r"`(?:SYSTEM|SOFTWARE)\\[^`]+`", DOC))
def test_every_registry_key_of_the_contract_is_looked_for(key):
    last = re.split(r"\\", key.strip("`"))[-1]
    for name in re.sub(r"[{}\[\]]", "", last).split(","):
        assert name in text_of("registry")


def test_a_choice_leaves_the_other_areas_out():
    script = make_script(7, ["services", "iis-logs"])
    assert re.findall(r"^Register-\w+ '([\w-]+)'", script, re.M) == ["iis-logs", "services"]
    assert "[int]$Days = 7," in script
    assert "# Areas: iis-logs, services" in script


def test_an_area_that_does_not_exist_is_refused():
    with pytest.raises(UsageError, match="no such area"):
        make_script(7, ["sevrices"])
