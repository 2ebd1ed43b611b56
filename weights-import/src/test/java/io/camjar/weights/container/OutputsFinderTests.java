package io.camjar.weights.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.weights.container.StatedOutputs.Kind;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyGlobal;
import io.camjar.weights.pickle.PyNone;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.pickle.PyTuple;
import io.camjar.weights.tensor.StateDict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What losses, encodings and settings in a file say of its outputs. */
class OutputsFinderTests {
  @ParameterizedTest
  @CsvSource({
    "fastai.losses, BCEWithLogitsLossFlat, SIGMOID",
    "torch.nn.modules.loss, BCEWithLogitsLoss, SIGMOID",
    "torch.nn.modules.loss, MultiLabelSoftMarginLoss, SIGMOID",
    "timm.loss.binary_cross_entropy, BinaryCrossEntropy, SIGMOID",
    "fastai.losses, CrossEntropyLossFlat, SOFTMAX",
    "timm.loss.cross_entropy, SoftTargetCrossEntropy, SOFTMAX",
    "fastai.losses, MSELossFlat, RAW",
    "torch.nn.modules.loss, SmoothL1Loss, RAW",
    "fastai.data.transforms, MultiCategorize, SIGMOID",
    "fastai.data.transforms, Categorize, SOFTMAX",
    "fastai.data_block, MultiCategoryProcessor, SIGMOID",
    "fastai.data.transforms, RegressionSetup, RAW"
  })
  void anObjectsClassSaysIt(String module, String name, Kind kind) {
    PyDict file = dict("state_dict", new PyDict(), "what", object(module, name));

    assertThat(kind(file)).contains(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "loss, bce, SIGMOID",
    "criterion, BCEWithLogitsLoss, SIGMOID",
    "loss_fn, binary_cross_entropy_with_logits, SIGMOID",
    "loss_name, CrossEntropyLoss, SOFTMAX",
    "problem_type, multi_label_classification, SIGMOID",
    "problem_type, single_label_classification, SOFTMAX",
    "problem_type, regression, RAW",
    "task, multilabel, SIGMOID",
    "task, multiclass, SOFTMAX",
    "final_activation, sigmoid, SIGMOID",
    "loss, CornLoss, SIGMOID",
    "criterion, coral_loss, SIGMOID"
  })
  void aSettingSaysIt(String key, String value, Kind kind) {
    assertThat(kind(dict("hyper_parameters", dict(key, value)))).contains(kind);
  }

  /** Deep CORAL aligns domains, CORAL orders classes. */
  @ParameterizedTest
  @CsvSource({
    "transfer_loss, coral",
    "domain_loss, BCELoss",
    "aux_loss, bce",
    "loss_mask, bce",
    "adversarial_criterion, BCEWithLogitsLoss",
    "loss_bbox, L1Loss"
  })
  void theLossOfSomethingElseSaysNothingOfTheClasses(String key, String value) {
    assertThat(kind(dict("hyper_parameters", dict(key, value)))).isEmpty();
  }

  @Test
  void aFlagSaysItOnlyIfSet() {
    assertThat(kind(dict("args", dict("multi_label", true)))).contains(Kind.SIGMOID);
    assertThat(kind(dict("args", dict("bce_loss", true)))).contains(Kind.SIGMOID);
    assertThat(kind(dict("args", dict("multi_label", false, "bce_loss", false)))).isEmpty();
  }

  @Test
  void aFunctionThatIsNamedCounts() {
    PyGlobal function = new PyGlobal("torch.nn.functional", "binary_cross_entropy_with_logits");

    assertThat(kind(dict("loss_func", function))).contains(Kind.SIGMOID);
    assertThat(kind(dict("y_cls", new PyGlobal("fastai.data_block", "MultiCategoryList"))))
        .contains(Kind.SIGMOID);
  }

  @Test
  void configurationsOfOtherMakersAreUnderstood() {
    PyObject wrapped = object("omegaconf.nodes", "AnyNode");
    wrapped.setState(dict("_val", "bce"));

    assertThat(kind(dict("loss", wrapped))).contains(Kind.SIGMOID);
    assertThat(kind(dict("criterion", dict("_target_", "torch.nn.BCEWithLogitsLoss"))))
        .contains(Kind.SIGMOID);
    assertThat(kind(dict("loss", dict("type", "CrossEntropyLoss", "use_sigmoid", true))))
        .contains(Kind.SIGMOID);
    assertThat(kind(dict("loss", dict("type", "CrossEntropyLoss", "loss_weight", 1.0))))
        .contains(Kind.SOFTMAX);
    assertThat(kind(dict("loss_fn", "nn.MSELoss()"))).contains(Kind.RAW);
  }

  @Test
  void whatSaysNothingIsNotTakenForAWord() {
    PyDict gate = dict("scale_activation", object("torch.nn.modules.activation", "Sigmoid"));

    assertThat(kind(gate)).isEmpty();
    assertThat(kind(dict("loss", 0.25, "val_loss", PyNone.NONE, "criterion", "mine"))).isEmpty();
    assertThat(kind(dict("task", "binary", "loss", "focal"))).isEmpty();
  }

  @Test
  void aSettingIsStrongerThanAnObjectSomewhere() {
    PyDict file =
        dict("metric", object("torch.nn.modules.loss", "CrossEntropyLoss"), "criterion", "bce");

    assertThat(find(file).map(StatedOutputs::evidence)).contains("criterion is bce");
  }

  @Test
  void evidenceThatDisagreesSaysNothing() {
    PyDict file =
        dict(
            "a",
            object("torch.nn.modules.loss", "CrossEntropyLoss"),
            "b",
            object("torch.nn.modules.loss", "BCELoss"));

    assertThat(kind(file)).isEmpty();
  }

  @Test
  void classesMayCountFromOne() {
    assertThat(StoredClassNames.of(dict("b", 2L, "a", 1L))).containsExactly("a", "b");
    assertThat(StoredClassNames.of(dict("1", "b", "0", "a"))).containsExactly("a", "b");
    assertThat(StoredClassNames.of(dict("a", 1L, "c", 3L))).isEmpty();
  }

  private static Optional<Kind> kind(Object root) {
    return find(root).map(StatedOutputs::kind);
  }

  private static Optional<StatedOutputs> find(Object root) {
    return KnowledgeFinder.find(root, StateDict.of(List.of())).outputs();
  }

  private static PyDict dict(Object... keysAndValues) {
    PyDict dict = new PyDict();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      dict.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return dict;
  }

  private static PyObject object(String module, String name) {
    return new PyObject(new PyGlobal(module, name), PyTuple.of());
  }
}
