"""The look from outside: what is interrupted, and what does not answer."""

import pytest

from exward.model.errors import EvidenceError
from exward.posture.outside.address import parse
from exward.scan.probe import ProbeSettings, probe
from exward.scan.progress import Silent
from tests.posture.outside.server import NO_PAUSE, Exchange, serving

DOWN = parse("https://127.0.0.1:1")
SE = Exchange("15.2.2562.46", "15.2.2562")


class Stopped(Silent):
    """Ctrl-C was pressed before the first request."""

    def cancelled(self):
        return True


def test_what_is_interrupted_at_once_is_a_result():
    result = probe(ProbeSettings((DOWN,), NO_PAUSE), Stopped()).result
    assert result.run.interrupted
    assert [one.reason for one in result.skipped] == ["was not asked: interrupted"]
    assert not result.outcomes


def test_the_only_server_that_does_not_answer_is_an_error():
    with pytest.raises(EvidenceError, match="nothing listens on port 1"):
        probe(ProbeSettings((DOWN,), NO_PAUSE), Silent())


def test_a_server_given_twice_is_visited_once():
    with serving(SE) as served:
        address = parse(served.url)
        result = probe(ProbeSettings((address, address), NO_PAUSE), Silent()).result
    assert len(result.postures) == 1
    assert result.run.records == len(served.requests)
    assert result.outcomes == tuple(sorted(result.outcomes, key=lambda one: one.check))
