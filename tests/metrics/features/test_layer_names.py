import keras

from tf_infomax.metrics.features.layer_names import default_layers, layers_by_name
from tf_infomax.metrics.features.network import OutputNames


def classifier(*, pooled: bool) -> keras.Model:
    x = images = keras.Input((8, 8, 3))
    for _ in range(2):
        x = keras.layers.Conv2D(2, 3)(x)
        x = keras.layers.ReLU()(x)
    x = keras.layers.Conv2D(2, 3, name="conv_7")(x)
    x = (keras.layers.GlobalAveragePooling2D if pooled else keras.layers.Flatten)()(x)
    x = keras.layers.Dense(4, name="hidden")(x)
    return keras.Model(images, keras.layers.Dense(3, name="classes")(x))


def test_names_do_not_depend_on_what_was_built_before() -> None:
    classifier(pooled=True)
    model = classifier(pooled=True)
    assert list(layers_by_name(model)) == [
        *("input_layer", "conv2d", "re_lu", "conv2d_1", "re_lu_1", "conv_7"),
        *("global_average_pooling2d", "hidden", "classes"),
    ]
    assert list(layers_by_name(model).values()) == model.layers


def test_features_are_pooled_or_before_the_last_dense_layer() -> None:
    assert default_layers(layers_by_name(classifier(pooled=True))) == OutputNames("global_average_pooling2d", "classes")
    assert default_layers(layers_by_name(classifier(pooled=False))) == OutputNames("hidden", "classes")
