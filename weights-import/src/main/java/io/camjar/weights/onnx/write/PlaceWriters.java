package io.camjar.weights.onnx.write;

import io.camjar.engine.op.Add;
import io.camjar.engine.op.Concat;
import io.camjar.engine.op.Div;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Expand;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.MatMul;
import io.camjar.engine.op.Maximum;
import io.camjar.engine.op.Minimum;
import io.camjar.engine.op.Mul;
import io.camjar.engine.op.Pad;
import io.camjar.engine.op.Parameter;
import io.camjar.engine.op.PixelOrder;
import io.camjar.engine.op.PixelShuffle;
import io.camjar.engine.op.PixelUnshuffle;
import io.camjar.engine.op.Reduce;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Resize;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Slice;
import io.camjar.engine.op.Sub;
import io.camjar.engine.op.Transpose;
import io.camjar.weights.onnx.write.Nodes.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Arithmetic of two tensors, and operations that move values, join them or resize images. */
final class PlaceWriters {
  private PlaceWriters() {}

  static void register(Writers writers) {
    writers.add(Add.class, (op, here) -> here.last("Add"));
    writers.add(Sub.class, (op, here) -> here.last("Sub"));
    writers.add(Mul.class, (op, here) -> here.last("Mul"));
    writers.add(Div.class, (op, here) -> here.last("Div"));
    writers.add(Maximum.class, (op, here) -> here.last("Max"));
    writers.add(Minimum.class, (op, here) -> here.last("Min"));
    writers.add(MatMul.class, (op, here) -> here.last("MatMul"));
    writers.add(Dropout.class, (op, here) -> here.input());
    writers.add(Parameter.class, (op, here) -> here.parameter(""));
    writers.add(Concat.class, (op, here) -> here.last("Concat", Attribute.of("axis", op.axis())));
    writers.add(
        Transpose.class,
        (op, here) -> here.last("Transpose", Attribute.of("perm", longs(op.permutation()))));
    writers.add(Reshape.class, PlaceWriters::reshape);
    writers.add(Slice.class, PlaceWriters::slice);
    writers.add(Expand.class, PlaceWriters::expand);
    writers.add(Pad.class, PlaceWriters::pad);
    writers.add(Reduce.class, PlaceWriters::reduce);
    writers.add(Resize.class, PlaceWriters::resize);
    writers.add(Flatten.class, PlaceWriters::flatten);
    writers.add(
        PixelShuffle.class,
        (op, here) ->
            here.last(
                "DepthToSpace",
                Attribute.of("blocksize", op.factor()),
                Attribute.of("mode", op.order() == PixelOrder.CHANNELS_FIRST ? "CRD" : "DCR")));
    writers.add(PixelUnshuffle.class, PlaceWriters::unshuffle);
  }

  private static long[] longs(List<Integer> values) {
    return values.stream().mapToLong(value -> value).toArray();
  }

  /** Sides before the axis stay as they are; ONNX's own Flatten would join them too. */
  private static String flatten(Flatten op, Writing here) {
    if (here.shape().rank() > 1 && op.equals(new Flatten())) {
      return here.last("Flatten", Attribute.of("axis", 1));
    }
    Shape out = op.output(here.node().path(), List.of(here.shape()));
    long[] sides = new long[out.rank()];
    sides[out.rank() - 1] = -1;
    return here.last("Reshape", List.of(here.input(), here.integers("shape", sides)));
  }

  /** Sides that come from another place of the input are read off it when the model runs. */
  private static String reshape(Reshape op, Writing here) {
    if (op.sides().stream().allMatch(side -> Reshape.place(side) < 0)) {
      return here.last("Reshape", List.of(here.input(), here.integers("shape", op.sides())));
    }
    List<String> sides = new ArrayList<>();
    for (int d = 0; d < op.sides().size(); d++) {
      long side = op.sides().get(d);
      int place = Reshape.place(side);
      sides.add(place < 0 ? here.integers("side" + d, side) : side(here, here.input(), d, place));
    }
    String target = here.before("target", "Concat", sides, Attribute.of("axis", 0));
    return here.last("Reshape", List.of(here.input(), target));
  }

  /** A side of a tensor, as a row of one number. */
  private static String side(Writing here, String tensor, int number, int place) {
    String shape = here.before("shape" + number, "Shape", List.of(tensor));
    String index = here.integers("place" + number, place);
    return here.before("side" + number, "Gather", List.of(shape, index));
  }

  private static String slice(Slice op, Writing here) {
    return here.last(
        "Slice",
        List.of(
            here.input(),
            here.integers("start", op.start()),
            here.integers("end", op.end()),
            here.integers("axis", op.axis()),
            here.integers("step", op.step())));
  }

