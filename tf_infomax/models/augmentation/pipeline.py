"""The random pipeline of adaptive augmentation: pixel blitting, geometry and colour, each with a probability."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.models.augmentation.colour import colour_maps, map_colours
from tf_infomax.models.augmentation.draws import normal_rows, uniform_rows
from tf_infomax.models.augmentation.geometry import in_turn, mirrored, quarter_turns, resample, shifted, turned, zoomed
from tf_infomax.types import Tensor


class Parameter(NamedTuple):
    """Distribution of a parameter of a change; 0 changes nothing."""

    change: str
    """Change that it is of: either all of its parameters are drawn or none."""
    choices: int = 0
    """Drawn from the whole numbers below this, if positive."""
    limit: float = 0.0
    """Drawn uniformly from [-limit, limit), if positive."""
    deviation: float = 0.0
    """Drawn from a normal distribution of this deviation, if positive."""


PARAMETERS: Mapping[str, Parameter] = {
    "mirror": Parameter("mirror", choices=2),
    "turns": Parameter("turns", choices=4),
    "right": Parameter("shift", limit=1 / 8),
    "down": Parameter("shift", limit=1 / 8),
    "zoom": Parameter("zoom", deviation=0.2),
    "angle_before": Parameter("turn_before", limit=math.pi),
    "stretch": Parameter("stretch", deviation=0.2),
    "angle_after": Parameter("turn_after", limit=math.pi),
    "drift_right": Parameter("drift", deviation=1 / 8),
    "drift_down": Parameter("drift", deviation=1 / 8),
    "brightness": Parameter("brightness", deviation=0.2),
    "contrast": Parameter("contrast", deviation=0.5),
    "inversion": Parameter("inversion", choices=2),
    "hue": Parameter("hue", limit=math.pi),
    "saturation": Parameter("saturation", deviation=1.0),
}
"""Parameters in the order of the changes. Lengths are relative to the image's, scales and colours are powers of 2."""

_CHANGES = list(dict.fromkeys(parameter.change for parameter in PARAMETERS.values()))
_CHANGE_OF = [_CHANGES.index(parameter.change) for parameter in PARAMETERS.values()]
_TURNS = [change in ("turn_before", "turn_after") for change in _CHANGES]
_COLOURS = ("brightness", "contrast", "inversion", "hue", "saturation")


def augment(images: Tensor, seed: Tensor, probability: Tensor | float) -> Tensor:
    """Changes each image with the given probability of each change; with a probability of 0 it stays as it is.

    All geometry is one resampling and all colour one affine map of each image.

    Args:
        images: (B, H, W, C) float32 in [-1, 1].
        seed: (2,) int32, stateless.
        probability: p in [0, 1], a scalar.

    Returns:
        Like the images; values may leave [-1, 1].

    Source: Karras et al., NeurIPS 2020, Appendix B: the categories blit, geom and color of the authors' code.
        Deviation: bilinear interpolation in place of resampling at twice the resolution with wavelet filters, so that
        what is made smaller is not antialiased.
    """
    drawn = draw_parameters(distribution.num_rows(images), seed, probability)
    moved = resample(images, placement(drawn, *images.shape[1:3]))
    return map_colours(moved, *colour_maps(images.shape[-1], **{name: drawn[name] for name in _COLOURS}))


def draw_parameters(num_images: int | Tensor, seed: Tensor, probability: Tensor | float) -> dict[str, Tensor]:
    """Draws the parameters (B,) of this replica's images by name; see `augment`."""
    chances, uniform, normal = (tf.random.fold_in(seed, purpose) for purpose in range(3))
    # Two turns, each of a lower probability, are one of probability p.
    limits = tf.where(_TURNS, 1.0 - tf.sqrt(1.0 - probability), probability)
    takes_place = uniform_rows(num_images, len(_CHANGES), chances) < limits  # (B, changes)
    fractions = uniform_rows(num_images, len(PARAMETERS), uniform)  # (B, parameters)
    choices, bounds, deviations = (
        tf.constant([float(getattr(own, name)) for own in PARAMETERS.values()])
        for name in ("choices", "limit", "deviation")
    )
    values = tf.floor(choices * fractions) + bounds * (2.0 * fractions - 1.0)
    values += deviations * normal_rows(num_images, len(PARAMETERS), normal)
    chosen = tf.where(tf.gather(takes_place, _CHANGE_OF, axis=1), values, 0.0)
    return dict(zip(PARAMETERS, tf.unstack(chosen, axis=1)))


def placement(drawn: Mapping[str, Tensor], height: int, width: int) -> Tensor:
    """Returns the matrices (B, 3, 3) of all geometric changes in their order, for `resample`."""
    # What is not square keeps its shape: no turn or half a turn.
    turns = drawn["turns"] if height == width else 2.0 * tf.floor(drawn["turns"] / 2.0)
    return in_turn(
        mirrored(drawn["mirror"]),
        quarter_turns(turns),
        shifted(tf.round(drawn["right"] * width), tf.round(drawn["down"] * height)),
        zoomed(drawn["zoom"], drawn["zoom"]),
        turned(drawn["angle_before"]),
        zoomed(drawn["stretch"], -drawn["stretch"]),
        turned(drawn["angle_after"]),
        shifted(drawn["drift_right"] * width, drawn["drift_down"] * height),
    )
