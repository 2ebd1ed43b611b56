"""Writes one model a node for OnnxNodeTests, which compares them with ONNX Runtime: attributes left out and given.

    /usr/bin/python3 make_onnx_nodes.py        (Debian's python3-onnx)

Leaves src/test/resources/io/camjar/weights/onnx/nodes/NAME.onnx: the node on an image [1, 4, 7, 6], flattened to scores;
of a node on constants, which is computed when the file is read, its values behind the means of the image's channels.
"""
import pathlib

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

TARGET = pathlib.Path(__file__).parent.parent / "resources/io/camjar/weights/onnx/nodes"
random = numpy.random.RandomState(3)
SHAPE = [1, 4, 7, 6]


def f(*shape):
    return random.uniform(-1, 1, shape).astype(numpy.float32)


def i(*values):
    return numpy.array(values, dtype=numpy.int64)


def s(value):
    return numpy.array(value, dtype=numpy.float32)


# name: (operation, constants behind x (None: left out), attributes, opset)
NODES = {
    "conv": ("Conv", [f(3, 4, 3, 3)], {}, 17),
    "conv-uneven": ("Conv", [f(3, 4, 3, 3), f(3)], {"pads": [0, 1, 2, 0], "strides": [2, 1]}, 17),
    "conv-same-upper": ("Conv", [f(3, 4, 4, 3)], {"auto_pad": "SAME_UPPER", "strides": [2, 2]}, 17),
    "conv-same-lower": ("Conv", [f(3, 4, 4, 3)], {"auto_pad": "SAME_LOWER", "strides": [2, 2]}, 17),
    "conv-valid": ("Conv", [f(3, 4, 2, 2)], {"auto_pad": "VALID", "dilations": [2, 1]}, 17),
    "conv-groups": ("Conv", [f(4, 2, 3, 3)], {"group": 2, "pads": [1, 1, 1, 1]}, 17),
    "batchnorm": ("BatchNormalization", [f(4), f(4), f(4), numpy.abs(f(4))], {}, 17),
    "maxpool": ("MaxPool", [], {"kernel_shape": [3, 2]}, 17),
    "maxpool-ceil": ("MaxPool", [], {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1}, 17),
    "maxpool-uneven": ("MaxPool", [], {"kernel_shape": [3, 3], "pads": [0, 1, 2, 0], "strides": [2, 2]}, 17),
    "maxpool-dilated": ("MaxPool", [], {"kernel_shape": [2, 2], "dilations": [2, 3]}, 17),
    "maxpool-same": ("MaxPool", [], {"kernel_shape": [3, 3], "auto_pad": "SAME_UPPER", "strides": [2, 2]}, 17),
    "avgpool": ("AveragePool", [], {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}, 17),
    "avgpool-counted": ("AveragePool", [], {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "count_include_pad": 1}, 17),
    "avgpool-uneven": ("AveragePool", [], {"kernel_shape": [3, 3], "pads": [0, 1, 2, 0], "strides": [2, 2]}, 17),
    "avgpool-ceil": ("AveragePool", [], {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1}, 17),
    "globalmax": ("GlobalMaxPool", [], {}, 17),
    "clip6": ("Clip", [], {"min": -0.5, "max": 0.25}, 6),
    "clip-least": ("Clip", [s(-0.5)], {}, 13),
    "clip-most": ("Clip", [None, s(0.5)], {}, 13),
    "leakyrelu": ("LeakyRelu", [], {}, 17),
    "elu": ("Elu", [], {}, 17),
    "hardsigmoid": ("HardSigmoid", [], {}, 17),
    "hardswish": ("HardSwish", [], {}, 17),
    "prelu": ("PRelu", [f(4, 1, 1)], {}, 17),
    "prelu-one": ("PRelu", [f(1)], {}, 17),
    "softplus": ("Softplus", [], {}, 17),
    "erf": ("Erf", [], {}, 17),
    "softmax": ("Softmax", [], {}, 17),
    "softmax-channels": ("Softmax", [], {"axis": 1}, 17),
    "softmax12": ("Softmax", [], {"axis": 3}, 12),
    "add": ("Add", [f(4, 1, 1)], {}, 17),
    "sub": ("Sub", [f(1, 4, 7, 6)], {}, 17),
    "mul": ("Mul", [f(6)], {}, 17),
    "div": ("Div", [s(3)], {}, 17),
    "pow": ("Pow", [s(2)], {}, 17),
    "max": ("Max", [s(0.1)], {}, 17),
    "concat": ("Concat", [f(1, 2, 7, 6)], {"axis": 1}, 17),
    "concat-negative": ("Concat", [f(1, 4, 7, 2)], {"axis": -1}, 17),
    "slice": ("Slice", [i(1, -4), i(9, 2**63 - 1), i(2, 3), i(2, 1)], {}, 17),
    "slice-backwards": ("Slice", [i(-1), i(-(2**63)), i(3), i(-2)], {}, 17),
    "slice9": ("Slice", [], {"starts": [1, 0], "ends": [-1, 5], "axes": [2, 3]}, 9),
    "gather": ("Gather", [i(2, 0, 1)], {"axis": 1}, 17),
    "gather-one": ("Gather", [numpy.array(-1, dtype=numpy.int64)], {"axis": 2}, 17),
    "transpose": ("Transpose", [], {"perm": [0, 2, 3, 1]}, 17),
    "unsqueeze": ("Unsqueeze", [i(1, -1)], {}, 17),
    "flatten": ("Flatten", [], {}, 17),
    "reshape": ("Reshape", [i(0, -1, 6)], {}, 17),
    "pad": ("Pad", [i(0, 0, 1, 2, 0, 0, 0, 1), s(0.5)], {}, 17),
    "pad-reflect": ("Pad", [i(0, 0, 1, 2, 0, 0, 0, 1)], {"mode": "reflect"}, 17),
    "pad-edge": ("Pad", [i(0, 0, 1, 2, 0, 0, 0, 1)], {"mode": "edge"}, 17),
    "pad-cuts": ("Pad", [i(0, 0, -1, 2, 0, 0, 0, -1)], {}, 17),
    "resize": ("Resize", [None, s([1, 1, 2, 1.5])], {}, 17),
    "resize-linear": ("Resize", [None, None, i(1, 4, 9, 11)], {"mode": "linear"}, 17),
    "resize-corners": ("Resize", [None, None, i(1, 4, 9, 11)], {"mode": "linear", "coordinate_transformation_mode": "align_corners"}, 17),
    "resize-cubic": ("Resize", [None, s([1, 1, 2, 2])], {"mode": "cubic"}, 17),
    "resize-floor": ("Resize", [None, s([1, 1, 2, 3])], {"nearest_mode": "floor", "coordinate_transformation_mode": "asymmetric"}, 17),
    "resize10": ("Resize", [s([1, 1, 2, 2])], {"mode": "linear"}, 10),
    "upsample9": ("Upsample", [s([1, 1, 2, 3])], {}, 9),
    "reducemean-places": ("ReduceMean", [], {"axes": [2, 3], "keepdims": 0}, 17),
    "reducemean-channels": ("ReduceMean", [], {"axes": [-3]}, 17),
    "reducesum": ("ReduceSum", [i(-1)], {"keepdims": 0}, 17),
    "reducemax": ("ReduceMax", [], {"axes": [2]}, 17),
    "reducel2": ("ReduceL2", [], {"axes": [1]}, 17),
    "lrn": ("LRN", [], {"size": 3}, 17),
    "layernorm": ("LayerNormalization", [f(6)], {}, 17),
    "layernorm-two": ("LayerNormalization", [f(7, 6), f(7, 6)], {"axis": 2, "epsilon": 1e-3}, 17),
    "instancenorm": ("InstanceNormalization", [f(4), f(4)], {}, 17),
    "lpnormalization": ("LpNormalization", [], {"axis": 1}, 17),
    "matmul": ("MatMul", [f(6, 5)], {}, 17),
    "matmul-images": ("MatMul", [f(4, 6, 5)], {}, 17),
}

