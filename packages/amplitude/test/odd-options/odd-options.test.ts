import { LocalEvaluationClient as VendorClient } from "@amplitude/experiment-node-server";
import { describe, expect, it } from "vitest";
import { LocalEvaluationClient } from "../../src/index.js";
import { flagOf } from "../client/local/flags.js";
import { AT_ONCE, keepUploads, type Upload } from "./uploads.js";

const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
const bootstrap = (): Record<string, Record<string, unknown>> => ({ a: flagOf("a") });

/** A stream that fails immediately, so that the client polls. */
const failing = (asked: string[]) => (url: string) => {
  asked.push(url);
  const source = { onopen: null, onmessage: null, close() {}, onerror: (_: object) => {} };
  queueMicrotask(() => source.onerror({ status: 501 }));
  return source;
};

const eventsIn = (uploads: readonly Upload[]): readonly object[] =>
  uploads.flatMap(([, payload]) => (payload as { readonly events: readonly object[] }).events);

describe("a client of untyped callers", () => {
  const create = () =>
    new LocalEvaluationClient("key", { bootstrap: bootstrap(), loggerProvider: SILENT });

  it.each(["SIGTERM", null, 5, {}])("does not return a promise from stop(%j)", (given) => {
    expect(create().stop(given as never)).toBeUndefined();
  });

  it("stores cohorts without members, using their ids as strings", () => {
    const { cohortStorage } = create();
    for (const cohort of [{}, { cohortId: 5, memberIds: null }]) cohortStorage.put(cohort as never);
    expect(cohortStorage.getAllCohortIds()).toEqual(new Set(["undefined", "5"]));
  });

  it.each([LocalEvaluationClient, VendorClient as unknown as typeof LocalEvaluationClient])(
    "stores flags and cohorts by their keys as strings, %o",
    async (Client) => {
      const { cache, cohortStorage } = new Client("key", { loggerProvider: SILENT });
      const [number, text] = [5 as never, "5"];
      await cache.put(number, flagOf("5"));
      cohortStorage.put({ cohortId: number, memberIds: new Set() } as never);
      expect([await cache.get(text), await cache.get(number)]).toEqual([flagOf("5"), flagOf("5")]);
      expect([text, number].map((id) => cohortStorage.getCohort(id)?.cohortId)).toEqual([5, 5]);
      await cache.delete(number);
      cohortStorage.delete(number);
      expect([await cache.get(text), cohortStorage.getCohort(text)]).toEqual([
        undefined,
        undefined,
      ]);
    },
  );

  it("writes no flags for null", async () => {
    const { cache } = create();
    await cache.putAll(null as never);
    expect(Object.keys(await cache.getAll())).toEqual(["a"]);
  });

  it("uploads events with the time of the evaluation and with groups as given", async () => {
    const uploads: Upload[] = [];
    const end = keepUploads(uploads);
    const client = new LocalEvaluationClient("key", {
      bootstrap: bootstrap(),
      loggerProvider: SILENT,
      exposureConfig: { apiKey: "exposures", ...AT_ONCE },
      clock: { now: () => 5_000 },
    });
    const user = { user_id: "alice", groups: [] };
    client.evaluateV2(user as never, ["a"], { tracksExposure: true });
    await expect.poll(() => eventsIn(uploads)).toMatchObject([{ time: 5_000, groups: [] }]);
    end();
  });

  it("starts with addresses that are not URLs, and passes them unchanged to the injected parts", async () => {
    const asked: string[] = [];
    const httpClient = {
      async request(url: string) {
        asked.push(url);
        return { status: 200, body: JSON.stringify([flagOf("a")]) };
      },
    };
    const addresses = { serverUrl: "flags:here $&", streamServerUrl: "text", streamUpdates: true };
    const config = { ...addresses, loggerProvider: SILENT };
    const client = new LocalEvaluationClient("key", config, null, httpClient, failing(asked));
    await client.start();
    client.stop();
    expect(asked).toEqual(["text/sdk/stream/v1/flags", "flags:here $&/sdk/v2/flags"]);
    expect(client.evaluateV2({ user_id: "alice" })).toHaveProperty("a");
  });
});
