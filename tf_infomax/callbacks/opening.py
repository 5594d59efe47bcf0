"""What TensorBoard shows of a run before its first step: settings, versions and real images."""

from collections.abc import Callable, Mapping
from pathlib import Path

import keras
import tensorflow as tf

from tf_infomax.images import write_png
from tf_infomax.models.players import current_step
from tf_infomax.types import Array


class Opening(keras.callbacks.Callback):
    """Writes texts and pictures once, at step 0; a resumed run has them already, and draws none.

    Args:
        log_folder: TensorBoard's log directory.
        texts: Markdown by name.
        pictures: Draws the pictures (height, width, C) uint8 by name.
        picture_folder: Folder for the pictures as `NAME.png`.
    """

    def __init__(
        self,
        log_folder: Path,
        *,
        texts: Mapping[str, str],
        pictures: Callable[[], Mapping[str, Array]],
        picture_folder: Path,
    ) -> None:
        super().__init__()
        self.log_folder = log_folder
        self.texts = texts
        self.pictures = pictures
        self.picture_folder = picture_folder

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        if current_step(self.model):
            return
        writer = tf.summary.create_file_writer(str(self.log_folder))
        with writer.as_default(0):
            for name, text in self.texts.items():
                tf.summary.text(name, text)
            for name, picture in self.pictures().items():
                tf.summary.image(name, picture[None])
                write_png(self.picture_folder / f"{name}.png", picture)
        writer.close()


def markdown_table(rows: Mapping[str, object]) -> str:
    """Returns a table of two columns, names and values."""
    lines = [f"| {name} | {_cell(value)} |" for name, value in rows.items()]
    return "\n".join(["| | |", "|---|---|", *lines])


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|")