# What opsets from 18 on say otherwise; made after the others, so that theirs keep their constants.
LATER = lambda: {
    "reducemean18": ("ReduceMean", [i(2, 3)], {"keepdims": 0}, 18),
    "reducemax18": ("ReduceMax", [i(-1)], {}, 18),
    "reducel2-18": ("ReduceL2", [i(1)], {}, 18),
    "reducemean18-nothing": ("ReduceMean", [], {"noop_with_empty_axes": 1}, 18),
    "resize18-axes": ("Resize", [None, s([2, 1.5])], {"axes": [2, 3], "mode": "linear"}, 18),
    "resize18-one-axis": ("Resize", [None, None, i(9)], {"axes": [3]}, 18),
    "resize18-turned": ("Resize", [None, None, i(11, 9)], {"axes": [3, 2], "mode": "linear"}, 18),
    "groupnorm18": ("GroupNormalization", [f(2), f(2)], {"num_groups": 2}, 18),
    "groupnorm21": ("GroupNormalization", [f(4), f(4)], {"num_groups": 2, "epsilon": 1e-3}, 21),
    "gelu20": ("Gelu", [], {}, 20),
    "gelu20-tanh": ("Gelu", [], {"approximate": "tanh"}, 20),
    "pad18-axes": ("Pad", [i(1, 2, 0, 1), s(0.5), i(2, 3)], {}, 18),
    "pad18-negative-axis": ("Pad", [i(1, 2), None, i(-1)], {"mode": "reflect"}, 18),
    "mish18": ("Mish", [], {}, 18),
    "avgpool19-ceil": ("AveragePool", [], {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1, "pads": [1, 1, 1, 1], "count_include_pad": 1}, 19),
    "split18": ("Split", [], {"num_outputs": 2, "axis": 2}, 18),
}

