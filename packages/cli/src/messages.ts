import { printable } from "@sortition/core/dialect";
import type { Io } from "./io.js";
import { createPaint } from "./text/paint.js";

/** Writes to stderr, each message on a line of its own. */
export interface Messages {
  error(message: string): void;
  warning(message: string): void;
  plain(message: string): void;
}

/** Labels are coloured as {@link createPaint} says. */
export function createMessages({ stderr, env }: Io): Messages {
  const paint = createPaint(stderr, env);
  const write = (text: string): void => void stderr.write(`${text}\n`);
  return {
    error: (message) => write(`${paint("error:", "red")} ${printable(message)}`),
    warning: (message) => write(`${paint("warning:", "yellow")} ${printable(message)}`),
    plain: (message) => write(printable(message)),
  };
}
