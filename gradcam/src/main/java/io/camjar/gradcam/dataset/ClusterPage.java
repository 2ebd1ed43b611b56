package io.camjar.gradcam.dataset;

import io.camjar.gradcam.dataset.MapClusters.Cluster;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ColorMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * A page of what a network looks at: for every class the mean of its maps, its clusters, and
 * members of each. One file that asks for no other.
 */
public final class ClusterPage {
  /** The most members of a cluster that are shown. */
  public static final int MOST_MEMBERS = 18;

  /** Images of all clusters together; of many clusters each shows fewer. */
  private static final int MOST_IMAGES = 900;

  private ClusterPage() {}

  /**
   * The page.
   *
   * @param subtitle one line on the network and the maps, plain text
   * @param footer one line at the end, plain text
   * @param overlays the image under its map; empty where it can no longer be read
   */
  public static String of(
      List<ClassMaps> classes,
      String subtitle,
      String footer,
      Function<ImageMap, Optional<RgbImage>> overlays,
      ColorMap colors) {
    int clusters = classes.stream().mapToInt(one -> one.clusters().size()).sum();
    int shown = Math.max(3, Math.min(MOST_MEMBERS, MOST_IMAGES / Math.max(1, clusters)));
    StringBuilder body = new StringBuilder();
    for (ClassMaps one : ClusterSheet.severalFirst(classes)) {
      body.append("<section><header>")
          .append(Html.image(ClusterSheet.heat(one.mean(), colors), "mean map"));
      body.append("<div><h2>").append(Html.text(one.target().display())).append("</h2><p>");
      body.append(Html.text(summary(one))).append("</p></div></header>\n");
      for (int i = 0; i < one.clusters().size(); i++) {
        cluster(body, one, i, shown, overlays, colors);
      }
      body.append("</section>\n");
    }
    return Html.page("Clusters of maps", subtitle, footer, body.toString());
  }

  private static String summary(ClassMaps one) {
    StringBuilder text = new StringBuilder();
    text.append(
        one.images() == 1
            ? "1 image is taken for this class"
            : "%d images are taken for this class".formatted(one.images()));
    if (one.right() != null) {
      text.append(", %d of them rightly".formatted(one.right()));
    }
    int count = one.clusters().size();
    if (count == 1) {
      text.append("; their maps form one group");
    } else if (count > 1) {
      text.append(
          String.format(
              Locale.ROOT,
              "; their maps form %d clusters (mean silhouette %.2f)",
              count,
              one.clustering().silhouette()));
    }
    if (!one.clustering().blank().isEmpty()) {
      text.append("; %d maps show no evidence".formatted(one.clustering().blank().size()));
    }
    return text.append('.').toString();
  }

  private static void cluster(
      StringBuilder body,
      ClassMaps one,
      int index,
      int most,
      Function<ImageMap, Optional<RgbImage>> overlays,
      ColorMap colors) {
    Cluster cluster = one.clusters().get(index);
    if (one.clusters().size() > 1) {
      body.append("<div class=\"head\">")
          .append(Html.image(ClusterSheet.heat(cluster.mean(), colors), "mean map of the cluster"));
      body.append("<div><h3>Cluster %d of %d</h3><p>".formatted(index + 1, one.clusters().size()));
      body.append(
          Html.text(
              String.format(
                  Locale.ROOT,
                  "%s%s; mean silhouette %.2f",
                  ClusterSheet.images(cluster.members().size()),
                  cluster.labelled() == 0 ? "" : ", " + ClusterSheet.right(cluster),
                  cluster.silhouette())));
      body.append("</p></div></div>\n");
    }
    body.append("<div class=\"images\">\n");
    int shown = 0;
    for (ImageMap member : cluster.members()) {
      if (shown == most) {
        break;
      }
      Optional<RgbImage> image = overlays.apply(member);
      if (image.isPresent()) {
        body.append(figure(member, image.get()));
        shown++;
      }
    }
    body.append("</div>\n");
    if (shown < cluster.members().size()) {
      body.append(
          "<p class=\"rest\">The %d nearest to the middle of %d; clusters.csv lists all.</p>\n"
              .formatted(shown, cluster.members().size()));
    }
  }

  private static String figure(ImageMap member, RgbImage image) {
    String name = ClusterSheet.name(member.image());
    String wrong =
        Boolean.FALSE.equals(member.right()) && member.actual() != null
            ? "<b class=\"wrong\">is %s</b>".formatted(Html.text(member.actual().display()))
            : "";
    return "<figure>%s<figcaption>%s<span>%s%s</span></figcaption></figure>\n"
        .formatted(
            Html.image(image, name),
            Html.text(name),
            ClusterSheet.figure(member),
            wrong.isEmpty() ? "" : " " + wrong);
  }
}
