package io.camjar.gradcam.serve.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.camjar.gradcam.serve.limits.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for a tensor's logits; its numbers are read into an array as they come, since a tree of
 * them would take many times as much memory.
 */
final class InferRequest {
  private static final int RANK = 4;
  private static final int MOST_INPUTS = 16;

  private @Nullable String id;
  private final List<Tensor> inputs = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>();

  private static final class Tensor {
    private String name = "";
    private String datatype = "";
    private long[] shape = {};
    private float[] values = {};
  }

  private InferRequest() {}

  static InferRequest parse(byte[] body) {
    try (JsonParser in = Json.parser(body)) {
      InferRequest request = new InferRequest();
      request.read(in);
      return request;
    } catch (JsonProcessingException e) {
      throw Json.malformed(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // of bytes in memory
    }
  }

  /** What the client calls the request; null where it does not. */
  @Nullable String id() {
    return id;
  }

  long[] shape() {
    return inputs.get(0).shape;
  }

  float[] values() {
    return inputs.get(0).values;
  }

  /** Refuses what the model has no use for. */
  void check(String input, String output, int channels) {
    if (inputs.size() != 1 || !inputs.get(0).name.equals(input)) {
      throw Problem.bad(
          "the model has one input, called %s, but the request has %s"
              .formatted(input, inputs.stream().map(tensor -> tensor.name).toList()));
    }
    Tensor tensor = inputs.get(0);
    if (!tensor.datatype.equals("FP32")) {
      throw Problem.bad(
          "the input's datatype is '%s', but must be FP32".formatted(tensor.datatype));
    }
    boolean fits =
        tensor.shape.length == RANK
            && tensor.shape[1] == channels
            && Arrays.stream(tensor.shape).allMatch(size -> size > 0 && size < 1 << 20);
    if (!fits) {
      throw Problem.bad(
          "the input's shape is %s, but must be [N, %d, H, W]"
              .formatted(Arrays.toString(tensor.shape), channels));
    }
    long elements = 1;
    for (long size : tensor.shape) {
      elements = Math.min(Integer.MAX_VALUE, elements * size);
    }
    if (elements != tensor.values.length) {
      throw Problem.bad(
          "the input has %d values, which do not fill its shape %s"
              .formatted(tensor.values.length, Arrays.toString(tensor.shape)));
    }
    if (!outputs.isEmpty() && !outputs.equals(List.of(output))) {
      throw Problem.bad(
          "the model has one output, called %s, but the request asks for %s"
              .formatted(output, outputs));
    }
  }

  private void read(JsonParser in) throws IOException {
    if (in.nextToken() != JsonToken.START_OBJECT) {
      throw Problem.bad("the body must be a JSON object");
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "id" -> id = in.getValueAsString();
        case "inputs" ->
            eachObject(
                in,
                field,
                () -> {
                  Tensor tensor = new Tensor();
                  inputs.add(tensor);
                  readTensor(in, tensor);
                });
        case "outputs" -> eachObject(in, field, () -> readOutput(in));
        default -> in.skipChildren();
      }
    }
    if (in.nextToken() != null) {
      throw Problem.bad("the body goes on behind its JSON object");
    }
  }

  /** What is done with an object whose fields are read next. */
  @FunctionalInterface
  private interface Reading {
    void run() throws IOException;
  }

  private static void eachObject(JsonParser in, String field, Reading reading) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw Problem.bad("%s must be a list".formatted(field));
    }
    int count = 0;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() != JsonToken.START_OBJECT || ++count > MOST_INPUTS) {
        throw Problem.bad("%s must be a list of at most %d objects".formatted(field, MOST_INPUTS));
      }
      reading.run();
    }
  }

  private static void readTensor(JsonParser in, Tensor tensor) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "name" -> tensor.name = String.valueOf(in.getValueAsString());
        case "datatype" -> tensor.datatype = String.valueOf(in.getValueAsString());
        case "shape" -> tensor.shape = shape(in);
        case "data" -> tensor.values = numbers(in);
        default -> in.skipChildren();
      }
    }
  }

  private void readOutput(JsonParser in) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      if (field.equals("name")) {
        outputs.add(String.valueOf(in.getValueAsString()));
      } else {
        in.skipChildren();
      }
    }
  }

  private static long[] shape(JsonParser in) throws IOException {
    float[] sizes = numbers(in);
    long[] shape = new long[sizes.length];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = (long) sizes[i];
      if (shape[i] != sizes[i]) {
        throw Problem.bad("shape must be a list of whole numbers");
      }
    }
    return shape;
  }

  /** All numbers of a list, also one of lists, in their order. */
  private static float[] numbers(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw Problem.bad("shape and data must be lists of numbers");
    }
    float[] values = new float[1 << 10];
    int count = 0;
    int depth = 1;
    while (depth > 0) {
      JsonToken token = in.nextToken();
      if (token == JsonToken.START_ARRAY) {
        depth++;
      } else if (token == JsonToken.END_ARRAY) {
        depth--;
      } else if (token != null && token.isNumeric()) {
        if (count == values.length) {
          values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = in.getFloatValue();
      } else {
        throw Problem.bad("shape and data must be lists of numbers");
      }
    }
    return Arrays.copyOf(values, count);
  }
}
