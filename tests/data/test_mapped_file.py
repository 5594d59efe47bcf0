import sys

import numpy as np
import pytest
import tensorflow as tf

from tests import programs
from tf_infomax.data.mapped_file import row_reader

ROWS = np.random.default_rng(0).integers(0, 256, (11, 5, 3), np.uint8)


@pytest.fixture
def path(tmp_path):
    (tmp_path / "rows").write_bytes(ROWS.tobytes())
    return tmp_path / "rows"


def test_rows_eagerly_and_in_a_dataset(path):
    read = row_reader(path, ROWS.shape)
    np.testing.assert_array_equal(read(tf.constant([10, 0, 0], tf.int64)), ROWS[[10, 0, 0]])
    rows = list(tf.data.Dataset.range(11).map(lambda k: read(k[tf.newaxis])[0]).as_numpy_iterator())
    np.testing.assert_array_equal(rows, ROWS)


def test_a_file_is_read_after_it_was_removed_or_replaced(path):
    read = row_reader(path, ROWS.shape)
    path.unlink()
    path.write_bytes(bytes(ROWS.size))
    np.testing.assert_array_equal(read(tf.range(11, dtype=tf.int64)), ROWS)
    np.testing.assert_array_equal(row_reader(path, ROWS.shape)(tf.constant([3], tf.int64)), np.zeros((1, 5, 3)))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("scoped", [False, True])
def test_the_file_is_not_copied_to_memory(tmp_path, scoped):
    code = f"""
import contextlib, pathlib, tensorflow as tf
from tf_infomax.data.mapped_file import row_reader
tf.config.experimental.enable_op_determinism()
path, row = pathlib.Path({str(tmp_path)!r}) / "rows", 2**20
with path.open("wb") as file:
    file.truncate(2**11 * row)
def own_memory():
    line = next(line for line in open("/proc/self/status") if line.startswith("RssAnon"))
    return int(line.split()[1]) / 2**20
strategy = tf.distribute.MirroredStrategy(["CPU:0"])
with strategy.scope() if {scoped} else contextlib.nullcontext():
    read = row_reader(path, (2**11, row))
before = own_memory()
dataset = tf.data.Dataset.range(9).map(lambda k: read(tf.stack([k, 2**11 - 1 - k])), num_parallel_calls=2).prefetch(2)
for rows in (dataset, strategy.experimental_distribute_dataset(dataset))[{scoped}]:
    pass
read(tf.constant([5], tf.int64))
print(own_memory() - before)
"""
    finished = programs.run_code(code)
    assert finished.returncode == 0, finished.stderr
    assert float(finished.stdout) < 0.5  # GiB, of the 2 that the file has.
