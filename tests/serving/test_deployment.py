"""Files for TensorFlow Serving: they parse as its messages, and name the same model, ports and files."""

import re

import pytest
import yaml
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format, wrappers_pb2

from tests.programs import ROOT
from tf_infomax.serving import MAX_ROWS

FOLDER = ROOT / "export" / "serving"
INT64, BOOL, STRING, MESSAGE = 3, 8, 9, 11
ONE, MANY = 1, 3
WRAPPED = ".google.protobuf.Int64Value"
MESSAGES = {
    "BatchingParameters": [
        ("max_batch_size", 1, MESSAGE, ONE, WRAPPED),
        ("batch_timeout_micros", 2, MESSAGE, ONE, WRAPPED),
        ("max_enqueued_batches", 3, MESSAGE, ONE, WRAPPED),
        ("num_batch_threads", 4, MESSAGE, ONE, WRAPPED),
        ("allowed_batch_sizes", 6, INT64, MANY, ""),
        ("pad_variable_length_inputs", 7, BOOL, ONE, ""),
    ],
    "PrometheusConfig": [("enable", 1, BOOL, ONE, ""), ("path", 2, STRING, ONE, "")],
    "MonitoringConfig": [("prometheus_config", 1, MESSAGE, ONE, ".infomax_tests.PrometheusConfig")],
}
"""Messages of TensorFlow Serving that no package has: `session_bundle_config.proto` and `monitoring_config.proto`."""


def message(name: str):
    file = descriptor_pb2.FileDescriptorProto(name="infomax_tests.proto", package="infomax_tests", syntax="proto3")
    file.dependency.append(wrappers_pb2.DESCRIPTOR.name)
    for message_name, fields in MESSAGES.items():
        described = file.message_type.add(name=message_name)
        for field, number, kind, label, type_name in fields:
            type_ = {"type_name": type_name} if type_name else {}
            described.field.add(name=field, number=number, type=kind, label=label, **type_)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(wrappers_pb2.DESCRIPTOR.serialized_pb)
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"infomax_tests.{name}"))()


def parsed(file: str, message):
    return text_format.Parse((FOLDER / file).read_text(), message)


def test_models():
    model_server_config_pb2 = pytest.importorskip("tensorflow_serving.config.model_server_config_pb2")
    config = parsed("models.config", model_server_config_pb2.ModelServerConfig())
    [model] = config.model_config_list.config
    assert (model.name, model.base_path, model.model_platform) == ("infomax", "/models/infomax", "tensorflow")
    assert set(model.version_labels.values()) <= set(model.model_version_policy.specific.versions)
    assert model.version_labels["stable"] == 1


def test_batching():
    config = parsed("batching.config", message("BatchingParameters"))
    assert config.max_batch_size.value <= MAX_ROWS
    # TensorFlow Serving does not start unless the sizes ascend to the largest batch.
    assert list(config.allowed_batch_sizes) == sorted(set(config.allowed_batch_sizes))
    assert config.allowed_batch_sizes[-1] == config.max_batch_size.value
    assert config.num_batch_threads.value >= 1 and config.max_enqueued_batches.value >= 1


def test_a_misspelt_field_is_noticed():
    with pytest.raises(text_format.ParseError, match="max_batch_sise"):
        text_format.Parse("max_batch_sise { value: 64 }", message("BatchingParameters"))


def test_monitoring():
    config = parsed("monitoring.config", message("MonitoringConfig"))
    assert config.prometheus_config.enable
    assert config.prometheus_config.path in (FOLDER / "kubernetes.yaml").read_text()


def config_files(arguments: list[str]) -> set[str]:
    return set(re.findall(r"=/config/(\S+)", " ".join(arguments)))


def test_compose():
    service = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]["serving"]
    mounted = dict(volume.removesuffix(":ro").rsplit(":", 1)[::-1] for volume in service["volumes"])
    assert mounted["/models/infomax"].endswith("/infomax")
    files = {target.removeprefix("/config/"): source for target, source in mounted.items() if "/config/" in target}
    assert config_files(service["command"]) <= files.keys()
    assert all((FOLDER / source).is_file() for source in files.values())
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_kubernetes():
    deployment, service = yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text())
    pod = deployment["spec"]["template"]
    [container] = pod["spec"]["containers"]
    assert service["spec"]["selector"].items() <= pod["metadata"]["labels"].items()
    assert deployment["spec"]["selector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()
    ports = {port["name"] for port in container["ports"]}
    assert {port["targetPort"] for port in service["spec"]["ports"]} == ports
    assert container["readinessProbe"]["httpGet"]["port"] in ports
    assert {mount["name"] for mount in container["volumeMounts"]} == {v["name"] for v in pod["spec"]["volumes"]}
    files = config_files(container["args"])
    assert all((FOLDER / name).is_file() for name in files)
    assert all(f"--from-file={name}" in (FOLDER / "kubernetes.yaml").read_text() for name in files)
