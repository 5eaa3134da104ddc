/** Options that a page says elsewhere, or that do not change what it shows. */
const LEFT_OUT: readonly string[] = ["config", "dialect", "html", "json", "quiet", "threads"];

/** Options whose values nobody else may read. */
const SECRET = /key|password|secret|token/;

/** The options of a command line as they were typed, for a page. Values of secrets are not shown. */
export function usedOptions(given: ReadonlyMap<string, string>): string {
  return [...given]
    .filter(([name]) => !LEFT_OUT.includes(name))
    .map(([name, value]) => {
      if (value === "") return `--${name}`;
      if (SECRET.test(name)) return `--${name} …`;
      return `--${name} ${/^[\w%.,:=/+-]+$/.test(value) ? value : JSON.stringify(value)}`;
    })
    .join(" ");
}
