package io.camjar.weights.pickle;

import io.camjar.weights.bytes.Malformed;

/** Text as protocol 0 writes it. */
final class TextEscapes {
  private TextEscapes() {}

  /** A Python 2 string literal: quoted, with backslash escapes. */
  static String string(String line) {
    int last = line.length() - 1;
    char quote = last > 0 ? line.charAt(0) : ' ';
    if ((quote != '\'' && quote != '"') || line.charAt(last) != quote) {
      throw Malformed.damaged("its pickle has a string without quotes");
    }
    return unescape(line.substring(1, last), true);
  }

  /** Python's raw-unicode-escape: only \\u and \\U are escapes. */
  static String unicode(String line) {
    return unescape(line, false);
  }

  private static String unescape(String text, boolean all) {
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c != '\\' || i == text.length()) {
        out.append(c);
        continue;
      }
      char escape = text.charAt(i);
      int digits = hexDigits(escape, all);
      if (digits > 0) {
        out.appendCodePoint(hex(text, i + 1, digits));
        i += 1 + digits;
      } else if (all) {
        out.append(simple(escape));
        i++;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static int hexDigits(char escape, boolean all) {
    return switch (escape) {
      case 'x' -> all ? 2 : 0;
      case 'u' -> all ? 0 : 4;
      case 'U' -> all ? 0 : 8;
      default -> 0;
    };
  }

  private static char simple(char escape) {
    return switch (escape) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> escape;
    };
  }

  private static int hex(String text, int from, int digits) {
    try {
      int codePoint = Integer.parseInt(text.substring(from, from + digits), 16);
      if (Character.isValidCodePoint(codePoint)) {
        return codePoint;
      }
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw Malformed.damaged("its pickle has a malformed escape in a string");
    }
    throw Malformed.damaged("its pickle has an escape beyond Unicode in a string");
  }
}
