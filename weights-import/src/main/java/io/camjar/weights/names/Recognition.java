package io.camjar.weights.names;

import io.camjar.engine.model.ResNetSpec;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.names.MappingRow.Fate;
import io.camjar.weights.tensor.Shapes;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From a file's names to the engine's, to a specification, to a verdict on every tensor.
 *
 * <p>A tensor that belongs to the network's layers but not to the network as specified is refused,
 * not ignored: it would change what is computed.
 */
public final class Recognition {
  private static final String SAVE_AGAIN = "save the model again from the program that trained it";

  private final StateDict raw;
  private final Map<String, SavedModule> modules;
  private final List<MappingRow> rows = new ArrayList<>();
  private final Map<String, Integer> mapped = new HashMap<>();
  private final List<TensorEntry> canonical = new ArrayList<>();
  private @Nullable Malformed fault;

  private Recognition(StateDict raw, Map<String, SavedModule> modules) {
    this.raw = raw;
    this.modules = modules;
  }

  /**
   * Recognises a network; never throws for an unknown one, but says why.
   *
   * @param modules the modules by path, where the file has whole modules; may be empty
   */
  public static Recognised of(StateDict raw, Map<String, SavedModule> modules) {
    return new Recognition(raw, modules).recognise();
  }

  private Recognised recognise() {
    Layout layout;
    try {
      layout = LayoutFinder.find(raw);
    } catch (Malformed e) {
      raw.names().forEach(name -> ignore(name, "not part of a ResNet"));
      return new Recognised(
          Optional.empty(), StateDict.of(List.of()), "", "", rows, Optional.of(e));
    }
    StateDict named = rename(layout);
    Optional<ResNetSpec> spec = Optional.empty();
    try {
      BodyDetector body = new BodyDetector(named);
      spec = Optional.of(body.detect(new HeadDetector(named, body.features()).detect()));
      compare(spec.get().parameterShapes(), named);
      ModuleClasses.check(modules, layout, spec.get());
    } catch (Malformed e) {
      fault = e;
    }
    return new Recognised(
        spec,
        StateDict.of(canonical),
        layout.style(),
        layout.prefix(),
        List.copyOf(rows),
        Optional.ofNullable(fault));
  }

  private StateDict rename(Layout layout) {
    List<TensorEntry> named = new ArrayList<>();
    for (TensorEntry tensor : raw.entries()) {
      Optional<String> name = layout.canonical(tensor.name());
      if (name.isEmpty()) {
        ignore(tensor.name(), "not part of the network");
      } else if (name.get().endsWith(BodyNames.COUNTER)) {
        rows.add(new MappingRow(Fate.IGNORED, tensor.name(), name.get(), "counts training steps"));
      } else {
        named.add(tensor.named(name.get()));
        mapped.put(name.get(), rows.size());
        rows.add(new MappingRow(Fate.MAPPED, tensor.name(), name.get(), ""));
      }
    }
    return StateDict.of(named);
  }

  private void compare(Map<String, long[]> expected, StateDict named) {
    for (Map.Entry<String, long[]> parameter : expected.entrySet()) {
      String name = parameter.getKey();
      String shape = Shapes.toString(parameter.getValue());
      Optional<TensorEntry> found = named.find(name);
      if (found.isEmpty()) {
        rows.add(new MappingRow(Fate.MISSING, "", name, "expected " + shape));
        fail("lacks the tensor '" + name + "' of shape " + shape);
      } else if (!Arrays.equals(found.get().shape(), parameter.getValue())) {
        String note = "expected " + shape + ", found " + Shapes.toString(found.get().shape());
        refuse(name, note);
        fail("has the tensor '" + name + "' in the wrong shape: " + note);
      } else if (!found.get().dtype().isFloating()) {
        refuse(name, "expected floating point, found " + found.get().dtype().torchName());
        fail(
            "has the weights '" + name + "' as integers (" + found.get().dtype().torchName() + ")");
      } else {
        canonical.add(found.get());
      }
    }
    for (String name : named.names()) {
      if (!expected.containsKey(name)) {
        refuse(name, "no ResNet that camjar runs has it");
        fail("has the tensor '" + name + "', which no ResNet that camjar runs has");
      }
    }
  }

  private void ignore(String name, String why) {
    rows.add(new MappingRow(Fate.IGNORED, name, "", why));
  }

  private void refuse(String target, String note) {
    int at = mapped.get(target);
    rows.set(at, new MappingRow(Fate.REFUSED, rows.get(at).source(), target, note));
  }

  private void fail(String what) {
    if (fault == null) {
      fault = new Malformed(what, SAVE_AGAIN);
    }
  }
}
