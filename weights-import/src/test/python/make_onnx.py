"""Writes the ONNX files of OnnxModelTests, and what the onnx package reads in them.

    /usr/bin/python3 make_onnx.py        (Debian's python3-torch, python3-torchvision, python3-onnx)

Leaves src/test/resources/io/camjar/weights/onnx/*.onnx and expected.json beside them: every tensor's
type, shape and sum, the nodes in order, inputs and outputs.
"""
import json
import pathlib
import shutil
import warnings

import numpy
import onnx
import torch
from onnx import TensorProto, external_data_helper, helper, numpy_helper

warnings.filterwarnings("ignore")
TARGET = pathlib.Path(__file__).parent.parent / "resources/io/camjar/weights/onnx"


class Block(torch.nn.Module):
    """A residual block, a pool and a classifier, narrow."""

    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 4, 3, stride=2, padding=1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(4)
        self.conv2 = torch.nn.Conv2d(4, 4, 3, padding=1, groups=2, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(4)
        self.fc = torch.nn.Linear(4, 5)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.nn.functional.relu6(x + self.bn2(self.conv2(x)))
        return self.fc(torch.flatten(torch.nn.functional.adaptive_avg_pool2d(x, 1), 1))


def value(info):
    kind = info.type.tensor_type
    dims = [d.dim_param or (str(d.dim_value) if d.HasField("dim_value") else "?") for d in kind.shape.dim]
    return {"name": info.name, "shape": dims}


def describe(path):
    model = onnx.load(str(path))
    initializers = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    counts = {}
    for node in model.graph.node:
        name = f"{node.domain}:{node.op_type}" if node.domain else node.op_type
        counts[name] = counts.get(name, 0) + 1
    return {
        "opset": next(o.version for o in model.opset_import if not o.domain),
        "producer": model.producer_name,
        "operations": dict(sorted(counts.items())),
        "nodes": [n.name or n.output[0] for n in model.graph.node],
        "inputs": [value(i) for i in model.graph.input if i.name not in initializers],
        "outputs": [value(o) for o in model.graph.output],
        "tensors": {
            name: {"shape": list(a.shape), "sum": float(a.astype(numpy.float64).sum())} for name, a in initializers.items()
        },
    }


def typed_data():
    """One tensor of each way to store elements that is not raw."""
    rng = numpy.random.RandomState(5)
    half = rng.randn(2, 3).astype(numpy.float16)
    tensors = [
        helper.make_tensor("float_data", TensorProto.FLOAT, [2, 3], rng.randn(6)),
        helper.make_tensor("double_data", TensorProto.DOUBLE, [2], rng.randn(2)),
        helper.make_tensor("half_bits", TensorProto.FLOAT16, [2, 3], half),
        helper.make_tensor("int64_data", TensorProto.INT64, [3], [-1, 0, 1 << 40]),
        helper.make_tensor("int8_data", TensorProto.INT8, [3], [-128, 0, 127]),
        helper.make_tensor("bool_data", TensorProto.BOOL, [2], [True, False]),
        helper.make_tensor("uint64_data", TensorProto.UINT64, [2], [1, 2]),
        helper.make_tensor("scalar", TensorProto.FLOAT, [], [2.5]),
        helper.make_tensor("empty", TensorProto.FLOAT, [0, 3], []),
        numpy_helper.from_array(rng.randn(4).astype(numpy.float32), "raw"),
    ]
    nodes = [
        helper.make_node("Add", ["x", "raw"], ["sum"]),
        helper.make_node("LeakyRelu", ["sum"], ["leaky"], alpha=0.125),
        helper.make_node("Constant", [], ["constant"], value=helper.make_tensor("c", TensorProto.FLOAT, [1], [3.0])),
        helper.make_node("Custom", ["leaky", "", "constant"], ["y"], domain="org.example", kind="text", sizes=[1, 2], scales=[0.5]),
    ]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 4])
    raw = helper.make_tensor_value_info("raw", TensorProto.FLOAT, [4])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "typed", [x, raw], [y], initializer=tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13), helper.make_opsetid("org.example", 2)])


def external(path):
    """Two tensors in a file beside the model."""
    rng = numpy.random.RandomState(6)
    tensors = [numpy_helper.from_array(rng.randn(*s).astype(numpy.float32), n) for n, s in (("w", (3, 4)), ("b", (3,)))]
    node = helper.make_node("Gemm", ["x", "w", "b"], ["y"], transB=1)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3])
    model = helper.make_model(helper.make_graph([node], "external", [x], [y], initializer=tensors))
    external_data_helper.convert_model_to_external_data(model, location="external.onnx.data", size_threshold=0)
    onnx.save(model, str(path))


def main():
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    torch.manual_seed(4)
    block = Block().eval()
    image = torch.zeros(1, 3, 8, 8)
    export = {"input_names": ["image"], "output_names": ["logits"], "opset_version": 14}
    torch.onnx.export(block, image, str(TARGET / "folded.onnx"), dynamic_axes={"image": {0: "n"}}, **export)
    torch.onnx.export(
        block,
        image,
        str(TARGET / "unfolded.onnx"),
        training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=False,
        keep_initializers_as_inputs=True,
        **export,
    )
    onnx.save(typed_data(), str(TARGET / "typed.onnx"))
    external(TARGET / "external.onnx")
    expected = {p.name: describe(p) for p in sorted(TARGET.glob("*.onnx"))}
    (TARGET / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


main()
