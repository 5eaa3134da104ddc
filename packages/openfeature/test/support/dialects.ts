import { amplitude } from "@sortition/amplitude/dialect";
import {
  type AssignmentEvent,
  type Client,
  Configuration,
  type ConfigurationSource,
  createClient,
  type Dialect,
  NetworkError,
} from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { growthbook } from "@sortition/growthbook/dialect";
import { posthog } from "@sortition/posthog/dialect";

export type DialectName = keyof typeof PAYLOADS;

export const DIALECTS: Readonly<Record<DialectName, () => Dialect>> = {
  eppo: () => eppo() as Dialect,
  growthbook: () => growthbook() as Dialect,
  amplitude: () => amplitude() as Dialect,
  posthog: () => posthog() as Dialect,
};

export const DIALECT_NAMES = Object.keys(DIALECTS) as DialectName[]; // the keys of this object

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const NOW_MS = Date.UTC(2026, 5, 1);

/** A client that serves a payload, with the events that it logged. */
export interface Ground {
  readonly client: Client;
  readonly events: AssignmentEvent[];
}

/** @param options - further options of the client. */
export function groundOf(
  name: DialectName,
  payload: unknown = PAYLOADS[name],
  options: object = {},
): Ground {
  const dialect = DIALECTS[name]();
  const events: AssignmentEvent[] = [];
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  const client = createClient({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads: { flags: bytes } }),
    assignmentLogger: { logAssignment: (event: AssignmentEvent) => void events.push(event) },
    clock: { now: () => NOW_MS },
    diagnostics: SILENT,
    ...options,
  });
  return { client, events };
}

/** A {@link groundOf} whose configuration the origin has not confirmed for an hour. */
export async function staleGroundOf(name: DialectName): Promise<Ground> {
  const bytes = new TextEncoder().encode(JSON.stringify(PAYLOADS[name]));
  const payload = { part: "flags", bytes, etag: null, fetchedAtMs: 0, from: "network" } as const;
  const source: ConfigurationSource = {
    kind: "hour-old",
    dialect: null,
    intervalMs: 10_000,
    subscribe(sink) {
      const error = new NetworkError("no response", null);
      // Without a failed attempt, the client would wait for one.
      void sink
        .offer([payload], { ageMs: 3_600_000 })
        .then(() => sink.failed({ kind: "transient", error, retryAfterMs: null }, { inMs: null }));
      return { end: async () => {} };
    },
    refresh: async () => ({ outcome: "unchanged" }),
  };
  const options = { source, initialConfiguration: undefined, staleAfterMs: 30_000 };
  const ground = groundOf(name, undefined, options);
  await ground.client.waitForInitialization();
  return ground;
}
