#!/usr/bin/env bash
# Keras 3.15.1 with TensorFlow 2.21.0: binary_crossentropy behind a softmax is that of sigmoids, categorical_crossentropy behind a sigmoid that of a softmax.
#
# Both losses document y_pred as probabilities (from_logits=False). On this backend softmax and sigmoid hang their input on their output as "logits", and either loss
# takes whatever hangs there without asking which of the two it came from. So Dense(2, "softmax") with binary_crossentropy, a frequent
# pair, is trained, and evaluated, as independent sigmoids, and predict still gives the softmax. evaluate's loss is not the loss of predict's
# values, and a step of SGD is not down the slope of that loss: -0.040 here where -0.101 is right (central differences). No
# message. Hurt: who compares losses between backends, or with a formula, and who calibrates by them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check keras==3.15.1 tensorflow-cpu==2.21.0 numpy==2.4.6 2>install || { cat install >&2; exit 1; }
cat >probe.py <<'PYTHON'
import keras
import numpy as np

IMAGES = np.array([[2, 0, -1], [0, 1, 0]], np.float32)
LABELS = np.array([[1, 0, 0], [0, 0, 1]], np.float32)
UNIT = np.eye(3, dtype=np.float32)
TINY = 1e-2


def compiled(head, loss):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3, use_bias=False, activation=head)])
    model.compile(optimizer=keras.optimizers.SGD(1.0), loss=loss)
    model.set_weights([UNIT])
    return model


def loss_of_predicted(model, loss, weights):
    model.set_weights([weights])
    predicted = keras.ops.convert_to_tensor(model.predict(IMAGES, verbose=0))
    return float(np.mean(keras.losses.get(loss)(keras.ops.convert_to_tensor(LABELS), predicted)))


for head in ("softmax", "sigmoid"):
    for loss in ("categorical_crossentropy", "binary_crossentropy"):
        model = compiled(head, loss)
        evaluated = model.evaluate(IMAGES, LABELS, verbose=0)
        predicted = loss_of_predicted(model, loss, UNIT)
        change = np.zeros((3, 3), np.float32)
        change[0, 0] = TINY
        slope = (loss_of_predicted(model, loss, UNIT + change) - loss_of_predicted(model, loss, UNIT - change)) / (2 * TINY)
        model.set_weights([UNIT])
        model.fit(IMAGES, LABELS, batch_size=2, verbose=0)
        gradient = UNIT[0, 0] - model.get_weights()[0][0, 0]
        print(
            f"seen: {head}, {loss}: evaluate {evaluated:.3f}, of predict's values {predicted:.3f};",
            f"gradient {gradient:.3f}, by differences {slope:.3f}",
        )
PYTHON
KERAS_BACKEND=tensorflow KERAS_HOME="$folder" python/bin/python probe.py 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: softmax, categorical_crossentropy: evaluate 0.861, of predict's values 0.861; gradient -0.156, by differences -0.156
seen: softmax, binary_crossentropy: evaluate 0.639, of predict's values 0.497; gradient -0.040, by differences -0.101
seen: sigmoid, categorical_crossentropy: evaluate 0.861, of predict's values 0.935; gradient -0.156, by differences -0.056
seen: sigmoid, binary_crossentropy: evaluate 0.639, of predict's values 0.639; gradient -0.040, by differences -0.040
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
