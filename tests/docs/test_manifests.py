"""Scripts and manifests for clusters in the guides: they parse, and name the workers and the commands rightly."""

import re
import shlex
import subprocess

import yaml

from tests.docs.documents import PAGES, blocks
from tf_infomax.cluster import find_cluster
from tf_infomax.commands import train

GUIDE = next(path for path in PAGES if path.name == "distribution.md")
SLURM = [block for block in blocks(GUIDE, "bash") if "#SBATCH" in block]


def test_scripts_for_slurm():
    assert len(SLURM) == 2
    for script in SLURM:
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)
        options = re.findall(r"^#SBATCH --([a-z-]+)(?:=\S+)?$", script, flags=re.MULTILINE)
        assert len(options) == script.count("#SBATCH") and {"signal", "requeue"} <= set(options)
        words = shlex.split(script.splitlines()[-1].replace("$SLURM_ARRAY_TASK_ID", "3"))
        name, arguments = train.parse(words[words.index("train") + 1 :])
        assert arguments.preset.steps > 0 and name in script


def test_job_sets():
    (manifest,) = (yaml.safe_load(block) for block in blocks(GUIDE, "yaml"))
    assert manifest["kind"] == "JobSet"
    job = manifest["spec"]["replicatedJobs"][0]["template"]["spec"]
    (container,) = job["template"]["spec"]["containers"]
    assert job["completions"] == job["parallelism"] == 2 and job["completionMode"] == "Indexed"
    (script,) = container["args"]
    printing = re.sub(r"^exec .*", "printenv TF_CONFIG", script, flags=re.MULTILINE)
    for index in range(job["completions"]):
        environment = {"JOB_COMPLETION_INDEX": str(index), "PATH": "/usr/bin:/bin"}
        printed = subprocess.run([*container["command"], printing], env=environment, capture_output=True, text=True)
        cluster = find_cluster({"TF_CONFIG": printed.stdout})
        names = [f"infomax-gan-workers-0-{pod}.infomax-gan:2222" for pod in range(2)]
        assert cluster.jobs == {"worker": names} and cluster.index == index
    assert container["ports"] == [{"containerPort": 2222}]
    name, arguments = train.parse(shlex.split(re.findall("^exec tf-infomax train (.*)", script, re.MULTILINE)[0]))
    assert name == "infomax-gan-imagenet32" and arguments.options.strategy == "workers"
