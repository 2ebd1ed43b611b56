package io.camjar.weights.names.part;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Module paths as people count: {@code layer.2} before {@code layer.10}. */
public final class NaturalOrder {
  private static final Pattern TOKEN = Pattern.compile("\\d+|\\D+");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** Compares numbers within paths as numbers. */
  public static final Comparator<String> COMPARATOR = NaturalOrder::compare;

  private NaturalOrder() {}

  /** A path with every number replaced, so that siblings have the same form. */
  public static String form(String path) {
    return NUMBER.matcher(path).replaceAll("#");
  }

  /** The numbers in a path, in order. */
  public static List<String> numbers(String path) {
    return tokens(path).stream().filter(NaturalOrder::isNumber).toList();
  }

  private static int compare(String a, String b) {
    List<String> left = tokens(a);
    List<String> right = tokens(b);
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      int order = compareTokens(left.get(i), right.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  private static int compareTokens(String a, String b) {
    if (isNumber(a) && isNumber(b) && a.length() != b.length()) {
      return Integer.compare(a.length(), b.length());
    }
    return a.compareTo(b);
  }

  /** Runs of digits, without leading zeros, and what lies between. */
  private static List<String> tokens(String path) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(path);
    while (matcher.find()) {
      String token = matcher.group();
      tokens.add(isNumber(token) ? token.replaceFirst("^0+(?=\\d)", "") : token);
    }
    return tokens;
  }

  private static boolean isNumber(String token) {
    return token.charAt(0) >= '0' && token.charAt(0) <= '9';
  }
}
