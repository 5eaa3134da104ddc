/** The expected behaviour of an example, from the comment at its end. */
export interface Expectation {
  /** Environment variables of the example. */
  readonly env: Readonly<Record<string, string>>;
  /** Lines on stdout, in order. `…` matches any characters within a line. */
  readonly prints: readonly string[];
  /** Pages to request once it listens. Afterwards, it is sent SIGTERM. */
  readonly visits: readonly Visit[];
}

/** A page, and the body of its response; `…` matches any characters. */
export interface Visit {
  /** `#` is replaced with the number of the request. */
  readonly path: string;
  readonly body: string;
  /** Number of concurrent requests. */
  readonly count: number;
}

/**
 * Reads the comment at the end of an example:
 *
 * ```
 * // Prints:
 * //   listening on http://127.0.0.1:…
 * // GET /checkout?user=user-1
 * //   {"checkout":"fast_checkout"}
 * // GET 100 × /checkout?user=user-#
 * //   {"user":"user-#"}
 * ```
 *
 * `// Prints, with NAME=value OTHER=value:` sets environment variables. A value may contain `=`.
 *
 * @throws Error if there is no such comment, because nothing about the example would be checked.
 */
export function readExpectation(source: string): Expectation {
  const lines = source.trimEnd().split("\n");
  const head = /^\/\/ Prints(?:, with (.+))?:$/;
  const start = lines.findLastIndex((line) => head.test(line));
  if (start === -1) throw new Error("no comment `// Prints:` at the end");
  const prints: string[] = [];
  const visits: { path: string; body: string; count: number }[] = [];
  for (const line of lines.slice(start + 1)) {
    const [, count = 1, path] = /^\/\/ GET (?:(\d+) × )?(\S+)$/.exec(line) ?? [];
    const text = line === "//" ? "" : /^\/\/ {3}(.*)$/.exec(line)?.[1];
    const visit = visits.at(-1);
    if (path !== undefined) visits.push({ path, body: "", count: Number(count) });
    else if (text === undefined) throw new Error(`unexpected after \`// Prints:\`: ${line}`);
    else if (visit === undefined) prints.push(text);
    else visit.body += text;
  }
  if (prints.length === 0) throw new Error("nothing after `// Prints:`");
  const [, variables = ""] = head.exec(lines[start] ?? "") ?? [];
  const pairs = variables.split(" ").filter((pair) => pair.includes("="));
  return { env: Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/, 2))), prints, visits };
}

/** Describes how a string differs from a pattern in which `…` matches any characters; `null` if it matches. */
export function differenceOf(pattern: string, text: string): string | null {
  const parts = pattern.split("…").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text)
    ? null
    : `expected ${JSON.stringify(pattern)}, got ${JSON.stringify(text)}`;
}

/** Describes the differences between printed and expected lines. */
export function differencesOf(expected: readonly string[], printed: string): readonly string[] {
  const lines = printed === "" ? [] : printed.replace(/\n$/, "").split("\n");
  const count = Math.max(expected.length, lines.length);
  return Array.from({ length: count }, (_, i) => {
    const pattern = expected[i];
    const line = lines[i];
    if (pattern === undefined) return `line ${i + 1}: unexpected ${JSON.stringify(line)}`;
    if (line === undefined) return `line ${i + 1}: missing ${JSON.stringify(pattern)}`;
    const difference = differenceOf(pattern, line);
    return difference === null ? null : `line ${i + 1}: ${difference}`;
  }).filter((difference) => difference !== null);
}
