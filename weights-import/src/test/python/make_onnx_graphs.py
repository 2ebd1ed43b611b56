"""Writes models of a few nodes for OnnxNodeTests, which compares them with ONNX Runtime: nodes that hold graphs, and nodes
that only mean something behind others.

    /usr/bin/python3 make_onnx_graphs.py        (Debian's python3-onnx)

Leaves src/test/resources/io/camjar/weights/onnx/nodes/NAME.onnx: nodes on an image x, [1, 4, 7, 6], the last of which gives y.
"""
import pathlib

import numpy
import onnx
from onnx import numpy_helper, parser

TARGET = pathlib.Path(__file__).parent.parent / "resources/io/camjar/weights/onnx/nodes"
random = numpy.random.RandomState(5)


def f(*shape):
    return random.uniform(-1, 1, shape).astype(numpy.float32)


def i(*values):
    return numpy.array(values, dtype=numpy.int64)


def write(name, nodes, opset=17, shape="1, 4, 7, 6", **constants):
    # A factor, behind which a softmax is no end that camjar leaves out.
    text = f"""<ir_version: 7, opset_import: ["" : {opset}]>
        net (float[{shape}] x) => (float[1, n] scores) {{ {nodes} flat = Flatten(y) scores = Mul(flat, two) }}"""
    model = parser.parse_model(text)
    for number, node in enumerate(model.graph.node):
        node.name = f"node{number}"
    constants["two"] = numpy.float32(2)
    model.graph.initializer.extend(numpy_helper.from_array(numpy.asarray(value), key) for key, value in constants.items())
    if opset <= onnx.defs.onnx_opset_version():
        onnx.checker.check_model(model)
    (TARGET / f"{name}.onnx").write_bytes(model.SerializeToString())


CHOICE = """n = Neg(x)
    y = If(truth) <
        then_branch = yes () => (float[a, b, c, d] r) { sum = Add(n, w) r = Relu(sum) },
        else_branch = no () => (float[a, b, c, d] r) { sum = Sub(n, w) r = Tanh(sum) }>"""
write("choice-then", CHOICE, truth=True, w=f(4, 1, 1))
write("choice-else", CHOICE, truth=False, w=f(4, 1, 1), opset=11)
# Both choices have values of the names s and r; the second is inside a branch, and reads the first one's result.
write("choice-nested", """
    a = If(yes) <
        then_branch = one () => (float[a, b, c, d] r) { s = Mul(x, w) r = Relu(s) },
        else_branch = two () => (float[a, b, c, d] r) { r = Identity(x) }>
    y = If(no) <
        then_branch = three () => (float[a, b, c, d] r) { r = Neg(a) },
        else_branch = four () => (float[a, b, c, d] r) {
            s = Add(a, x)
            t = If(yes) <
                then_branch = five () => (float[a, b, c, d] r5) { s5 = Sub(s, a) r5 = Tanh(s5) },
                else_branch = six () => (float[a, b, c, d] r6) { r6 = Neg(s) }>
            r = Mul(t, s) }>""", yes=True, no=False, w=f(4, 1, 1))
# As PyTorch squeezes a side that it does not know: by the shape.
write("choice-by-shape", """
    u = Unsqueeze(x, one)
    shape = Shape(u)
    side = Gather <axis = 0> (shape, one)
    only = Equal(side, one)
    y = If(only) <
        then_branch = yes () => (float[a, b, c, d] r) { r = Squeeze(u, one) },
        else_branch = no () => (float[a, b, c, d, e] r) { r = Identity(u) }>""", one=i(1))
# A local response norm as PyTorch 1.13 writes it out, and with a window of even size, which ONNX's own LRN cannot have.
WRITTEN = """
    squares = Mul(x, x)
    deep = Unsqueeze(squares, one)
    framed = Pad(deep, widths)
    means = AveragePool <kernel_shape = [{size}, 1, 1], strides = [1, 1, 1], pads = [0, 0, 0, 0, 0, 0]> (framed)
    flat0 = Squeeze(means, one)
    scaled = Mul(flat0, alpha)
    base = Add(scaled, k)
    power = Pow(base, beta)
    y = Div(x, power)"""
