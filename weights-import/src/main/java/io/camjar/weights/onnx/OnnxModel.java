package io.camjar.weights.onnx;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import java.util.Map;

/**
 * An ONNX file ({@code ModelProto} of onnx.proto). Nothing in it is executed.
 *
 * @param irVersion the version of the format
 * @param producer who wrote it, {@code pytorch} for example; may be empty
 * @param producerVersion the writer's version; may be empty
 * @param opsets versions of operator sets by domain; ONNX's own has an empty name
 * @param metadata free text of the writer
 * @param graph what it computes
 */
public record OnnxModel(
    long irVersion,
    String producer,
    String producerVersion,
    Map<String, Long> opsets,
    Map<String, String> metadata,
    OnnxGraph graph) {

  /**
   * The key under which camjar writes that a model is for images of the size it states and no
   * other: its paddings may have come of that size, which they do not show.
   */
  public static final String ONE_SIZE = "camjar.one_size";

  /** Whether the model says that it is for images of the size that it states and no other. */
  public boolean isForOneSize() {
    return metadata.containsKey(ONE_SIZE);
  }

  /** The version of ONNX's own operators; 0 if the file imports none. */
  public long opset() {
    return opsets.getOrDefault("", opsets.getOrDefault("ai.onnx", 0L));
  }

  /** Whether the region begins as ONNX files do: the version of the format, then another field. */
  public static boolean looksLike(ByteRegion file) {
    return file.size() > 8
        && file.u8(0) == OnnxFields.tag(OnnxFields.Model.IR_VERSION, 0)
        && file.u8(1) > 0
        && file.u8(1) < 64
        && isField(file.u8(2));
  }

  private static boolean isField(int tag) {
    int field = tag >> 3;
    int wireType = tag & 7;
    boolean integer = field == OnnxFields.Model.MODEL_VERSION;
    return field >= 2 && field <= 8 && wireType == (integer ? 0 : 2);
  }

  /**
   * Reads a model; its tensors stay slices of the file.
   *
   * @param external opens the files next to the model that hold its larger tensors
   * @throws Malformed if anything is not as ONNX defines it, or is beyond the limits of this reader
   */
  public static OnnxModel read(ByteRegion file, ExternalData external) {
    return new OnnxReader(file, external).model();
  }
}
