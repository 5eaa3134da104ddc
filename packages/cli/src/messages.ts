import type { Io } from "./io.js";

const RED = 31;
const YELLOW = 33;

/** Writes to stderr, each message on a line of its own. */
export interface Messages {
  error(message: string): void;
  warning(message: string): void;
  plain(message: string): void;
}

/** Labels are coloured on a terminal, unless `NO_COLOR` is set. */
export function createMessages({ stderr, env }: Io): Messages {
  const hasColor = stderr.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  const label = (text: string, color: number): string =>
    hasColor ? `\u001b[${color}m${text}\u001b[39m` : text;
  const write = (text: string): void => void stderr.write(`${text}\n`);
  return {
    error: (message) => write(`${label("error:", RED)} ${printable(message)}`),
    warning: (message) => write(`${label("warning:", YELLOW)} ${printable(message)}`),
    plain: (message) => write(printable(message)),
  };
}

/** Keys and file names may contain what would move a terminal's cursor. */
function printable(text: string): string {
  return text.replace(
    // Line feeds are ours: nothing else writes them unescaped.
    /[^\P{Cc}\n]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
