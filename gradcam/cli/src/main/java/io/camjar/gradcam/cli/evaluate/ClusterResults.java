package io.camjar.gradcam.cli.evaluate;

import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.cli.images.MapSearch;
import io.camjar.gradcam.cli.images.Overlays;
import io.camjar.gradcam.cli.output.Csv;
import io.camjar.gradcam.cli.output.RecordJson;
import io.camjar.gradcam.cli.output.Staging;
import io.camjar.gradcam.cli.output.TextTable;
import io.camjar.gradcam.dataset.ClassMaps;
import io.camjar.gradcam.dataset.ClusterPage;
import io.camjar.gradcam.dataset.ClusterSheet;
import io.camjar.gradcam.dataset.ImageMap;
import io.camjar.gradcam.dataset.MapClusters.Cluster;
import io.camjar.gradcam.dataset.MapGrid;
import io.camjar.gradcam.math.Finite;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.Png;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Clusters of maps on the console and in files.
 *
 * @param explainer made the maps
 * @param search found the images
 * @param failed images that could not be used
 */
record ClusterResults(
    Explainer explainer, MapSearch search, List<ClassMaps> classes, List<String> failed) {

  private int images() {
    return classes.stream().mapToInt(ClassMaps::images).sum();
  }

  /** A row a class: how many images, how many clusters, and how large those are. */
  void print(PrintWriter out) {
    TextTable table =
        new TextTable("class", ">images", ">right", ">clusters", ">silhouette", "images of each");
    for (ClassMaps one : classes) {
      table.row(
          List.of(
              one.target().display(),
              Integer.toString(one.images()),
              one.right() == null ? "-" : Integer.toString(one.right()),
              Integer.toString(one.clusters().size()),
              figure(one.clustering().silhouette()),
              sizes(one)));
    }
    table.print(out);
    out.printf("%d images, %s%n", images(), subtitle());
  }

  private String subtitle() {
    return "%s from %s, %s, layer %s, preset %s; images by top-1 class"
        .formatted(
            explainer.model().architecture(),
            explainer.model().source(),
            explainer.options().describe(),
            explainer.layers().get(0),
            explainer.preset());
  }

  private static String sizes(ClassMaps one) {
    List<String> sizes = new ArrayList<>();
    for (Cluster cluster : one.clusters()) {
      int members = cluster.members().size();
      sizes.add(
          cluster.labelled() == 0
              ? Integer.toString(members)
              : "%d (%d right)".formatted(members, cluster.right()));
    }
    if (!one.clustering().blank().isEmpty()) {
      sizes.add(one.clustering().blank().size() + " without evidence");
    }
    return String.join(", ", sizes);
  }

  private static String figure(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  /** Adds the table, the record, two sheets and the page. */
  void add(Staging staging, Overlays overlays, ColorMap colors) {
    staging.add("clusters.csv", csv());
    staging.add("clusters.json", RecordJson.bytes(record()));
    staging.add("class-means.png", Png.encode(ClusterSheet.means(classes, subtitle(), colors)));
    if (classes.stream().anyMatch(one -> !one.clusters().isEmpty())) {
      staging.add(
          "clusters.png", Png.encode(ClusterSheet.clusters(classes, subtitle(), overlays, colors)));
    }
    staging.add(
        "clusters.html",
        ClusterPage.of(
                classes,
                "%d images, %s".formatted(images(), subtitle()),
                "Made by camjar. Maps of one cluster look at the same places.",
                overlays,
                colors)
            .getBytes(StandardCharsets.UTF_8));
  }

  /** A row an image, in the order of the classes and clusters. */
  private byte[] csv() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (ClassMaps one : classes) {
      for (int i = 0; i < one.clusters().size(); i++) {
        for (ImageMap member : one.clusters().get(i).members()) {
          rows.add(row(member, i + 1));
        }
      }
      one.clustering().blank().forEach(member -> rows.add(row(member, null)));
    }
    return Csv.of(
        List.of(
            "image",
            "predicted_index",
            "predicted",
            "probability",
            "actual_index",
            "actual",
            "right",
            "status",
            "cluster"),
        rows);
  }

  private List<@Nullable Object> row(ImageMap map, @Nullable Integer cluster) {
    List<@Nullable Object> cells = new ArrayList<>();
    cells.add(search.name(map.image()));
    cells.add(map.predicted().target().index());
    cells.add(map.predicted().target().label());
    cells.add(map.predicted().probability());
    cells.add(map.actual() == null ? null : map.actual().index());
    cells.add(map.actual() == null ? null : map.actual().label());
    cells.add(map.right());
    cells.add(map.status().text());
    cells.add(cluster);
    return cells;
  }

  private ClusterRecord record() {
    return new ClusterRecord(
        explainer.model(),
        explainer.preset().toString(),
        explainer.options().describe(),
        explainer.layers().get(0),
        images(),
        failed,
        MapGrid.SIDE,
        classes.stream().map(this::ofClass).toList());
  }

  private ClusterRecord.OfClass ofClass(ClassMaps one) {
    return new ClusterRecord.OfClass(
        one.target(),
        one.images(),
        one.right(),
        Finite.orNull(one.clustering().silhouette()),
        names(one.clustering().blank()),
        one.mean().values(),
        one.clusters().stream()
            .map(
                cluster ->
                    new ClusterRecord.OfCluster(
                        cluster.labelled(),
                        cluster.right(),
                        Finite.orNull(cluster.silhouette()),
                        cluster.mean().values(),
                        names(cluster.members())))
            .toList());
  }

  private List<String> names(List<ImageMap> maps) {
    return maps.stream().map(map -> search.name(map.image())).toList();
  }
}
