const FLAGS = /^\(\?([imsu]+)\)/;

/**
 * Compiles a pattern, which may begin with flags as in `(?i)`, and may contain `[:alnum:]`.
 *
 * @throws SyntaxError if it is not a pattern.
 */
export function compilePattern(pattern: string): RegExp {
  const prefix = FLAGS.exec(pattern);
  const flags = prefix === null ? "" : [...new Set(prefix[1])].join("");
  const source = pattern.slice(prefix?.[0].length ?? 0).replace(/\[:alnum:\]/g, "A-Za-z0-9");
  return new RegExp(source, flags);
}
