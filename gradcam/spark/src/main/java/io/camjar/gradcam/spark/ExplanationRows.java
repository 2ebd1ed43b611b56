package io.camjar.gradcam.spark;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.math.Finite;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.Png;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The struct that an explanation becomes. */
final class ExplanationRows {
  private static final float ALPHA = 0.5f;

  private static final StructType CLASS_TYPE =
      new StructType(
          new StructField[] {
            field("index", DataTypes.IntegerType), field("label", DataTypes.StringType)
          });

  private static final StructType TOP =
      new StructType(
          new StructField[] {
            field("index", DataTypes.IntegerType),
            field("label", DataTypes.StringType),
            field("logit", DataTypes.FloatType),
            field("probability", DataTypes.DoubleType)
          });

  private static final StructType MAP =
      new StructType(
          new StructField[] {
            field("layer", DataTypes.StringType),
            field("class", CLASS_TYPE),
            field("height", DataTypes.IntegerType),
            field("width", DataTypes.IntegerType),
            field("min", DataTypes.FloatType),
            field("max", DataTypes.FloatType),
            field("status", DataTypes.StringType),
            field("raw", DataTypes.createArrayType(DataTypes.FloatType)),
            field("scaled", DataTypes.createArrayType(DataTypes.FloatType)),
            field("png", DataTypes.BinaryType)
          });

  /** Nothing but nullable fields: of an image that failed there is an error alone. */
  static final StructType SCHEMA =
      new StructType(
          new StructField[] {
            field("error", DataTypes.StringType),
            field("height", DataTypes.IntegerType),
            field("width", DataTypes.IntegerType),
            field("top", DataTypes.createArrayType(TOP)),
            field("actual", CLASS_TYPE),
            field("right", DataTypes.BooleanType),
            field("loss", DataTypes.DoubleType),
            field("maps", DataTypes.createArrayType(MAP))
          });

  private ExplanationRows() {}

  private static StructField field(String name, DataType type) {
    return DataTypes.createStructField(name, type, true);
  }

  /** The row of an image that could not be explained. */
  static Row failed(String error) {
    return RowFactory.create(error, null, null, null, null, null, null, null);
  }

  /**
   * The row of an explanation.
   *
   * @param actual the class the image shows; null where that is not known
   * @throws CamjarException if the network's outputs are not finite
   */
  static Row of(Explanation explanation, Settings settings, @Nullable ClassLabel actual) {
    float[] logits = explanation.logits();
    if (!Finite.all(logits)) {
      throw new CamjarException(
          explanation.image()
              + " has no answer: the network's outputs are NaN or infinite, through its weights or on"
              + " the way");
    }
    List<Row> top = new ArrayList<>();
    for (Prediction one : explanation.top(settings.top())) {
      top.add(
          RowFactory.create(
              one.target().index(),
              one.target().label(),
              one.logit(),
              Finite.orNull(one.probability())));
    }
    List<Row> maps = new ArrayList<>();
    Set<String> formats = Set.copyOf(settings.formats());
    for (CamMap map : explanation.maps()) {
      maps.add(map(explanation, map, formats));
    }
    return RowFactory.create(
        null,
        explanation.picture().height(),
        explanation.picture().width(),
        top.toArray(Row[]::new),
        actual == null ? null : label(actual),
        actual == null ? null : explanation.top(1).get(0).target().index() == actual.index(),
        actual == null ? null : Finite.orNull(explanation.readout().loss(logits, actual.index())),
        maps.toArray(Row[]::new));
  }

  private static Row label(ClassLabel label) {
    return RowFactory.create(label.index(), label.label());
  }

  private static Row map(Explanation explanation, CamMap map, Set<String> formats) {
    return RowFactory.create(
        map.layer(),
        label(map.target()),
        map.height(),
        map.width(),
        map.min(),
        map.max(),
        map.status().text(),
        formats.contains("raw") ? boxed(map.raw()) : null,
        formats.contains("scaled") ? boxed(map.scaled()) : null,
        formats.contains("png")
            ? Png.encode(explanation.view(map).overlay(ColorMap.JET, ALPHA))
            : null);
  }

  /** Rows take arrays of objects for arrays of floats. */
  private static Float[] boxed(float[] values) {
    Float[] boxed = new Float[values.length];
    for (int i = 0; i < boxed.length; i++) {
      boxed[i] = values[i];
    }
    return boxed;
  }
}
