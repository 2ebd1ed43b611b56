package io.camjar.gradcam.cli;

import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.start.HeadStart;
import io.camjar.gradcam.cli.start.KernelPlan;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * Runs short commands once, so that the JVM can write down what they load and learn: the launcher
 * has it make an archive, from which later processes start faster.
 */
public final class Rehearsal {
  private static final int SIDE = 256;

  private Rehearsal() {}

  /**
   * Runs the commands.
   *
   * @param args a folder for what they write, then weights files to use besides the built-in model
   * @throws IOException if the folder cannot be written to
   */
  public static void main(String[] args) throws IOException {
    Main.begin("explain");
    Path folder = Files.createDirectories(Path.of(args[0]));
    String out = folder.resolve("out").toString();
    String png = folder.resolve("gradient.png").toString();
    String jpeg = folder.resolve("gradient.jpg").toString();
    ImageIO.write(gradient(), "png", Path.of(png).toFile());
    ImageIO.write(gradient(), "jpeg", Path.of(jpeg).toFile());

    int failed = run("--version") + run("explain", png, "--out", out);
    for (int i = 1; i < args.length; i++) {
      String weights = args[i];
      String own = folder.resolve("out" + i).toString(); // results of other weights stay
      failed += run("inspect", weights);
      failed += run("explain", png, jpeg, "--weights", weights, "--out", own, "--threads", "2");
    }
    KernelPlan.settle();
    HeadStart.await();
    System.exit(failed == 0 ? ExitCode.DONE : ExitCode.FAILED);
  }

  private static int run(String... args) {
    return Cli.run(nowhere(), nowhere(), args);
  }

  private static PrintWriter nowhere() {
    return new PrintWriter(Writer.nullWriter());
  }

  private static BufferedImage gradient() {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < SIDE * SIDE; i++) {
      image.setRGB(i % SIDE, i / SIDE, i);
    }
    return image;
  }
}
