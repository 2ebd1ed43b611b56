package io.camjar.gradcam.report;

import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ScaledMap;
import io.camjar.gradcam.report.Report.Notes;
import io.camjar.gradcam.report.Report.ReportClass;
import io.camjar.gradcam.report.Report.ReportMap;
import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.provenance.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A report of two classes and two methods over four layers, whose values are easy to foretell. */
final class SampleReport {
  static final List<String> LAYERS = List.of("stem", "layer1.0", "layer2.0", "layer4.2");

  private SampleReport() {}

  /** 400 x 300 pixels of which the network saw the middle 300 x 300. */
  static Report report() {
    List<ReportMap> maps = new ArrayList<>();
    for (String method : List.of("Grad-CAM", "LayerCAM")) {
      for (int index : new int[] {4, 7}) {
        for (int layer = 0; layer < LAYERS.size(); layer++) {
          boolean empty = layer == 1 && index == 7;
          maps.add(
              new ReportMap(
                  LAYERS.get(layer),
                  index,
                  method,
                  map(layer, index, method),
                  empty ? Float.NaN : -0.5f,
                  empty ? Float.NaN : 1234.5f,
                  empty ? "no-positive-evidence" : "ok"));
        }
      }
    }
    return new Report(
        "ball & <parachute>.png",
        "resnet34, preset torchvision",
        "camjar",
        picture(),
        new Box(50, 0, 350, 300),
        List.of(
            new ReportClass(4, "golf ball", 0.78),
            new ReportClass(7, "</script><script>alert(1)</script>", 0.2),
            new ReportClass(9, "tench", Double.NaN)),
        maps,
        new Notes(Map.of("LayerCAM", "LayerCAM is <b>shy</b>"), Set.of(), null, false, List.of()));
  }

  /** The same with the two methods side by side, of which the second knows no classes. */
  static Report sideBySide() {
    Report plain = report();
    return new Report(
        plain.title(),
        plain.subtitle(),
        plain.footer(),
        plain.picture(),
        plain.region(),
        plain.classes(),
        plain.maps(),
        new Notes(
            Map.of(),
            Set.of("LayerCAM"),
            7,
            true,
            List.of(Assumption.byFile(What.SIZE, "224 x 224", "<i>Resize</i>"))));
  }

  /** The same of another image, which the network saw as a whole. */
  static Report of(RgbImage picture) {
    Report plain = report();
    return new Report(
        plain.title(),
        plain.subtitle(),
        plain.footer(),
        picture,
        new Box(0, 0, picture.width(), picture.height()),
        plain.classes(),
        plain.maps());
  }

  /** The same with its first map at that many layers. */
  static Report withLayers(int count) {
    Report few = report();
    ReportMap first = few.maps().get(0);
    List<ReportMap> maps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      maps.add(
          new ReportMap(
              "layer" + i,
              first.index(),
              first.method(),
              first.map(),
              first.min(),
              first.max(),
              first.status()));
    }
    return new Report(
        few.title(),
        few.subtitle(),
        few.footer(),
        few.picture(),
        few.region(),
        few.classes(),
        maps);
  }

  /** Grad-CAM of class 4 rises from left to right; everything else is constant. */
  private static ScaledMap map(int layer, int index, String method) {
    int side = 28 >> Math.min(layer, 2);
    float[] values = new float[side * side];
    for (int i = 0; i < values.length; i++) {
      boolean ramp = index == 4 && method.equals("Grad-CAM");
      values[i] = ramp ? (i % side + 0.5f) / side : 0.25f * (layer + 1);
    }
    return new ScaledMap(side, side, values);
  }

  private static RgbImage picture() {
    byte[] rgb = new byte[400 * 300 * 3];
    for (int i = 0; i < 400 * 300; i++) {
      int x = i % 400;
      int y = i / 400;
      boolean ball = Math.hypot(x - 260, y - 170) < 60;
      rgb[3 * i] = (byte) (ball ? 240 : 60 + x / 8);
      rgb[3 * i + 1] = (byte) (ball ? 240 : 120 + y / 4);
      rgb[3 * i + 2] = (byte) (ball ? 235 : 70);
    }
    return RgbImage.of(400, 300, rgb);
  }
}
