package io.camjar.gradcam.image.metadata;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The orientation in an XMP packet: {@code tiff:Orientation}, as an attribute or as an element,
 * under whatever prefix the packet binds to TIFF's namespace.
 */
final class Xmp {
  private static final String NAMESPACE = "http://ns.adobe.com/tiff/1.0/";
  private static final String NAME = "Orientation";

  /** For packets that are no XML, as Pillow searches all of them. */
  private static final Pattern WRITTEN =
      Pattern.compile("tiff:Orientation\\s*(?:=\\s*[\"']|>)\\s*([0-9])");

  private Xmp() {}

  /** The value, whatever it is; empty where there is none. */
  static OptionalInt orientation(byte[] packet) {
    if (packet.length == 0) {
      return OptionalInt.empty();
    }
    try {
      return parse(packet);
    } catch (XMLStreamException e) {
      return search(packet);
    }
  }

  private static OptionalInt parse(byte[] packet) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    // Entities could read other files or grow without bound; XMP has none.
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    XMLStreamReader in = factory.createXMLStreamReader(new ByteArrayInputStream(trimmed(packet)));
    try {
      while (in.hasNext()) {
        if (in.next() != XMLStreamConstants.START_ELEMENT) {
          continue;
        }
        String attribute = in.getAttributeValue(NAMESPACE, NAME);
        if (attribute != null) {
          return number(attribute);
        }
        if (NAME.equals(in.getLocalName()) && NAMESPACE.equals(in.getNamespaceURI())) {
          return number(in.getElementText());
        }
      }
      return OptionalInt.empty();
    } finally {
      in.close();
    }
  }

  /** Packets are padded so that they can grow; zeros at the end are no XML. */
  private static byte[] trimmed(byte[] packet) {
    int end = packet.length;
    while (end > 0 && packet[end - 1] == 0) {
      end--;
    }
    return java.util.Arrays.copyOf(packet, end);
  }

  private static OptionalInt search(byte[] packet) {
    Matcher written = WRITTEN.matcher(new String(packet, StandardCharsets.UTF_8));
    return written.find() ? number(written.group(1)) : OptionalInt.empty();
  }

  private static OptionalInt number(String text) {
    String digits = text.strip();
    return digits.matches("[0-9]{1,4}")
        ? OptionalInt.of(Integer.parseInt(digits))
        : OptionalInt.empty();
  }
}
