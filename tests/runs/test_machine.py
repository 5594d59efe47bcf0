"""The record of a machine beside a time."""

import pytest

from tf_infomax.runs import machine as module
from tf_infomax.runs.machine import machine

CPUS = """processor\t: 0
model name\t: Some Processor 9
flags\t\t: fpu avx avx2 {more} sse
processor\t: 1
model name\t: Some Processor 9
flags\t\t: fpu avx avx2 {more} sse
"""


@pytest.mark.parametrize(
    ("more", "best"), [("", "avx2"), ("avx512f avx512_vnni", "avx512_vnni"), ("avx512_bf16 amx_bf16", "amx_bf16")]
)
def test_a_processor_is_known_by_its_best_instructions(tmp_path, monkeypatch, more, best):
    (tmp_path / "cpuinfo").write_text(CPUS.format(more=more))
    monkeypatch.setattr(module, "_CPUINFO", tmp_path / "cpuinfo")
    found = machine()
    assert (found["cpu"], found["instructions"]) == ("Some Processor 9", best)


def test_elsewhere_than_on_linux_instructions_are_unknown(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_CPUINFO", tmp_path / "cpuinfo")
    found = machine()
    assert found["cpu"] and found["instructions"] is None


def test_variables_that_change_the_speed_are_recorded_and_no_others(monkeypatch):
    for name in ("TF_ENABLE_ONEDNN_OPTS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "XLA_FLAGS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "3")
    monkeypatch.setenv("TF_CONFIG", "hosts")
    assert machine()["variables"] == {"TF_NUM_INTRAOP_THREADS": "3"}
