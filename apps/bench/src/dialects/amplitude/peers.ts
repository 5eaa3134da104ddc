import type { LocalEvaluationClient } from "@amplitude/experiment-node-server";
import { amplitude } from "@sortition/amplitude/dialect";
import { amplitudeOrigin } from "@sortition/amplitude/source";
import { createClient } from "@sortition/core";
import { pollingSource } from "@sortition/node/internal";
import { NEVER_MS, nativePeer, PATIENCE_MS, partsOf, SILENT } from "../native.js";
import type { Peer, Visitor } from "../peer.js";
import type { FlagBody } from "../writer.js";

const QUIET = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
const KEY = "bench";

export interface User extends Visitor {
  readonly user: { user_id: string; user_properties: Record<string, string> };
}

export function userOf({ attributes, key }: Visitor): User {
  return { key, attributes, user: { user_id: key, user_properties: { ...attributes } } };
}

export const native: Peer = nativePeer({
  ...partsOf(() => amplitude()),
  async follow(serverUrl, { pace }) {
    const origin = amplitudeOrigin({ deploymentKey: KEY, serverUrl });
    const source = pollingSource(origin, { pollIntervalMs: pace?.intervalMs ?? NEVER_MS });
    const client = createClient({ dialect: amplitude(), source, diagnostics: SILENT });
    await client.waitForInitialization({ timeoutMs: PATIENCE_MS });
    return client;
  },
});

export const dropIn: Peer = evaluating(
  "@sortition/amplitude",
  async () => (await import("@sortition/amplitude")) as unknown as AmplitudeModule, // has the same methods
  (onEvent) => ({ options: { exposureLogger: { logAssignment: onEvent } } }),
);

export const sdk: Peer = evaluating(
  "@amplitude/experiment-node-server",
  () => import("@amplitude/experiment-node-server"),
  (onEvent) => ({
    options: { exposureConfig: { apiKey: KEY } },
    // Its uploads are not part of the comparison.
    changed(client) {
      const { exposureService } = client as unknown as {
        exposureService: { amplitude: { logEvent(): void } };
      };
      exposureService.amplitude.logEvent = onEvent;
    },
  }),
);

interface AmplitudeModule {
  readonly LocalEvaluationClient: typeof LocalEvaluationClient;
}

interface Exposing {
  readonly options: object;
  readonly changed?: (client: LocalEvaluationClient) => void;
}

function evaluating(
  name: string,
  load: () => Promise<AmplitudeModule>,
  exposing: (onEvent: () => void) => Exposing,
): Peer {
  return {
    name,
    async open(bytes, logged) {
      const { LocalEvaluationClient } = await load();
      const flags: readonly FlagBody[] = JSON.parse(new TextDecoder().decode(bytes));
      const bootstrap = Object.fromEntries(flags.map((flag) => [flag.key, flag]));
      const { changed, options }: Exposing =
        logged === undefined ? { options: {} } : exposing(logged.onEvent);
      const client = new LocalEvaluationClient(KEY, {
        ...{ bootstrap, loggerProvider: QUIET },
        ...options,
      });
      changed?.(client);
      return logged === undefined ? openedBy(client) : openedBy(client, { tracksExposure: true });
    },
    async follow(serverUrl, { pace }) {
      const { LocalEvaluationClient } = await load();
      const flagConfigPollingIntervalMillis = pace?.intervalMs ?? NEVER_MS;
      const client = new LocalEvaluationClient(KEY, {
        ...{ serverUrl, flagConfigPollingIntervalMillis, loggerProvider: QUIET },
        ...(pace === undefined
          ? { flagConfigPollerRequestTimeoutMillis: PATIENCE_MS, startTimeoutMillis: PATIENCE_MS }
          : {}),
      });
      await client.start();
      return {
        ...openedBy(client),
        // A start runs the same code as a poll.
        refresh() {
          client.stop();
          return client.start();
        },
      };
    },
  };
}

function openedBy(
  client: LocalEvaluationClient,
  ...options: readonly [] | readonly [{ tracksExposure: true }]
) {
  const string = (flagKey: string, visitor: Visitor) =>
    client.evaluateV2((visitor as User).user, [flagKey], ...options)[flagKey]?.value; // created by `userOf`
  return {
    string,
    boolean: string,
    countOn(visitor: Visitor) {
      let on = 0;
      const variants = client.evaluateV2((visitor as User).user);
      for (const { value } of Object.values(variants)) if (value === "on") on += 1;
      return on;
    },
    close: () => client.stop(),
  };
}
