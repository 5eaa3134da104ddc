import type { Io, Output } from "../io.js";

const CODES = { red: 31, green: 32, yellow: 33, dim: 2 } as const;

/** Adds colour to a string, or returns it unchanged. */
export type Paint = (text: string, color: keyof typeof CODES) => string;

/** Colours on a terminal, unless `NO_COLOR` is set; `FORCE_COLOR` decides if it is set, `0` means none. */
export function createPaint(output: Output, env: Io["env"]): Paint {
  if (!hasColor(output, env)) return (text) => text;
  return (text, color) => `\u001b[${CODES[color]}m${text}\u001b[${color === "dim" ? 22 : 39}m`;
}

function hasColor(output: Output, env: Io["env"]): boolean {
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return output.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}

/** Escapes control characters in keys and values, which could move a terminal's cursor. Line feeds are ours. */
export function printable(text: string): string {
  return text.replace(
    /[^\P{Cc}\n]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
