/** Default patterns for masked variables. They match parts of names, and of strings in values, in any case. */
export const DEFAULT_CODE_VARIABLES_MASK_PATTERNS: readonly string[] = /* @__PURE__ */ (
  "password secret passwd pwd api_key apikey auth credentials privatekey private_key token " +
  "aws_access_key_id _pass sk_ jwt connection_string connectionstring conn_str connstr dsn"
).split(" ");

/** Default patterns for omitted variables. */
export const DEFAULT_CODE_VARIABLES_IGNORE_PATTERNS: readonly string[] = ["^__.*"];

/**
 * A regular expression, or a string. A string is a case-insensitive part of a name, or the source of a regular
 * expression if it has special characters.
 */
export type NamePattern = string | RegExp;

const SPECIAL = /[\\.^$*+?{}[\]|()]/;

/** Returns a function that tests strings against the patterns. An invalid pattern never matches. */
export function matcherOf(patterns: readonly NamePattern[]): (text: string) => boolean {
  const parts: string[] = [];
  const expressions: RegExp[] = [];
  for (const pattern of patterns) {
    if (typeof pattern === "string" && !SPECIAL.test(pattern)) parts.push(pattern.toLowerCase());
    else expressions.push(...expressionOf(pattern));
  }
  return (text) => {
    const lower = text.toLowerCase();
    return parts.some((it) => lower.includes(it)) || expressions.some((it) => it.test(text));
  };
}

function expressionOf(pattern: NamePattern): readonly RegExp[] {
  try {
    // Flags that keep state between tests are removed.
    if (typeof pattern !== "string") {
      return [new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""))];
    }
    // The vendor's own patterns for Python begin with this.
    const isAnyCase = pattern.startsWith("(?i)");
    return [new RegExp(isAnyCase ? pattern.slice(4) : pattern, isAnyCase ? "i" : "")];
  } catch {
    return [];
  }
}
