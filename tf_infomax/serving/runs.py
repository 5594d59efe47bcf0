"""Export and verification of whichever model a run has trained."""

from pathlib import Path
from typing import Any

from tf_infomax.models import GAN, DeepInfoMax
from tf_infomax.serving.encoders import export_encoder, verify_encoder_export
from tf_infomax.serving.generators import export_generator, verify_generator_export
from tf_infomax.serving.verification import Verification


def export_model(
    model: GAN | DeepInfoMax, directory: Path | str, *, version: int = 1, origin: dict[str, Any] | None = None
) -> Path:
    """Exports a GAN's generator or an encoder: see `export_generator` and `export_encoder`."""
    if isinstance(model, DeepInfoMax):
        return export_encoder(model, directory, version=version, origin=origin)
    return export_generator(model.sampling_generator, directory, version=version, origin=origin)


def verify_model_export(
    saved_model: Path | str, model: GAN | DeepInfoMax, *, num_images: int = 64, seed: int = 0
) -> Verification:
    """Compares a SavedModel with its model: see `verify_generator_export` and `verify_encoder_export`."""
    if isinstance(model, DeepInfoMax):
        return verify_encoder_export(saved_model, model, num_images=num_images, seed=seed)
    return verify_generator_export(saved_model, model.sampling_generator, num_images=num_images, seed=seed)
