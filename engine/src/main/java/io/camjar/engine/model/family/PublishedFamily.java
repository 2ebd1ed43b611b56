package io.camjar.engine.model.family;

import io.camjar.engine.model.Architecture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A family of published members, with any number of classes and of the image's channels.
 *
 * @param title what the literature calls it
 * @param first the name of the weights that read the image
 * @param last the name of the weights that score classes
 * @param members by name
 * @param others makes a network of widths and depths of its own; empty where shapes do not tell it
 */
record PublishedFamily(
    String title, String first, String last, Map<String, Maker> members, Others others)
    implements Family {

  /** Tells a network that was not published by its shapes. */
  interface Others {
    Optional<Architecture> of(TensorShapes shapes);
  }

  /** Makes a member. */
  interface Maker {
    Architecture make(String name, int inChannels, int classes);
  }

  PublishedFamily {
    members = new LinkedHashMap<>(members);
  }

  PublishedFamily(String title, String first, String last, Map<String, Maker> members) {
    this(title, first, last, members, shapes -> Optional.empty());
  }

  @Override
  public List<String> names() {
    return List.copyOf(members.keySet());
  }

  @Override
  public Architecture member(String name, int classes) {
    return make(name, 3, classes);
  }

  private Architecture make(String name, int inChannels, int classes) {
    return Objects.requireNonNull(members.get(name), name).make(name, inChannels, classes);
  }

  /** The network that shares most tensors, by name and shape, if that is more than half of them. */
  @Override
  public Optional<Architecture> recognise(Map<String, long[]> shapes) {
    return nearest(shapes, name -> true);
  }

  /** As many layers as a classifier may have, its tensors do not count. */
  @Override
  public Optional<Architecture> recogniseBody(Map<String, long[]> shapes) {
    Map<String, long[]> all = new LinkedHashMap<>(shapes);
    all.putIfAbsent(last, new long[] {1, 1});
    String classifier = last.substring(0, last.indexOf('.') + 1);
    return nearest(all, name -> !name.startsWith(classifier));
  }

  private Optional<Architecture> nearest(Map<String, long[]> shapes, Predicate<String> counts) {
    long[] image = shapes.get(first);
    long[] scores = shapes.get(last);
    if (image == null || image.length != 4 || scores == null) {
      return Optional.empty();
    }
    Architecture nearest = null;
    double most = 0.5;
    List<Architecture> candidates = new ArrayList<>();
    members.keySet().forEach(n -> candidates.add(make(n, (int) image[1], (int) scores[0])));
    others.of(new TensorShapes(shapes)).ifPresent(candidates::add);
    for (Architecture member : candidates) {
      double share = shared(counted(member.parameterShapes(), counts), counted(shapes, counts));
      if (share > most) {
        nearest = member;
        most = share;
      }
    }
    return Optional.ofNullable(nearest);
  }

  private static Map<String, long[]> counted(Map<String, long[]> shapes, Predicate<String> counts) {
    Map<String, long[]> counted = new LinkedHashMap<>(shapes);
    counted.keySet().removeIf(counts.negate());
    return counted;
  }

  /** The share of tensors that both have in the same shape. */
  private static double shared(Map<String, long[]> own, Map<String, long[]> shapes) {
    long alike =
        own.entrySet().stream()
            .filter(entry -> Arrays.equals(entry.getValue(), shapes.get(entry.getKey())))
            .count();
    return (double) alike / Math.max(own.size(), shapes.size());
  }
}
