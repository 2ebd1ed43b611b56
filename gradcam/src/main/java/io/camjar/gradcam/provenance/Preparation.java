package io.camjar.gradcam.provenance;

import io.camjar.gradcam.image.Preset;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.provenance.Assumption.Source;
import io.camjar.weights.provenance.What;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How images are prepared, with who said so. Immutable.
 *
 * @param preset what is done
 * @param assumed its parts: framing, size, mean, std
 */
public record Preparation(Preset preset, List<Assumption> assumed) {
  /** What a record says of an input that came prepared. */
  public static final List<Assumption> CAME_PREPARED =
      List.of(Assumption.byOption(What.FRAMING, "none", "the input came prepared"));

  /** Copies the list. */
  public Preparation {
    assumed = List.copyOf(assumed);
  }

  /** What is usual for a network of which nothing else is known. */
  public static Preparation usual(Preset preset) {
    return new Preparation(preset, parts(preset, Source.DEFAULT, Source.DEFAULT));
  }

  /** What a file suggests: size and normalisation are its own where it says them. */
  public static Preparation suggested(Preset preset, Checkpoint checkpoint) {
    return new Preparation(
        preset,
        parts(
            preset,
            checkpoint.inputSize().isPresent() ? Source.FILE : Source.DEFAULT,
            checkpoint.normalization().isPresent() ? Source.FILE : Source.DEFAULT));
  }

  /** Another preset: every part that differs was said by an option. */
  public Preparation changedTo(Preset other) {
    List<Assumption> options = parts(other, Source.OPTION, Source.OPTION);
    List<Assumption> parts =
        IntStream.range(0, options.size())
            .mapToObj(i -> options.get(i).value().equals(assumed.get(i).value()) ? i : -1 - i)
            .map(i -> i >= 0 ? assumed.get(i) : byOption(options.get(-1 - i)))
            .toList();
    return new Preparation(other, parts);
  }

  private static Assumption byOption(Assumption part) {
    return Assumption.byOption(part.what(), part.value(), "");
  }

  private static List<Assumption> parts(Preset preset, Source size, Source normalisation) {
    List<Assumption> parts = new ArrayList<>();
    parts.add(Assumption.byDefault(What.FRAMING, preset.name(), "the preset of that name"));
    String sides = preset.height() + " x " + preset.width();
    parts.add(new Assumption(What.SIZE, sides, size, ""));
    parts.add(new Assumption(What.MEAN, text(preset.mean()), normalisation, ""));
    parts.add(new Assumption(What.STD, text(preset.std()), normalisation, ""));
    return parts;
  }

  private static String text(float[] values) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> Float.toString(values[i]))
        .collect(Collectors.joining(", "));
  }
}
