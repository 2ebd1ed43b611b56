package io.camjar.gradcam.spark;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What explanations of many images say together, as aggregations by Spark. */
public final class Summaries {
  private Summaries() {}

  /**
   * For every class, layer and size of map the mean of the maps that explain the class, of finite
   * maps: {@code index, label, layer, height, width, images, mean}, the mean row by row.
   *
   * @param explained what {@link CamTransformer} gave with the format {@code scaled}
   * @param column the explanations
   */
  public static Dataset<Row> classMeans(Dataset<Row> explained, String column) {
    Dataset<Row> cells =
        explained
            .select(explode(col(column + ".maps")).as("map"))
            .where(col("map.status").notEqual("non-finite"))
            .select(
                col("map.class.index").as("index"),
                col("map.class.label").as("label"),
                col("map.layer").as("layer"),
                col("map.height").as("height"),
                col("map.width").as("width"),
                posexplode(col("map.scaled")).as(new String[] {"cell", "value"}));
    return cells
        .groupBy("index", "label", "layer", "height", "width", "cell")
        .agg(avg("value").as("value"), count(lit(1)).as("images"))
        .groupBy("index", "label", "layer", "height", "width", "images")
        .agg(sort_array(collect_list(struct(col("cell"), col("value")))).as("cells"))
        .select(
            col("index"),
            col("label"),
            col("layer"),
            col("height"),
            col("width"),
            col("images"),
            transform(col("cells"), cell -> cell.getField("value").cast("float")).as("mean"))
        .orderBy("index", "layer", "height", "width");
  }

  /**
   * The images of the largest loss, that first, without their maps; only images whose class is
   * known have one.
   *
   * @param explained what {@link CamTransformer} gave with a label column
   * @param column the explanations
   */
  public static Dataset<Row> topLosses(Dataset<Row> explained, String column, int most) {
    return explained
        .where(col(column + ".loss").isNotNull())
        .select(
            col("path"),
            col(column + ".actual").as("actual"),
            element_at(col(column + ".top"), 1).as("predicted"),
            col(column + ".loss").as("loss"))
        .orderBy(col("loss").desc(), col("path"))
        .limit(most);
  }

  /** One row: {@code images, failed, labelled, right}. */
  public static Dataset<Row> totals(Dataset<Row> explained, String column) {
    return explained.agg(
        count(lit(1)).as("images"),
        sum(when(col(column + ".error").isNotNull(), 1).otherwise(0)).as("failed"),
        sum(when(col(column + ".right").isNotNull(), 1).otherwise(0)).as("labelled"),
        sum(when(col(column + ".right"), 1).otherwise(0)).as("right"));
  }
}
