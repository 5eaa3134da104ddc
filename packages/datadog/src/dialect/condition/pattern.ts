const FLAGS = /^\(\?([imsu]+)\)/;

/**
 * Compiles a regular expression, which may start with flags such as `(?i)` and may contain `[:alnum:]`.
 *
 * @throws SyntaxError if the expression is invalid.
 */
export function compilePattern(pattern: string): RegExp {
  const prefix = FLAGS.exec(pattern);
  const flags = prefix === null ? "" : [...new Set(prefix[1])].join("");
  const source = pattern.slice(prefix?.[0].length ?? 0).replace(/\[:alnum:\]/g, "A-Za-z0-9");
  return new RegExp(source, flags);
}
