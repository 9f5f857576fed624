"""IIS configuration: what many servers have alike is read once."""

import pytest

from exward.model.skipped import Skipped
from exward.posture import plain
from exward.posture.iis import ConfigFile
from exward.posture.readers import iis_configuration
from exward.posture.readers.interface import Told
from tests.formats.memory_source import MemorySource


def told(path, data):
    items = list(iis_configuration.read(MemorySource(data, path)))
    (value,) = (one.value for one in items if isinstance(one, Told))
    (file,) = plain.listed(value)
    assert isinstance(file, ConfigFile)
    return file, [one for one in items if isinstance(one, Skipped)]


def test_the_same_file_elsewhere_says_the_same_of_another_place():
    data = b"<configuration><a b='1'/><c"
    first, lost = told("EX01.zip!web.config", data)
    second, lost_again = told("EX02.zip!web.config", data)
    assert first.content is second.content
    assert (first.place, second.place) == ("EX01.zip!web.config", "EX02.zip!web.config")
    assert {one.source for one in lost} == {"EX01.zip!web.config"}
    assert {one.source for one in lost_again} == {"EX02.zip!web.config"}


@pytest.mark.parametrize("copies", [1, 20_000])
def test_small_files_and_large_ones_are_read_alike(copies):
    data = b"<configuration>" + b'<a x="1"/>' * copies + b"</configuration>"
    file, lost = told("web.config", data)
    assert (file.content.size, lost) == (copies, [])


def test_elements_have_a_limit(monkeypatch):
    monkeypatch.setattr(iis_configuration, "MAX_ELEMENTS", 2)
    file, lost = told("limit/web.config", b"<configuration><a b='7'/><a b='8'/><a b='9'/></a>")
    assert (file.content.size, len(lost)) == (2, 1)


def test_the_same_text_under_another_name_is_another_file():
    data = (
        b"<configuration><system.web><machineKey validationKey='x'/></system.web></configuration>"
    )
    names = ("one/web.config", "one/applicationHost.config")
    files = [told(name, data)[0].content for name in names]
    assert [one.name for one in files] == ["web.config", "applicationhost.config"]
    assert [one.ending("/machinekey")[0].text("File") for one in files] == [
        "web.config", "applicationHost.config",
    ]  # fmt: skip