  /** Sides that follow another tensor are read off it when the model runs. */
  private static String expand(Expand op, Writing here) {
    List<String> sides = new ArrayList<>();
    int own = op.sides().size() - here.shape().rank();
    for (int d = 0; d < op.sides().size(); d++) {
      long side = op.sides().get(d);
      boolean follows = side == 0 && here.inputs().size() > 1;
      if (follows || (side == -1 && d >= own)) {
        String from = follows ? here.inputs().get(1) : here.input();
        sides.add(side(here, from, d, follows ? d : d - own));
      } else {
        sides.add(here.integers("side" + d, side));
      }
    }
    String target = here.before("target", "Concat", sides, Attribute.of("axis", 0));
    return here.last("Expand", List.of(here.input(), target));
  }

  private static String pad(Pad op, Writing here) {
    List<Long> widths = new ArrayList<>(op.before());
    widths.addAll(op.after());
    return here.last(
        "Pad",
        List.of(here.input(), here.integers("widths", widths), here.real("value", op.value())),
        Attribute.of("mode", op.mode().name().toLowerCase(Locale.ROOT)));
  }

  /** ONNX's own SpaceToDepth knows one order alone; its channels are put in the other behind it. */
  private static String unshuffle(PixelUnshuffle op, Writing here) {
    Message block = Attribute.of("blocksize", op.factor());
    if (op.order() == PixelOrder.PLACES_FIRST) {
      return here.last("SpaceToDepth", block);
    }
    String deep = here.before("deep", "SpaceToDepth", here.inputs(), block);
    long channels = here.shape().side(1);
    long places = (long) op.factor() * op.factor();
    String parted = maps(here, "parted", deep, places, channels);
    String turned =
        here.before("turned", "Transpose", List.of(parted), Attribute.of("perm", 0, 2, 1, 3, 4));
    return here.last("Reshape", List.of(turned, target(here, "order", deep, channels * places)));
  }

  private static String maps(Writing here, String name, String maps, long... channels) {
    return here.before(
        name, "Reshape", List.of(maps, target(here, name + "_sides", maps, channels)));
  }

  /** The batch and these channels, with rows and columns as maps have them. */
  private static String target(Writing here, String name, String maps, long... channels) {
    List<String> sides = new ArrayList<>(List.of(here.integers(name + "_batch", 0)));
    sides.add(here.integers(name + "_channels", channels));
    sides.add(side(here, maps, 2, 2));
    sides.add(side(here, maps, 3, 3));
    return here.before(name, "Concat", sides, Attribute.of("axis", 0));
  }

  /** Sums take their axes as an input since opset 13, others as an attribute until 18. */
  private static String reduce(Reduce op, Writing here) {
    Message keep = Attribute.of("keepdims", op.keepDims() ? 1 : 0);
    List<Integer> axes = op.axes();
    if (op.reduction() == Reduce.Kind.SUM && !axes.isEmpty()) {
      return here.last("ReduceSum", List.of(here.input(), here.integers("axes", axes)), keep);
    }
    String name =
        switch (op.reduction()) {
          case MEAN -> "ReduceMean";
          case SUM -> "ReduceSum";
          case MAX -> "ReduceMax";
        };
    return axes.isEmpty()
        ? here.last(name, keep)
        : here.last(name, keep, Attribute.of("axes", longs(axes)));
  }

  private static String resize(Resize op, Writing here) {
    String mode =
        switch (op.mode()) {
          case NEAREST -> "nearest";
          case BILINEAR -> "linear";
          case BICUBIC -> "cubic";
        };
    List<String> inputs = new ArrayList<>(List.of(here.input(), ""));
    if (op.size().isEmpty()) {
      inputs.add(here.reals("scales", new double[] {1, 1, op.scale().get(0), op.scale().get(1)}));
    } else {
      String shape = here.before("shape", "Shape", List.of(here.input()));
      String kept =
          here.before(
              "kept", "Slice", List.of(shape, here.integers("from", 0), here.integers("to", 2)));
      inputs.add("");
      inputs.add(
          here.before(
              "sizes",
              "Concat",
              List.of(kept, here.integers("size", op.size())),
              Attribute.of("axis", 0)));
    }
    return here.last(
        "Resize",
        inputs,
        Attribute.of("mode", mode),
        Attribute.of(
            "coordinate_transformation_mode", op.coordinates().name().toLowerCase(Locale.ROOT)),
        Attribute.of("nearest_mode", op.rounding().name().toLowerCase(Locale.ROOT)),
        Attribute.of("cubic_coeff_a", op.cubic()));
  }
}