# The same on rows [1, 24]: name: (operation, constants, attributes, opset)
ROWS = {
    "gemm": ("Gemm", [f(24, 5)], {}, 17),
    "gemm-scaled": ("Gemm", [f(5, 24), f(1, 5)], {"transB": 1, "alpha": 0.5, "beta": 2.0}, 17),
    "gemm-scalar": ("Gemm", [f(24, 5), f(1)], {"beta": 0.25}, 17),
    "batchnorm-rows": ("BatchNormalization", [f(24), f(24), f(24), numpy.abs(f(24))], {}, 17),
    "logsoftmax12": ("LogSoftmax", [], {}, 12),
}

# Nodes on constants, made last of all: name: (operation, inputs, attributes, opset)
FOLDED = lambda: {
    "folded-scatternd-slices": ("ScatterND", [f(4, 3, 2), i([0], [-1]), f(2, 3, 2)], {}, 17),
    "folded-scatternd-elements": ("ScatterND", [f(4, 3), i([[0, 1], [3, 2]], [[-2, -1], [0, 0]]), f(2, 2)], {}, 11),
    "folded-scatternd-integers": ("ScatterND", [i(1, 2, 3, 4), i([3], [1]), i(7, 9)], {}, 13),
    "folded-scatternd-add": ("ScatterND", [f(3, 2), i([1], [1], [0]), f(3, 2)], {"reduction": "add"}, 16),
    "folded-scatternd-mul": ("ScatterND", [f(3, 2), i([1, 0], [1, 0], [2, 1]), f(3)], {"reduction": "mul"}, 16),
    "folded-scatternd-max": ("ScatterND", [f(3, 2), i([1], [2]), f(2, 2)], {"reduction": "max"}, 18),
    "folded-scatternd-min": ("ScatterND", [f(3, 2), i([1], [2]), f(2, 2)], {"reduction": "min"}, 18),
    "folded-scatterelements": ("ScatterElements", [f(3, 4), i([0, -1], [2, 1]), f(2, 2)], {"axis": 1}, 17),
    "folded-scatterelements-add": ("ScatterElements", [f(3, 2), i([1, 1], [1, 0]), f(2, 2)], {"reduction": "add"}, 16),
    "folded-gathernd": ("GatherND", [f(4, 3, 2), i([[0, 1]], [[-1, 2]])], {}, 17),
    "folded-gathernd-batches": ("GatherND", [f(3, 4, 2), i([1], [0], [-1])], {"batch_dims": 1}, 17),
    "folded-gatherelements": ("GatherElements", [f(3, 4), i([0, -1], [2, 1])], {"axis": 1}, 17),
    "folded-gather": ("Gather", [f(4, 3), i([0, -1], [2, 1])], {"axis": 0}, 17),
    "folded-nonzero": ("NonZero", [s([[0, 1, 0], [2, 0, 3]])], {}, 17),
    "folded-onehot": ("OneHot", [i(0, 2, -1, 5), i(3), s([0.5, 2])], {}, 17),
    "folded-onehot-axis": ("OneHot", [i([0, 2], [1, -3]), i(3), s([0, 1])], {"axis": 1}, 17),
    "folded-cumsum": ("CumSum", [f(3, 4), numpy.array(1)], {}, 17),
    "folded-cumsum-reverse": ("CumSum", [f(3, 4), numpy.array(-2)], {"reverse": 1, "exclusive": 1}, 17),
    "folded-argmax": ("ArgMax", [s([[1, 3, 3], [2, 0, 2]])], {"axis": 1}, 17),
    "folded-argmin-last": ("ArgMin", [s([[1, 3, 1], [2, 0, 1]])], {"keepdims": 0, "select_last_index": 1}, 17),
    "folded-trilu": ("Trilu", [f(2, 4, 3)], {}, 17),
    "folded-trilu-lower": ("Trilu", [f(4, 5), numpy.array(-1)], {"upper": 0}, 17),
    "folded-eyelike": ("EyeLike", [f(3, 4)], {"k": 1}, 17),
    "folded-matmul": ("MatMul", [f(2, 1, 3, 4), f(3, 4, 2)], {}, 17),
    "folded-matmul-vector": ("MatMul", [f(4), f(3, 4, 2)], {}, 17),
    "folded-clip": ("Clip", [f(3, 4), None, s(0.25)], {}, 17),
    "folded-mod": ("Mod", [i(-7, 7, -6, 5), i(3, -3, 3, 3)], {}, 17),
    "folded-fmod": ("Mod", [s([-7, 7, -6.5, 5]), s([3, -3, 3, 3])], {"fmod": 1}, 17),
    "folded-cast-truth": ("Cast", [i(0, 5, -1)], {"to": TensorProto.BOOL}, 17),
    "folded-mean": ("Mean", [f(3, 1), f(4), f(3, 4)], {}, 17),
    "folded-reducel2": ("ReduceL2", [f(3, 4, 2)], {"axes": [1, 2]}, 17),
    "folded-reducel1": ("ReduceL1", [f(3, 4)], {"axes": [0], "keepdims": 0}, 17),
    "folded-reducesumsquare": ("ReduceSumSquare", [f(3, 4)], {}, 17),
    "folded-reducesum-nothing": ("ReduceSum", [f(3, 4)], {"noop_with_empty_axes": 1}, 17),
    "folded-where": ("Where", [numpy.array([True, False, True]), f(2, 1), f(3)], {}, 17),
}

