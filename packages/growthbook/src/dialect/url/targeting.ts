import type { PatternTest } from "@sortition/core/dialect";
import type { CompileOptions } from "../malformed.js";
import type { UrlTarget } from "../wire.js";
import { isGlobMatch } from "./glob.js";

/** Returns the test to use instead of a regular expression, or `undefined` if there is none or it is refused. */
export type UrlTestOf = (pattern: string) => PatternTest | undefined;

/**
 * Prepares the regular expressions in an experiment's `urlPatterns`.
 *
 * @param targets - any value, as received.
 */
export function compileUrlTests(
  targets: unknown,
  path: string,
  options: CompileOptions,
): UrlTestOf {
  const tests = new Map<string, PatternTest>();
  for (const [i, target] of (Array.isArray(targets) ? targets : []).entries()) {
    const { pattern, type } = (target ?? {}) as Partial<UrlTarget>;
    const regExp = type === "regex" && typeof pattern === "string" ? getUrlRegExp(pattern) : null;
    const test = regExp && options.guard(regExp, `${path}[${i}].pattern`);
    if (test) tests.set(pattern as string, test); // checked above
  }
  return (pattern) => tests.get(pattern);
}

/**
 * Returns whether a URL is targeted: no excluding pattern matches it, and an including one does, if there is any. An
 * empty list targets no URL.
 */
export function isURLTargeted(
  url: string,
  targets: readonly UrlTarget[],
  testOf: UrlTestOf = getUrlRegExp,
): boolean {
  if (!targets.length) return false;
  let hasIncluding = false;
  let isIncluded = false;
  for (const { include, pattern, type } of targets) {
    const matches = isMatch(url, type, pattern, testOf);
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
 * Returns the regular expression for an experiment's `url`.
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

function isMatch(url: string, type: string, pattern: string, testOf: UrlTestOf): boolean {
  try {
    const parsed = new URL(url, "https://_");
    if (type === "simple") return isSimpleMatch(parsed, pattern);
    if (type !== "regex") return false;
    const regExp = testOf(pattern);
    if (regExp === undefined) return false;
    const { href, origin } = parsed;
    return regExp.test(href) === true || regExp.test(href.slice(origin.length)) === true;
  } catch {
    return false; // it is not a URL
  }
}

/** Replaces `*`, which is not allowed in a host name. */
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
  const glob = pattern.replace(/^\//, "").replace(/\/$/, "");
  const isPart = (text: string): boolean =>
    isPartMatch(text, glob) || (text.endsWith("/") && isPartMatch(text.slice(0, -1), glob));
  return isPart(actual) || (actual.startsWith("/") && isPart(actual.slice(1)));
}

function isPartMatch(actual: string, pattern: string): boolean {
  return isGlobMatch(actual, pattern.split(WILDCARD));
}
