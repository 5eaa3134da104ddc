/** Options that a page shows elsewhere, or that do not change its content. */
const LEFT_OUT: readonly string[] = ["config", "dialect", "html", "json", "quiet"];

/** Options whose values are secret. */
const SECRET = /key|password|secret|token/;

/** Formats the options of a command line for a page. Values of secrets are hidden. */
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
