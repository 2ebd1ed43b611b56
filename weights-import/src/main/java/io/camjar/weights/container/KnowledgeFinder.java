package io.camjar.weights.container;

import io.camjar.weights.container.Knowledge.Normalization;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.pickle.PyTuple;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.torch.TensorValues;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks through a pickle's values for what fastai, Lightning, timm and training scripts leave
 * beside the weights.
 *
 * <p>fastai v1: {@code CategoryProcessor.classes}, {@code normalize}, {@code tfmargs.size}. fastai
 * v2: {@code CategoryMap.items}, {@code Normalize.mean/std}, {@code size} of the resizing
 * transforms. Others: {@code classes}, {@code class_to_idx}, {@code epoch}, timm's {@code args}.
 */
final class KnowledgeFinder {
  private static final int MAX_VISITED = 200_000;
  private static final int MAX_OFFERS = 64;
  private static final int MAX_SIDE = 1 << 16;
  private static final List<String> CLASS_KEYS =
      List.of("classes", "class_names", "idx_to_class", "class_to_idx", "id2label", "labels");

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Object> queue = new ArrayDeque<>();
  private List<String> classes = List.of();
  private @Nullable Normalization normalization;
  private int offers;
  private int inputSize = Integer.MAX_VALUE;
  private final OutputsFinder outputs = new OutputsFinder();

  private KnowledgeFinder() {}

  static Knowledge find(Object root, StateDict tensors) {
    KnowledgeFinder finder = new KnowledgeFinder();
    finder.outputs.see(tensors);
    finder.enqueue(root);
    while (!finder.queue.isEmpty() && finder.seen.size() < MAX_VISITED) {
      finder.visit(finder.queue.remove());
    }
    Object epoch = root instanceof PyDict dict ? dict.get("epoch") : null;
    return new Knowledge(
        finder.classes,
        Optional.ofNullable(finder.normalization),
        finder.inputSize == Integer.MAX_VALUE
            ? OptionalInt.empty()
            : OptionalInt.of(finder.inputSize),
        epoch instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty(),
        finder.outputs.outputs());
  }

  private void visit(Object value) {
    if (value instanceof PyObject object) {
      visitObject(object);
    } else if (value instanceof PyDict dict) {
      visitDict(dict);
    } else if (value instanceof PyList list) {
      list.items().forEach(this::enqueue);
    } else if (value instanceof PyTuple tuple) {
      tuple.items().forEach(this::enqueue);
    }
  }

  private void visitObject(PyObject object) {
    outputs.see(object);
    switch (object.simpleName()) {
      case "CategoryMap" -> offerClasses(object.attribute("items"));
      case "CategoryProcessor" -> offerClasses(object.attribute("classes"));
      case "Normalize" -> offerNormalization(object.attribute("mean"), object.attribute("std"));
      case "Namespace" -> {
        offerNormalization(object.attribute("mean"), object.attribute("std"));
        offerSize(object.attribute("img_size"));
      }
      default -> {
        String name = object.simpleName();
        if (name.startsWith("Resize") || name.startsWith("RandomResizedCrop")) {
          offerSize(object.attribute("size"));
        }
      }
    }
    object.forEachAttribute((name, child) -> enqueue(child));
    object.arguments().items().forEach(this::enqueue);
    object.elements().items().forEach(this::enqueue);
    enqueue(object.items());
  }

  private void visitDict(PyDict dict) {
    outputs.see(dict);
    for (String key : CLASS_KEYS) {
      offerClasses(dict.get(key));
    }
    if (dict.get("normalize") instanceof PyDict normalize) {
      offerNormalization(normalize.get("mean"), normalize.get("std"));
    }
    if (dict.get("tfmargs") instanceof PyDict transforms) {
      offerSize(transforms.get("size"));
    }
    dict.values().forEach(this::enqueue);
  }

  private void enqueue(Object value) {
    boolean container =
        value instanceof PyObject
            || value instanceof PyDict
            || value instanceof PyList
            || value instanceof PyTuple;
    if (container && seen.size() < MAX_VISITED && seen.add(value)) {
      queue.add(value);
    }
  }

  private void offerClasses(@Nullable Object value) {
    if (classes.isEmpty() && value != null && offers++ < MAX_OFFERS) {
      classes = ClassNames.of(value);
    }
  }

  private void offerNormalization(@Nullable Object mean, @Nullable Object std) {
    if (normalization != null || mean == null || std == null) {
      return;
    }
    List<Double> means = new ArrayList<>(TensorValues.of(mean));
    List<Double> deviations = new ArrayList<>(TensorValues.of(std));
    if (!means.isEmpty()
        && means.size() == deviations.size()
        && deviations.stream().allMatch(value -> value > 0 && value < Double.MAX_VALUE)
        && means.stream().allMatch(value -> Math.abs(value) < Double.MAX_VALUE)) {
      normalization = new Normalization(means, deviations);
    }
  }

  /** The smallest size wins: fastai v2 first resizes to something larger, then crops. */
  private void offerSize(@Nullable Object value) {
    List<Double> sides =
        value instanceof Number number
            ? List.of(number.doubleValue())
            : value == null ? List.of() : TensorValues.of(value);
    for (double side : sides) {
      if (side >= 1 && side <= MAX_SIDE) {
        inputSize = Math.min(inputSize, (int) side);
      }
    }
  }
}
