"""What all runtimes have in common."""

from collections.abc import Callable, Mapping

from tf_infomax.types import Array

Runner = Callable[[Mapping[str, Array]], Array]
"""Maps the inputs by name, all with N rows, to samples."""
