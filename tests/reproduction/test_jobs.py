"""Cells of a table as jobs."""

import sys
from pathlib import Path

import pytest

from tests import programs
from tf_infomax.errors import InputError
from tf_infomax.reproduction.jobs import Job, JobsFailed, parsed_options, run_jobs


def python(code: str, *arguments: object) -> Job:
    return Job((sys.executable, "-c", code, *map(str, arguments)))


def test_jobs_of_this_machine_run_some_at_a_time(tmp_path):
    code = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(time.time())); time.sleep(0.5)"
    lines: list[str] = []
    jobs = {name: python(code, tmp_path / name) for name in "ab"}
    run_jobs(jobs, cluster="local", folder=tmp_path / "jobs", at_once=1, options={}, on_end=lines.append)
    assert lines == ["a: done", "b: done"]
    assert float((tmp_path / "b").read_text()) - float((tmp_path / "a").read_text()) > 0.5


def test_the_others_go_on_when_one_fails(tmp_path):
    jobs = {"bad": python("raise SystemExit(3)"), "good": python(f"open({str(tmp_path / 'good')!r}, 'w')")}
    lines: list[str] = []
    with pytest.raises(JobsFailed, match="1 of 2 cells failed: bad."):
        run_jobs(jobs, cluster="local", folder=tmp_path / "jobs", at_once=2, options={}, on_end=lines.append)
    (log,) = (line.split("see ")[1] for line in lines if line.startswith("bad: failed"))
    assert "ended with status 3" in Path(log).read_text() and (tmp_path / "good").exists()


SBATCH = """#!/bin/bash
cp "$1" {copy}
echo "Submitted batch job 7"
"""


def test_the_script_for_slurm(tmp_path, monkeypatch):
    """A stand-in takes the script; what asks Slurm how the job is doing finds that it is done."""
    for name, text in {"sbatch": SBATCH.format(copy=tmp_path / "script"), "srun": "#!/bin/bash\n"}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr("submitit.SlurmJob.done", lambda self, **kwargs: True)
    monkeypatch.setattr("submitit.SlurmJob.exception", lambda self: None)
    options = {"slurm_partition": "gpu", "gpus_per_node": 2, "timeout_min": 30}
    run_jobs({"a": python("pass")}, cluster="slurm", folder=tmp_path / "jobs", at_once=1, options=options)
    script = (tmp_path / "script").read_text()
    for option in ("--partition=gpu", "--gpus-per-node=2", "--time=30", "--signal=USR2@120"):
        assert f"#SBATCH {option}" in script
    assert "submitit.core._submit" in script


def test_a_job_that_has_to_make_room_is_queued_again():
    job = python("pass")
    assert job.checkpoint().function == job


@pytest.mark.parametrize(
    "options, cluster, message",
    [({}, "slurm", "`executor` slurm cannot be used"), ({"colour": 1}, "local", "`executor` local cannot be used")],
)
def test_what_cannot_be_used(tmp_path, monkeypatch, options, cluster, message):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(InputError, match=message):
        run_jobs({}, cluster=cluster, folder=tmp_path, at_once=1, options=options)


def test_options():
    assert parsed_options(["timeout_min=60", "slurm_partition=gpu"]) == {"timeout_min": 60, "slurm_partition": "gpu"}
    with pytest.raises(InputError, match="`job_options` must be like timeout_min=600. Received: gpu"):
        parsed_options(["gpu"])


@pytest.mark.slow
def test_a_table_by_jobs(tmp_path):
    options = ["--quick", "--output", "table", "--work-dir", "runs", "--rows", "classifier", "--executor", "local"]
    finished = programs.tf_infomax("reproduce", "forgetting", *options, cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert "classifier, seed 0: done" in finished.stderr and "| classifier |" in finished.stdout
    assert "--quick --rows classifier --seeds 0`" in (tmp_path / "table" / "table.md").read_text()
