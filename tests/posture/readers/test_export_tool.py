"""The manifest of the eDiscovery export tool: the whole build, of the tool itself."""

import pytest

from exward.model.posture import Precision
from exward.posture.readers import export_tool
from exward.posture.readers.interface import Told
from exward.posture.readers.registry import reader_of
from tests.posture.readers.test_readers import File

NAME = "microsoft.exchange.ediscovery.exporttool.application"
MANIFEST = (
    '<?xml version="1.0"?>\n<asmv1:assembly manifestVersion="1.0">\n'
    '<assemblyIdentity name="Other" version="4.0.0.0"/>\n'
    f'<asmv1:assemblyIdentity name="{NAME}" version="15.2.1118.20" language="neutral"/>'
)


def test_the_whole_build_is_told():
    (told,) = export_tool.read(File("x.application", MANIFEST.encode()))
    assert isinstance(told, Told)
    assert told.build is not None
    assert str(told.build.build) == "15.2.1118.20"
    assert (told.build.precision, told.build.position) == (Precision.EXACT, 4)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_it_is_told_by_what_it_holds(encoding):
    assert reader_of("x", MANIFEST.encode(encoding)) is export_tool
    assert [*export_tool.read(File("x", MANIFEST.encode(encoding)))]


@pytest.mark.parametrize(
    "text",
    [
        "", "x", f"<a name='{NAME}' version='15.2.1118.20'/>", MANIFEST.replace(NAME, "x"),
        MANIFEST.replace("15.2.1118.20", "9" * 50), MANIFEST.replace("15.2.1118.20", "1.2.3.4"),
        MANIFEST.replace(' version="15.2', ' xversion="15.2'), "<assemblyIdentity " + "a" * 99_999,
        "<assemblyIdentity " * 20_000,
    ],
)  # fmt: skip
def test_what_is_none_tells_nothing(text):
    assert [*export_tool.read(File("x", text.encode()))] == []
