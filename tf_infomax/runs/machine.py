"""Records of machine, versions and memory for results."""

import os
import platform
import resource
import sys
from importlib import metadata
from pathlib import Path

VERSIONED_PACKAGES = ("tf-infomax", "tensorflow", "keras", "numpy")
"""Packages that decide a run's numbers."""


def machine() -> dict[str, str | int | None]:
    """Returns processor, cores that this process may use, and operating system."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {"cpu": _cpu_model(), "cores": cores, "system": platform.system()}


def peak_memory_mib() -> float:
    """Returns the peak resident memory of this process, without memory of accelerators."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def _cpu_model() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def versions() -> dict[str, str]:
    """Returns the versions of Python and of the packages that decide a run's numbers."""
    found = {"python": sys.version.split()[0]}
    for package in VERSIONED_PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found