RESPONSE = dict(one=i(1), alpha=numpy.float32(0.3), k=numpy.float32(1.5))
write("lrn-written-out", WRITTEN.format(size=3), widths=i(0, 0, 1, 0, 0, 0, 0, 1, 0, 0), beta=numpy.float32(0.75), **RESPONSE)
write("lrn-written-out-even", WRITTEN.format(size=4), widths=i(0, 0, 2, 0, 0, 0, 0, 1, 0, 0), beta=numpy.float32(0.5), **RESPONSE)
# The same nodes with another frame, or another base, are no such norm.
write("lrn-written-out-shifted", WRITTEN.format(size=3), widths=i(0, 0, 2, 0, 0, 0, 0, 0, 0, 0), beta=numpy.float32(0.75), **RESPONSE)
write("avgpool-depth", """
    deep = Unsqueeze(x, one)
    pooled = AveragePool <kernel_shape = [2, 1, 1], strides = [2, 1, 1]> (deep)
    y = Squeeze(pooled, one)""", one=i(1))
# Extremes of two values of the image, and one that meets itself.
write("max-traced", "n = Neg(x) m = Max(x, n) y = Max(m, n, x)")
write("min-traced", "n = Mul(x, w) m = GlobalAveragePool(n) y = Min(m, n)", w=f(4, 1, 1))
# Rows, [N, C, L].
ROWS = "rows = Flatten <axis = 2> (x) row = Reshape(rows, sides) "
SIDES = dict(sides=i(1, 4, 42))
write("conv-rows", ROWS + "y = Conv <pads = [1, 2], strides = [2], dilations = [2]> (row, w, b)", w=f(3, 4, 3), b=f(3), **SIDES)
write("conv-rows-groups", ROWS + "y = Conv <group = 2, auto_pad = \"SAME_UPPER\", strides = [3]> (row, w)", w=f(4, 2, 4), **SIDES)
write("maxpool-rows", ROWS + "y = MaxPool <kernel_shape = [3], strides = [2], pads = [1, 0]> (row)", **SIDES)
write("avgpool-rows", ROWS + "y = AveragePool <kernel_shape = [4], strides = [3], pads = [1, 2]> (row)", **SIDES)
write("globalaverage-rows", ROWS + "y = GlobalAveragePool(row)", **SIDES)
write("globalmax-rows", ROWS + "y = GlobalMaxPool(row)", **SIDES)
write("batchnorm-rows-of-channels", ROWS + "y = BatchNormalization(row, a, b, m, v)", a=f(4), b=f(4), m=f(4), v=numpy.abs(f(4)), **SIDES)
# ECA's attention: a convolution over channels.
write("conv-over-channels", """
    p = GlobalAveragePool(x)
    q = Squeeze(p, last)
    t = Transpose <perm = [0, 2, 1]> (q)
    c = Conv <pads = [1, 1]> (t, w)
    u = Transpose <perm = [0, 2, 1]> (c)
    v = Unsqueeze(u, last)
    g = Sigmoid(v)
    shape = Shape(x)
    e = Expand(g, shape)
    y = Mul(x, e)""", w=f(1, 1, 3), last=i(-1))
# Channels and places; two channels a place tell the orders apart.
for mode in ["DCR", "CRD"]:
    write(f"depthtospace-{mode.lower()}", f'm = Conv(x, w) y = DepthToSpace <blocksize = 2, mode = "{mode}"> (m)', w=f(8, 4, 1, 1))
