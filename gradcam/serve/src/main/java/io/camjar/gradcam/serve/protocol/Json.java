package io.camjar.gradcam.serve.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camjar.gradcam.serve.limits.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON as it comes and goes: what comes is bounded in depth and in the number of its values. */
public final class Json {
  private static final int DEPTH = 64;
  private static final int TOKENS = 200_000;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      // Of the length of strings the body's bound is the bound.
                      StreamReadConstraints.builder()
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNestingDepth(DEPTH)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Json() {}

  /** An object to be filled. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** What errors are answered with. */
  public static ObjectNode error(String sentence) {
    return object().put("error", sentence);
  }

  /** A record as a tree. */
  static ObjectNode tree(Object record) {
    return MAPPER.valueToTree(record);
  }

  /** A tree as UTF-8. */
  public static byte[] bytes(JsonNode tree) {
    try {
      return MAPPER.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // a tree can always be written
    }
  }

  /**
   * A request's body, an object.
   *
   * @throws Problem with status 400 if it is none
   */
  static ObjectNode parse(byte[] body) {
    try (JsonParser parser = new Counting(MAPPER.createParser(body))) {
      JsonNode root = MAPPER.readTree(parser);
      if (root instanceof ObjectNode object) {
        return object;
      }
      throw Problem.bad("the body must be a JSON object");
    } catch (JsonProcessingException e) {
      throw malformed(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // of bytes in memory
    }
  }

  /** A parser of a request's body. */
  static JsonParser parser(byte[] body) throws IOException {
    return MAPPER.createParser(body);
  }

  static Problem malformed(JsonProcessingException e) {
    String where =
        e.getLocation() == null
            ? ""
            : " at line %d, column %d"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    return new Problem(400, "the body is not valid JSON%s".formatted(where), e);
  }

  /** Few bytes make many objects: "[[],[],[],..." is twenty times as large in memory. */
  private static final class Counting extends JsonParserDelegate {
    private int tokens;

    Counting(JsonParser parser) {
      super(parser);
    }

    @Override
    public JsonToken nextToken() throws IOException {
      if (++tokens > TOKENS) {
        throw Problem.bad(
            "the body has more than %d values; tensors go to /v2/models/{model}/infer"
                .formatted(TOKENS));
      }
      return super.nextToken();
    }

    @Override
    public String nextFieldName() throws IOException {
      return nextToken() == JsonToken.FIELD_NAME ? currentName() : null;
    }

    @Override
    public String nextTextValue() throws IOException {
      return nextToken() == JsonToken.VALUE_STRING ? getText() : null;
    }
  }
}