# Made after all others, too.
FURTHER = lambda: {
    "maxpool-wide-pads-ceil": ("MaxPool", [], {"kernel_shape": [3, 3], "pads": [2, 0, 0, 1], "strides": [2, 3], "ceil_mode": 1}, 11),
    "avgpool-wide-pads-ceil": ("AveragePool", [], {"kernel_shape": [3, 3], "pads": [2, 0, 0, 1], "strides": [2, 3], "ceil_mode": 1, "count_include_pad": 1}, 11),
    "flatten-negative": ("Flatten", [], {"axis": -3}, 17),
    "softmax12-rows": ("Softmax", [], {}, 12),
    "softmax12-places": ("Softmax", [], {"axis": 2}, 11),
    "logsoftmax12-rows": ("LogSoftmax", [], {"axis": 1}, 9),
    "layernorm-one-weight": ("LayerNormalization", [f(6), f(1)], {"axis": 2}, 17),
}


def write_folded(name, operation, constants, attributes, opset):
    inputs = ["" if constant is None else f"c{number}" for number, constant in enumerate(constants)]
    initializers = [numpy_helper.from_array(c, f"c{n}") for n, c in enumerate(constants) if c is not None]
    initializers.append(numpy_helper.from_array(i(1, -1), "row"))
    nodes = [
        helper.make_node(operation, inputs, ["y"], name="probe", **attributes),
        helper.make_node("Cast", ["y"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Reshape", ["floats", "row"], ["values"]),
        helper.make_node("GlobalAveragePool", ["x"], ["means"]),
        helper.make_node("Flatten", ["means"], ["features"]),
        helper.make_node("Concat", ["features", "values"], ["scores"], axis=1),
    ]
    save(name, nodes, "x", SHAPE, initializers, opset)


def write(name, operation, constants, attributes, opset, shape):
    inputs, initializers = ["x"], []
    for number, constant in enumerate(constants):
        inputs.append("" if constant is None else f"c{number}")
        if constant is not None:
            initializers.append(numpy_helper.from_array(constant, f"c{number}"))
    outputs = ["y", *(f"y{number}" for number in range(1, attributes.get("num_outputs", 1)))]
    nodes = [helper.make_node(operation, inputs, outputs, name="probe", **attributes)]
    # A factor, behind which a softmax is no end that camjar leaves out.
    nodes.append(helper.make_node("Flatten", ["y"], ["z"], axis=1))
    nodes.append(helper.make_node("Mul", ["z", "two"], ["scores"]))
    initializers.append(numpy_helper.from_array(s([2]), "two"))
    if len(shape) == 2:
        nodes.insert(0, helper.make_node("Flatten", ["image"], ["x"], axis=1))
        shape, source = [1, 4, 3, 2], "image"
    else:
        source = "x"
    save(name, nodes, source, shape, initializers, opset)


def save(name, nodes, source, shape, initializers, opset):
    image = helper.make_tensor_value_info(source, TensorProto.FLOAT, shape)
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, 1, 1, None] if name == "ends-among-ones" else [1, None])
    graph = helper.make_graph(nodes, name, [image], [scores], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=7)
    if opset <= onnx.defs.onnx_opset_version():
        onnx.checker.check_model(model)
    (TARGET / f"{name}.onnx").write_bytes(model.SerializeToString())


