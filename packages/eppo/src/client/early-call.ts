import type { Diagnostics } from "@sortition/core";

/** What the client inside says of a call that came too early. The cause is constant, the sentence is not. */
const TOO_EARLY = "evaluated before ready";

/**
 * Diagnostics for the client inside. Of a call that came too early it would name a method that this package does not
 * have.
 */
export function diagnosticsInside(target: Diagnostics): Diagnostics {
  return {
    debug: (message, facts) => target.debug(message, facts),
    info: (message, facts) => target.info(message, facts),
    warn: (message, facts) => {
      const isEarly = facts?.["cause"] === TOO_EARLY;
      target.warn(isEarly ? tooEarlyText(facts["flagKey"]) : message, facts);
    },
    error: (message, facts) => target.error(message, facts),
  };
}

function tooEarlyText(flagKey: unknown): string {
  return `flag "${flagKey}" evaluated before ready: default returned; await init(…) before the first call`;
}
