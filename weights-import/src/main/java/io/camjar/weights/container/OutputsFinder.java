package io.camjar.weights.container;

import io.camjar.weights.container.StatedOutputs.Kind;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyGlobal;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a file's values say about the meaning of outputs: losses, encodings of targets,
 * kinds of task. It is shown every value of a pickle.
 *
 * <p>The strongest kind of evidence decides: a setting that names the loss or the task, then an
 * encoding of targets, then an object of a loss's class wherever it is, then a tensor that only one
 * loss has. Where evidence of one strength says two things, it says nothing.
 */
final class OutputsFinder {
  private static final int MAX_NAME = 80;

  /** Losses of something else than the classes: of domains, of a second head, of a teacher. */
  private static final Pattern OTHER_LOSS =
      Pattern.compile(
          "(?i)(^|[_.-])(transfer|domain|da|align|alignment|adv|adversarial|aux|auxiliary|distill"
              + "|distillation|kd|rec|recon|reconstruction|consistency|contrastive|triplet|center"
              + "|box|bbox|mask|seg)([_.-]|$)");

  private static final List<String> LOSS_NAMES = List.of("type", "name", "_target_", "loss_type");

  /** Kinds of evidence, the strongest first. */
  private enum Strength {
    SETTING,
    ENCODING,
    OBJECT,
    TENSOR
  }

  private final Map<Strength, Map<Kind, String>> found = new EnumMap<>(Strength.class);

  /** Looks at an object's class and at its attributes. */
  void see(PyObject object) {
    String name = object.simpleName();
    if (name.length() <= MAX_NAME) {
      OutputWords.encoding(name).ifPresent(kind -> note(Strength.ENCODING, kind, name));
      if (name.toLowerCase(Locale.ROOT).contains("loss") || isKnown(name)) {
        OutputWords.loss(name).ifPresent(kind -> note(Strength.OBJECT, kind, name));
      }
    }
    object.forEachAttribute(this::setting);
  }

  private static boolean isKnown(String name) {
    return name.startsWith("BinaryCrossEntropy")
        || name.startsWith("LabelSmoothing")
        || name.startsWith("SoftTargetCrossEntropy");
  }

  /** Looks at a dict's entries. */
  void see(PyDict dict) {
    dict.forEachNamed(this::setting);
  }

  /** Looks at names that only a loss's tensors have. */
  void see(StateDict tensors) {
    for (TensorEntry tensor : tensors.entries()) {
      String name = tensor.name();
      if (name.endsWith(".pos_weight") || name.equals("pos_weight")) {
        note(Strength.TENSOR, Kind.SIGMOID, "the tensor " + name + " of BCEWithLogitsLoss");
      }
    }
  }

  /** What was found; nothing where it disagrees. */
  Optional<StatedOutputs> outputs() {
    for (Map<Kind, String> kinds : found.values()) {
      if (kinds.size() == 1) {
        Map.Entry<Kind, String> only = kinds.entrySet().iterator().next();
        return Optional.of(new StatedOutputs(only.getKey(), only.getValue()));
      }
    }
    return Optional.empty();
  }

  private void setting(String key, Object value) {
    if (key.length() > MAX_NAME) {
      return;
    }
    String plain = OutputWords.plain(key);
    if (Boolean.TRUE.equals(value)) {
      boolean several = plain.equals("multilabel") || plain.equals("ismultilabel");
      if (several || plain.equals("bceloss") || plain.equals("usebce")) {
        note(Strength.SETTING, Kind.SIGMOID, key + " is set");
      }
      return;
    }
    if (value instanceof PyGlobal type && type.name().length() <= MAX_NAME) {
      OutputWords.encoding(type.name())
          .ifPresent(kind -> note(Strength.ENCODING, kind, type.name()));
    }
    boolean ofLoss =
        (plain.contains("loss") || plain.contains("criterion") || plain.equals("objective"))
            && !OTHER_LOSS.matcher(key).find();
    if (value instanceof PyDict settings && ofLoss) {
      lossSettings(key, settings);
    }
    String name = nameOf(value);
    if (name == null || name.length() > MAX_NAME) {
      return;
    }
    Optional<Kind> kind = Optional.empty();
    if (ofLoss || key.equals("_target_")) {
      kind = OutputWords.loss(name);
    } else if (plain.equals("task") || plain.equals("tasktype") || plain.startsWith("problem")) {
      kind = OutputWords.task(name);
    } else if (value instanceof String && plain.contains("activation")) {
      // As an object it may be any layer's, a squeeze-and-excitation gate's for one.
      kind = OutputWords.activation(name);
    }
    kind.ifPresent(known -> note(Strength.SETTING, known, key + " is " + name));
  }

  /** {@code loss: {type: CrossEntropyLoss, use_sigmoid: True}}, as OpenMMLab and others have it. */
  private void lossSettings(String key, PyDict settings) {
    if (Boolean.TRUE.equals(settings.get("use_sigmoid"))) {
      note(Strength.SETTING, Kind.SIGMOID, key + " has use_sigmoid set");
      return;
    }
    for (String inside : LOSS_NAMES) {
      Object value = settings.get(inside);
      String name = value == null ? null : nameOf(value);
      if (name != null && name.length() <= MAX_NAME) {
        OutputWords.loss(name).ifPresent(kind -> note(Strength.SETTING, kind, key + " is " + name));
      }
    }
  }

  /** The name of a class, a function or a word; what OmegaConf wraps is the word inside. */
  private static @Nullable String nameOf(Object value) {
    if (value instanceof PyObject object) {
      return object.attribute("_val") instanceof String text ? lastPart(text) : object.simpleName();
    }
    if (value instanceof PyGlobal global) {
      return global.name().substring(global.name().lastIndexOf('.') + 1);
    }
    return value instanceof String text ? lastPart(text) : null;
  }

  /** {@code BCELoss} of {@code torch.nn.BCELoss()}. */
  private static String lastPart(String text) {
    String name = text.endsWith("()") ? text.substring(0, text.length() - 2) : text;
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private void note(Strength strength, Kind kind, String evidence) {
    found.computeIfAbsent(strength, s -> new EnumMap<>(Kind.class)).putIfAbsent(kind, evidence);
  }
}
