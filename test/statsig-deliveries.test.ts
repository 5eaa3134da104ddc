/// <reference path="../packages/redis/src/lua/lua.d.ts" />
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Client } from "../packages/core/src/index.ts";
import { edgeClient } from "../packages/edge/src/index.ts";
import { createClient, fileSource, httpOrigin } from "../packages/node/src/index.ts";
import { redis } from "../packages/redis/src/index.ts";
import { statsig, statsigLegacy } from "../packages/statsig/src/dialect.ts";
import { toV1, type V2 } from "../packages/statsig/test/v1.ts";

const SPEC = { type: "feature_gate", salt: "s", enabled: true, idType: "userID" };
const PAYLOAD: V2 = {
  ...{ has_updates: true, time: 1_700_000_000_000, experiment_to_layer: {} },
  feature_gates: {
    half: {
      ...{ ...SPEC, entity: "feature_gate", defaultValue: false },
      rules: [
        {
          ...{ name: "half", id: "half", salt: "r", idType: "userID", passPercentage: 50 },
          ...{ conditions: ["all"], returnValue: true },
        },
      ],
    },
  },
  ...{ dynamic_configs: {}, layer_configs: {} },
  condition_map: { all: { type: "public", idType: "userID" } },
};
const COMMON = { assignmentLogger: null };
const SUBJECTS = Array.from({ length: 200 }, (_, i) => `user-${i}`);

const valuesOf = (client: Pick<Client, "getBooleanAssignment">): readonly boolean[] =>
  SUBJECTS.map((it) => client.getBooleanAssignment("half", it, {}, false));

describe.each([
  { dialect: statsig(), payload: PAYLOAD, version: "v2" },
  { dialect: statsigLegacy(), payload: toV1(PAYLOAD), version: "v1" },
])("the flags of $dialect.name", ({ dialect, payload, version }) => {
  const text = JSON.stringify(payload);
  let folder: string;
  let vendor: TestServer;
  let expected: readonly boolean[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "sortition-statsig-"));
    writeFileSync(join(folder, "statsig.json"), text);
    vendor = await startTestServer({ kind: "answer", body: text });
    const client = createClient({
      ...COMMON,
      dialect,
      source: fileSource(join(folder, "statsig.json")),
    });
    await client.waitForInitialization();
    expected = valuesOf(client);
    await client.close();
  });

  afterEach(async () => {
    await vendor.close();
    rmSync(folder, { recursive: true });
  });

  it("are the same from a file and from the vendor's address", async () => {
    expect(new Set(expected).size).toBe(2);
    const client = createClient({ ...COMMON, dialect, apiKey: "secret-1", baseUrl: vendor.url });
    await client.waitForInitialization();
    expect(valuesOf(client)).toEqual(expected);
    await client.close();
    expect(vendor.requests[0]?.path).toBe(`/${version}/download_config_specs/secret-1.json`);
  });

  it("are the same at the edge", async () => {
    const flags = edgeClient({ dialect, apiKey: "secret-1", baseUrl: vendor.url });
    const client = await flags.forRequest({ waitUntil() {} });
    expect(valuesOf(client)).toEqual(expected);
  });

  it.skipIf(!hasRedis)("are polled once by a fleet and read from Redis by the others", async () => {
    const server = await startRedis();
    const origin = httpOrigin({ dialect, apiKey: "secret-1", baseUrl: vendor.url });
    const fleets = [true, false].map((eligible) => redis({ redis: server.url, origin, eligible }));
    const clients = fleets.map((source) => createClient({ ...COMMON, dialect, source }));
    for (const client of clients) {
      await client.waitForInitialization();
      expect(valuesOf(client)).toEqual(expected);
    }
    expect(vendor.requests).toHaveLength(1);
    for (const client of clients) await client.close();
  });
});
