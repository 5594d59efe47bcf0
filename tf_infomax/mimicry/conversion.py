"""Conversion of the authors' checkpoints to models that load, train and serve here."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from tf_infomax.errors import InputError, check_choice
from tf_infomax.files import atomic_folder, sha256_of
from tf_infomax.mimicry.checkpoint import load_state
from tf_infomax.mimicry.discriminator_serving import export_discriminator
from tf_infomax.mimicry.networks import (
    MethodName,
    Player,
    compiled_gan,
    player_of,
    restore_discriminator,
    restore_generator,
)
from tf_infomax.mimicry.state import State
from tf_infomax.runs.machine import versions
from tf_infomax.serving import export_generator


def read_checkpoints(paths: Sequence[Path]) -> dict[Player, State]:
    """Reads one or two checkpoint files and tells the players apart by their tensors.

    Raises:
        InputError: A file cannot be read or is neither player's, or two are of the same player.
    """
    states: dict[Player, State] = {}
    for path in paths:
        state = load_state(path)
        player = player_of(state, source=str(path))
        if player in states:
            raise InputError(
                f"expected at most one generator and one discriminator. Received: a second {player}, {path}"
            )
        states[player] = state
    return states


def origin_of(paths: Sequence[Path], *, method: MethodName, image_size: int) -> dict[str, Any]:
    """Returns the facts that a SavedModel keeps about the checkpoints it came from."""
    digests = {str(path.resolve()): sha256_of(path) for path in paths}
    return {"checkpoints": digests, "method": method, "image_size": image_size, "versions": versions()}


def convert(
    states: Mapping[Player, State],
    output: Path | str,
    *,
    method: MethodName,
    image_size: int,
    origin: dict[str, Any] | None = None,
) -> list[Path]:
    """Writes models with the weights of the authors' networks, all or none.

        generator.keras                 a `ResNetGenerator`
        saved_model/1                   the generator with the signatures of `serving.export_generator`
        discriminator.keras             a `ResNetDiscriminator`
        discriminator_saved_model/1     the discriminator, see `discriminator_serving.export_discriminator`
        gan.keras                       if there are both: the compiled `GAN` with its objectives

    Heads of objectives are in `gan.keras` alone: a discriminator has none. `gan.keras` continues training with the loss
    of the authors' networks, which for InfoMax-GAN is `InfoMax(own_locations="masked")`.

    Args:
        states: Arrays by the authors' names, of one player or of both.
        output: The folder to write, which must be new or empty.
        method: The method that trained the networks.
        image_size: Height and width of its images.
        origin: JSON-ready facts that the SavedModels keep.

    Returns:
        The paths of the models.

    Raises:
        InputError: The folder is not empty, there is no state, or a tensor does not fit; the message names the first.
    """
    output = Path(output)
    _check_free(output)
    for player in states:
        check_choice("states", player, get_args(Player))
    if not states:
        raise InputError("expected a generator, a discriminator or both. Received: neither")
    generator = discriminator = gan = None
    if "generator" in states:
        generator = restore_generator(states["generator"], method=method, image_size=image_size)
    if "discriminator" in states:
        discriminator, objectives = restore_discriminator(states["discriminator"], method=method, image_size=image_size)
        if generator is not None:
            gan = compiled_gan(generator, discriminator, objectives)
    with atomic_folder(output) as folder:
        if generator is not None:
            generator.save(folder / "generator.keras")
            export_generator(generator, folder / "saved_model", origin=origin)
        if discriminator is not None:
            discriminator.save(folder / "discriminator.keras")
            export_discriminator(discriminator, folder / "discriminator_saved_model" / "1", origin=origin)
        if gan is not None:
            gan.save(folder / "gan.keras")
        return [output / entry.relative_to(folder) for entry in _models(folder)]


def _models(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.keras"), *folder.glob("*saved_model/*")])


def _check_free(output: Path) -> None:
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise InputError(f"{output} exists already and is not an empty folder; name a new one.")
