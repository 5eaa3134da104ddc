import type { GrowthBookClient } from "@growthbook/growthbook";
import { growthbook } from "@sortition/growthbook/dialect";
import { nativePeer, PATIENCE_MS, partsOf } from "../native.js";
import { NOTHING, type Opened, type Peer, type Visitor } from "../peer.js";

export const native: Peer = nativePeer(partsOf(() => growthbook()));

export const dropIn: Peer = classesOf("@sortition/growthbook", async () => {
  return (await import("@sortition/growthbook")) as unknown as Classes; // has the same methods
});

export const sdk: Peer = classesOf(
  "@growthbook/growthbook",
  () => import("@growthbook/growthbook"),
);

interface Classes {
  readonly GrowthBookClient: typeof GrowthBookClient;
}

function classesOf(name: string, load: () => Promise<Classes>): Peer {
  const payloadOf = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));
  return {
    name,
    async open(bytes, logged) {
      const { GrowthBookClient } = await load();
      const options = logged === undefined ? {} : { trackingCallback: logged.onEvent };
      const client = new GrowthBookClient(options).initSync({ payload: payloadOf(bytes) });
      if (logged?.returning === undefined) return openedBy(client);
      // Each user's instance remembers its reported exposures.
      const scoped = new Map(
        logged.returning.map((id) => [id, client.createScopedInstance({ attributes: { id } })]),
      );
      return askedBy(
        (feature, { key }) => scoped.get(key)?.getFeatureValue(feature, NOTHING),
        client,
      );
    },
    async follow(apiHost, { pace }) {
      const { GrowthBookClient } = await load();
      const client = new GrowthBookClient({ apiHost, clientKey: "bench" });
      const { intervalMs = null, requestTimeoutMs: timeout } = pace ?? {};
      await client.init({ streaming: false, timeout: timeout ?? PATIENCE_MS });
      const limits = timeout === undefined ? {} : { timeout };
      const refresh = () => client.refreshFeatures({ ...limits, skipCache: true });
      const stop = intervalMs === null ? () => {} : refreshRegularly(refresh, intervalMs);
      return {
        ...openedBy(client),
        refresh,
        close() {
          stop();
          client.destroy();
        },
      };
    },
  };
}

/** Calls `refreshFeatures` once per interval, one call at a time, because the SDK has no poller. */
function refreshRegularly(refresh: () => Promise<unknown>, intervalMs: number): () => void {
  let isRunning = false;
  const timer = setInterval(async () => {
    if (isRunning) return;
    isRunning = true;
    await refresh().catch(() => {});
    isRunning = false;
  }, intervalMs);
  return () => clearInterval(timer);
}

function openedBy(client: GrowthBookClient): Opened {
  return askedBy(
    (feature, { attributes, key: id }) =>
      client.getFeatureValue(feature, NOTHING, { attributes: { ...attributes, id } }),
    client,
  );
}

function askedBy(
  string: (feature: string, visitor: Visitor) => unknown,
  client: { destroy(): void },
): Opened {
  return {
    string,
    boolean: string,
    close: () => client.destroy(),
  };
}
