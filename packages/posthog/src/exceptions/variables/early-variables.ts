import type { MaskingRules } from "./frame-variables.js";
import { LocalVariables } from "./local-variables.js";

/** Reads for a client that is made with the first call: the first error is thrown before that. */
let early: LocalVariables | null = null;

/** Begins to read local variables before there is a client. */
export function readEarly(rules: () => MaskingRules): void {
  early ??= new LocalVariables(rules, { unavailable() {}, limited() {} });
  early.start();
}

/** Reads no longer, unless a client has taken over. */
export function endEarly(): void {
  early?.stop();
  early = null;
}

/** What has read so far; `null`: nothing. The caller ends it. */
export function takeEarly(): LocalVariables | null {
  const taken = early;
  early = null;
  return taken;
}
