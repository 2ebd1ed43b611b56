"""Writes models for OnnxSizesTests, which runs them at even and odd sizes of images and compares them with ONNX Runtime: what
they pad by, resize to or cut off hangs on the image's size, some of it in a way that sizes of one parity do not show.

    /usr/bin/python3 make_onnx_sizes.py        (Debian's python3-onnx)

Leaves src/test/resources/io/camjar/weights/onnx/sizes/NAME.onnx: nodes on an image x, [n, 3, h, w], the last of which gives y.
"""
import pathlib

import numpy
import onnx
from onnx import numpy_helper, parser

TARGET = pathlib.Path(__file__).parent.parent / "resources/io/camjar/weights/onnx/sizes"
TARGET.mkdir(exist_ok=True)
random = numpy.random.RandomState(11)


def f(*shape):
    return random.uniform(-1, 1, shape).astype(numpy.float32)


def i(*values):
    return numpy.array(values, dtype=numpy.int64)


def write(name, nodes, opset=17, **constants):
    text = f"""<ir_version: 7, opset_import: ["" : {opset}]>
        net (float[n, 3, h, w] x) => (float[n, 4] scores) {{
            {nodes} positive = Relu(y) mean = GlobalAveragePool(positive) flat = Flatten(mean) scores = Gemm(flat, last)
        }}"""
    model = parser.parse_model(text)
    for number, node in enumerate(model.graph.node):
        node.name = f"node{number}"
    constants["last"] = f(3, 4)
    model.graph.initializer.extend(numpy_helper.from_array(numpy.asarray(value), key) for key, value in constants.items())
    onnx.checker.check_model(model)
    (TARGET / f"{name}.onnx").write_bytes(model.SerializeToString())


def conv(y, x, weight, stride, pad):
    return f'{y} = Conv <auto_pad = "{pad}", strides = [{stride}, {stride}]> ({x}, {weight}) '


# Padding that keeps the size: another at each remainder of the size's division by the stride.
write("conv-upper-2", conv("y", "x", "a", 2, "SAME_UPPER"), a=f(3, 3, 3, 3))
write("conv-lower-2", conv("y", "x", "a", 2, "SAME_LOWER"), a=f(3, 3, 3, 3))
write("conv-upper-3", conv("y", "x", "a", 3, "SAME_UPPER"), a=f(3, 3, 5, 5))
write("conv-lower-4", conv("y", "x", "a", 4, "SAME_LOWER"), a=f(3, 3, 7, 3))
# Two taps of three columns: only one remainder of three is padded.
write("conv-upper-narrow", conv("y", "x", "a", 3, "SAME_UPPER"), a=f(3, 3, 2, 2))
write("conv-rows-alone", 'y = Conv <auto_pad = "SAME_UPPER", strides = [2, 1]> (x, a)', a=f(3, 3, 3, 3))
write("conv-upper-1", conv("y", "x", "a", 1, "SAME_UPPER"), a=f(3, 3, 4, 4))
write(
    "conv-nested",
    conv("p", "x", "a", 2, "SAME_UPPER") + conv("q", "p", "b", 2, "SAME_UPPER") + conv("y", "q", "c", 2, "SAME_LOWER"),
    a=f(3, 3, 3, 3), b=f(3, 3, 3, 3), c=f(3, 3, 5, 5))
# One more row is none behind pools that round down.
HALF = lambda y, x: f"{y} = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> ({x}) "
write("conv-behind-pools", HALF("p", "x") + HALF("q", "p") + HALF("r", "q") + conv("y", "r", "a", 2, "SAME_UPPER"), a=f(3, 3, 3, 3))
SAME = 'auto_pad = "SAME_UPPER", kernel_shape = [3, 3], strides = [2, 2]'
write("maxpool-upper", f"y = MaxPool <{SAME}> (x)")
write("maxpool-lower-wide", 'y = MaxPool <auto_pad = "SAME_LOWER", kernel_shape = [5, 5], strides = [3, 3]> (x)')
write("averagepool-upper", f"y = AveragePool <{SAME}> (x)")
write("averagepool-counted", f"y = AveragePool <{SAME}, count_include_pad = 1> (x)")
write("averagepool-lower", 'y = AveragePool <auto_pad = "SAME_LOWER", kernel_shape = [4, 4], strides = [3, 3]> (x)')
# The same as timm writes it out: (ceil(side / 2) - 1) 2 + 3 - side.
write("conv-pads-of-sides", """
    shape = Shape(x) sides = Slice(shape, two, four)
    more = Add(sides, one) half = Div(more, two) less = Sub(half, one) back = Mul(less, two) end = Add(back, three)
    total = Sub(end, sides) first = Div(total, two) rest = Sub(total, first)
    pads = Concat <axis = 0> (none, first, none, rest)
    padded = Pad(x, pads) y = Conv <strides = [2, 2]> (padded, a)""",
    a=f(3, 3, 3, 3), none=i(0, 0), one=i(1), two=i(2), three=i(3), four=i(4))
