"""Devices of this process."""

import tensorflow as tf


def local_devices(number: int | None) -> list[str]:
    """Returns the names of all GPUs; without GPUs those of the logical CPU devices, after a split into `number`."""
    gpus = tf.config.list_logical_devices("GPU") if tf.config.list_physical_devices("GPU") else []
    if gpus:
        return [device.name for device in gpus]
    if number is not None and number > 1:
        split_cpu(number)
    return [device.name for device in tf.config.list_logical_devices("CPU")]


def split_cpu(number: int) -> None:
    """Splits the CPU into logical devices, unless TensorFlow has started and its devices are fixed."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    try:
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * number)
    except RuntimeError:
        pass  # The caller checks their number.
