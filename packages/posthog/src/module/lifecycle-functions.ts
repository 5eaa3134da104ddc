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

/** Sends all captured events. Never rejects. Events that miss the deadline are sent later. */
export function flush(options: Given<FlushOptions> = {}): Promise<void> {
  const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = given(options);
  const deadline = startDeadline(createClock(), timeoutSeconds * 1_000);
  return withExisting(async (client) => void (await deadline.limit(client.flush()))).finally(
    deadline.end,
  );
}

/** Sends all captured events and stops the client. The next function call creates a new one. Never rejects. */
export function shutdown(): Promise<void> {
  return withExisting(async (client) => {
    settings.defaultClient = null;
    await client.shutdown();
  });
}

/** Alias of {@link shutdown}. */
export function join(): Promise<void> {
  return shutdown();
}

/** Does not create a client only to stop it. */
function withExisting(
  work: (client: NonNullable<typeof settings.defaultClient>) => Promise<void>,
): Promise<void> {
  return settings.defaultClient === null ? Promise.resolve() : withClientLater(work);
}
