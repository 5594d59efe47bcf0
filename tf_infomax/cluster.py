"""The processes that train together, as `TF_CONFIG` or Slurm's variables name them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tf_infomax.errors import InputError

TF_CONFIG = "TF_CONFIG"

_FIRST_PORT = 12000
_JOBS_WITH_OWN_PORTS = 1000
_PORTS_OF_A_JOB = 16


@dataclass(frozen=True)
class Cluster:
    """The addresses of all workers, and which of them this process is."""

    jobs: dict[str, list[str]]
    """Addresses `host:port` by job: `worker`, and `chief` where there is one."""
    job: str
    """Job of this process."""
    index: int
    """Its number in the job, from 0."""

    def tf_config(self) -> str:
        """Returns the value of `TF_CONFIG` for this process."""
        return json.dumps({"cluster": self.jobs, "task": {"type": self.job, "index": self.index}})


def find_cluster(environment: Mapping[str, str]) -> Cluster:
    """Returns the cluster that environment variables describe: `TF_CONFIG`, or those of a Slurm step.

    Raises:
        InputError: There are no such variables, or they are incomplete.
    """
    if environment.get(TF_CONFIG):
        return _from_tf_config(environment[TF_CONFIG])
    if "SLURM_PROCID" in environment:
        return _from_slurm(environment)
    raise InputError(
        f"`strategy` workers needs {TF_CONFIG}, or a step of Slurm (`srun`), to know the other workers. Received: "
        "neither; `tf-infomax launch --workers 2 -- train ...` starts workers on this machine."
    )


def _from_tf_config(text: str) -> Cluster:
    try:
        config = json.loads(text)
        task = config["task"]
        jobs = {job: _addresses(given) for job, given in config["cluster"].items() if job in ("chief", "worker")}
        cluster = Cluster(jobs, str(task["type"]), int(task["index"]))
        if cluster.index not in range(len(cluster.jobs[cluster.job])):
            raise ValueError(cluster.index)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise InputError(
            f'{TF_CONFIG} must be JSON like {{"cluster": {{"worker": ["host:port", ...]}}, "task": {{"type": "worker", '
            f'"index": 0}}}}, with this process among the workers. Received: {text}'
        ) from None
    return cluster


def _addresses(given: object) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(address, str) for address in given):
        raise TypeError(given)
    return given


def _from_slurm(environment: Mapping[str, str]) -> Cluster:
    """Returns the tasks of a Slurm step as workers, in the order of their ranks (distribution `block`)."""
    try:
        hosts = expand_hosts(environment["SLURM_STEP_NODELIST"])
        counts = _expand_counts(environment["SLURM_STEP_TASKS_PER_NODE"])
        rank, number = int(environment["SLURM_PROCID"]), int(environment.get("SLURM_JOB_ID", 0))
        first = _FIRST_PORT + number % _JOBS_WITH_OWN_PORTS * _PORTS_OF_A_JOB
        pairs = zip(hosts, counts, strict=True)
        addresses = [f"{host}:{first + i}" for host, count in pairs for i in range(count)]
        if rank not in range(len(addresses)):
            raise ValueError(f"task {rank} of {len(addresses)}")
    except (KeyError, ValueError) as error:
        raise InputError(
            f"Slurm's variables must name the nodes, the tasks of each, and this task. Received: {_slurm(environment)} "
            f"({type(error).__name__}: {error})"
        ) from None
    return Cluster({"worker": addresses}, "worker", rank)


def _slurm(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(("SLURM_STEP_", "SLURM_PROCID"))}


def expand_hosts(text: str) -> list[str]:
    """Expands Slurm's list of nodes: `"gpu[01-03,7],login"` is gpu01, gpu02, gpu03, gpu7 and login."""
    parts = re.findall(r"(?:[^,\[]|\[[^\]]*\])+", text)
    return [host for part in parts for host in _expand_host(part)]


def _expand_host(part: str) -> Iterator[str]:
    head, bracket, rest = part.partition("[")
    if not bracket:
        yield head
        return
    ranges, _, tail = rest.partition("]")
    for numbers in ranges.split(","):
        first, _, last = numbers.partition("-")
        for number in range(int(first), int(last or first) + 1):
            yield from _expand_host(f"{head}{number:0{len(first)}d}{tail}")


def _expand_counts(text: str) -> list[int]:
    """Expands Slurm's tasks of each node: `"2(x3),1"` is 2, 2, 2 and 1."""
    found = [re.fullmatch(r"(\d+)(?:\(x(\d+)\))?", part) for part in text.split(",")]
    if None in found:
        raise ValueError(text)
    return [int(match[1]) for match in found if match for _ in range(int(match[2] or 1))]
