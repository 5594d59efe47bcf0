"""Progress bars."""

import sys

import tqdm


def progress_bar(
    total: int, *, unit: str, initial: int = 0, label: str | None = None, quiet_seconds: float = 0.0
) -> tqdm.tqdm:
    """Opens a bar with the time left on standard error, which is written rarely where that is no terminal.

    Args:
        total: Number of units of the whole work.
        unit: What is counted, such as `"image"`.
        initial: Units that are done already.
        label: Text before the bar.
        quiet_seconds: Seconds before the bar appears; shorter work has none.
    """
    return tqdm.tqdm(
        total=total,
        initial=initial,
        desc=label,
        unit=unit,
        delay=quiet_seconds,
        dynamic_ncols=True,
        mininterval=0.2 if sys.stderr.isatty() else 10.0,
    )
