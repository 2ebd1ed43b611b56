package io.camjar.gradcam.serve.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camjar.engine.CamjarException;
import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.ExplanationRecord.Top;
import io.camjar.gradcam.files.ExplanationFiles;
import io.camjar.gradcam.files.FileChoice;
import io.camjar.gradcam.files.NamedBytes;
import io.camjar.gradcam.render.Png;
import io.camjar.gradcam.report.HtmlReport;
import io.camjar.gradcam.report.Reports;
import io.camjar.gradcam.serve.limits.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * KServe's protocol V1: {@code {"instances": [...]}} in (or {@code "inputs"}), {@code
 * {"predictions": [...]}} out, and with {@code :explain} the explanations next to them. An instance
 * that cannot be used has {@code {"error": "..."}} in its place.
 */
public final class V1 {
  private V1() {}

  /** What is asked of each instance. */
  public enum Call {
    /** The most likely classes. */
    PREDICT,
    /** These and the maps. */
    EXPLAIN
  }

  /**
   * Answers a JSON body.
   *
   * @throws Problem if the body as a whole makes no sense, or there is no time or memory left
   */
  public static byte[] json(RequestResources job, Call call, byte[] body) {
    JsonNode root = Json.parse(body);
    JsonNode instances = root.has("instances") ? root.get("instances") : root.get("inputs");
    if (instances == null || !instances.isArray()) {
      throw Problem.bad("the body needs a list of instances: {\"instances\": [...]}");
    }
    Answer answer = new Answer(job, call);
    for (int i = 0; i < instances.size(); i++) {
      JsonNode node = instances.get(i);
      int number = i;
      answer.add(() -> Instance.of(node, number));
    }
    return answer.bytes();
  }

  /** Answers a body that is an image: one instance. */
  public static byte[] image(
      RequestResources job, Call call, byte[] body, Map<String, List<String>> query) {
    Answer answer = new Answer(job, call);
    answer.add(() -> Instance.of(body, query));
    return answer.bytes();
  }

  /**
   * The page of an image: all maps with sliders.
   *
   * @throws CamjarException if it cannot be explained
   */
  public static byte[] page(RequestResources job, byte[] body, Map<String, List<String>> query) {
    Instance instance = Instance.of(body, query);
    FileChoice choice = Explaining.choice(job, instance);
    return Explaining.decoded(
        job,
        instance,
        (image, load) -> {
          List<Explanation> made = Explaining.explained(job, instance, image, load);
          return HtmlReport.render(
                  Reports.of(made, instance.name()), choice.colors(), choice.alpha())
              .getBytes(StandardCharsets.UTF_8);
        });
  }

  /**
   * The overlay alone of an image's first class at the last of the layers, a PNG.
   *
   * @throws CamjarException if it cannot be explained
   */
  public static byte[] overlay(RequestResources job, byte[] body, Map<String, List<String>> query) {
    Instance instance = Instance.of(body, query);
    FileChoice choice = Explaining.choice(job, instance);
    return Explaining.decoded(
        job,
        instance,
        (image, load) -> {
          Explanation made = Explaining.explained(job, instance, image, load).get(0);
          CamMap map = made.map(made.layers().get(made.layers().size() - 1));
          return Png.encode(made.view(map).overlay(choice.colors(), choice.alpha()));
        });
  }

  /** Reads an instance, which may fail. */
  @FunctionalInterface
  private interface Reading {
    Instance read();
  }

  /** The answer, filled instance by instance. */
  private static final class Answer {
    private final RequestResources job;
    private final Call call;
    private final ObjectNode root = Json.object();
    private final ArrayNode predictions = root.putArray("predictions");
    private final ArrayNode explanations;
    private long bytes;

    Answer(RequestResources job, Call call) {
      this.job = job;
      this.call = call;
      this.explanations =
          call == Call.EXPLAIN ? root.putArray("explanations") : Json.object().arrayNode();
    }

    byte[] bytes() {
      return Json.bytes(root);
    }

    void add(Reading reading) {
      try {
        Instance instance = reading.read();
        if (call == Call.PREDICT) {
          ObjectNode made =
              Explaining.decoded(
                  job,
                  instance,
                  (image, load) -> prediction(instance, Explaining.classified(job, image)));
          predictions.add(made);
        } else {
          explain(instance);
        }
      } catch (Problem e) {
        throw e;
      } catch (CamjarException e) {
        predictions.add(Json.error(e.getMessage()));
        explanations.add(Json.error(e.getMessage()));
      }
    }

    private void explain(Instance instance) {
      if (instance.methods().size() != 1) {
        throw new CamjarException("an instance has one method; send the image once for each");
      }
      FileChoice choice = Explaining.choice(job, instance);
      Explaining.decoded(
          job,
          instance,
          (image, load) -> {
            Explanation made = Explaining.explained(job, instance, image, load).get(0);
            ObjectNode record = record(made, choice);
            predictions.add(prediction(instance, made.record().top()));
            explanations.add(record);
            return record;
          });
    }

    /** The record of NAME.json with the files' contents in the place of their names. */
    private ObjectNode record(Explanation made, FileChoice choice) {
      ObjectNode record = Json.tree(made.record());
      // The record has the maps exit by exit.
      Iterator<JsonNode> maps = record.get("maps").elements();
      for (Explanation exit : made.exits()) {
        for (CamMap map : exit.maps()) {
          ArrayNode files = ((ObjectNode) maps.next()).putArray("files");
          ExplanationFiles.writeMap(exit, map, choice, file -> files.add(content(file)));
        }
      }
      ArrayNode others = Json.object().arrayNode();
      ExplanationFiles.writeOthers(made, choice, file -> others.add(content(file)));
      if (!others.isEmpty()) {
        record.set("files", others);
      }
      return record;
    }

    private ObjectNode content(NamedBytes file) {
      job.deadline().check();
      bytes += file.bytes().length;
      if (bytes > job.most()) {
        throw Problem.bad(
            "the answer's files are larger than %d MB; ask for fewer images, layers, classes or formats"
                .formatted(job.most() >> 20));
      }
      // As bytes, as base64 in the answer, and as the answer's buffer grows.
      job.share().take(4L * file.bytes().length);
      return Json.object()
          .put("name", file.name())
          .put("media_type", file.mediaType())
          .put("b64", file.bytes());
    }

    private static ObjectNode prediction(Instance instance, List<Top> top) {
      ObjectNode prediction = Json.object();
      if (instance.key() != null) {
        prediction.set("key", instance.key());
      }
      ArrayNode classes = prediction.putArray("top");
      top.forEach(one -> classes.add(Json.tree(one)));
      return prediction;
    }
  }
}
