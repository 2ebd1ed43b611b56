package io.camjar.weights.torch.script;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a file of TorchScript's code; brackets may span lines, as in Python. */
final class Tokens {
  static final String NEWLINE = "\n";
  static final String INDENT = "\t+";
  static final String DEDENT = "\t-";
  static final String END = "";

  private static final int MAX_TOKENS = 2_000_000;
  private static final Pattern WORD =
      Pattern.compile(
          "[A-Za-z_][A-Za-z0-9_]*"
              + "|(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?"
              + "|\"(?:[^\"\\\\\\n]|\\\\.)*+\"|'(?:[^'\\\\\\n]|\\\\.)*+'"
              + "|->|==|!=|<=|>=|[-+*/%()\\[\\]{}:,.=<>@|]");

  private final List<String> words = new ArrayList<>();
  private int at;

  Tokens(String source) {
    Deque<Integer> indents = new ArrayDeque<>(List.of(0));
    int depth = 0;
    for (String line : source.split("\n", -1)) {
      String text = line.strip();
      if (depth == 0) {
        if (text.isEmpty() || text.startsWith("#")) {
          continue;
        }
        indent(line.length() - line.stripLeading().length(), indents);
      }
      depth = words(text, depth);
      if (depth == 0) {
        words.add(NEWLINE);
      }
    }
    indent(0, indents);
  }

  private void indent(int width, Deque<Integer> indents) {
    if (width > indents.getLast()) {
      indents.addLast(width);
      words.add(INDENT);
    }
    while (width < indents.getLast()) {
      indents.removeLast();
      words.add(DEDENT);
    }
  }

  private int words(String text, int before) {
    int depth = before;
    Matcher matcher = WORD.matcher(text);
    int end = 0;
    while (end < text.length()) {
      if (text.charAt(end) == ' ') {
        end++;
        continue;
      }
      if (text.charAt(end) == '#') {
        break;
      }
      if (!matcher.find(end) || matcher.start() != end || words.size() > MAX_TOKENS) {
        throw new ScriptProblem("has the line '" + text + "'");
      }
      String word = matcher.group();
      depth += "([{".contains(word) ? 1 : ")]}".contains(word) ? -1 : 0;
      words.add(word);
      end = matcher.end();
    }
    return depth;
  }

  /** The next word, {@link #END} behind the last. */
  String peek() {
    return at < words.size() ? words.get(at) : END;
  }

  /** Takes the next word. */
  String next() {
    String word = peek();
    at++;
    return word;
  }

  /** Takes the next word if it is that one. */
  boolean take(String word) {
    boolean found = peek().equals(word);
    at += found ? 1 : 0;
    return found;
  }

  /** Takes that word. */
  void expect(String word) {
    if (!take(word)) {
      throw new ScriptProblem("has '" + peek().strip() + "' where '" + word.strip() + "' belongs");
    }
  }

  /** Leaves out the rest of a line, with all that brackets on it enclose. */
  void skipLine() {
    while (!peek().equals(NEWLINE) && !peek().equals(END)) {
      at++;
    }
    at++;
  }
}
