package io.camjar.gradcam.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The example for Python says names of this API as texts, which no compiler looks at: each is
 * looked up here. What Python itself does is not run.
 */
class PythonExampleTests {
  private static String example = "";

  @BeforeAll
  static void read() throws IOException {
    example = Files.readString(Path.of("examples/explain.py"));
  }

  private static List<List<String>> found(String pattern) {
    List<List<String>> all = new ArrayList<>();
    Matcher matcher = Pattern.compile(pattern).matcher(example);
    while (matcher.find()) {
      List<String> groups = new ArrayList<>();
      for (int i = 1; i <= matcher.groupCount(); i++) {
        groups.add(matcher.group(i));
      }
      all.add(groups);
    }
    return all;
  }

  @Test
  void theClassIsThereAndHasAConstructorWithoutArguments() throws ReflectiveOperationException {
    List<List<String>> classes = found("gateway\\.jvm\\.(io\\.camjar[\\w.]*)\\(\\)");
    assertThat(classes).hasSize(1);
    Class<?> type = Class.forName(classes.get(0).get(0));
    assertThat(type).isEqualTo(CamTransformer.class);
    assertThat(type.getConstructor().newInstance()).isNotNull();
  }

  /** {@code transformer.set(transformer.getParam(name), value)}: public, and of the right types. */
  @Test
  void itsParametersAreThoseOfTheTransformer() throws ReflectiveOperationException {
    assertThat(example).contains("transformer.set(transformer.getParam(name), value)");
    assertThat(CamTransformer.class.getMethod("set", Param.class, Object.class)).isNotNull();
    List<List<String>> calls = found("= cam_transformer\\(spark, (.*)\\)");
    assertThat(calls).hasSize(1);
    CamTransformer transformer = new CamTransformer();
    int parameters = 0;
    for (String assignment : calls.get(0).get(0).split(", (?=\\w+=)")) {
      String[] sides = assignment.split("=", 2);
      Param<?> parameter = transformer.getParam(sides[0]);
      assertThat(parameter instanceof StringArrayParam)
          .as(assignment)
          .isEqualTo(sides[1].startsWith("["));
      parameters++;
    }
    assertThat(parameters).isEqualTo(3);
  }

  @Test
  void itsColumnsAreThoseOfTheResult() {
    StructType files =
        new StructType().add("path", DataTypes.StringType).add("content", DataTypes.BinaryType);
    StructType result = new CamTransformer().transformSchema(files);
    List<List<String>> columns =
        found("\"(explanation(?:\\.\\w+)*)\"\\)?(?:\\[0\\]\\[\"(\\w+)\"\\])?");
    assertThat(columns).hasSizeGreaterThanOrEqualTo(3);
    for (List<String> column : columns) {
      DataType type = result;
      for (String part : column.get(0).split("\\.")) {
        type = ((StructType) type).apply(part).dataType();
      }
      if (column.get(1) != null) {
        type = ((StructType) ((ArrayType) type).elementType()).apply(column.get(1)).dataType();
        assertThat(type).isEqualTo(DataTypes.StringType);
      }
    }
    assertThat(result.fieldNames()).contains("path");
  }
}
