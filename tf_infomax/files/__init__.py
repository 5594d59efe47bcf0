"""Files: atomic writing, locks, digests and names."""

from tf_infomax.files.digests import UNREADABLE_ARCHIVE, is_intact_archive, sha256_of
from tf_infomax.files.locks import lock_beside, locked, locked_or_refused
from tf_infomax.files.names import default_cache_dir, printable
from tf_infomax.files.reading import read_json_object
from tf_infomax.files.writing import (
    PARTIAL_PREFIX,
    atomic_folder,
    atomic_path,
    remove,
    remove_partial_files,
    write_bytes,
    write_json,
)

__all__ = [
    "PARTIAL_PREFIX",
    "UNREADABLE_ARCHIVE",
    "atomic_folder",
    "atomic_path",
    "default_cache_dir",
    "is_intact_archive",
    "lock_beside",
    "locked",
    "locked_or_refused",
    "printable",
    "read_json_object",
    "remove",
    "remove_partial_files",
    "sha256_of",
    "write_bytes",
    "write_json",
]
