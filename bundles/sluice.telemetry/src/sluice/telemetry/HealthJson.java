package sluice.telemetry;

import java.util.List;

/** Health as JSON: {@code {"healthy":true,"checks":[{"name":"catalog","good":true,"text":"…"}]}}. Pure. */
final class HealthJson {
  private HealthJson() {}

  static boolean healthy(List<HealthCheck> checks) {
    return checks.stream().allMatch(HealthCheck::good);
  }

  static String write(List<HealthCheck> checks) {
    StringBuilder out = new StringBuilder("{\"healthy\":").append(healthy(checks)).append(",\"checks\":[");
    String comma = "";
    for (HealthCheck c : checks) {
      out.append(comma).append("{\"name\":");
      string(out, c.name());
      out.append(",\"good\":").append(c.good()).append(",\"text\":");
      string(out, c.text());
      out.append('}');
      comma = ",";
    }
    return out.append("]}\n").toString();
  }

  private static void string(StringBuilder out, String s) {
    out.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '"' || c == '\\') out.append('\\').append(c);
      else if (c < 0x20 || Character.isSurrogate(c)) out.append(String.format("\\u%04x", (int) c));
      else out.append(c);
    }
    out.append('"');
  }
}
