"""The workers that environment variables name."""

import json

import pytest

from tf_infomax.cluster import Cluster, expand_hosts, find_cluster
from tf_infomax.errors import InputError

ADDRESSES = ["a:1", "b:1"]
SLURM = {
    "SLURM_PROCID": "3",
    "SLURM_JOB_ID": "7",
    "SLURM_STEP_NODELIST": "gpu[08-10]",
    "SLURM_STEP_TASKS_PER_NODE": "2(x2),1",
}


def tf_config(index: int = 1, job: str = "worker", **jobs: list[str]) -> dict[str, str]:
    content = {"cluster": jobs or {"worker": ADDRESSES}, "task": {"type": job, "index": index}}
    return {"TF_CONFIG": json.dumps(content)}


def test_tf_config():
    cluster = find_cluster(tf_config())
    assert cluster == Cluster({"worker": ADDRESSES}, "worker", 1)
    assert find_cluster({"TF_CONFIG": cluster.tf_config()}) == cluster


def test_evaluators_are_no_workers():
    cluster = find_cluster(tf_config(0, "chief", chief=["c:1"], worker=ADDRESSES, evaluator=["e:1"]))
    assert cluster.jobs == {"chief": ["c:1"], "worker": ADDRESSES} and cluster.job == "chief"


def test_slurm():
    cluster = find_cluster(SLURM)
    first, second = "12112", "12113"
    assert cluster.jobs == {
        "worker": [f"gpu08:{first}", f"gpu08:{second}", f"gpu09:{first}", f"gpu09:{second}", f"gpu10:{first}"]
    }
    assert (cluster.job, cluster.index) == ("worker", 3)


def test_tf_config_goes_before_slurm():
    assert find_cluster({**SLURM, **tf_config()}).index == 1


@pytest.mark.parametrize(
    "text, hosts",
    [
        ("node", ["node"]),
        ("a,b", ["a", "b"]),
        ("n[1-3]", ["n1", "n2", "n3"]),
        ("gpu[01-02,07],login", ["gpu01", "gpu02", "gpu07", "login"]),
        ("r[1-2]n[09-10]-ib", ["r1n09-ib", "r1n10-ib", "r2n09-ib", "r2n10-ib"]),
    ],
)
def test_lists_of_nodes(text, hosts):
    assert expand_hosts(text) == hosts


@pytest.mark.parametrize(
    "environment, message",
    [
        ({}, "needs TF_CONFIG, or a step of Slurm .* Received: neither; `tf-infomax launch"),
        ({"TF_CONFIG": ""}, "Received: neither"),
        ({"TF_CONFIG": "{"}, "TF_CONFIG must be JSON like .* Received: {"),
        ({"TF_CONFIG": "[]"}, "TF_CONFIG must be JSON like"),
        (tf_config(2), "with this process among the workers"),
        (tf_config(-1), "with this process among the workers"),
        (tf_config(0, worker="localhost:1234"), "TF_CONFIG must be JSON like"),
        (tf_config(0, worker=[1234]), "TF_CONFIG must be JSON like"),
        (tf_config(0, "evaluator", worker=ADDRESSES, evaluator=["e:1"]), "with this process among the workers"),
        ({"SLURM_PROCID": "0"}, "Slurm's variables must name the nodes.*KeyError: 'SLURM_STEP_NODELIST'"),
        ({**SLURM, "SLURM_PROCID": "5"}, "Slurm's variables must name the nodes.*task 5 of 5"),
        ({**SLURM, "SLURM_PROCID": "-1"}, "Slurm's variables must name the nodes.*task -1 of 5"),
        ({**SLURM, "SLURM_STEP_TASKS_PER_NODE": "2(x4)"}, "Slurm's variables must name the nodes.*ValueError"),
    ],
)
def test_variables_that_do_not_name_the_workers(environment, message):
    with pytest.raises(InputError, match=message):
        find_cluster(environment)
