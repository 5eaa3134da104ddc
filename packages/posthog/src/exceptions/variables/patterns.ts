/** Names of variables whose values are never read, and as text in a value. Parts of names, in any case. */
export const DEFAULT_CODE_VARIABLES_MASK_PATTERNS: readonly string[] = /* @__PURE__ */ (
  "password secret passwd pwd api_key apikey auth credentials privatekey private_key token " +
  "aws_access_key_id _pass sk_ jwt connection_string connectionstring conn_str connstr dsn"
).split(" ");

/** Names of variables that are left out. */
export const DEFAULT_CODE_VARIABLES_IGNORE_PATTERNS: readonly string[] = ["^__.*"];

/** A part of a name in any case, the source of a regular expression if it has special characters, or one. */
export type NamePattern = string | RegExp;

const SPECIAL = /[\\.^$*+?{}[\]|()]/;

/** Whether a text matches one of the patterns. An invalid pattern never matches. */
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
    // Without the flags that keep a state from one test to the next.
    if (typeof pattern !== "string") {
      return [new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""))];
    }
    // The vendor's own patterns for Python begin like this.
    const isAnyCase = pattern.startsWith("(?i)");
    return [new RegExp(isAnyCase ? pattern.slice(4) : pattern, isAnyCase ? "i" : "")];
  } catch {
    return [];
  }
}
