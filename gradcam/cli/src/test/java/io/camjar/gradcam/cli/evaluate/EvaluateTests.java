package io.camjar.gradcam.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluateTests {
  @TempDir private Path temp;
  private Path weights;
  private Path pictures;

  @BeforeEach
  void writeNetworkAndEmptyClasses() throws IOException {
    weights = new TinyCheckpoint().write(temp.resolve("tiny.safetensors"));
    pictures = Files.createDirectory(temp.resolve("pictures"));
    for (int c = 0; c < TinyCheckpoint.CLASSES; c++) {
      Files.createDirectory(pictures.resolve("class" + c));
    }
  }

  private Run evaluate() {
    return Run.of("evaluate", pictures.toString(), "--weights", weights.toString(), "--size", "64");
  }

  private Path picture(int classIndex, String name) throws IOException {
    return TinyImage.write(pictures.resolve("class" + classIndex).resolve(name), 70, 64);
  }

  @Test
  void rightAnswersAreCountedClassByClass() throws IOException {
    for (int c = 0; c < TinyCheckpoint.CLASSES; c++) {
      picture(c, "same.png"); // one and the same image everywhere: one class is right
    }

    Run run = evaluate();

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("accuracy 20.00 %, 1 of 5 images right, preset torchvision");
    assertThat(run.out().lines().filter(line -> line.endsWith(" 100.00 %"))).hasSize(1);
    assertThat(run.out().lines().filter(line -> line.endsWith(" 0.00 %"))).hasSize(4);
  }

  @Test
  void aBatchAndARestAreBothCounted() throws IOException {
    for (int i = 0; i < 11; i++) {
      picture(i % 2, i + ".png");
    }

    assertThat(evaluate().out()).contains(" of 11 images right").contains("class0").contains("6");
  }

  /** Which class a folder is follows from all folders, whichever images are taken. */
  @Test
  void aLimitTakesImagesSpreadEvenlyOverTheClasses() throws IOException {
    for (int i = 0; i < 20; i++) {
      picture(i / 4, i + ".png");
    }
    Path out = temp.resolve("out");

    Run run =
        Run.of(
            "evaluate",
            pictures.toString(),
            "--weights",
            weights.toString(),
            "--size",
            "64",
            "--limit",
            "5",
            "--out",
            out.toString());

    assertThat(run.out()).contains(" of 5 images right");
    assertThat(Files.readAllLines(out.resolve("accuracy.csv")).stream().skip(1))
        .extracting(row -> row.split(",")[1])
        .containsExactly("0", "1", "2", "3", "4");
  }

  @ParameterizedTest
  @CsvSource({
    "--steps 4, say which with --method",
    "--steps 4 --clusters, leave --boxes",
    "--steps 4 --sanity --method gradcam, leave them or --sanity out",
    "--boxes boxes.txt --sanity --method gradcam, leave them or --sanity out"
  })
  void optionsThatWouldChangeNothingAreRefused(String options, String sentence) {
    Run run = Run.of(("evaluate " + pictures + " " + options).split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(sentence);
  }

  @Test
  void predictionsGoToFilesImageByImage() throws IOException {
    picture(0, "a, quoted.png");
    picture(1, "b.png");
    Files.writeString(pictures.resolve("class2").resolve("bad.jpg"), "no image");
    Path out = temp.resolve("out");

    Run run =
        Run.of(
            "evaluate",
            pictures.toString(),
            "--weights",
            weights.toString(),
            "--size",
            "64",
            "--out",
            out.toString());

    assertThat(run.err()).contains("accuracy.csv", "accuracy.json");
    List<String> rows = Files.readAllLines(out.resolve("accuracy.csv"));
    assertThat(rows).hasSize(3);
    assertThat(rows.get(0))
        .isEqualTo("picture,index,label,predicted_index,predicted_label,probability,right");
    assertThat(rows.get(1)).startsWith("\"class0/a, quoted.png\",0,");
    assertThat(rows.get(2)).startsWith("class1/b.png,1,").matches(".*,(true|false)");
    JsonNode record = new ObjectMapper().readTree(out.resolve("accuracy.json").toFile());
    assertThat(record.get("pictures").asInt()).isEqualTo(2);
    assertThat(record.at("/failed/0").asText()).isEqualTo("class2/bad.jpg");
    assertThat(record.at("/classes/1/folder").asText()).isEqualTo("class1");
    assertThat(record.at("/predictions/1/predicted/index").isInt()).isTrue();
    assertThat(record.at("/predictions/1/probability").asDouble()).isBetween(0.2, 1.0);
  }

  @Test
  void aBrokenImageIsReportedAndTheOthersCount() throws IOException {
    picture(0, "good.png");
    Files.writeString(pictures.resolve("class1").resolve("bad.jpg"), "no image");

    Run run = evaluate();

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("bad.jpg");
    assertThat(run.out()).contains(" of 1 images right");
  }

  @Test
  void anotherNumberOfClassesIsRefused() throws IOException {
    picture(0, "good.png");
    Files.createDirectory(pictures.resolve("class5"));

    Run run = evaluate();

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .contains("the folder has 6 classes (class0, class1, class2, ...), but the model has 5");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aFolderWithoutImagesIsRefused() {
    Run run = evaluate();

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("holds no images, in itself or in folders below it");
  }

  /** One image in each of these places below a folder of its own. */
  private Path pictures(String... files) throws IOException {
    Path root = temp.resolve("val");
    for (String file : files) {
      Files.createDirectories(root.resolve(file).getParent());
      TinyImage.write(root.resolve(file), 64, 64);
    }
    return root;
  }

  private Run evaluate(TinyCheckpoint network, Path folder, String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("evaluate", folder.toString(), "--weights"));
    args.add(network.write(temp.resolve("other.safetensors")).toString());
    args.addAll(List.of("--size", "64"));
    args.addAll(List.of(more));
    return Run.of(args.toArray(new String[0]));
  }

  private static final String[] THREE_ZEBRAS_AND_AN_ANT = {
    "zebra/p0.png", "zebra/p1.png", "zebra/p2.png", "ant/p3.png"
  };

  @Test
  void foldersGoByTheNamesOfTheClasses() throws IOException {
    Run run =
        evaluate(
            TinyCheckpoint.answering(2, 1).named("zebra", "ant"),
            pictures(THREE_ZEBRAS_AND_AN_ANT));

    assertThat(run.out()).contains("accuracy 75.00 %, 3 of 4 images right");
    assertThat(run.err()).contains("folders go by the names of the classes");
  }

  @Test
  void foldersGoByTheirOrderWhereThereAreNoNames() throws IOException {
    Run run = evaluate(TinyCheckpoint.answering(2, 1), pictures(THREE_ZEBRAS_AND_AN_ANT));

    assertThat(run.out()).contains("accuracy 25.00 %, 1 of 4 images right");
    assertThat(run.err())
        .contains("in alphabetical order are taken for the 2 classes: ant for class 0, zebra");
  }

  @Test
  void asManyFoldersOfOtherNamesGoByOrderAndThatIsSaid() throws IOException {
    Run run =
        evaluate(
            TinyCheckpoint.answering(2, 1).named("zebra", "ant"),
            pictures("n01/a.png", "n02/b.png", "n02/c.png"));

    assertThat(run.out()).contains("1 of 3 images right");
    assertThat(run.err())
        .contains("no folder bears a class's name, so", "n01 for zebra, class 0, n02 for ant");
  }

  @Test
  void numbersOfFoldersAreOrderedAsTextsAndThatIsSaid() throws IOException {
    Run run =
        evaluate(TinyCheckpoint.answering(2, 1, 0), pictures("1/a.png", "2/b.png", "10/c.png"));

    assertThat(run.err()).contains("so folder 10 is class 1");
  }

  @Test
  void outputsThatAreNoNumbersAreNeverRight() throws IOException {
    Run run = evaluate(TinyCheckpoint.answering(Float.NaN, 1), pictures("a/a.png", "b/b.png"));

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("a/a.png has no answer", "NaN or infinite");
    assertThat(run.out()).contains("0 of 0 images right");
  }

  @Test
  void aKeyChoosesWhichOfTwoNetworksIsScored() throws IOException {
    TinyCheckpoint both =
        TinyCheckpoint.answering(3, 1).under("student", TinyCheckpoint.answering(1, 3), "teacher");
    Path two = pictures("ant/a.png", "bee/b.png", "bee/c.png");

    assertThat(evaluate(both, two).err()).contains("--key", "student", "teacher");
    assertThat(evaluate(both, two, "--key", "student").out()).contains("1 of 3 images right");
    assertThat(evaluate(both, two, "--key", "teacher").out()).contains("2 of 3 images right");
  }

  @Test
  void weightsThatAreNoNumbersAreNamed() throws IOException {
    TinyCheckpoint broken = TinyCheckpoint.answering(1, 2).filled("conv1.weight", Float.NaN);
    Run run = evaluate(broken, pictures("a/a.png", "b/b.png"));

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("conv1.weight", "NaN or infinite");
    assertThat(run.out()).contains("0 of 0 images right");
  }

  @Test
  void foldersThatMacOsLeavesInArchivesAreNoClasses() throws IOException {
    Path root = pictures("ant/a.png", "bee/b.png", "bee/@eaDir/c.png");
    Path left = Files.createDirectories(root.resolve("__MACOSX").resolve("ant"));
    Files.writeString(left.resolve("._a.png"), "no image");
    Run run = evaluate(TinyCheckpoint.answering(3, 1), root);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("1 of 2 images right");
  }

  @Test
  void namesMayComeFromAFileOfLabels() throws IOException {
    Path labels = Files.writeString(temp.resolve("l.json"), "{\"zebra\": 0, \"ant\": 1}");

    Run run =
        evaluate(
            TinyCheckpoint.answering(2, 1),
            pictures(THREE_ZEBRAS_AND_AN_ANT),
            "--labels",
            labels.toString());

    assertThat(run.out()).contains("3 of 4 images right");
  }

  @Test
  void someOfTheClassesWillDoInAnyCase() throws IOException {
    Run run =
        evaluate(
            TinyCheckpoint.answering(2, 1, 0).named("golf ball", "ant", "church"),
            pictures("Golf_Ball/a.png", "CHURCH/b.png"));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("1 of 2 images right").doesNotContain("ant");
  }

  @Test
  void foldersThatAreNoClassAreNamedAndRefused() throws IOException {
    Run run =
        evaluate(
            TinyCheckpoint.answering(2, 1).named("zebra", "ant"),
            pictures("zebra/a.png", "zebro/b.png", "okapi/c.png"));

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("'okapi', 'zebro' (the nearest is zebra)", "--labels");
  }

  @Test
  void aSingleOutputCountsByItsSign() throws IOException {
    String[] lungs = {"normal/a.png", "normal/b.png", "normal/c.png", "pneumonia/d.png"};

    Run named =
        evaluate(TinyCheckpoint.answering(-2).named("normal", "pneumonia"), pictures(lungs));
    Run unnamed = evaluate(TinyCheckpoint.answering(-2), pictures(lungs));
    Run other =
        evaluate(TinyCheckpoint.answering(-2).named("pneumonia", "normal"), pictures(lungs));

    assertThat(named.out()).contains("3 of 4 images right");
    assertThat(unnamed.out()).contains("3 of 4 images right");
    assertThat(unnamed.err()).contains("the first for logits below 0");
    assertThat(other.out()).contains("1 of 4 images right");
  }

  @Test
  void aRawNumberCannotBeRight() throws IOException {
    Run run = evaluate(TinyCheckpoint.answering(-2).meaning("raw"), pictures("a/a.png", "b/b.png"));

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("raw number");
  }

  @Test
  void ofSeveralLabelsTheRuleIsSaid() throws IOException {
    Run run =
        evaluate(
            TinyCheckpoint.answering(2, 1.5f, -3)
                .named("edema", "nodule", "mass")
                .meaning("sigmoid"),
            pictures("edema/a.png", "nodule/b.png", "mass/c.png"));

    assertThat(run.out()).contains("1 of 3 images right", "on 2 of 3 images", "0.5 or more");
  }

  @Test
  void classFoldersAreWalkedToAnyDepthAsExplainDoes() throws IOException {
    Path root = pictures("zebra/s1/a.png", "zebra/s2/deep/b.png", "ant/c.png", "loose.png");
    pictures("zebra/.hidden.png", "zebra/.cache/d.png");
    Files.writeString(root.resolve("zebra/notes.txt"), "no image");
    Files.createDirectory(root.resolve("logs"));
    Files.createSymbolicLink(
        root.resolve("ant/more"), pictures("../elsewhere/e.png").resolve("../elsewhere"));

    Run run = evaluate(TinyCheckpoint.answering(2, 1).named("zebra", "ant"), root);

    assertThat(run.out()).contains("2 of 4 images right");
    assertThat(run.err())
        .contains("no images by their looks: 1", "lie in no folder of a class: 1", "logs");
  }

  @Test
  void aPatternChoosesImages() throws IOException {
    Path root = pictures("zebra/a.png", "zebra/b.png", "ant/c.png", "ant/b.png");

    Run run =
        evaluate(TinyCheckpoint.answering(2, 1).named("zebra", "ant"), root.resolve("*/b.png"));

    assertThat(run.out()).contains("1 of 2 images right");
  }

  @Test
  void theConfusionIsPrintedAndWritten() throws IOException {
    Path out = temp.resolve("out");

    Run run =
        evaluate(
            TinyCheckpoint.answering(2, 1).named("zebra", "ant"),
            pictures(THREE_ZEBRAS_AND_AN_ANT),
            "--out",
            out.toString());

    assertThat(run.out())
        .containsPattern("ant +ant +1 +0 +- +0.00 %")
        .containsPattern("zebra +zebra +3 +3 +75.00 % +100.00 %")
        .containsPattern("0 zebra +3 +\\.\\R1 ant +1 +\\.");
    assertThat(Files.readAllLines(out.resolve("confusion.csv")))
        .containsExactly("index,label,0 zebra,1 ant", "0,zebra,3,0", "1,ant,1,0");
    JsonNode matrix = new ObjectMapper().readTree(out.resolve("confusion.json").toFile());
    assertThat(matrix.at("/rows/1/class/label").asText()).isEqualTo("ant");
    assertThat(matrix.at("/rows/1/counts/0").asInt()).isEqualTo(1);
    RgbImage sheet = Images.read(out.resolve("confusion.png"));
    assertThat(sheet.width()).isGreaterThan(300);
  }

  @Test
  void resultsInTheFolderOfImagesAreNoClass() throws IOException {
    Path root = pictures(THREE_ZEBRAS_AND_AN_ANT);
    TinyCheckpoint network = TinyCheckpoint.answering(2, 1);

    evaluate(network, root, "--out", root.resolve("out").toString());
    Run again = evaluate(network, root, "--out", root.resolve("out").toString());

    assertThat(again.out()).contains("1 of 4 images right");
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    Run run = Run.of("evaluate", temp.resolve("nowhere").toString());

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("nowhere could not be listed");
  }
}
