package io.camjar.gradcam.cli.explain;

import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.cli.output.Format;
import io.camjar.gradcam.cli.output.Staging;
import io.camjar.gradcam.render.BesideSheet;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.Evolution;
import io.camjar.gradcam.render.EvolutionGif;
import io.camjar.gradcam.render.EvolutionSheet;
import io.camjar.gradcam.render.Png;
import java.util.List;
import java.util.Set;

/**
 * Writes sheets and animations of maps along the network.
 *
 * @param staging where to
 * @param formats which files
 * @param colors of maps
 * @param alpha the heat's share in overlays
 */
record EvolutionFiles(Staging staging, Set<Format> formats, ColorMap colors, double alpha) {
  /**
   * Adds {@code STEM_evolution} for the method, and where a second one was asked for {@code
   * STEM_evolution_METHOD} for that and {@code STEM_evolution_beside} for both.
   *
   * @param path the layers, in network order
   * @param exit what names end with where a network has several exits
   */
  void add(Explanation explanation, List<String> path, String stem, String exit) {
    add(explanation.evolutions(path), "%s_evolution%s".formatted(stem, exit));
    explanation
        .beside()
        .ifPresent(
            second -> {
              String name = "%s_evolution_%s%s".formatted(stem, second.methodName(), exit);
              add(second.evolutions(path), name);
              addBeside(
                  explanation.evolutionsBeside(path),
                  "%s_evolution_beside%s".formatted(stem, exit));
            });
  }

  /**
   * Adds {@code STEM_expected.png} where another class was expected than the predicted one: the
   * image, and next to one another the maps of both at the deepest layer.
   */
  void addExpected(Explanation explanation, String stem) {
    if (formats.contains(Format.PNG)) {
      explanation
          .comparison(colors, alpha)
          .ifPresent(sheet -> staging.add(stem + "_expected.png", Png.encode(sheet)));
    }
  }

  private void add(List<Evolution> evolutions, String name) {
    if (formats.contains(Format.PNG)) {
      staging.add(name + ".png", Png.encode(EvolutionSheet.draw(evolutions, colors, alpha)));
    }
    addAnimation(evolutions, name);
  }

  private void addBeside(List<Evolution> evolutions, String name) {
    if (formats.contains(Format.PNG)) {
      staging.add(name + ".png", Png.encode(BesideSheet.draw(evolutions, colors, alpha)));
    }
    // Bare maps stand still on the sheet; in the animation they would only make it wider.
    addAnimation(evolutions.stream().filter(Evolution::laidOver).toList(), name);
  }

  private void addAnimation(List<Evolution> evolutions, String name) {
    if (formats.contains(Format.GIF)) {
      staging.add(name + ".gif", EvolutionGif.encode(evolutions, colors, alpha));
    }
  }
}
