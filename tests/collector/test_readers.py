"""What the collector writes is what `exward posture` reads."""

from exward.evidence.options import EvidenceOptions
from exward.posture.gather import gather
from tests.collector.collection import SERVER, collection


def test_a_collection_is_an_inventory(tmp_path):
    path = collection(tmp_path / "EX01.zip")
    gathered = gather([str(path)], EvidenceOptions(spool_dir=tmp_path), lambda: False)
    (inventory,) = gathered.inventories
    assert inventory.server == SERVER
    assert set(inventory.areas) == {"host"}
    assert gathered.skipped == []
