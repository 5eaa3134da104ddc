import type { UrlTarget } from "../wire.js";

/**
 * Whether a URL is targeted: no excluding pattern matches, and an including one does, if there is one. An
 * empty list targets nothing.
 */
export function isURLTargeted(url: string, targets: readonly UrlTarget[]): boolean {
  if (!targets.length) return false;
  let hasIncluding = false;
  let isIncluded = false;
  for (const { include, pattern, type } of targets) {
    const matches = isMatch(url, type, pattern);
    if (include === false) {
      if (matches) return false;
    } else {
      hasIncluding = true;
      if (matches) isIncluded = true;
    }
  }
  return isIncluded || !hasIncluding;
}

/**
 * The pattern of an experiment's `url`.
 *
 * @returns `undefined` if it is not a regular expression.
 */
export function getUrlRegExp(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern.replace(/([^\\])\//g, "$1\\/"));
  } catch {
    return undefined;
  }
}

function isMatch(url: string, type: string, pattern: string): boolean {
  try {
    const parsed = new URL(url, "https://_");
    if (type === "simple") return isSimpleMatch(parsed, pattern);
    if (type !== "regex") return false;
    const regExp = getUrlRegExp(pattern);
    if (regExp === undefined) return false;
    return regExp.test(parsed.href) || regExp.test(parsed.href.slice(parsed.origin.length));
  } catch {
    return false; // not a URL
  }
}

/** Stands for `*`, which is not allowed in a host name. */
const WILDCARD = "_____";

function isSimpleMatch(actual: URL, pattern: string): boolean {
  const expected = new URL(
    pattern.replace(/^([^:/?]*)\./i, "https://$1.").replaceAll("*", WILDCARD),
    `https://${WILDCARD}`,
  );
  if (!isPartMatch(actual.host, expected.host)) return false;
  if (!isPathMatch(actual.pathname, expected.pathname)) return false;
  if (expected.hash !== "" && !isPartMatch(actual.hash, expected.hash)) return false;
  for (const [name, value] of expected.searchParams) {
    if (!isPartMatch(actual.searchParams.get(name) ?? "", value)) return false;
  }
  return true;
}

/** One leading and one trailing slash are optional. */
function isPathMatch(actual: string, pattern: string): boolean {
  return test(`\\/?${escaped(pattern).replace(/(^\/|\/$)/g, "")}\\/?`, actual);
}

function isPartMatch(actual: string, pattern: string): boolean {
  return test(escaped(pattern), actual);
}

function escaped(pattern: string): string {
  return pattern.replace(/[*.+?^${}()|[\]\\]/g, "\\$&").replaceAll(WILDCARD, ".*");
}

function test(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern}$`, "i").test(text);
}
