import { amplitude } from "@sortition/amplitude/dialect";
import type { AssignmentEvent, Client, ClientOptions } from "@sortition/core";
import { datadog } from "@sortition/datadog/dialect";
import { growthbook } from "@sortition/growthbook/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { split, type TestFlags, testFlags } from "@sortition/testing";

/** Test flags in each dialect. */
export const DIALECTS: readonly { readonly dialect: string; create(): TestFlags }[] = [
  { dialect: "Eppo", create: () => testFlags() },
  { dialect: "Datadog", create: () => testFlags({ dialect: datadog() }) as TestFlags },
  { dialect: "GrowthBook", create: () => testFlags({ dialect: growthbook() }) as TestFlags },
  { dialect: "Amplitude", create: () => testFlags({ dialect: amplitude() }) as TestFlags },
  {
    dialect: "PostHog",
    create: () => testFlags({ dialect: posthog({ projectApiKey: "phc_key" }) }) as TestFlags,
  },
];

/** Adds the experiments `checkout` and `search`, and `ui`, which is on for everyone. */
export function describeFlags(
  flags: TestFlags,
  checkout: { fast: number; standard: number },
): void {
  flags.string("checkout").variations("fast", "standard").otherwise(split(checkout));
  flags
    .string("search")
    .variations("a", "b")
    .otherwise(split({ a: 50, b: 50 }));
  flags.boolean("ui").on();
}

/** A client and the events that its logger received. */
export interface LoggedClient {
  readonly client: Client;
  readonly events: readonly AssignmentEvent[];
}

/** Creates a client that remembers its events. */
export function loggedClient(
  flags: TestFlags,
  options: Pick<ClientOptions, "diagnostics" | "overrides"> = {},
): LoggedClient {
  const events: AssignmentEvent[] = [];
  const assignmentLogger = { logAssignment: (event: AssignmentEvent) => void events.push(event) };
  return { client: flags.client({ assignmentLogger, ...options }) as Client, events };
}

/** Events without time and ID, as JSON data. */
export function factsOf(events: readonly AssignmentEvent[]): readonly object[] {
  return events.map(({ messageId: _, timestamp: __, ...facts }) =>
    JSON.parse(JSON.stringify(facts)),
  );
}
