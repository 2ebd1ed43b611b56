package io.camjar.weights.zip;

import io.camjar.weights.bytes.Malformed;

/** What a member may be called: a relative path that stays inside the archive. */
final class MemberNames {
  private MemberNames() {}

  static void check(String name) {
    boolean climbs = ("/" + name + "/").contains("/../") || name.startsWith("/");
    boolean odd = name.isEmpty() || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0;
    boolean drive = name.length() > 1 && name.charAt(1) == ':';
    if (climbs || odd || drive) {
      throw new Malformed(
          "has a member with the name '"
              + name.replaceAll("\\p{Cntrl}", "?")
              + "', which no checkpoint has",
          "use the file only if you trust its maker, and pack it again");
    }
  }
}
