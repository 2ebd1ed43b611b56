package io.camjar.gradcam.flow.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.statistics.Bins;
import io.camjar.engine.statistics.Summary;
import io.camjar.gradcam.flow.Finding;
import io.camjar.gradcam.flow.FlowPoint;
import io.camjar.gradcam.flow.FlowReport;
import io.camjar.gradcam.flow.ParameterFlow;
import io.camjar.gradcam.flow.Thresholds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a page shows: the figures of one update or of many, as text that a script reads. A value
 * that several points name is listed once.
 *
 * <p>A page holds {@value #MOST} updates at most: when there are more, every second one is left
 * out, and from then on every second one that comes.
 */
public final class FlowData {
  /** So many updates at most. */
  public static final int MOST = 120;

  /** A digit a bin: from no values to as many as the fullest bin has, on a logarithmic scale. */
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Digits of a figure. */
  private static final int DIGITS_KEPT = 4;

  private final double nearZero;
  private final Thresholds thresholds;
  private final List<String> steps = new ArrayList<>();
  private String names = "\"points\":[],\"parameters\":[]";
  private long offered;
  private long stride = 1;

  /**
   * Of no update yet.
   *
   * @param nearZero values of at most this size count as near zero
   * @param thresholds of the findings
   */
  public FlowData(double nearZero, Thresholds thresholds) {
    this.nearZero = nearZero;
    this.thresholds = thresholds;
  }

  /**
   * Offers an update, in their order; some are left out where there are many.
   *
   * @param number of the update
   * @param label the same in words
   * @param loss of its batch; null where none is known
   * @return whether it was taken
   */
  public boolean add(long number, String label, @Nullable Double loss, FlowReport report) {
    boolean taken = false;
    if (offered % stride == 0) {
      if (steps.size() == MOST) {
        for (int i = MOST - 1; i > 0; i -= 2) {
          steps.remove(i);
        }
        stride *= 2;
      }
      taken = offered % stride == 0;
      if (taken) {
        steps.add(step(number, label, loss, report));
      }
    }
    offered++;
    return taken;
  }

  /** How many updates it holds. */
  public int size() {
    return steps.size();
  }

  /**
   * All of it as JSON that may stand inside a script element.
   *
   * @param live whether more will come
   * @param source the script that a page reads this from; null where it stands in the page
   */
  String json(boolean live, @Nullable String source) {
    return "{\"live\":%s,\"source\":%s,\"nearZero\":%s,".formatted(live, text(source), nearZero)
        + "\"thresholds\":{\"dead\":%s,\"exploding\":%s,\"vanishing\":%s},"
            .formatted(thresholds.dead(), thresholds.exploding(), thresholds.vanishing())
        + "\"bins\":{\"powers\":%d,\"lowest\":%d},".formatted(Bins.POWERS, Bins.LOWEST)
        + names
        + ",\"steps\":["
        + String.join(",\n", steps)
        + "]}";
  }

  private String step(long number, String label, @Nullable Double loss, FlowReport report) {
    Map<Integer, Integer> places = new HashMap<>();
    List<FlowPoint> shown = new ArrayList<>();
    List<String> points = new ArrayList<>();
    int sum = -1;
    for (FlowPoint point : report.points()) {
      if (!point.isPart()) {
        Integer known = places.putIfAbsent(point.value(), shown.size());
        sum = known == null ? shown.size() : known;
        if (known != null) {
          continue;
        }
      }
      shown.add(point);
      points.add(
          "[%s,%s,%d,%d]"
              .formatted(text(point.path()), text(point.kind()), point.isPart() ? 1 : 0, sum));
    }
    List<ParameterFlow> parameters = report.parameters();
    names =
        "\"points\":[%s],\"parameters\":[%s]"
            .formatted(
                String.join(",", points),
                String.join(",", parameters.stream().map(p -> text(p.name())).toList()));
    StringBuilder out = new StringBuilder();
    out.append("{\"n\":").append(number).append(",\"label\":").append(text(label));
    number(out.append(",\"loss\":"), loss);
    out.append(",\"a\":[");
    shown.forEach(point -> summary(out, point.activation()));
    end(out).append(",\"g\":[");
    shown.forEach(point -> summary(out, point.gradient()));
    end(out).append(",\"p\":[");
    parameters.forEach(
        parameter -> {
          number(out.append('['), parameter.norm());
          number(out.append(','), parameter.gradientNorm());
          number(out.append(','), parameter.updateRatio());
          out.append("],");
        });
    end(out).append(",\"f\":[");
    report.findings().forEach(finding -> finding(out, finding));
    return end(out).append('}').toString();
  }

  /** Ends a list whose last entry has a comma behind it. */
  private static StringBuilder end(StringBuilder out) {
    if (out.charAt(out.length() - 1) == ',') {
      out.setLength(out.length() - 1);
    }
    return out.append(']');
  }

  private static void summary(StringBuilder out, @Nullable Summary of) {
    if (of == null) {
      out.append("null,");
      return;
    }
    double[] figures = {
      of.mean(), of.std(), of.nearZero(), of.norm(), of.min(), of.max(), of.deadUnits()
    };
    out.append('[');
    for (double figure : figures) {
      number(out, figure);
      out.append(',');
    }
    out.append(of.nonFinite()).append(",\"");
    histogram(out, of.histogram());
    out.append("\"],");
  }

  /** The first bin that holds values, a colon, and a digit a bin up to the last that does. */
  private static void histogram(StringBuilder out, long... counts) {
    int first = 0;
    int last = counts.length - 1;
    while (first <= last && counts[first] == 0) {
      first++;
    }
    while (last > first && counts[last] == 0) {
      last--;
    }
    long most = 1;
    for (long count : counts) {
      most = Math.max(most, count);
    }
    if (first <= last) {
      out.append(first).append(':');
    }
    for (int bin = first; bin <= last; bin++) {
      double share = Math.log1p(counts[bin]) / Math.log1p(most);
      out.append(DIGITS.charAt((int) Math.ceil(share * (DIGITS.length() - 1))));
    }
  }

  private static void finding(StringBuilder out, Finding finding) {
    out.append("{\"kind\":").append(text(finding.kind().word()));
    out.append(",\"of\":").append(text(finding.of().word()));
    out.append(",\"path\":").append(text(finding.path()));
    out.append(",\"points\":").append(finding.points());
    out.append(",\"note\":").append(text(finding.note())).append("},");
  }

  /** Four digits; null where it is not finite. */
  private static void number(StringBuilder out, @Nullable Double value) {
    if (value == null || !Double.isFinite(value)) {
      out.append("null");
    } else if (value == 0) {
      out.append('0');
    } else {
      int exponent = (int) Math.floor(Math.log10(Math.abs(value))) - DIGITS_KEPT + 1;
      double power = Math.pow(10, Math.abs(exponent));
      out.append((long) Math.rint(exponent < 0 ? value * power : value / power));
      out.append('e').append(exponent);
    }
  }

  /** A string of JSON without what would end a script element. */
  static String text(@Nullable String plain) {
    try {
      return JSON.writeValueAsString(plain).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
