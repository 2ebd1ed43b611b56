package io.camjar.weights.container;

import io.camjar.weights.container.preparation.PreparationFinder;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.pickle.PyTuple;
import io.camjar.weights.tensor.StateDict;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks through a pickle's values for what fastai, Lightning, timm and training scripts leave
 * beside the weights.
 *
 * <p>fastai v1: {@code CategoryProcessor.classes}. fastai v2: {@code CategoryMap.items}. Others:
 * {@code classes}, {@code class_to_idx}, {@code epoch}. How images are prepared is the business of
 * {@link PreparationFinder}.
 */
final class KnowledgeFinder {
  private static final int MAX_VISITED = 200_000;
  private static final int MAX_OFFERS = 64;
  private static final List<String> CLASS_KEYS =
      List.of("classes", "class_names", "idx_to_class", "class_to_idx", "id2label", "labels");

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Object> queue = new ArrayDeque<>();
  private List<String> classes = List.of();
  private final PreparationFinder preparations = new PreparationFinder();
  private int offers;
  private final OutputsFinder outputs = new OutputsFinder();
  private final DeviationFinder deviations = new DeviationFinder();

  private KnowledgeFinder() {}

  static Knowledge find(Object root, StateDict tensors) {
    KnowledgeFinder finder = new KnowledgeFinder();
    finder.outputs.see(tensors);
    finder.preparations.root(root);
    finder.enqueue("", root);
    while (!finder.queue.isEmpty() && finder.seen.size() < MAX_VISITED) {
      finder.visit(finder.queue.remove());
    }
    Object epoch = root instanceof PyDict dict ? dict.get("epoch") : null;
    return new Knowledge(
        finder.classes,
        finder.preparations.found(),
        epoch instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty(),
        finder.outputs.outputs(),
        finder.deviations.found());
  }

  private void visit(Object value) {
    if (value instanceof PyObject object) {
      visitObject(object);
    } else if (value instanceof PyDict dict) {
      visitDict(dict);
    } else if (value instanceof PyList list) {
      enqueueAll(list.items());
    } else if (value instanceof PyTuple tuple) {
      enqueueAll(tuple.items());
    }
  }

  private void visitObject(PyObject object) {
    outputs.see(object);
    deviations.see(object);
    switch (object.simpleName()) {
      case "CategoryMap" -> offerClasses(object.attribute("items"));
      case "CategoryProcessor", "MultiCategoryProcessor" ->
          offerClasses(object.attribute("classes"));
      default -> {
        // Anything else may hold one of these.
      }
    }
    object.forEachAttribute(this::enqueue);
    enqueueAll(object.arguments().items());
    enqueueAll(object.elements().items());
    enqueue("", object.items());
  }

  private void visitDict(PyDict dict) {
    outputs.see(dict);
    deviations.see(dict);
    for (String key : CLASS_KEYS) {
      offerClasses(dict.get(key));
    }
    for (int i = 0; i < dict.size(); i++) {
      Object key = dict.keys().get(i);
      enqueue(key instanceof String name ? name : "", dict.values().get(i));
    }
  }

  private void enqueueAll(List<Object> values) {
    values.forEach(value -> enqueue("", value));
  }

  private void enqueue(String name, Object value) {
    boolean container =
        value instanceof PyObject
            || value instanceof PyDict
            || value instanceof PyList
            || value instanceof PyTuple;
    if (container && seen.size() < MAX_VISITED && seen.add(value)) {
      preparations.meet(name, value);
      queue.add(value);
    }
  }

  private void offerClasses(@Nullable Object value) {
    if (classes.isEmpty() && value != null && offers++ < MAX_OFFERS) {
      classes = ClassNames.of(value);
    }
  }
}
