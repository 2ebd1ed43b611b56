package io.camjar.gradcam.spark;

import io.camjar.engine.CamjarException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Adds an explanation to every image of a dataset: the top classes, and the maps of the layers and
 * classes that were asked for.
 *
 * <pre>{@code
 * Dataset<Row> images = spark.read().format("binaryFile").load("photos");
 * Dataset<Row> explained =
 *     new CamTransformer().setWeights("resnet34.pth").setLayers("layer4.2").transform(images);
 * explained.select("path", "explanation.top").write().parquet("out");
 * }</pre>
 *
 * <p>The input column holds the bytes of image files, as Spark's {@code binaryFile} source has
 * them, or paths that Hadoop can open. It is left out of the result, so that no shuffle carries the
 * images. An image that cannot be explained is a row with an {@code error}; it never fails the job.
 * The weights are broadcast, and each JVM holds a network once.
 */
public final class CamTransformer extends Transformer implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private static final String PATH = "path";

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> outputCol;
  private final Param<String> labelCol;
  private final Param<String> weights;
  private final StringArrayParam layers;
  private final StringArrayParam classes;
  private final Param<String> method;
  private final StringArrayParam formats;
  private final IntParam top;
  private final StringArrayParam labels;
  private final Param<String> preset;
  private final Param<String> size;

  /** A transformer with a random uid. */
  public CamTransformer() {
    this(Identifiable$.MODULE$.randomUID("cam"));
  }

  /** A transformer of that uid; what Spark loads saved ones with. */
  public CamTransformer(String uid) {
    this.uid = uid;
    inputCol = text("inputCol", "bytes of image files, or paths");
    outputCol = text("outputCol", "the struct of the explanation");
    labelCol = text("labelCol", "the class that images show, by name; empty for none");
    weights = text("weights", "the weights file on the driver; empty for the built-in model");
    layers = new StringArrayParam(this, "layers", "layers of the maps; none for the last block");
    classes = new StringArrayParam(this, "classes", "names, numbers or topK; none for top1");
    method = text("method", "the method of the maps");
    formats = new StringArrayParam(this, "formats", "some of raw, scaled and png");
    top = new IntParam(this, "top", "how many classes are listed");
    labels = new StringArrayParam(this, "labels", "names of the classes; none for the file's");
    preset = text("preset", "how images are prepared; empty for what suits the weights");
    size = text("size", "the network's input, 224 or 324x224; empty for the preset's");
    setDefault(inputCol, "content");
    setDefault(outputCol, "explanation");
    setDefault(labelCol, "");
    setDefault(weights, "");
    setDefault(layers, new String[0]);
    setDefault(classes, new String[0]);
    setDefault(method, "gradcam");
    setDefault(formats, new String[] {"raw"});
    setDefault(top, 5);
    setDefault(labels, new String[0]);
    setDefault(preset, "");
    setDefault(size, "");
  }

  private Param<String> text(String name, String doc) {
    return new Param<>(this, name, doc);
  }

  /** Reads saved transformers. */
  public static MLReader<CamTransformer> read() {
    return new DefaultParamsReader<>();
  }

  /** The transformer that was saved in a folder. */
  public static CamTransformer load(String path) {
    return read().load(path);
  }

  @Override
  public String uid() {
    return uid;
  }

  /** See {@link #setInputCol}. */
  public Param<String> inputCol() {
    return inputCol;
  }

  /** See {@link #setOutputCol}. */
  public Param<String> outputCol() {
    return outputCol;
  }

  /** See {@link #setLabelCol}. */
  public Param<String> labelCol() {
    return labelCol;
  }

  /** See {@link #setWeights}. */
  public Param<String> weights() {
    return weights;
  }

  /** See {@link #setLayers}. */
  public StringArrayParam layers() {
    return layers;
  }

  /** See {@link #setClasses}. */
  public StringArrayParam classes() {
    return classes;
  }

  /** See {@link #setMethod}. */
  public Param<String> method() {
    return method;
  }

  /** See {@link #setFormats}. */
  public StringArrayParam formats() {
    return formats;
  }

  /** See {@link #setTop}. */
  public IntParam top() {
    return top;
  }

  /** See {@link #setLabels}. */
  public StringArrayParam labels() {
    return labels;
  }

  /** See {@link #setPreset}. */
  public Param<String> preset() {
    return preset;
  }

  /** See {@link #setSize}. */
  public Param<String> size() {
    return size;
  }

  /** The column of bytes of image files, or of paths; {@code content} unless set. */
  public CamTransformer setInputCol(String column) {
    set(inputCol, column);
    return this;
  }

  /** The column that is added; {@code explanation} unless set. */
  public CamTransformer setOutputCol(String column) {
    set(outputCol, column);
    return this;
  }

  /** The column with the name of the class that an image shows; losses are computed then. */
  public CamTransformer setLabelCol(String column) {
    set(labelCol, column);
    return this;
  }

  /** The weights file, on the driver; the built-in model unless set. */
  public CamTransformer setWeights(String file) {
    set(weights, file);
    return this;
  }

  /** The layers, by path or alias; {@code all} for every block. */
  public CamTransformer setLayers(String... names) {
    set(layers, names);
    return this;
  }

  /** The classes to explain: names, numbers, {@code topK}. */
  public CamTransformer setClasses(String... words) {
    set(classes, words);
    return this;
  }

  /** The method of the maps; {@code gradcam} unless set. */
  public CamTransformer setMethod(String name) {
    set(method, name);
    return this;
  }

  /** What is kept of each map: {@code raw}, {@code scaled}, {@code png}; raw unless set. */
  public CamTransformer setFormats(String... words) {
    set(formats, words);
    return this;
  }

  /** How many classes are listed; 5 unless set. */
  public CamTransformer setTop(int count) {
    set(top, count);
    return this;
  }

  /** Names of all classes, in place of the file's. */
  public CamTransformer setLabels(String... names) {
    set(labels, names);
    return this;
  }

  /** How images are prepared, by name. */
  public CamTransformer setPreset(String name) {
    set(preset, name);
    return this;
  }

  /** The network's input: {@code 224}, or height and width as {@code 324x224}. */
  public CamTransformer setSize(String side) {
    set(size, side);
    return this;
  }

  /**
   * The rows with their explanations, without the input column where it holds bytes.
   *
   * @throws CamjarException if the weights cannot be used, or have no such layer or class
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    StructType result = transformSchema(schema);
    ShippedWeights shipped = ShippedWeights.read($(weights));
    Settings settings = settings();
    int[] kept =
        Arrays.stream(result.fieldNames())
            .limit(result.size() - 1L)
            .mapToInt(schema::fieldIndex)
            .toArray();
    SparkContext context = dataset.sparkSession().sparkContext();
    int threads = context.conf().getInt("spark.task.cpus", 1);
    settings.apply(LoadedNetworks.of(shipped, threads)); // refuses early what cannot be done
    JavaSparkContext java = JavaSparkContext.fromSparkContext(context);
    int input = schema.fieldIndex($(inputCol));
    boolean paths = schema.fields()[input].dataType().equals(DataTypes.StringType);
    ExplainRows explain =
        new ExplainRows(
            java.broadcast(shipped),
            java.broadcast(new SerializableConfiguration(context.hadoopConfiguration())),
            settings,
            input,
            paths ? input : index(schema, PATH),
            $(labelCol).isEmpty() ? -1 : schema.fieldIndex($(labelCol)),
            kept,
            threads);
    return dataset.toDF().mapPartitions(explain, Encoders.row(result));
  }

  private static int index(StructType schema, String column) {
    return Arrays.asList(schema.fieldNames()).indexOf(column);
  }

  private Settings settings() {
    int[] sides = Settings.size($(size));
    return new Settings(
        List.of($(layers)),
        List.of($(classes)),
        $(method),
        List.of($(formats)),
        (Integer) getOrDefault(top),
        List.of($(labels)),
        $(preset).isEmpty() ? null : $(preset),
        sides[0],
        sides[1]);
  }

  /**
   * The columns of the result.
   *
   * @throws CamjarException if the input column is missing or holds neither bytes nor paths, or the
   *     output column is there already
   */
  @Override
  public StructType transformSchema(StructType schema) {
    int input = index(schema, $(inputCol));
    if (input < 0) {
      throw new CamjarException(
          "there is no column \"%s\"; there are %s"
              .formatted($(inputCol), String.join(", ", schema.fieldNames())));
    }
    DataType type = schema.fields()[input].dataType();
    if (!type.equals(DataTypes.BinaryType) && !type.equals(DataTypes.StringType)) {
      throw new CamjarException(
          "column \"%s\" is %s, but must hold bytes of image files or paths"
              .formatted($(inputCol), type.simpleString()));
    }
    if (!$(labelCol).isEmpty() && index(schema, $(labelCol)) < 0) {
      throw new CamjarException("there is no column \"%s\" of classes".formatted($(labelCol)));
    }
    if (index(schema, $(outputCol)) >= 0) {
      throw new CamjarException(
          "there is a column \"%s\" already; set another outputCol".formatted($(outputCol)));
    }
    List<StructField> fields = new ArrayList<>();
    for (StructField field : schema.fields()) {
      if (!field.dataType().equals(DataTypes.BinaryType) || !field.name().equals($(inputCol))) {
        fields.add(field);
      }
    }
    fields.add(DataTypes.createStructField($(outputCol), ExplanationRows.SCHEMA, true));
    return DataTypes.createStructType(fields);
  }

  @Override
  public CamTransformer copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}