# What rounds by itself, at any size.
write("pools-ceil", """
    p = MaxPool <kernel_shape = [3, 3], strides = [2, 2], ceil_mode = 1> (x)
    y = AveragePool <kernel_shape = [3, 3], strides = [2, 2], pads = [1, 1, 1, 1], ceil_mode = 1> (p)""")
write("pools-floor", HALF("p", "x") + "y = AveragePool <kernel_shape = [3, 2], strides = [3, 2]> (p)")
# Maps resized to the size of others, which is twice their own where sides are even.
OWN = "p = Conv <strides = [2, 2], pads = [1, 1, 1, 1]> (x, a) q = Conv <strides = [2, 2], pads = [1, 1, 1, 1]> (p, a) "
write("resize-to-others", OWN + """
    shape = Shape(p) sides = Slice(shape, two, four) own = Shape(q) kept = Slice(own, zero, two)
    sizes = Concat <axis = 0> (kept, sides) r = Resize <mode = "linear"> (q, , , sizes) y = Add(p, r)""",
    a=f(3, 3, 3, 3), zero=i(0), two=i(2), four=i(4))
# Half and twice the own size.
write("resize-to-half", """
    shape = Shape(x) kept = Slice(shape, zero, two) sides = Slice(shape, two, four) half = Div(sides, two)
    sizes = Concat <axis = 0> (kept, half) y = Resize <mode = "linear"> (x, , , sizes)""", zero=i(0), two=i(2), four=i(4))
write("resize-by-half", 'y = Resize <mode = "linear"> (x, , halves)', halves=numpy.float32([1, 1, 0.5, 0.5]))
write("resize-by-two", 'p = Conv <strides = [2, 2]> (x, a) y = Resize <mode = "nearest", coordinate_transformation_mode = "asymmetric", nearest_mode = "floor"> (p, , twice)',
      a=f(3, 3, 3, 3), twice=numpy.float32([1, 1, 2, 2]))
# A skip connection that fits where both halvings leave no rest; ONNX Runtime refuses the others, too.
write("skip", OWN + 'r = Resize <mode = "nearest"> (q, , twice) y = Add(p, r)', a=f(3, 3, 3, 3), twice=numpy.float32([1, 1, 2, 2]))
# The lower right quarter, and what remains of the sides' division by four.
write("slice-from-half", """
    shape = Shape(x) sides = Slice(shape, two, four) half = Div(sides, two) y = Slice(x, half, sides, axes)""", two=i(2), four=i(4), axes=i(2, 3))
write("slice-by-rest", """
    shape = Shape(x) sides = Slice(shape, two, four) rest = Mod(sides, four) y = Slice(x, rest, most, axes)""",
    two=i(2), four=i(4), axes=i(2, 3), most=i(1 << 60, 1 << 60))
# Blocks of two, at the sizes that they divide.
write("blocks", "p = SpaceToDepth <blocksize = 2> (x) y = Conv(p, a)", a=f(3, 12, 1, 1))
write("places-in-blocks", """
    shape = Shape(x) h = Gather(shape, two) w = Gather(shape, three)
    hh = Div(h, two) ww = Div(w, two)
    h0 = Unsqueeze(hh, zero) w0 = Unsqueeze(ww, zero) t = Unsqueeze(two, zero) n = Slice(shape, zero, one)
    to = Concat <axis = 0> (n, c, h0, t, w0, t) p = Reshape(x, to) q = Transpose <perm = [0, 1, 3, 5, 2, 4]> (p)
    back = Concat <axis = 0> (n, all, h0, w0) r = Reshape(q, back) y = Conv(r, a)""",
    a=f(3, 12, 1, 1), zero=i(0), one=i(1), two=numpy.int64(2), three=numpy.int64(3), c=i(3), all=i(12))
# Two taps of nine columns and of eleven: no size that is tried for shapes leaves the one remainder that is padded.
write("conv-upper-narrow-9", conv("y", "x", "a", 9, "SAME_UPPER"), a=f(3, 3, 2, 2))
write("conv-lower-narrow-11", conv("y", "x", "a", 11, "SAME_LOWER"), a=f(3, 3, 2, 2))
write("conv-single-2", conv("y", "x", "a", 2, "SAME_LOWER"), a=f(3, 3, 1, 1))
NARROW = 'kernel_shape = [2, 2], strides = [4, 4]'
write("maxpool-upper-narrow", HALF("p", "x") + HALF("q", "p") + f'y = MaxPool <auto_pad = "SAME_UPPER", {NARROW}> (q)')
write("averagepool-lower-narrow", f'y = AveragePool <auto_pad = "SAME_LOWER", {NARROW}> (x)')
