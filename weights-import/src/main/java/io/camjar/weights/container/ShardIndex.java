package io.camjar.weights.container;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The index of a model that was saved in several files: {@code model.safetensors.index.json} or
 * {@code pytorch_model.bin.index.json}, as Hugging Face's libraries write them.
 *
 * @param files the file of each tensor, by the tensor's name
 */
record ShardIndex(Map<String, String> files) {
  private static final int MAX_BYTES = 64 << 20;
  private static final int MAX_TENSORS = 100_000;
  private static final JsonFactory JSON =
      new JsonFactoryBuilder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Whether a region begins as JSON does; safetensors begin with eight bytes of length. */
  static boolean looksLike(ByteRegion file) {
    for (long i = 0; i < Math.min(64, file.size()); i++) {
      int c = file.u8(i);
      if (c == '{') {
        return true;
      }
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return false;
      }
    }
    return false;
  }

  /**
   * Reads {@code {"metadata": ..., "weight_map": {"fc.weight":
   * "model-00001-of-00002.safetensors"}}}.
   *
   * @throws Malformed if it is something else, or names a file that is not in its own folder
   */
  static ShardIndex read(ByteRegion file) {
    if (file.size() > MAX_BYTES) {
      throw notOne();
    }
    Map<String, String> files = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(file.bytes(0, (int) file.size()))) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw notOne();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean map = json.currentName().equals("weight_map");
        json.nextToken();
        if (map && json.currentToken() == JsonToken.START_OBJECT) {
          map(json, files);
        } else {
          json.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new Malformed("begins as JSON does, but is none", Malformed.FETCH_AGAIN, e);
    }
    if (files.isEmpty()) {
      throw notOne();
    }
    return new ShardIndex(files);
  }

  private static void map(JsonParser json, Map<String, String> files) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String tensor = json.currentName();
      if (json.nextToken() != JsonToken.VALUE_STRING || files.size() >= MAX_TENSORS) {
        throw notOne();
      }
      String shard = json.getText();
      if (!shard.matches("[^/\\\\:\\x00-\\x1f]{1,255}") || shard.matches("\\.+")) {
        throw new Malformed(
            "names the shard '" + shard + "', which does not lie in its own folder",
            "use the index only if you trust its maker, and keep the shards next to it");
      }
      files.put(tensor, shard);
    }
  }

  private static Malformed notOne() {
    return new Malformed(
        "is JSON, but not the index of a model in shards: it has no weight_map",
        "give the file with the weights themselves");
  }
}
