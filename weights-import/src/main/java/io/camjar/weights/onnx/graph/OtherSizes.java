package io.camjar.weights.onnx.graph;

import io.camjar.engine.model.Resized;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.graph.node.Probe;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A model that leaves its images' size open, but computes in another way at each: what it pads by
 * or resizes to hangs on the size. It is read again for each size that is asked for.
 */
public final class OtherSizes {
  private final OnnxModel model;
  private final ImageInput input;

  /** What the network that was read for one size has. */
  private final OnnxNetwork own;

  OtherSizes(OnnxModel model, ImageInput input, OnnxNetwork own) {
    this.model = model;
    this.input = input;
    this.own = own;
  }

  /** The same network for images of another size; empty where the model takes none of that. */
  Optional<Resized> resized(int height, int width) {
    Probe size = input.first(height, width);
    if (size.height() != height || size.width() != width) {
      return Optional.empty();
    }
    OnnxNetwork other;
    try {
      other = OnnxNetwork.of(model, input, size);
    } catch (Malformed e) {
      return Optional.empty();
    }
    OnnxArchitecture mine = own.architecture();
    OnnxArchitecture theirs = other.architecture();
    boolean same =
        mine.classes() == theirs.classes()
            && mine.outputs().equals(theirs.outputs())
            && mine.exits().size() == theirs.exits().size();
    return same
        ? Optional.of(
            new Resized(
                theirs,
                changed(other.parameters()),
                "the model is read again for images of %dx%d, since it computes in another way at each size"
                    .formatted(height, width)))
        : Optional.empty();
  }

  /** Parameters that the other network has and this one has not, or with other numbers. */
  private Map<String, UnaryOperator<float[]>> changed(StateDict others) {
    Map<String, UnaryOperator<float[]>> changed = new HashMap<>();
    for (TensorEntry other : others.entries()) {
      boolean kept =
          own.parameters().find(other.name()).filter(mine -> isSame(mine, other)).isPresent();
      if (!kept) {
        changed.put(other.name(), held -> floats(other));
      }
    }
    return changed;
  }

  /** Whether both are the same part of the file, which is not read then, or the same numbers. */
  private static boolean isSame(TensorEntry a, TensorEntry b) {
    boolean part = a.storage() == b.storage() && a.offset() == b.offset() && a.rank() == b.rank();
    for (int d = 0; part && d < a.rank(); d++) {
      part = a.size(d) == b.size(d) && a.stride(d) == b.stride(d);
    }
    return part || new Constant(a).sameAs(new Constant(b));
  }

  private static float[] floats(TensorEntry tensor) {
    float[] values = new float[Math.toIntExact(tensor.elements())];
    int[] next = {0};
    tensor.forEach(value -> values[next[0]++] = (float) value);
    return values;
  }

  /** Whether both are about the same model. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OtherSizes sizes && model == sizes.model;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(model);
  }
}
