"""Records of machine, versions and memory for results."""

import os
import platform
import resource
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

VERSIONED_PACKAGES = ("tf-infomax", "tensorflow", "keras", "numpy")
"""Packages that decide a run's numbers."""

_CPUINFO = Path("/proc/cpuinfo")
_SPEED_VARIABLES = (
    "TF_ENABLE_ONEDNN_OPTS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "OMP_NUM_THREADS",
    "XLA_FLAGS",
)
_VECTOR_INSTRUCTIONS = ("amx_bf16", "avx512_bf16", "avx512_vnni", "avx512f", "avx2", "avx", "sve", "asimd")
"""Those that networks compute with, by the kernel's names, a processor's best first."""


def machine() -> dict[str, Any]:
    """Returns what decides the speed of this process, for the record of a time.

    Returns:
        `cpu`, its model; `instructions`, its best ones for vectors, None if unknown; `cores` that this process may use;
        `system`; `variables` of the environment about libraries and threads, those that are set.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    facts = _cpu_facts()
    flags = (facts.get("flags") or facts.get("Features", "")).split()
    return {
        "cpu": facts.get("model name") or platform.processor() or platform.machine(),
        "instructions": next((name for name in _VECTOR_INSTRUCTIONS if name in flags), None),
        "cores": cores,
        "system": platform.system(),
        "variables": {name: os.environ[name] for name in _SPEED_VARIABLES if name in os.environ},
    }


def peak_memory_mib() -> float:
    """Returns the peak resident memory of this process, without memory of accelerators."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def _cpu_facts() -> dict[str, str]:
    """Returns what Linux says of the processors, by name, of equal ones once; nothing elsewhere."""
    lines = _CPUINFO.read_text().splitlines() if _CPUINFO.exists() else []
    pairs = (line.partition(":") for line in lines)
    return {name.strip(): value.strip() for name, _, value in pairs}


def versions() -> dict[str, str]:
    """Returns the versions of Python and of the packages that decide a run's numbers."""
    found = {"python": sys.version.split()[0]}
    for package in VERSIONED_PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found
