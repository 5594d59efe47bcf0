"""The model card of a model that no run tells more about."""

from typing import Any

FRONT_MATTER = "library_name: tf-infomax"
"""Line by which a card of ours is known."""


def card_of(model: Any, name: str) -> str:
    """Returns the text of a model card, with the front matter of Hugging Face's hub.

    Args:
        model: A model of several players.
        name: Its name.
    """
    made = f"{int(model.step_counter):,} training steps" if model.compiled else "no training"
    lines = [
        *("---", "license: unknown", FRONT_MATTER, "tags:", "- tensorflow", "- keras", "---", ""),
        f"# {name}",
        "",
        f"A {type(model).__name__} after {made}:",
        "",
        *(f"- {part.replace('_', ' ')}: {type(layer).__name__}" for part, layer in model.parts().items()),
        "",
        use_of(name, generates=hasattr(model, "generate")),
        "",
        "## Measurements",
        "",
        "None.",
    ]
    return "\n".join(lines) + "\n"


def use_of(name: str, *, generates: bool) -> str:
    """Returns the part of a card that says how the model is loaded."""
    lines = [
        "## Use",
        "",
        "```py",
        "import tf_infomax",
        "",
        f'model = tf_infomax.from_preset("{name}")  # the path of this folder, or hf://OWNER/NAME',
        *(["images = model.generate(64, seed=0)"] if generates else ["features = model.predict(images)"]),
        "```",
    ]
    return "\n".join(lines)
