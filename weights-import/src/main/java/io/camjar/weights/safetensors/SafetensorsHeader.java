package io.camjar.weights.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON at the head of a safetensors file, as strictly as the format is defined.
 *
 * @param tensors in the order of the header
 * @param metadata the free text that the writer added
 * @param dataOffset where the tensors' bytes begin in the file
 */
record SafetensorsHeader(
    List<TensorRecord> tensors, Map<String, String> metadata, long dataOffset) {

  /** One entry: offsets are relative to {@link #dataOffset}. */
  record TensorRecord(String name, String dtype, long[] shape, long begin, long end) {}

  /** The format's own limit. */
  static final long MAX_HEADER = 100_000_000;

  private static final int MAX_RANK = 32;
  private static final JsonFactory JSON =
      new JsonFactoryBuilder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  static SafetensorsHeader read(ByteRegion file) {
    long length = file.i64(0);
    if (length < 2 || length > MAX_HEADER) {
      throw Malformed.damaged(
          "its header claims "
              + Long.toUnsignedString(length)
              + " bytes, at most "
              + MAX_HEADER
              + " are allowed");
    }
    if (!file.holds(8, length)) {
      throw Malformed.truncated("its header of " + length + " bytes is not all there");
    }
    byte[] text = file.bytes(8, (int) length);
    if (text[0] != '{') {
      throw Malformed.damaged("its header does not begin with {");
    }
    try (JsonParser json = JSON.createParser(text)) {
      return parse(json, 8 + length);
    } catch (IOException e) {
      throw Malformed.damaged("its header is not the JSON that safetensors defines");
    }
  }

  private static SafetensorsHeader parse(JsonParser json, long dataOffset) throws IOException {
    List<TensorRecord> tensors = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    expect(json.nextToken(), JsonToken.START_OBJECT);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      expect(json.nextToken(), JsonToken.START_OBJECT);
      if (name.equals("__metadata__")) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String key = json.currentName();
          expect(json.nextToken(), JsonToken.VALUE_STRING);
          metadata.put(key, json.getText());
        }
      } else {
        tensors.add(tensor(name, json));
      }
    }
    if (json.nextToken() != null) {
      throw Malformed.damaged("its header has something behind the JSON");
    }
    return new SafetensorsHeader(tensors, metadata, dataOffset);
  }

  private static TensorRecord tensor(String name, JsonParser json) throws IOException {
    String dtype = "";
    long[] shape = null;
    long[] offsets = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "dtype" -> {
          expect(value, JsonToken.VALUE_STRING);
          dtype = json.getText();
        }
        case "shape" -> shape = longs(json, value);
        case "data_offsets" -> offsets = longs(json, value);
        default -> throw Malformed.damaged("its header has the unknown field '" + field + "'");
      }
    }
    if (dtype.isEmpty() || shape == null || offsets == null || offsets.length != 2) {
      throw Malformed.damaged("its header describes tensor '" + name + "' incompletely");
    }
    return new TensorRecord(name, dtype, shape, offsets[0], offsets[1]);
  }

  private static long[] longs(JsonParser json, JsonToken first) throws IOException {
    expect(first, JsonToken.START_ARRAY);
    long[] values = new long[MAX_RANK];
    int count = 0;
    while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
      if (count == MAX_RANK) {
        throw Malformed.damaged("its header has a tensor of more than 32 dimensions");
      }
      values[count] = json.getLongValue();
      if (values[count++] < 0) {
        throw Malformed.damaged("its header has a negative size or offset");
      }
    }
    expect(json.currentToken(), JsonToken.END_ARRAY);
    return Arrays.copyOf(values, count);
  }

  private static void expect(JsonToken found, JsonToken expected) {
    if (found != expected) {
      throw Malformed.damaged("its header is not what safetensors defines");
    }
  }
}
