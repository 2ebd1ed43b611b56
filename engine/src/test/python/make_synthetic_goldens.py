"""A few tensors of synthetic.py, for io.camjar.engine.model.SyntheticTests.

    python3 engine/src/test/python/make_synthetic_goldens.py
"""

import golden_file
import synthetic

SHAPES = {
    "conv1.weight": (4, 3, 7, 7),
    "bn1.weight": (16,),
    "bn1.bias": (16,),
    "bn1.running_mean": (16,),
    "bn1.running_var": (16,),
    "layer1.0.conv1.weight": (8, 5, 3, 3),
    "layer1.0.bn2.weight": (16,),
    "layer4.2.bn3.weight": (16,),
    "layer2.0.downsample.1.weight": (16,),
    "fc.weight": (7, 11),
    "fc.bias": (7,),
    "head.2.running_var": (16,),
}

if __name__ == "__main__":
    tensors = {name: synthetic.parameter(name, shape) for name, shape in SHAPES.items()}
    tensors["picture"] = synthetic.picture("picture", 2, 3, 33, 70)
    golden_file.write("synthetic", "synthetic", [], tensors)