TARGET.mkdir(parents=True, exist_ok=True)
for name, (operation, constants, attributes, opset) in NODES.items():
    write(name, operation, constants, attributes, max(opset, 7), SHAPE)
for name, (operation, constants, attributes, opset) in ROWS.items():
    write(name, operation, constants, attributes, opset, [1, 24])
for name, (operation, constants, attributes, opset) in LATER().items():
    write(name, operation, constants, attributes, opset, SHAPE)
for name, (operation, constants, attributes, opset) in FOLDED().items():
    write_folded(name, operation, constants, attributes, opset)
# Scores among sides of 1, where Keras has channels behind places: [1, 1, 1, 4].
save("ends-among-ones", [
    helper.make_node("Conv", ["x", "kernel"], ["maps"]),
    helper.make_node("Transpose", ["maps"], ["last"], perm=[0, 2, 3, 1]),
    helper.make_node("ReduceMean", ["last"], ["scores"], axes=[1, 2]),
], "x", SHAPE, [numpy_helper.from_array(f(5, 4, 3, 3), "kernel")], 13)

for name, (operation, constants, attributes, opset) in FURTHER().items():
    write(name, operation, constants, attributes, opset, SHAPE)

# And these, last.
LAST = lambda: {
    "max-tensor": ("Max", [f(1, 4, 7, 6)], {}, 17),
    "max-places": ("Max", [f(1, 4, 1, 1)], {}, 17),
    "max-three": ("Max", [f(1, 4, 7, 6), f(6)], {}, 13),
    "min-tensor": ("Min", [f(1, 4, 7, 6)], {}, 17),
    "min-first-repeated": ("Min", [f(2, 1, 7, 1)[:1], s(0.2)], {}, 8),
    "sum-three": ("Sum", [f(1, 4, 7, 6), f(4, 1, 1)], {}, 17),
    "mean-three": ("Mean", [f(1, 4, 7, 6), f(4, 1, 1)], {}, 17),
    "mean-one": ("Mean", [], {}, 13),
    "selu": ("Selu", [], {}, 17),
    "selu-given": ("Selu", [], {"alpha": 1.5, "gamma": 0.75}, 17),
    "celu": ("Celu", [], {}, 17),
    "celu-alpha": ("Celu", [], {"alpha": 0.4}, 12),
    "softsign": ("Softsign", [], {}, 17),
    "thresholdedrelu": ("ThresholdedRelu", [], {}, 17),
    "thresholdedrelu-alpha": ("ThresholdedRelu", [], {"alpha": -0.25}, 17),
    "shrink": ("Shrink", [], {}, 17),
    "shrink-hard": ("Shrink", [], {"lambd": 0.75}, 17),
    "shrink-soft": ("Shrink", [], {"lambd": 0.75, "bias": 0.75}, 17),
    "depthtospace": ("DepthToSpace", [], {"blocksize": 2}, 17),
}
for name, (operation, constants, attributes, opset) in LAST().items():
    write(name, operation, constants, attributes, opset, SHAPE)
write_folded("folded-softsign", "Softsign", [f(3, 4)], {}, 17)

# Functions of constants, at last.
for name, attributes, opset in [
        ("LeakyRelu", {"alpha": 0.2}, 17), ("Elu", {"alpha": 0.5}, 17), ("Selu", {}, 17), ("Celu", {"alpha": 0.4}, 17),
        ("HardSigmoid", {}, 17), ("HardSwish", {}, 17), ("ThresholdedRelu", {"alpha": 0.25}, 17),
        ("Shrink", {"lambd": 0.25, "bias": 0.125}, 17), ("Erf", {}, 17), ("Gelu", {}, 20), ("Gelu", {"approximate": "tanh"}, 20),
        ("Mish", {}, 18), ("Sin", {}, 17), ("Round", {}, 17)]:
    write_folded(f"folded-{name.lower()}{'-tanh' if 'approximate' in attributes else ''}", name, [f(3, 4)], attributes, opset)
write_folded("folded-prelu", "PRelu", [f(3, 4), f(4)], {}, 17)
write_folded("folded-not", "Not", [numpy.array([True, False])], {}, 17)
write_folded("folded-less", "Less", [f(3, 4), f(4)], {}, 17)
