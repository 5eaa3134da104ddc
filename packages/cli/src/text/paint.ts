import type { Paint, PaintColor } from "@sortition/core/dialect";
import type { Io, Output } from "../io.js";

const CODES: Readonly<Record<PaintColor, number>> = { red: 31, green: 32, yellow: 33, dim: 2 };

/**
 * Creates a function that colours text on a terminal unless `NO_COLOR` is set. `FORCE_COLOR` takes precedence: `0`
 * disables colours, any other value enables them.
 */
export function createPaint(output: Output, env: Io["env"]): Paint {
  if (!hasColor(output, env)) return (text) => text;
  return (text, color) => `\u001b[${CODES[color]}m${text}\u001b[${color === "dim" ? 22 : 39}m`;
}

function hasColor(output: Output, env: Io["env"]): boolean {
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return output.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}
