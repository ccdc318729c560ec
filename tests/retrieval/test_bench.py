"""The measurement of both engines, in its short form on a real node."""

from pathlib import Path

import orjson
import pytest
import structlog

from retrieval.cli.main import main


@pytest.mark.server
@pytest.mark.elasticsearch
@pytest.mark.slow
def test_a_short_measurement_ends_in_one_line_of_figures_without_a_failed_search(
    elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TEST_ELASTICSEARCH_URL", elasticsearch_url)
    monkeypatch.setattr("retrieval.cli.evaluate._MEASUREMENTS", tmp_path)
    assert main(["bench", "--small"]) == 0
    structlog.reset_defaults()  # a command silences the process's log, which later tests read
    record = orjson.loads(capsys.readouterr().out.splitlines()[-1])
    assert record == orjson.loads((tmp_path / "bench-retrieval.json").read_bytes())
    both = record["passages"]["300"]
    for engine in ("embedded", "elasticsearch"):
        assert both[engine]["clients_1"]["searches"] == 40
        assert both[engine]["rebuild"]["failed"] == 0
        assert both[engine]["rebuild"]["versions_seen"] == 2
    assert record["agreement"]["demo"]["same_first_hit"] >= 0.95