write("spacetodepth", "m = Conv(x, w) y = SpaceToDepth <blocksize = 3> (m)", w=f(2, 4, 2, 1))
# Products of matrices that a sum over products can be: attention's two, a linear layer, sides in other orders.
PARTS = "q = Conv(x, wq) k = Conv(x, wk) "
WEIGHTS = lambda: dict(wq=f(4, 4, 1, 1), wk=f(4, 4, 1, 1))
write("einsum-scores", PARTS + 'y = Einsum <equation = "bhid,bhjd->bhij"> (q, k)', **WEIGHTS())
write("einsum-turned", PARTS + 'y = Einsum <equation = "bchw,bcnw->bnch"> (q, k)', **WEIGHTS())
write("einsum-linear", 'y = Einsum <equation = "bchw,wd->bchd"> (x, m)', m=f(6, 5))
# Single values chosen by others, which depend on the image, and truths; what is not taken may be no number.
write("where-hardshrink", "a = Greater(x, most) b = Less(x, least) c = Or(a, b) y = Where(c, x, zero)", most=f(1), least=-f(1), zero=numpy.float32(0))
write("where-root", "c = GreaterOrEqual(x, zero) r = Sqrt(x) n = Neg(x) y = Where(c, r, n)", zero=numpy.float32(0))
write("where-places", "m = GlobalAveragePool(x) c = LessOrEqual(x, m) y = Where(c, m, x)")
write("where-constant", "y = Where(mask, x, w)", mask=numpy.arange(42).reshape(7, 6) % 3 == 0, w=f(4, 1, 1))
write("where-truths", """
    a = Greater(x, w) b = Less(x, zero) c = And(a, b) d = Not(c) e = Xor(d, a)
    n = Cast <to = 6> (e) o = Cast <to = 1> (n) p = Cast <to = 9> (x) y = Where(p, o, w)""", w=f(4, 1, 1), zero=numpy.float32(0))
write("where-equal", "r = Round(x) s = Sign(x) c = Equal(r, s) y = Where(c, x, r)")
write("steps", "a = Floor(x) b = Ceil(x) c = Sin(a) d = Cos(b) y = Add(c, d)")
# Sides without letters, of both operands or of one.
write("einsum-rest", PARTS + 'y = Einsum <equation = "...id,...jd->...ij"> (q, k)', **WEIGHTS())
write("einsum-rest-of-one", 'y = Einsum <equation = "...w,wd->...d"> (x, m)', m=f(6, 5))
# Constants in front of what depends on the image.
write("sum-constant-first", "y = Sum(a, x, b)", a=f(4, 1, 1), b=f(1, 4, 7, 6))
write("mean-constant-first", "y = Mean(a, b, x)", a=f(6), b=f(1, 4, 7, 6))
write("max-constants-first", "y = Max(a, b, x)", a=f(7, 1), b=f(1))
write("min-constant-between", "n = Neg(x) y = Min(n, a, x)", a=f(1, 4, 1, 6))
write("matmul-constant-first", "y = MatMul(a, x)", a=f(5, 7))
write("matmul-constants-first", "y = MatMul(a, x)", a=f(1, 4, 5, 7))
write("matmul-by-vector", "y = MatMul(x, a)", a=f(6))
write("matmul-vector-first", "y = MatMul(a, x)", a=f(7))
write("einsum-constant-first", 'y = Einsum <equation = "oh,nchw->ncow"> (a, x)', a=f(5, 7))
write("einsum-channels", 'y = Einsum <equation = "oc,nchw->nohw"> (a, x)', a=f(5, 4))
write("einsum-constant-of-batch", 'y = Einsum <equation = "nchw,nckw->nchk"> (a, x)', a=f(1, 4, 5, 6))
write("einsum-constant-behind", 'y = Einsum <equation = "nchw,wk->nkch"> (x, a)', a=f(6, 3))
# 2^24 + 1 is no float; a power of two is one.
write("where-large-integers", "t = Greater(x, zero) i = Where(t, a, b) y = Cast <to = 1> (i)", zero=numpy.float32(0), a=i(2**40), b=i(-(2**24)))
