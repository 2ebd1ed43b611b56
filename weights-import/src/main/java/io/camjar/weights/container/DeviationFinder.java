package io.camjar.weights.container;

import io.camjar.weights.container.preparation.HubFiles;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyGlobal;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.pickle.PyTuple;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks through settings for those that change a ResNet's strides, pool or activation, which a
 * state dict does not show. It is shown every dict and object of a pickle.
 *
 * <p>Whose settings: Transformers, {@code models/resnet/configuration_resnet.py}; timm, {@code
 * models/resnet.py} and the arguments of {@code train.py}; torchvision, {@code models/resnet.py};
 * MMEngine, {@code runner/runner.py}, whose {@code meta} has the configuration as Python text, with
 * mmpretrain's {@code backbones/resnet.py}; Torchreid and reid-strong-baseline, {@code
 * last_stride}.
 */
final class DeviationFinder {
  private static final int LONGEST_TEXT = 1 << 20;
  private static final int MAX_SHOWN = 40;
  private static final Pattern BACKBONE =
      Pattern.compile("backbone\\s*=\\s*dict\\(|'backbone'\\s*:\\s*\\{");
  private static final Pattern CAFFE =
      Pattern.compile("['\"]?style['\"]?\\s*[=:]\\s*['\"]caffe['\"]");
  private static final Pattern STRIDES =
      Pattern.compile("['\"]?(strides|dilations)['\"]?\\s*[=:]\\s*[(\\[]([\\d,\\s]+)[)\\]]");
  private static final String STAGES = "its stages have other strides than 1, 2, 2, 2";
  private static final String FIRST =
      "a bottleneck's stride stands at its first convolution, where camjar's stands at its second";

  private @Nullable Deviation found;

  /** The first that was found. */
  Optional<Deviation> found() {
    return Optional.ofNullable(found);
  }

  /**
   * What the {@code config.json} says that the Hugging Face hub keeps next to weights.
   *
   * @param source the path of the weights, or of the folder of their shards
   */
  static Optional<Deviation> beside(String source) {
    DeviationFinder finder = new DeviationFinder();
    HubFiles.configOf(source)
        .ifPresent(
            config -> {
              finder.see(config);
              if (config.get("hidden_act") instanceof String activation) {
                finder.activation("hidden_act", activation);
              }
              if (config.get("model_args") instanceof PyDict arguments) {
                finder.see(arguments);
              }
            });
    return finder
        .found()
        .map(
            said ->
                new Deviation(
                    said.setting() + " in the config.json next to it",
                    said.meaning(),
                    said.ofBottlenecks()));
  }

  void see(PyObject object) {
    object.forEachAttribute(this::setting);
  }

  void see(PyDict dict) {
    dict.forEachNamed(this::setting);
  }

  private void setting(String name, Object value) {
    if (found != null) {
      return;
    }
    switch (name) {
      case "last_stride" ->
          number(name, value, List.of(2L), "layer4 does not halve what it is given");
      case "output_stride" ->
          number(name, value, List.of(0L, 32L), "its last stages are dilated instead of strided");
      case "replace_stride_with_dilation" -> {
        if (items(value).contains(Boolean.TRUE)) {
          note(name, "true", "a stage is dilated instead of strided", false);
        }
      }
      case "downsample_in_first_stage" -> {
        if (Boolean.TRUE.equals(value)) {
          note(name, "true", "layer1 has stride 2", false);
        }
      }
      case "downsample_in_bottleneck" -> {
        if (Boolean.TRUE.equals(value)) {
          note(name, "true", FIRST, true);
        }
      }
      case "global_pool", "gp" -> pool(name, value);
      case "act_layer" -> activation(name, value);
      case "cfg", "config" -> {
        if (value instanceof String text && text.length() <= LONGEST_TEXT) {
          configuration(text);
        }
      }
      default -> {
        // Any other says nothing of this.
      }
    }
  }

  private void number(String name, Object value, List<Long> usual, String meaning) {
    if (value instanceof Long number && !usual.contains(number)) {
      note(name, number.toString(), meaning, false);
    }
  }

  private void pool(String name, Object value) {
    if (value instanceof String kind
        && !kind.isEmpty()
        && !List.of("avg", "fast", "fastavg").contains(kind.toLowerCase(Locale.ROOT))) {
      note(name, kind, "another pool than an average stands before the classifier", false);
    }
  }

  private void activation(String name, Object value) {
    String kind =
        value instanceof PyGlobal type
            ? type.name().substring(type.name().lastIndexOf('.') + 1)
            : value instanceof String text ? text : "";
    if (!kind.isEmpty() && !kind.equalsIgnoreCase("relu")) {
      note(name, kind, "another activation stands where camjar's networks have a ReLU", false);
    }
  }

  /** OpenMMLab's configurations are kept as text; only what stands in {@code backbone} counts. */
  private void configuration(String text) {
    Matcher begin = BACKBONE.matcher(text);
    if (!begin.find()) {
      return;
    }
    String backbone = text.substring(begin.end(), end(text, begin.end()));
    if (CAFFE.matcher(backbone).find()) {
      note("style", "caffe", FIRST, true);
    }
    Matcher lists = STRIDES.matcher(backbone);
    while (found == null && lists.find()) {
      String numbers = lists.group(2).replaceAll("\\s", "").replaceAll(",$", "");
      String usual = lists.group(1).equals("strides") ? "1,2,2,2" : "1,1,1,1";
      if (!numbers.equals(usual)) {
        note(
            lists.group(1),
            numbers,
            usual.equals("1,2,2,2") ? STAGES : "its convolutions are dilated",
            false);
      }
    }
  }

  /** Where the bracket closes that was opened before a place. */
  private static int end(String text, int from) {
    int open = 1;
    int at = from;
    while (at < text.length() && open > 0) {
      char c = text.charAt(at++);
      open += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
    }
    return at;
  }

  private static List<Object> items(Object value) {
    return value instanceof PyList list
        ? list.items()
        : value instanceof PyTuple tuple ? tuple.items() : List.of();
  }

  private void note(String name, String value, String meaning, boolean ofBottlenecks) {
    String shown = value.length() > MAX_SHOWN ? value.substring(0, MAX_SHOWN) + "..." : value;
    found = new Deviation(name + " = " + shown, meaning, ofBottlenecks);
  }
}
