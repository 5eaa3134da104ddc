import { createClock, startDeadline } from "@sortition/core/internal";
import { type Given, given } from "./given.js";
import { withClientLater } from "./global-client.js";
import { settings } from "./settings.js";

const DEFAULT_TIMEOUT_SECONDS = 10;

/** Options of {@link flush}. */
export interface FlushOptions {
  /** Default: 10. */
  readonly timeoutSeconds?: number | undefined;
}

/** Sends the events captured so far. Never rejects; events that miss the deadline are sent later. */
export function flush(options: Given<FlushOptions> = {}): Promise<void> {
  const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = given(options);
  const deadline = startDeadline(createClock(), timeoutSeconds * 1_000);
  return withExisting(async (client) => void (await deadline.limit(client.flush()))).finally(
    deadline.end,
  );
}

/** Sends what was captured, and ends the client. The next call of a function makes a new one. Never rejects. */
export function shutdown(): Promise<void> {
  return withExisting(async (client) => {
    settings.defaultClient = null;
    await client.shutdown();
  });
}

/** Another name of {@link shutdown}. */
export function join(): Promise<void> {
  return shutdown();
}

/** Nothing is made in order to be ended. */
function withExisting(
  work: (client: NonNullable<typeof settings.defaultClient>) => Promise<void>,
): Promise<void> {
  return settings.defaultClient === null ? Promise.resolve() : withClientLater(work);
}
