import { LocalEvaluationClient } from "@amplitude/experiment-node-server";
import { type IBanditEvent, init } from "@eppo/node-server-sdk";
import { GrowthBookClient } from "@growthbook/growthbook";
import { createClient } from "@sortition/node";
import { sendHostileRequests } from "@sortition/test-kit/hostile-requests";
import { PostHog } from "posthog-node";
import { afterEach, describe, expect, it } from "vitest";
import { recordExposures, split, type TestFlags, testFlags } from "../src/index.js";
import { type FlagServer, type FlagServerOptions, flagServer } from "../src/server.js";
import { FORMATS } from "./formats.js";
import "./programs/vendors/eppo.js"; // silences the vendor's log

const SUBJECTS = Array.from({ length: 500 }, (_, i) => `subject-${i}`);
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };

const servers: FlagServer[] = [];
const serve = async (flags: TestFlags): Promise<FlagServer> => {
  const server = await flagServer({ flags });
  servers.push(server);
  return server;
};
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** Results of a vendor's own SDK for all subjects, with flags from a server. */
const VENDORS: Readonly<Record<string, (url: string) => Promise<unknown[]>>> = {
  async Eppo(url) {
    const assignmentLogger = { logAssignment() {} };
    const client = await init({ apiKey: "key", baseUrl: `${url}/api`, assignmentLogger });
    const answers = SUBJECTS.map((it) => client.getStringAssignment("checkout", it, {}, "none"));
    client.stopPolling();
    return answers;
  },
  async GrowthBook(url) {
    const client = new GrowthBookClient({ apiHost: url, clientKey: "sdk-key" });
    await client.init();
    const answers = SUBJECTS.map((id) =>
      client.getFeatureValue("checkout", "none", { attributes: { id } }),
    );
    client.destroy();
    return answers;
  },
  async Amplitude(url) {
    const options = { serverUrl: url, loggerProvider: SILENT };
    const client = new LocalEvaluationClient("deployment", options);
    await client.start();
    const answers = SUBJECTS.map((user_id) => client.evaluateV2({ user_id })["checkout"]?.value);
    client.stop();
    return answers;
  },
  async PostHog(url) {
    const client = new PostHog("phc_key", { personalApiKey: "phx_key", host: url });
    await client.waitForLocalEvaluationReady();
    const options = { onlyEvaluateLocally: true, sendFeatureFlagEvents: false };
    const answers = await Promise.all(
      SUBJECTS.map(async (it) => {
        return (await client.getFeatureFlagResult("checkout", it, options))?.variant;
      }),
    );
    await client.shutdown();
    return answers;
  },
};

// Datadog's SDK reads its flags from an agent. The package `datadog` compares it with our client.
const READ_BY_HTTP = FORMATS.filter(({ format }) => Object.hasOwn(VENDORS, format));

describe.each(READ_BY_HTTP)("flags of $format over HTTP", ({ create, format }) => {
  it("return the same values from the vendor's own SDK and from our client", async () => {
    const flags = create();
    flags
      .string("checkout")
      .variations("fast", "standard")
      .otherwise(split({ fast: 30, standard: 70 }));
    const server = await serve(flags);
    const client = createClient({
      apiKey: "phx_key",
      baseUrl: server.url,
      dialect: flags.dialect,
      assignmentLogger: null,
      pollIntervalMs: null,
    });
    await client.refresh();
    const ours = SUBJECTS.map((it) => client.getStringAssignment("checkout", it, {}, "none"));
    await client.close();
    expect(new Set(ours)).toEqual(new Set(["fast", "standard"]));
    expect(await VENDORS[format]?.(server.url)).toEqual(ours);
  });
});

it("bandits return the same actions and probabilities from Eppo's own SDK and from our client", async () => {
  const flags = testFlags();
  flags.bandit("shoes").actions({ nike: 0.55, adidas: 0.25, puma: 0.2, reebok: 0 });
  flags.bandit("hats").choose("cap");
  const server = await serve(flags);
  const logged: IBanditEvent[] = [];
  const theirs = await init({
    apiKey: "key",
    baseUrl: `${server.url}/api`,
    assignmentLogger: { logAssignment() {} },
    banditLogger: { logBanditAction: (event) => void logged.push(event) },
  });
  const exposures = recordExposures();
  const ours = createClient({
    apiKey: "key",
    baseUrl: server.url,
    assignmentLogger: exposures,
    pollIntervalMs: null,
  });
  await ours.refresh();
  for (const subject of SUBJECTS) {
    for (const client of [theirs, ours]) {
      const shoes = { nike: {}, adidas: {}, puma: {}, reebok: {} };
      client.getBanditAction("shoes", subject, {}, shoes, "none");
      client.getBanditAction("hats", subject, {}, { cap: {}, hood: {} }, "none");
    }
  }
  theirs.stopPolling();
  await ours.close();
  const chosen = exposures.bandits.map(({ action, actionProbability, flagKey, subject }) => {
    return [flagKey, subject, action, actionProbability];
  });
  expect(chosen).toEqual(
    logged.map(({ action, actionProbability, featureFlag, subject }) => {
      return [featureFlag, subject, action, actionProbability];
    }),
  );
  const actions = new Set(chosen.map(([, , action]) => action));
  expect([...actions].sort()).toEqual(["adidas", "cap", "nike", "puma"]);
});

