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

    @property
    def given(self) -> dict[str, int]:
        """What networks and objectives take from the data, by their argument; nothing that there is none of."""
        values = {name: getattr(self, name) for name in ("image_size", "num_channels", "num_classes")}
        return {name: value for name, value in values.items() if value is not None}

    @property
    def gives_rows(self) -> bool:
        """Whether training gets the row numbers of images in place of labels."""
        return False


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


@dataclass(frozen=True)
class EncoderData(CroppedData):
    """Images of an encoder, with their labels or with their row numbers."""

    num_images: int | None = None
    """Images of the split, for objectives that keep something for each: training gets row numbers in place of labels;
    labels if none."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.num_images is not None:
            check_positive(num_images=self.num_images)

    @property
    def given(self) -> dict[str, int]:
        return super().given | ({} if self.num_images is None else {"num_images": self.num_images})

    @property
    def gives_rows(self) -> bool:
        return self.num_images is not None
