import { printable } from "@sortition/core/dialect-internal";
import type { Io } from "./io.js";
import { createPaint } from "./text/paint.js";

/** Writes messages to stderr, one per line. */
export interface Messages {
  error(message: string): void;
  warning(message: string): void;
  plain(message: string): void;
}

/** Creates messages. Labels are coloured according to {@link createPaint}. */
export function createMessages({ stderr, env }: Io): Messages {
  const paint = createPaint(stderr, env);
  const write = (text: string): void => void stderr.write(`${text}\n`);
  return {
    error: (message) => write(`${paint("error:", "red")} ${printable(message)}`),
    warning: (message) => write(`${paint("warning:", "yellow")} ${printable(message)}`),
    plain: (message) => write(printable(message)),
  };
}