describe("a client of a server", () => {
  const start = async (flags: TestFlags = testFlags()) => {
    const server = await serve(flags);
    const client = createClient({
      apiKey: "key",
      baseUrl: server.url,
      assignmentLogger: null,
      pollIntervalMs: null,
      diagnostics: SILENT,
    });
    await client.refresh();
    return { client, flags, server };
  };

  it("sends the etag, and receives changes", async () => {
    const { client, flags, server } = await start();
    expect(await client.refresh()).toMatchObject({ outcome: "unchanged" });
    expect(server.requests.at(-1)?.headers["if-none-match"]).toMatch(/^"[0-9a-f]{40}"$/);
    flags.boolean("new").on();
    expect(await client.refresh()).toMatchObject({ outcome: "updated" });
    expect(client.getBooleanAssignment("new", "u", {}, false)).toBe(true);
    await client.close();
  });

  it("reads bandit models", async () => {
    const flags = testFlags();
    flags.bandit("shoes").choose("nike");
    const { client } = await start(flags);
    expect(client.getBanditAction("shoes", "u", {}, ["nike", "puma"], "none").action).toBe("nike");
    await client.close();
  });

  it.each([
    { fault: 503, code: "SORTITION_HTTP_STATUS" },
    { fault: "garbage", code: "SORTITION_DECODE" },
  ] as const)("reports $fault as $code, and recovers", async ({ code, fault }) => {
    const { client, flags, server } = await start();
    flags.boolean("new").on();
    server.fail(fault, { times: 1 });
    expect(await client.refresh()).toMatchObject({ outcome: "failed", error: { code } });
    expect(await client.refresh()).toMatchObject({ outcome: "updated" });
    await client.close();
  });
});

describe("a server", () => {
  it("records requests to other paths", async () => {
    const server = await serve(testFlags());
    const statuses = await Promise.all(
      ["GET", "POST"].map(
        async (method) => (await fetch(`${server.url}/batch/`, { method })).status,
      ),
    );
    expect(statuses).toEqual([404, 200]);
    expect(server.requests.map(({ path }) => path)).toEqual(["/batch/", "/batch/"]);
  });

  it.each(["explode", 42, 1_000, Number.NaN])("rejects the fault %s", async (fault) => {
    const server = await serve(testFlags());
    expect(() => server.fail(fault as never)).toThrow(
      /^server\.fail: expected a status from 200 to 599, or one of garbage, hang, .*, received /,
    );
    expect((await fetch(`${server.url}/flag-config/v1/config`)).status).toBe(200);
  });

  it("listens on the given port, and rejects a port that is in use", async () => {
    const flags = testFlags();
    const first = await serve(flags);
    const port = Number(new URL(first.url).port);
    await expect(flagServer({ flags, port })).rejects.toThrow("EADDRINUSE");
    await first.close();
    const second = await flagServer({ flags, port });
    servers.push(second);
    expect(second.url).toBe(first.url);
  });

  it("rejects unknown and invalid options", async () => {
    const flags = testFlags();
    const options = { flags, prot: 4_000 } as FlagServerOptions;
    await expect(flagServer(options)).rejects.toThrow("prot: unknown option, did you mean port?");
    await expect(flagServer(flags as never)).rejects.toThrow("write flagServer({ flags })");
    await expect(flagServer({ flags, port: -1 })).rejects.toThrow("port: ");
  });

  it("requires flags", async () => {
    const options = {} as FlagServerOptions;
    await expect(flagServer(options)).rejects.toThrow(
      "flags: expected test flags from testFlags()",
    );
  });
});

it("a flag server answers hostile requests, and serves flags afterwards", async () => {
  const flags = testFlags();
  const { url } = await serve(flags);
  const statuses = await sendHostileRequests(`${url}/api/flag-config/v1/config`);
  expect(statuses).toMatchObject({ "a target that is no address": 400, TRACE: 404 });
  expect((await fetch(`${url}/api/flag-config/v1/config`)).status).toBe(200);
});
