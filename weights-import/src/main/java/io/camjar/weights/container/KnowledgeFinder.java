package io.camjar.weights.container;

import io.camjar.weights.container.preparation.HubFiles;
import io.camjar.weights.container.preparation.PreparationFinder;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.pickle.PyTuple;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks through a pickle's values for what fastai, Lightning, timm and training scripts leave next
 * to the weights.
 *
 * <p>fastai v1: {@code CategoryProcessor.classes}. fastai v2: {@code CategoryMap.items}. Others:
 * {@code classes}, {@code class_to_idx}, {@code epoch}. How images are prepared is the business of
 * {@link PreparationFinder}.
 */
final class KnowledgeFinder {
  private static final int MAX_VISITED = 200_000;
  private static final int MAX_OFFERS = 64;
  private static final int MAX_KEY = 60;

  /** Keys of class names, in lower case and without punctuation. */
  private static final Set<String> CLASS_KEYS =
      Set.of(
          "classes",
          "classnames",
          "classlabels",
          "idxtoclass",
          "classtoidx",
          "idx2class",
          "class2idx",
          "id2label",
          "label2id",
          "idx2label",
          "label2idx",
          "idxtolabel",
          "labeltoidx",
          "idtolabel",
          "labeltoid",
          "idtoname",
          "indextoclass",
          "classtoindex",
          "indextoname",
          "nametoidx",
          "idxtoname",
          "cat2idx",
          "classmap",
          "labelmap",
          "labelnames",
          "targetnames");

  /** Keys of class names among other things: only as many as the network has outputs are such. */
  private static final Set<String> OTHER_KEYS =
      Set.of("labels", "names", "vocab", "categories", "catnames", "pathologies", "species");

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Object> queue = new ArrayDeque<>();
  private final List<List<String>> classes = new ArrayList<>();
  private final List<List<String>> others = new ArrayList<>();
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
        finder.classes(tensors),
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
      case "CategoryMap" -> offerClasses("classes", object.attribute("items"));
      case "CategoryProcessor", "MultiCategoryProcessor" ->
          offerClasses("classes", object.attribute("classes"));
      default -> {
        // Anything else may hold one of these.
      }
    }
    object.forEachAttribute(
        (name, value) -> {
          offerClasses(name, value);
          enqueue(name, value);
        });
    enqueueAll(object.arguments().items());
    enqueueAll(object.elements().items());
    enqueue("", object.items());
  }

  private void visitDict(PyDict dict) {
    outputs.see(dict);
    deviations.see(dict);
    for (int i = 0; i < dict.size(); i++) {
      String key = dict.keys().get(i) instanceof String name ? name : "";
      Object value = dict.values().get(i);
      offerClasses(key, value);
      if (value instanceof String text && PreparationFinder.isSettings(key)) {
        HubFiles.parse(text).ifPresent(parsed -> enqueue(key, parsed));
      }
      enqueue(key, value);
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

  private void offerClasses(String key, @Nullable Object value) {
    if (value == null || key.length() > MAX_KEY || offers >= MAX_OFFERS) {
      return;
    }
    String plain = OutputWords.plain(key);
    boolean sure = CLASS_KEYS.contains(plain);
    if (sure || OTHER_KEYS.contains(plain)) {
      offers++;
      List<String> names = StoredClassNames.of(value);
      if (!names.isEmpty()) {
        (sure ? classes : others).add(names);
      }
    }
  }

  /** The first that has a name for each output, otherwise the first that can be nothing else. */
  private List<String> classes(StateDict tensors) {
    Set<Long> outputs = new HashSet<>();
    for (TensorEntry tensor : tensors.entries()) {
      if (tensor.rank() == 2 && tensor.name().endsWith("weight")) {
        outputs.add(tensor.size(0));
      }
    }
    return Stream.concat(classes.stream(), others.stream())
        .filter(names -> outputs.contains((long) names.size()))
        .findFirst()
        .orElse(classes.isEmpty() ? List.of() : classes.get(0));
  }
}
