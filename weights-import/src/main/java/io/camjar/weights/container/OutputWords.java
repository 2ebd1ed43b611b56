package io.camjar.weights.container;

import io.camjar.weights.container.StatedOutputs.Kind;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What names of losses, of encodings of targets and of last layers say about outputs. Names are
 * compared without case and punctuation: {@code BCEWithLogitsLoss} is {@code bce_with_logits_loss}.
 */
final class OutputWords {
  private static final Map<String, Kind> LOSSES = new HashMap<>();
  private static final Map<String, Kind> ENCODINGS = new HashMap<>();
  private static final Map<String, Kind> TASKS = new HashMap<>();
  private static final Map<String, Kind> ACTIVATIONS = new HashMap<>();

  static {
    // torch.nn, torch.nn.functional, fastai 1 and 2, timm, Keras-like words of scripts.
    put(
        LOSSES,
        Kind.SIGMOID,
        "BCEWithLogits BCE BCEFlat BCEWithLogitsFlat BinaryCrossEntropy"
            + " BinaryCrossEntropyWithLogits MultiLabelSoftMargin AsymmetricLossMultiLabel Asymmetric"
            + " AsymmetricLossOptimized SigmoidFocal BinaryFocal WeightedBCE"
            + " SigmoidCrossEntropy Corn Coral OrdinalRegression OrdinalCrossEntropy");
    put(
        LOSSES,
        Kind.SOFTMAX,
        "CrossEntropy CrossEntropyFlat CE XEnt NLL LabelSmoothingCrossEntropy"
            + " LabelSmoothingCrossEntropyFlat LabelSmoothing SoftTargetCrossEntropy"
            + " CategoricalCrossEntropy SparseCategoricalCrossEntropy SoftmaxCrossEntropy"
            + " FocalFlat AsymmetricLossSingleLabel");
    put(
        LOSSES,
        Kind.RAW,
        "MSE MSEFlat L1 L1Flat MAE SmoothL1 Huber PoissonNLL GaussianNLL MeanSquaredError"
            + " MeanAbsoluteError RMSE LogCosh");
    // What fastai 2 and fastai 1 make of targets.
    put(
        ENCODINGS,
        Kind.SIGMOID,
        "MultiCategorize EncodedMultiCategorize OneHotEncode MultiCategoryList"
            + " MultiCategoryProcessor");
    put(ENCODINGS, Kind.SOFTMAX, "Categorize CategoryList CategoryProcessor");
    put(ENCODINGS, Kind.RAW, "RegressionSetup FloatList");
    // Transformers' problem_type, torchmetrics' task, words of training scripts.
    put(TASKS, Kind.SIGMOID, "MultiLabelClassification MultiLabel");
    put(
        TASKS,
        Kind.SOFTMAX,
        "SingleLabelClassification SingleLabel MultiClass MultiClassClassification");
    put(TASKS, Kind.RAW, "Regression");
    put(ACTIVATIONS, Kind.SIGMOID, "Sigmoid LogSigmoid");
    put(ACTIVATIONS, Kind.SOFTMAX, "Softmax LogSoftmax");
  }

  private OutputWords() {}

  private static void put(Map<String, Kind> words, Kind kind, String names) {
    for (String name : names.split(" ", -1)) {
      words.put(plain(name), kind);
    }
  }

  /** What a loss means: a class's or a function's name, with or without {@code loss} in it. */
  static Optional<Kind> loss(String name) {
    String plain = plain(name);
    Kind whole = LOSSES.get(plain);
    return Optional.ofNullable(whole == null ? LOSSES.get(plain.replace("loss", "")) : whole);
  }

  /** What an object means that encodes targets. */
  static Optional<Kind> encoding(String name) {
    return Optional.ofNullable(ENCODINGS.get(plain(name)));
  }

  /** What a kind of task means. */
  static Optional<Kind> task(String name) {
    return Optional.ofNullable(TASKS.get(plain(name)));
  }

  /** What a last layer means. */
  static Optional<Kind> activation(String name) {
    return Optional.ofNullable(ACTIVATIONS.get(plain(name)));
  }

  /** Lower case, letters and digits alone. */
  static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
