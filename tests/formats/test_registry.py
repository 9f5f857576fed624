"""Every format keeps the promises of `interface.Format`."""

from __future__ import annotations

import pytest

from exward.formats import registry
from exward.formats.interface import Format
from exward.model.records import Part
from tests.formats.memory_source import MemorySource

FORMATS = registry.formats()
SHREDS = (
    b"",
    b"\0",
    b"{",
    b"[",
    b"#",
    b"#Fields:",
    b"ElfFile\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\n" * 9,
)


def module_name(module: Format) -> str:
    return module.__name__.rpartition(".")[2]  # type: ignore[attr-defined]


@pytest.mark.parametrize("module", FORMATS, ids=module_name)
class TestConformance:
    def test_name_is_the_file_name(self, module):
        assert module_name(module).replace("_", "-") == module.NAME

    def test_has_a_title_and_says_what_it_is_for(self, module):
        assert module.TITLE
        assert module.__doc__

    def test_is_found_by_name(self, module):
        assert registry.by_name(module.NAME) is module

    @pytest.mark.parametrize("shred", SHREDS)
    def test_survives_shreds(self, module, shred):
        module.recognises(shred)
        source = MemorySource(shred)
        count = module.parts(source, 4)
        assert count >= 1
        for index in range(count):
            list(module.read(source, Part(index, count)))


def test_formats_are_sorted_and_supporting_modules_are_none():
    names = [module_name(one) for one in FORMATS]
    assert names == sorted(names)
    assert {"evtx", "windows_json"} <= set(names)
    assert not {"interface", "registry", "windows_fields", "json_shapes"} & set(names)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"ElfFile\0" + bytes(100), "evtx"),
        (bytes(4096) + b"ElfChnk\0", "evtx"),
        (b'{"Event":{"System":{"Provider":{},"EventID":1}}}\n', "windows-json"),
        (b'{"name":"left-pad","version":"1.0.0"}', None),
        (b"MZ\x90\0", None),
        (b"", None),
    ],
)
def test_identify(head, name):
    found = registry.identify(head)
    assert (found.NAME if found else None) == name


def test_unknown_name():
    with pytest.raises(KeyError):
        registry.by_name("no-such-format")
