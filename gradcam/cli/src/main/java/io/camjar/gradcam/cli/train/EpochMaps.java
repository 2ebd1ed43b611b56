package io.camjar.gradcam.cli.train;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.cli.images.Stems;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.Evolution;
import io.camjar.gradcam.render.EvolutionGif;
import io.camjar.gradcam.render.EvolutionSheet;
import io.camjar.gradcam.render.Png;
import io.camjar.gradcam.train.EpochReport;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The maps of fixed images after each epoch, as the file that was written is explained. */
final class EpochMaps {
  private static final double ALPHA = 0.5;

  private final Path file;
  private final Map<Path, String> stems = new LinkedHashMap<>();
  private final Path folder;
  private final Map<Path, List<Evolution.Panel>> panels = new LinkedHashMap<>();

  EpochMaps(Path file, List<Path> images, Path folder) {
    this.file = file;
    Stems names = new Stems();
    images.forEach(image -> stems.computeIfAbsent(image, names::next));
    this.folder = folder;
  }

  /**
   * Reads the images once, since nobody wants to learn of a wrong name after the first epoch.
   *
   * @throws io.camjar.engine.CamjarException if one cannot be read
   */
  static void check(List<Path> images) {
    images.forEach(Images::read);
  }

  /** Adds an epoch, and draws sheets and animations anew. */
  void add(EpochReport report) {
    if (stems.isEmpty()) {
      return;
    }
    Checkpoint checkpoint = Checkpoints.open(file);
    try (Network network = checkpoint.network()) {
      Explainer explainer = Explainer.of(network, checkpoint);
      for (Path image : stems.keySet()) {
        Explanation explanation = explainer.explain(image);
        String layer = explanation.layers().get(0);
        Evolution last = explanation.evolutions(List.of(layer)).get(0);
        List<Evolution.Panel> shown = panels.computeIfAbsent(image, i -> new ArrayList<>());
        Evolution.Panel panel = last.panels().get(0);
        String title =
            String.format(
                Locale.ROOT,
                "epoch %d, %s %.2f",
                report.epoch(),
                explanation.top(1).get(0).target().display(),
                explanation.top(1).get(0).probability());
        shown.add(new Evolution.Panel(title, panel.map(), panel.status()));
        write(
            image,
            new Evolution(
                last.picture(),
                last.region(),
                String.valueOf(image.getFileName()),
                layer + " after each epoch",
                shown));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(Path image, Evolution evolution) throws IOException {
    String stem = stems.get(image);
    Files.createDirectories(folder);
    Files.write(
        folder.resolve(stem + "_epochs.png"),
        Png.encode(EvolutionSheet.draw(evolution, ColorMap.TURBO, ALPHA)));
    Files.write(
        folder.resolve(stem + "_epochs.gif"),
        EvolutionGif.encode(evolution, ColorMap.TURBO, ALPHA));
  }
}
