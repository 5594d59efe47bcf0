"""One worker of `tf-infomax launch`: python -m tf_infomax.commands.worker COMMAND ARGUMENTS.

It runs a command of `tf-infomax`, and ends when the launcher does.
"""

import ctypes
import os
import signal
import sys

from tf_infomax.commands import main as _main
from tf_infomax.commands.worker_processes import LAUNCHER

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Asks Linux to stop this process by SIGTERM when its launcher ends, by `kill -9` too; exits if it has ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if str(os.getppid()) != os.environ.get(LAUNCHER, str(os.getppid())):
        sys.exit("error: the launcher of this worker has ended.")


if __name__ == "__main__":
    end_with_parent()
    _main.main()
