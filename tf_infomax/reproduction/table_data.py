"""The data behind a table, where a table can be made for several."""

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from tf_infomax.errors import InputError
from tf_infomax.presets import Preset
from tf_infomax.runs.options import EvaluationOptions, GANRunOptions, RunOptions
from tf_infomax.sizes import ImageSize

if TYPE_CHECKING:
    from tf_infomax.data import ImageSource


INCEPTION = "inception"


@dataclass(frozen=True)
class TableData:
    """What the runs behind a table learn and are measured on."""

    dataset: str | None = None
    """Dataset of the runs, such as folder or one of TensorFlow Datasets; that of the paper if none."""
    data_dir: str | None = None
    """Folder of your images, or of TensorFlow Datasets; its default if none."""
    cache_dir: str | None = None
    """Folder of resized copies of large datasets and of features; in the user's cache if none."""
    data_name: str | None = None
    """Name of the data in the table; that of the dataset if none."""
    features: str | None = None
    """Network behind metrics of images, see tf-infomax evaluate; that of the dataset if none."""
    feature_name: str | None = None
    """Name of that network in the table."""

    @property
    def is_given(self) -> bool:
        """Whether anything was chosen."""
        return self != TableData()

    @property
    def title(self) -> str:
        """Name of the data, for people."""
        return self.data_name or str(self.dataset)

    @property
    def feature_title(self) -> str:
        """Name of the features, for people."""
        named = "the digit classifier" if self._network in (None, "digits") else self._network
        return self.feature_name or str(named)

    @property
    def settings(self) -> dict[str, Any]:
        """What decides the numbers, as JSON; where the files are does not."""
        return {"dataset": self.dataset, "name": self.title, "features": self.feature_name or self._network}

    @property
    def is_on_inception(self) -> bool:
        """Whether the features are Inception's, so that a distance on them is a FID."""
        return self._network == INCEPTION

    @property
    def _network(self) -> str | None:
        """Name of the network; where a copy of Inception lies does not matter."""
        is_copy = (self.features or "").startswith(f"{INCEPTION}:")
        return INCEPTION if is_copy else self.features

    def or_else(self, dataset: str, features: str | None = None) -> "TableData":
        """Returns the data with a dataset where none was chosen, and with its features unless others were."""
        if self.dataset not in (None, dataset):
            return self
        return replace(self, dataset=dataset, features=self.features or features)

    def over(self, own: "TableData | None") -> "TableData":
        """Returns the data in data of an experiment's own; without a dataset, its own with what was chosen."""
        if own is None or self.dataset is not None:
            return self
        chosen = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(own, **{name: value for name, value in chosen.items() if value is not None})

    def source(self, *, split: str, image_size: ImageSize | None) -> "ImageSource":
        """Returns a split of the data, see `data.load_source`."""
        # Not at the top: commands answer `--help` before TensorFlow is imported.
        from tf_infomax.data import load_source

        return load_source(str(self.dataset), split=split, image_size=image_size, **self._places)

    def check(
        self,
        *,
        image_size: ImageSize | None,
        num_images: int,
        num_tested: int = 0,
        labelled: bool = False,
        measured_by: EvaluationOptions | None = None,
    ) -> "ImageSource":
        """Returns the training split, if the data have what a table needs.

        Args:
            image_size: Size of the images.
            num_images: Images of the training split that are needed.
            num_tested: Images of the test split that are needed.
            labelled: Whether labels are needed.
            measured_by: A measurement whose features must be at hand.

        Raises:
            InputError: There are too few images, no labels, or no such features.
        """
        from tf_infomax.runs.features import suite_of  # Not at the top: commands answer `--help` before TensorFlow.

        training = self._split_of("train", image_size, num_images)
        if labelled and training.num_classes is None:
            raise InputError(f"The table needs labels. Received: {self.title}, which has none")
        if num_tested:
            self._split_of("test", image_size, num_tested)
        if measured_by is not None:
            suite_of(training, measured_by)
        return training

    def _split_of(self, split: str, image_size: ImageSize | None, num_images: int) -> "ImageSource":
        source = self.source(split=split, image_size=image_size)
        if source.num_images < num_images:
            raise InputError(
                f"The table needs {num_images:,} images of the split {split}. "
                f"Received: {source.num_images:,} of {self.title}"
            )
        return source

    def preset(self, preset: Preset) -> Preset:
        """Returns a preset on these data."""
        return preset if preset.data.dataset == self.dataset else preset.override({"dataset": self.dataset})

    def run_options(self, **options: Any) -> GANRunOptions:
        """Returns the options of the runs."""
        return GANRunOptions(**self._places, features=self.features, feature_name=self.feature_name, **options)

    def encoder_options(self) -> RunOptions:
        """Returns the options of an encoder's runs."""
        return RunOptions(**self._places)

    def evaluation(self, **options: Any) -> EvaluationOptions:
        """Returns the options of their measurement.

        Raises:
            InputError: No features were chosen, and the dataset has none of its own.
        """
        from tf_infomax.metrics.choice import chosen_features  # Nor this one, as above.

        chosen_features(str(self.dataset), self.features)  # A missing choice is found before anything trains.
        return EvaluationOptions(**self._places, features=self.features, feature_name=self.feature_name, **options)

    @property
    def _places(self) -> dict[str, Any]:
        return {"data_dir": self.data_dir, "cache_dir": self.cache_dir}
