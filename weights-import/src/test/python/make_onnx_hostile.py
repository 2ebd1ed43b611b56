"""Writes the models of HostileNetworkTests: graphs that ask for too much or that camjar cannot run.

    /usr/bin/python3 make_onnx_hostile.py        (Debian's python3-onnx)

Leaves src/test/resources/io/camjar/weights/onnx/hostile/NAME.onnx.
"""
import pathlib

import numpy
from onnx import TensorProto, helper, numpy_helper

TARGET = pathlib.Path(__file__).parent.parent / "resources/io/camjar/weights/onnx/hostile"
HUGE = 2**40


def ints(name, *values):
    return numpy_helper.from_array(numpy.array(values, dtype=numpy.int64), name)


def write(name, nodes, constants=(), shape=(1, 3, 8, 8), output="y", opset=17):
    image = helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)
    scores = helper.make_tensor_value_info(output, TensorProto.FLOAT, [1, 3])
    weight = numpy_helper.from_array(numpy.ones((3, 3, 1, 1), dtype=numpy.float32), "w")
    graph = helper.make_graph(nodes, name, [image], [scores], [weight, *constants])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=7)
    (TARGET / f"{name}.onnx").write_bytes(model.SerializeToString())


def node(operation, inputs, output, **attributes):
    return helper.make_node(operation, inputs, [output], name=f"the-{operation}", **attributes)


CONV = node("Conv", ["x", "w"], "c")
TARGET.mkdir(parents=True, exist_ok=True)
write("unknown", [CONV, node("NonMaxSuppression", ["c"], "y")])
write("foreign", [CONV, helper.make_node("Gelu", ["c"], ["y"], name="the-Gelu", domain="com.microsoft")])
write("constant-of-shape", [node("ConstantOfShape", ["s"], "big"), node("Add", ["x", "big"], "y")], [ints("s", HUGE, HUGE)])
write("expand", [node("Expand", ["x", "s"], "e"), node("Flatten", ["e"], "y")], [ints("s", 1, 3, HUGE, 8)])
write("reshape", [node("Reshape", ["x", "s"], "y")], [ints("s", HUGE, HUGE)])
write("tile", [node("Tile", ["w", "s"], "t"), node("Conv", ["x", "t"], "y")], [ints("s", HUGE, 1, 1, 1)])
write("range", [node("Range", ["a", "b", "a"], "r"), node("Add", ["x", "r"], "y")], [ints("a", 1), ints("b", HUGE)])
write("pads", [node("Conv", ["x", "w"], "y", pads=[HUGE, 0, 0, 0])])
write("negative", [CONV, node("Flatten", ["c"], "y")], shape=(1, 3, -8, 8))
write("input", [CONV, node("Flatten", ["c"], "y")], shape=(1, 3, HUGE, 8))
write("resize", [node("Resize", ["x", "", "k"], "z"), node("Flatten", ["z"], "y")], [numpy_helper.from_array(numpy.array([1, 1, 1e9, 1e9], dtype=numpy.float32), "k")])
write("groups", [node("Conv", ["x", "w"], "y", group=HUGE)])
write("strings", [node("Conv", ["x", "w"], "y", strides="two")])
write("no-scores", [CONV])
write("nothing", [CONV, node("Flatten", ["w"], "y")])
write("proportions", [node("Resize", ["x", "", "", "k"], "z", keep_aspect_ratio_policy="not_larger"), node("Flatten", ["z"], "y")], [ints("k", 1, 3, 9, 20)], opset=18)
write("axes", [node("Resize", ["x", "", "", "k"], "z", axes=[2, 3, 1]), node("Flatten", ["z"], "y")], [ints("k", 9, 20)], opset=18)
FLAT = [node("Reshape", ["x", "all"], "f")]
ALL = [ints("all", -1), numpy_helper.from_array(numpy.ones(1, dtype=numpy.float32), "one")]
write("instance", [*FLAT, node("InstanceNormalization", ["f", "one", "one"], "y")], ALL)
write("channels", [*FLAT, node("GroupNormalization", ["f", "one", "one"], "y", num_groups=1)], ALL, opset=21)
TRAINED = lambda ratio: [numpy_helper.from_array(numpy.array(ratio, dtype=numpy.float32), "ratio"), numpy_helper.from_array(numpy.array(True), "training")]
DROPOUT = [CONV, node("Dropout", ["c", "ratio", "training"], "d"), node("Flatten", ["d"], "y")]
write("dropout", DROPOUT, TRAINED(0.25))
write("dropout-of-nothing", DROPOUT, TRAINED(0))
write("dropout-of-weights", [node("Dropout", ["w", "", "training"], "d"), node("Conv", ["x", "d"], "c"), node("Flatten", ["c"], "y")], TRAINED(0))
write("einsum", [node("Einsum", ["x", "x"], "y", equation="bchw,bchw->bc")])
