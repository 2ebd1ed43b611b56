package io.camjar.gradcam.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.weights.Checkpoints;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Winograd's method on a trained network and real photographs: it changes the scores by little and
 * the five most probable classes not at all. Skipped where the photographs are not at hand.
 */
class WinogradOnPhotographsTests {
  private static final String ALGORITHM = "camjar.conv";
  private static final int PICTURES = 200;
  private static final int BATCH = 8;
  private static final int TAR_BLOCK = 512;

  @TempDir private Path folder;

  @Test
  void scoresOfTwoHundredPhotographsAreThoseOfTheDirectSum() throws IOException {
    Path tar =
        Path.of(System.getProperty("camjar.root"), "../shared/data/imagenette/val.tar").normalize();
    assumeTrue(Files.exists(tar), "no photographs at " + tar);
    assumeTrue(Kernels.active().name().startsWith("simd"), "the vector kernels are not active");
    List<Path> photographs = photographs(tar);

    List<float[]> direct = logits(photographs, "direct");
    List<float[]> winograd = logits(photographs, "auto");

    double worst = 0;
    for (int i = 0; i < PICTURES; i++) {
      worst = Math.max(worst, error(winograd.get(i), direct.get(i)));
      assertThat(five(winograd.get(i))).as("photograph %d", i).isEqualTo(five(direct.get(i)));
    }
    if (Boolean.getBoolean("camjar.parity.report")) {
      System.out.printf("%d photographs, error %.1e of the largest score%n", PICTURES, worst);
    }
    assertThat(worst).isPositive().isLessThan(1e-4);
  }

  private static List<Integer> five(float[] logits) {
    return Target.descending(logits).limit(5).boxed().toList();
  }

  private static double error(float[] found, float[] expected) {
    double largest = 0;
    double error = 0;
    for (int c = 0; c < expected.length; c++) {
      largest = Math.max(largest, Math.abs(expected[c]));
      error = Math.max(error, Math.abs((double) found[c] - expected[c]));
    }
    return error / largest;
  }

  private static List<float[]> logits(List<Path> photographs, String algorithm) {
    String before = System.getProperty(ALGORITHM);
    System.setProperty(ALGORITHM, algorithm);
    try (Network network = Checkpoints.builtin().network()) {
      Classifier classifier = new Classifier(network, Preset.named("torchvision"));
      List<float[]> logits = new ArrayList<>();
      for (int first = 0; first < photographs.size(); first += BATCH) {
        List<RgbImage> batch =
            photographs.subList(first, first + BATCH).stream().map(Images::read).toList();
        logits.addAll(List.of(classifier.logits(batch)));
      }
      return logits;
    } finally {
      if (before == null) {
        System.clearProperty(ALGORITHM);
      } else {
        System.setProperty(ALGORITHM, before);
      }
    }
  }

  /** Every ninth photograph: some of each class. */
  private List<Path> photographs(Path tar) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(tar))) {
      int seen = 0;
      byte[] header = in.readNBytes(TAR_BLOCK);
      while (files.size() < PICTURES && header.length == TAR_BLOCK && header[0] != 0) {
        String size = new String(header, 124, 11, StandardCharsets.US_ASCII).trim();
        int length = Integer.parseInt(size, 8);
        byte[] content = in.readNBytes(length);
        in.skipNBytes((TAR_BLOCK - length % TAR_BLOCK) % TAR_BLOCK);
        if (length > 0 && seen++ % 9 == 0) {
          files.add(Files.write(folder.resolve(files.size() + ".jpg"), content));
        }
        header = in.readNBytes(TAR_BLOCK);
      }
    }
    assertThat(files).hasSize(PICTURES);
    return files;
  }
}
