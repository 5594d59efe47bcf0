"""The data of a preset: dataset, split and size of the images."""

from dataclasses import dataclass

from tf_infomax.errors import InputError, check_positive


@dataclass(frozen=True)
class Data:
    """A split of a dataset, at the networks' size."""

    dataset: str
    """Name of the dataset: digits, stacked-digits, stacked-mnist, ring, grid, folder, or one of TensorFlow Datasets."""
    split: str = "train"
    """Split to train on."""
    image_size: int | None = 32
    """Height and width in pixels; none for points."""
    num_channels: int = 3
    """Colour channels: 1 for grey images, 3 for colour; the dimensions of points."""
    num_classes: int | None = None
    """Classes of a conditional GAN or a supervised encoder; none without labels."""

    def __post_init__(self) -> None:
        check_positive(num_channels=self.num_channels)
        for name in ("image_size", "num_classes"):
            if getattr(self, name) is not None:
                check_positive(**{name: getattr(self, name)})

    @property
    def loaded_size(self) -> int | None:
        """Height and width of the dataset's images; None for points."""
        return self.image_size


@dataclass(frozen=True)
class CroppedData(Data):
    """Images that may be larger than the network's."""

    source_size: int | None = None
    """Height and width of the images before cropping; those of the network if none."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.source_size is not None and self.image_size is not None and self.source_size < self.image_size:
            raise InputError(
                f"`source_size` must be at least `image_size` = {self.image_size}. Received: {self.source_size}"
            )

    @property
    def loaded_size(self) -> int | None:
        return self.source_size or self.image_size
