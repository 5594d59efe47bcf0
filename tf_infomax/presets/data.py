"""The data of a preset: dataset, split and size of the images."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tf_infomax.errors import InputError, check_positive
from tf_infomax.sizes import ImageSize, checked_size, height_and_width, size_text

if TYPE_CHECKING:
    from tf_infomax.data import ImageSource


@dataclass(frozen=True)
class Data:
    """A split of a dataset, at the networks' size."""

    dataset: str
    """Name of the dataset: digits, stacked-digits, stacked-mnist, ring, grid, folder, or one of TensorFlow Datasets."""
    split: str = "train"
    """Split to train on."""
    image_size: ImageSize | None = 32
    """Height and width in pixels, one number where they are equal; none for points."""
    num_channels: int = 3
    """Colour channels: 1 for grey images, 3 for colour; the dimensions of points."""
    num_classes: int | None = None
    """Classes of a conditional GAN or a supervised encoder; none without labels."""

    def __post_init__(self) -> None:
        check_positive(num_channels=self.num_channels)
        if self.num_classes is not None:
            check_positive(num_classes=self.num_classes)
        self._check_size("image_size")

    def _check_size(self, name: str) -> None:
        """Brings a size into its only form; raises an InputError if it is none."""
        if getattr(self, name) is not None:
            object.__setattr__(self, name, checked_size(getattr(self, name), name=name))

    @property
    def loaded_size(self) -> ImageSize | None:
        """Height and width of the dataset's images; None for points."""
        return self.image_size

    @property
    def random_changes(self) -> dict[str, Any]:
        """What happens to training images at random, by argument of `data.training_dataset`; nothing here."""
        return {}

    @property
    def given(self) -> dict[str, Any]:
        """What networks and objectives take from the data, by their argument; nothing that there is none of."""
        values = {name: getattr(self, name) for name in ("image_size", "num_channels", "num_classes")}
        return {name: value for name, value in values.items() if value is not None}

    @property
    def gives_rows(self) -> bool:
        """Whether training gets the row numbers of images in place of labels."""
        return False

    def training_part(self, source: "ImageSource") -> "ImageSource":
        """Returns the images of the split that training reads: all of them."""
        return source


@dataclass(frozen=True)
class CroppedData(Data):
    """Images that may be larger than the network's."""

    source_size: ImageSize | None = None
    """Height and width before random crops; those of the network if none."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.source_size is None:
            return
        self._check_size("source_size")
        if self.image_size is None:
            raise InputError(f"`source_size` is for images. Received: {size_text(self.source_size)}, for points")
        sides = zip(height_and_width(self.source_size), height_and_width(self.image_size))
        if any(source < side for source, side in sides):
            raise InputError(
                f"`source_size` must be at least `image_size` = {size_text(self.image_size)}. "
                f"Received: {size_text(self.source_size)}"
            )

    @property
    def loaded_size(self) -> ImageSize | None:
        return self.source_size or self.image_size


@dataclass(frozen=True)
class GANData(CroppedData):
    """Images or points of a GAN."""

    num_training_images: int | None = None
    """Train on this many images of the split; always the same ones, equally many of each class; all if none.
    Measurements compare with the whole split."""
    mirror: bool | None = None
    """Mirror a random half of the images; left for right, anew in each epoch; not if none."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.num_training_images is not None:
            check_positive(num_training_images=self.num_training_images)
        if self.mirror and self.image_size is None:
            raise InputError("`mirror` is for images. Received: True, for points")
        # As if it were not given: runs of earlier versions have no such setting.
        object.__setattr__(self, "mirror", self.mirror or None)

    @property
    def random_changes(self) -> dict[str, Any]:
        crop = {} if self.source_size is None else {"crop_size": self.image_size}
        return {**crop, **({"mirror": True} if self.mirror else {})}

    def training_part(self, source: "ImageSource") -> "ImageSource":
        """Returns the images of the split that training reads.

        Raises:
            InputError: The split has fewer.
        """
        from tf_infomax.data import balanced_part

        if self.num_training_images is None:
            return source
        if self.num_training_images > source.num_images:
            raise InputError(
                f"`num_training_images` must be at most {source.num_images}, the images of {source.name}, split "
                f"{source.split}. Received: {self.num_training_images}"
            )
        return balanced_part(source, self.num_training_images)


@dataclass(frozen=True)
class EncoderData(CroppedData):
    """Images of an encoder, with their labels or with their row numbers."""

    num_images: int | None = None
    """Images of the split, for objectives that keep something for each: training gets row numbers in place of labels;
    labels if none."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("image_size", "source_size"):
            if not isinstance(size := getattr(self, name), int | None):
                raise InputError(f"`{name}` must be one number for an encoder. Received: {size_text(size)}")
        if self.num_images is not None:
            check_positive(num_images=self.num_images)

    @property
    def given(self) -> dict[str, Any]:
        return super().given | ({} if self.num_images is None else {"num_images": self.num_images})

    @property
    def gives_rows(self) -> bool:
        return self.num_images is not None
