import com.microsoft.azure.synapse.ml.explainers.ImageLIME;
import com.sun.management.OperatingSystemMXBean;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.image.ImageFileFilter;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.math.Evenly;
import io.camjar.gradcam.metric.DeletionInsertion;
import io.camjar.gradcam.metric.SampleStatistics;
import io.camjar.gradcam.metric.Scorer;
import io.camjar.gradcam.target.Score;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.nd4j.linalg.api.ndarray.INDArray;
import scala.collection.Seq;

/**
 * SynapseML's ImageLIME next to Grad-CAM: seconds an image, deletion and insertion.
 *
 * <pre>SynapseLime FOLDER [IMAGES]</pre>
 *
 * <p>Both explain the class that the built-in model predicts for the centre of a photograph, 224 x
 * 224. ImageLIME's forwards are camjar's own, 16 images at a time, so that only the methods differ.
 * One image is explained first by both, unmeasured.
 */
public final class SynapseLime {
  private static final int SIDE = 224;
  private static final int PIXELS = SIDE * SIDE;

  /** As many as camjar's own LIME takes. */
  private static final int SAMPLES = 1_000;

  private static final int BATCH = 16;

  /** As {@code evaluate --method} has it. */
  private static final int STEPS = 20;

  /** OpenCV's number for three channels of bytes. */
  private static final int BYTES_OF_THREE_CHANNELS = 16;

  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] STD = {0.229f, 0.224f, 0.225f};
  private static final Checkpoint CHECKPOINT = Checkpoints.builtin();
  private static final Network NETWORK = CHECKPOINT.network();
  private static final Explainer EXPLAINER = Explainer.of(NETWORK, CHECKPOINT);

  private final SparkSession spark;
  private Figures gradCam = new Figures();
  private Figures lime = new Figures();

  private SynapseLime(SparkSession spark) {
    this.spark = spark;
  }

  /** Prints the table. */
  public static void main(String[] args) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(Path.of(args[0]))) {
      all = files.filter(ImageFileFilter::isMeantAsImage).sorted().toList();
    }
    List<Path> chosen = Evenly.spread(all, args.length > 1 ? Integer.parseInt(args[1]) : 10);
    SparkSession session =
        SparkSession.builder()
            .master("local[*]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    session.sparkContext().setLogLevel("ERROR");
    SynapseLime run = new SynapseLime(session);
    run.explain(all.get(0));
    run.gradCam = new Figures();
    run.lime = new Figures();
    chosen.forEach(run::explain);
    System.out.printf("%d images, %d samples%n%n", chosen.size(), SAMPLES);
    System.out.println("| method | s an image | processor s an image | deletion ↓ | insertion ↑ |");
    System.out.println("|---|--:|--:|--:|--:|");
    run.gradCam.print("Grad-CAM");
    run.lime.print("SynapseML's ImageLIME");
    session.stop();
  }

  private void explain(Path file) {
    byte[] pixels = centre(file);
    float[] values = normalised(pixels);
    try (INDArray input = HostCopy.array(values, 1, 3, SIDE, SIDE)) {
      int predicted;
      try (INDArray logits = NETWORK.forward(input)) {
        predicted = EXPLAINER.readout().predicted(HostCopy.floats(logits)).target().index();
      }
      Scorer scorer = new Scorer(NETWORK, EXPLAINER.readout().measured(predicted), 3, SIDE, SIDE);
      gradCam.add(
          scorer,
          values,
          () -> {
            Explanation made = EXPLAINER.explain("image", input, List.of(Target.index(predicted)));
            return made.atInput(made.maps().get(0));
          });
      lime.add(scorer, values, () -> lime(pixels, predicted));
    }
  }

  private float[] lime(byte[] pixels, int predicted) {
    Row image = RowFactory.create("image", SIDE, SIDE, 3, BYTES_OF_THREE_CHANNELS, pixels);
    Dataset<Row> images =
        spark.createDataFrame(List.of(RowFactory.create(image)), ImageSchema.imageSchema());
    ImageLIME explainer = new ImageLIME();
    explainer.setInputCol("image");
    explainer.setModel(new Probabilities());
    explainer.setTargetCol("probability");
    explainer.setTargetClasses(new int[] {predicted});
    explainer.setOutputCol("weights");
    explainer.setNumSamples(SAMPLES);
    Row explained = explainer.transform(images).select("superpixels", "weights").first();
    Vector weights = explained.<Vector>getList(1).get(0);
    Seq<Seq<Row>> parts = explained.getStruct(0).getSeq(0);
    float[] map = new float[PIXELS];
    for (int i = 0; i < parts.size(); i++) {
      Seq<Row> part = parts.apply(i);
      for (int p = 0; p < part.size(); p++) {
        Row pixel = part.apply(p);
        map[pixel.getInt(1) * SIDE + pixel.getInt(0)] = (float) weights.apply(i);
      }
    }
    return map;
  }

  /** The largest centred square, scaled; RGB, as it stays on its way through Spark. */
  private static byte[] centre(Path file) {
    BufferedImage image = Images.read(file).toBufferedImage();
    int side = Math.min(image.getWidth(), image.getHeight());
    int x = (image.getWidth() - side) / 2;
    int y = (image.getHeight() - side) / 2;
    BufferedImage square = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = square.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(image, 0, 0, SIDE, SIDE, x, y, x + side, y + side, null);
    graphics.dispose();
    return RgbImage.of(square).toBytes();
  }

  private static float[] normalised(byte[] pixels) {
    float[] values = new float[3 * PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      for (int c = 0; c < 3; c++) {
        values[c * PIXELS + i] = ((pixels[3 * i + c] & 255) / 255f - MEAN[c]) / STD[c];
      }
    }
    return values;
  }

  /** The rows with a column more, the probabilities of all classes. */
  private static List<Row> answered(List<Row> rows, int column) {
    float[] values = new float[rows.size() * 3 * PIXELS];
    for (int i = 0; i < rows.size(); i++) {
      byte[] pixels = rows.get(i).getStruct(column).getAs("data");
      System.arraycopy(normalised(pixels), 0, values, i * 3 * PIXELS, 3 * PIXELS);
    }
    List<Row> answers = new ArrayList<>();
    try (INDArray input = HostCopy.array(values, rows.size(), 3, SIDE, SIDE);
        INDArray output = NETWORK.forward(input)) {
      float[] logits = HostCopy.floats(output);
      int classes = logits.length / rows.size();
      for (int i = 0; i < rows.size(); i++) {
        float[] own = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
        double[] probabilities = new double[classes];
        for (int c = 0; c < classes; c++) {
          Score score = EXPLAINER.readout().measured(c);
          probabilities[c] = score.value(own);
        }
        Row row = rows.get(i);
        Object[] cells = new Object[row.size() + 1];
        for (int c = 0; c < row.size(); c++) {
          cells[c] = row.get(c);
        }
        cells[row.size()] = Vectors.dense(probabilities);
        answers.add(RowFactory.create(cells));
      }
    }
    return answers;
  }

  /** The network as ImageLIME sees it. */
  public static final class Probabilities extends Transformer {
    private static final long serialVersionUID = 1L;

    @Override
    public String uid() {
      return "probabilities";
    }

    @Override
    public StructType transformSchema(StructType schema) {
      return schema.add("probability", SQLDataTypes.VectorType());
    }

    @Override
    public Transformer copy(ParamMap extra) {
      return this;
    }

    @Override
    public Dataset<Row> transform(Dataset<?> images) {
      int column = images.schema().fieldIndex("image");
      MapPartitionsFunction<Row, Row> answer = rows -> batches(rows, column);
      return images.toDF().mapPartitions(answer, Encoders.row(transformSchema(images.schema())));
    }

    private static Iterator<Row> batches(Iterator<Row> rows, int column) {
      return new Iterator<>() {
        private Iterator<Row> answers = List.<Row>of().iterator();

        @Override
        public boolean hasNext() {
          return answers.hasNext() || rows.hasNext();
        }

        @Override
        public Row next() {
          if (!answers.hasNext()) {
            List<Row> batch = new ArrayList<>();
            while (batch.size() < BATCH && rows.hasNext()) {
              batch.add(rows.next());
            }
            answers = answered(batch, column).iterator();
          }
          return answers.next();
        }
      };
    }
  }

  private static final class Figures {
    private final SampleStatistics seconds = new SampleStatistics();
    private final SampleStatistics processor = new SampleStatistics();
    private final SampleStatistics deletion = new SampleStatistics();
    private final SampleStatistics insertion = new SampleStatistics();

    void add(Scorer scorer, float[] image, Supplier<float[]> way) {
      long before = processor();
      long start = System.nanoTime();
      float[] map = way.get();
      seconds.add((System.nanoTime() - start) / 1e9);
      processor.add((processor() - before) / 1e9);
      DeletionInsertion curves = new DeletionInsertion(STEPS);
      deletion.add(curves.deletion(scorer, image, map));
      insertion.add(curves.insertion(scorer, image, map));
    }

    private static long processor() {
      return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
          .getProcessCpuTime();
    }

    void print(String name) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.3f | %.3f | %.3f ±%.3f | %.3f ±%.3f |%n",
          name,
          seconds.mean(),
          processor.mean(),
          deletion.mean(),
          deletion.margin(),
          insertion.mean(),
          insertion.margin());
    }
  }
}
