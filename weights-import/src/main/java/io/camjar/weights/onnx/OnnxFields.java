package io.camjar.weights.onnx;

/** Field numbers of onnx.proto, by message. */
final class OnnxFields {
  private OnnxFields() {}

  /** What precedes a field in the file: its number and the wire type. */
  static int tag(int field, int wireType) {
    return field << 3 | wireType;
  }

  static final class Model {
    static final int IR_VERSION = 1;
    static final int PRODUCER_NAME = 2;
    static final int PRODUCER_VERSION = 3;
    static final int MODEL_VERSION = 5;
    static final int GRAPH = 7;
    static final int OPSET_IMPORT = 8;
    static final int METADATA = 14;

    private Model() {}
  }

  static final class Opset {
    static final int DOMAIN = 1;
    static final int VERSION = 2;

    private Opset() {}
  }

  /** A key and a value, in metadata and in external data. */
  static final class Entry {
    static final int KEY = 1;
    static final int VALUE = 2;

    private Entry() {}
  }

  static final class Graph {
    static final int NODE = 1;
    static final int NAME = 2;
    static final int INITIALIZER = 5;
    static final int INPUT = 11;
    static final int OUTPUT = 12;
    static final int SPARSE_INITIALIZER = 15;

    private Graph() {}
  }

  static final class Node {
    static final int INPUT = 1;
    static final int OUTPUT = 2;
    static final int NAME = 3;
    static final int OP_TYPE = 4;
    static final int ATTRIBUTE = 5;
    static final int DOMAIN = 7;

    private Node() {}
  }

  static final class Attribute {
    static final int NAME = 1;
    static final int F = 2;
    static final int I = 3;
    static final int S = 4;
    static final int T = 5;
    static final int G = 6;
    static final int FLOATS = 7;
    static final int INTS = 8;
    static final int STRINGS = 9;
    static final int TENSORS = 10;
    static final int GRAPHS = 11;
    static final int TYPE = 20;

    private Attribute() {}
  }

  static final class Tensor {
    static final int DIMS = 1;
    static final int DATA_TYPE = 2;
    static final int SEGMENT = 3;
    static final int FLOAT_DATA = 4;
    static final int INT32_DATA = 5;
    static final int STRING_DATA = 6;
    static final int INT64_DATA = 7;
    static final int NAME = 8;
    static final int RAW_DATA = 9;
    static final int DOUBLE_DATA = 10;
    static final int UINT64_DATA = 11;
    static final int EXTERNAL_DATA = 13;
    static final int DATA_LOCATION = 14;

    private Tensor() {}
  }

  static final class Value {
    static final int NAME = 1;
    static final int TYPE = 2;

    /** Of TypeProto. */
    static final int TENSOR_TYPE = 1;

    /** Of TypeProto.Tensor. */
    static final int ELEM_TYPE = 1;

    /** Of TypeProto.Tensor. */
    static final int SHAPE = 2;

    /** Of TensorShapeProto. */
    static final int DIM = 1;

    /** Of TensorShapeProto.Dimension. */
    static final int DIM_VALUE = 1;

    /** Of TensorShapeProto.Dimension. */
    static final int DIM_PARAM = 2;

    private Value() {}
  }
}
