"""The data of a preset: which images, how large, and from where."""

from dataclasses import dataclass

from tf_infomax.errors import InputError, check_positive


@dataclass(frozen=True)
class Data:
    """A split of a dataset, as the networks see it."""

    dataset: str
    """Name of the dataset: digits, stacked-digits, stacked-mnist, ring, grid, folder, or one of TensorFlow Datasets."""
    split: str = "train"
    """Split that is trained on."""
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
        """Height and width of the images as the dataset gives them; None for points."""
        return self.image_size


@dataclass(frozen=True)
class CroppedData(Data):
    """Images that may be larger than what the network sees of them."""

    source_size: int | None = None
    """Height and width of the images, of which training takes random crops; those of the network if none."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.source_size is not None and self.image_size is not None and self.source_size < self.image_size:
            raise InputError(
                f"`source_size` must be at least `image_size` = {self.image_size}. Received: {self.source_size}"
            )

    @property
    def loaded_size(self) -> int | None:
        return self.source_size or self.image_size
