import type { MaskingRules } from "./frame-variables.js";
import { LocalVariables } from "./local-variables.js";

/** Reads variables before the first call creates a client, because the first error is thrown before that. */
let early: LocalVariables | null = null;

/** Starts reading local variables before there is a client. */
export function readEarly(rules: () => MaskingRules): void {
  early ??= new LocalVariables(rules, { unavailable() {}, limited() {} });
  early.start();
}

/** Stops reading, unless a client has taken over. */
export function endEarly(): void {
  early?.stop();
  early = null;
}

/** Returns the current reader, or `null`. The caller must stop it. */
export function takeEarly(): LocalVariables | null {
  const taken = early;
  early = null;
  return taken;
}
