import { Configuration, createClient } from "@sortition/core";
import type { PayloadSet } from "@sortition/core/internal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CohortTransport, withCohorts } from "../../src/cohorts.js";
import { amplitude } from "../../src/dialect.js";
import { amplitudeOrigin } from "../../src/source.js";
import { CohortServer, cohortFlag } from "./cohort-server.js";

const never = new AbortController().signal;
const SYNC = { apiKey: "analytics-key", secretKey: "analytics-sécret" };

/** A transport for platforms that only have `fetch`. */
const transport: CohortTransport = {
  async request({ headers, signal, url }) {
    const { "accept-encoding": _, ...own } = headers;
    const response = await fetch(url, { headers: own, signal });
    return {
      status: response.status,
      header: (name) => response.headers.get(name),
      body: new Uint8Array(await response.arrayBuffer()),
    };
  },
};

describe("withCohorts", () => {
  let server: CohortServer;

  beforeEach(async () => {
    server = await CohortServer.start();
  });

  afterEach(() => server.close());

  const create = () =>
    withCohorts(amplitudeOrigin({ deploymentKey: "key", serverUrl: server.url }), {
      cohortSync: { ...SYNC, cohortServerUrl: server.url },
      transport,
    });

  const isMember = async (payloads: PayloadSet, id: string): Promise<boolean> => {
    const contents = Object.fromEntries(payloads.map(({ bytes, part }) => [part, bytes]));
    const initialConfiguration = await Configuration.load({
      dialect: amplitude(),
      payloads: contents,
    });
    return createClient({ initialConfiguration }).getBooleanAssignment("flag", id, {}, false);
  };

  it("adds the cohorts that the flags of another origin refer to", async () => {
    server.flags = [cohortFlag("flag", "c1")];
    server.cohorts.set("c1", { lastModified: 10, memberIds: ["alice"] });
    const result = await create().fetchOnce(null, { signal: never });
    const payloads = result.kind === "payloads" ? result.payloads : [];
    expect(payloads.map(({ etag, part }) => [part, etag])).toEqual([
      ["flags", null],
      ["cohort:c1", "10"],
    ]);
    expect([await isMember(payloads, "alice"), await isMember(payloads, "bob")]).toEqual([
      true,
      false,
    ]);
    const { authorization } = server.server.requests.at(-1)?.headers ?? {};
    expect(authorization).toBe(
      `Basic ${Buffer.from(`${SYNC.apiKey}:${SYNC.secretKey}`).toString("base64")}`,
    );
  });

  it("serves flags without a cohort that cannot be downloaded", async () => {
    server.flags = [cohortFlag("flag", "missing")];
    const result = await create().fetchOnce(null, { signal: never });
    expect(result).toMatchObject({
      kind: "payloads",
      payloads: [{ part: "flags" }],
      warnings: [{ part: "cohort:missing" }],
    });
  });

  it("has its own scope", () => {
    const origin = create();
    expect(origin.scope).not.toBe(
      amplitudeOrigin({ deploymentKey: "key", serverUrl: server.url }).scope,
    );
  });

  it.each([
    { options: { transport: {} }, option: "transport" },
    { options: { cohortSync: { apiKey: "a", secretKey: "" } }, option: "cohortSync.secretKey" },
    { options: { cohorts: {} }, option: "cohorts" },
  ])("refuses $options", ({ option, options }) => {
    const flags = amplitudeOrigin({ deploymentKey: "key", serverUrl: server.url });
    const usual = { cohortSync: SYNC, transport };
    expect(() => withCohorts(flags, { ...usual, ...options } as never)).toThrow(
      expect.objectContaining({ option }),
    );
  });
});
