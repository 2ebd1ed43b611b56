package io.camjar.gradcam.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.ScaledMap;
import io.camjar.gradcam.report.Report.Notes;
import io.camjar.gradcam.report.Report.ReportClass;
import io.camjar.gradcam.report.Report.ReportMap;
import io.camjar.weights.provenance.Assumption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Locale;

/** The data block of the page; report.js reads it. */
final class ReportData {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ReportData() {}

  /** JSON that may stand inside a script element. */
  static String json(Report report, ColorMap colors, double alpha) {
    int width = report.picture().width();
    int height = report.picture().height();
    ObjectNode root = JSON.createObjectNode();
    root.put("width", width).put("height", height);
    Box seen = report.region();
    root.putObject("region")
        .put("left", seen.left() / width)
        .put("top", seen.top() / height)
        .put("width", seen.width() / width)
        .put("height", seen.height() / height);
    root.put("colormap", colors.name().toLowerCase(Locale.ROOT)).put("alpha", alpha);
    ObjectNode tables = root.putObject("colormaps");
    for (String name : ColorMap.names()) {
      tables.put(name, ColorMap.named(name).hex());
    }
    ObjectNode cautions = root.putObject("cautions");
    Notes notes = report.notes();
    notes.cautions().forEach(cautions::put);
    ArrayNode blind = root.putArray("blind");
    notes.classBlind().stream().sorted().forEach(blind::add);
    root.put("expected", notes.expected()).put("pair", notes.sideBySide());
    ArrayNode assumed = root.putArray("assumed");
    for (Assumption one : notes.assumed()) {
      ObjectNode node = assumed.addObject().put("what", one.what()).put("value", one.value());
      node.put("source", one.source().word()).put("note", one.note());
    }
    ArrayNode classes = root.putArray("classes");
    for (ReportClass c : report.classes()) {
      ObjectNode node = classes.addObject().put("index", c.index()).put("label", c.label());
      putFinite(node, "probability", c.probability());
    }
    ArrayNode maps = root.putArray("maps");
    for (ReportMap map : report.maps()) {
      ObjectNode node = maps.addObject();
      node.put("layer", map.layer()).put("index", map.index()).put("method", map.method());
      node.put("height", map.map().height()).put("width", map.map().width());
      putFinite(node, "min", map.min());
      putFinite(node, "max", map.max());
      node.put("status", map.status()).put("values", packed(map.map()));
    }
    return root.toString().replace("<", "\\u003c");
  }

  /** JSON knows no NaN and no infinity. */
  private static void putFinite(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }

  /** 16 bits a value, little-endian, 65535 for 1, in base64. */
  private static String packed(ScaledMap map) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * map.values().length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : map.values()) {
      bytes.putShort((short) Math.round(65535 * value));
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
