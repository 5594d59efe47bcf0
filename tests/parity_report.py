"""Prints the largest relative errors against the recorded reference: python -m tests.parity_report.

Runs the comparisons of `test_parity.py` and prints the table of results/parity/table.md.
"""

from collections.abc import Callable

import numpy as np

from tests import test_parity
from tests.reference import MODELS, Recording, build_gan


def largest_error(comparison: Callable[[], object]) -> float:
    """Runs one comparison and returns the largest error that it checks."""
    errors: list[float] = []
    kept = test_parity.check_error
    test_parity.check_error = lambda error, tolerance: errors.append(error)
    try:
        comparison()
    finally:
        test_parity.check_error = kept
    return max(errors, default=np.nan)


def steps_error(name: str) -> float:
    """The largest error of the recorded losses over the whole trajectory, in float32."""
    if name not in test_parity.TRAJECTORIES:
        return np.nan
    trajectory = Recording(f"traj_{name}")
    _, errors = test_parity.trajectory_errors(Recording(name), trajectory, "rec/", len(trajectory["X_u8"]))
    return max(errors.values())


def main() -> None:
    """Prints the table."""
    comparisons = {
        "images, logits, features, inference": test_parity.test_inference,
        "sigma of every layer, inference": test_parity.test_inference_sigma,
        "InfoMax loss, all three softmaxes": test_parity.test_infomax_losses_in_inference,
        "rotation logits and loss, rotated images": test_parity.test_rotation_prediction_in_inference,
        "discriminator update: images, losses, gradients, state": test_parity.test_discriminator_gradients_and_state,
        "generator update: losses, gradients, state": test_parity.test_generator_gradients_and_state,
    }
    print(f"| Compared | {' | '.join(MODELS)} |\n|---|{'---|' * len(MODELS)}")
    for label, test in comparisons.items():
        errors = []
        for name in MODELS:
            recording = Recording(name)
            errors.append(largest_error(lambda test=test, r=recording: test(r, build_gan(r))))
        print_row(label, errors)
    print_row("losses of 3 training steps with 5 discriminator updates each", [steps_error(name) for name in MODELS])


def print_row(label: str, errors: list[float]) -> None:
    """Prints one row of the table."""
    cells = ["-" if np.isnan(error) else f"{error:.1e}" for error in errors]
    print(f"| {label} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
