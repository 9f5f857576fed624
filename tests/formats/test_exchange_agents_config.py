"""Exchange's files of transport agents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import exchange_agents_config, registry
from exward.formats.exchange_objects import TRANSPORT_AGENT
from exward.formats.record_batch import RecordBatch
from exward.model.records import Part
from tests.formats.memory_source import MemorySource, read_all

CONFIG = """<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <mexRuntime>
    <monitoring>
      <agentExecution timeLimitInMilliseconds="90000" />
    </monitoring>
    <agentList>
      <agent name="Transport Rule Agent" baseType="R" classFactory="M.Factory"
             assemblyPath="C:\\Exchange\\m.dll" enabled="true" />
      <agent name="Content Agent" classFactory="X.Factory" assemblyPath="C:\\x&amp;y.dll"
             enabled="false" extra="1" />
    </agentList>
  </mexRuntime>
</configuration>
"""


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_agents(codec):
    data = CONFIG.encode(codec)
    found = registry.identify(data)
    assert found is not None
    assert found.NAME == "exchange-agents-config"
    reading = read_all(exchange_agents_config, data)
    assert not reading.skipped
    assert reading.positions == [8, 10]
    assert reading.fields[1] == {
        "Identity": "Content Agent",
        "TransportAgentFactory": "X.Factory",
        "AssemblyPath": "C:\\x&y.dll",
        "Enabled": "false",
        "Priority": "2",
        "extra": "1",
        "File": "evidence.bin",
        "Folder": "",
    }


def test_place_and_kind():
    source = MemorySource(CONFIG.encode(), "x.zip!C/TransportRoles/Shared/agents.config")
    (batch,) = exchange_agents_config.read(source, Part())
    assert isinstance(batch, RecordBatch)
    assert set(batch.types) == {TRANSPORT_AGENT}
    assert batch.fields(0)["Folder"] == r"x.zip\C\TransportRoles\Shared"
    assert (batch.time(0), batch.size_bytes) == (None, len(CONFIG))


def test_an_agent_without_an_assembly_is_shown():
    data = b"<configuration><mexRuntime><agent name='a'/></mexRuntime></configuration>"
    (fields,) = read_all(exchange_agents_config, data).fields
    assert (fields["Identity"], fields["AssemblyPath"]) == ("a", "")


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"<configuration><mexRuntime>", True),
        (b"<configuration><system.web>", False),
        (b"<mexRuntime>", False),
    ],
)
def test_recognises(data, answer):
    assert exchange_agents_config.recognises(data) is answer


def test_the_rest_is_read_behind_damage():
    reading = read_all(exchange_agents_config, CONFIG.replace('name="T', "name=T").encode())
    assert reading.positions == [10]
    assert reading.lost == 1


@given(st.lists(st.sampled_from(CONFIG.splitlines(keepends=True)), max_size=15).map("".join))
def test_never_raises(text):
    reading = read_all(exchange_agents_config, text.encode())
    assert reading.records <= text.count("<agent ")
