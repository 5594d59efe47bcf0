"""Files: atomic writing, locks, digests and names."""

from tf_infomax.files.digests import is_intact_archive, sha256_of
from tf_infomax.files.locks import lock_beside, locked, locked_or_refused
from tf_infomax.files.names import default_cache_dir, printable
from tf_infomax.files.reading import read_json_object
from tf_infomax.files.writing import (
    PARTIAL_PREFIX,
    atomic_folder,
    atomic_path,
    remove_partial_files,
    replaced_folder,
    write_bytes,
    write_json,
)

__all__ = [
    "PARTIAL_PREFIX",
    "atomic_folder",
    "atomic_path",
    "default_cache_dir",
    "is_intact_archive",
    "lock_beside",
    "locked",
    "locked_or_refused",
    "printable",
    "read_json_object",
    "remove_partial_files",
    "replaced_folder",
    "sha256_of",
    "write_bytes",
    "write_json",
]
