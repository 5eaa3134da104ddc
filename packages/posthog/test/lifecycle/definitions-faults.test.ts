import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { Configuration, createClient } from "@sortition/node";
import { createFakeClock, type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { posthog } from "../../src/dialect.js";
import { PostHog, type PostHogOptions } from "../../src/index.js";

const KEY = "phx_secret-5f3a";
const TOKEN = "phc_key";
const INTERVAL_MS = 100;

function flag(key: string, variant: string): object {
  const multivariate = { variants: [{ key: variant, rollout_percentage: 100 }] };
  return { id: 1, key, active: true, filters: { groups: [{}], multivariate } };
}

/** Definitions of two flags that assign this variant to everyone. */
function bodyOf(variant: string, more: readonly unknown[] = []): string {
  const flags = [flag("a", variant), flag("b", variant), ...more];
  return JSON.stringify({ flags, group_type_mapping: {}, cohorts: {} });
}

function definitions(variant: string, etag?: string): Reply {
  const body = bodyOf(variant);
  return etag === undefined
    ? { kind: "answer", body }
    : { kind: "answer", body, headers: { etag } };
}

const status = (code: number, headers: Readonly<Record<string, string>> = {}): Reply => ({
  kind: "answer",
  status: code,
  headers,
});

describe("the definitions of a class", () => {
  let server: TestServer;
  let client: PostHog;
  let errors: unknown[];
  let lines: string[];

  const create = (options: PostHogOptions = {}): PostHog => {
    client = new PostHog(TOKEN, {
      host: server.url,
      secretKey: KEY,
      strictLocalEvaluation: true,
      sendFeatureFlagEvent: false,
      featureFlagsPollingInterval: null,
      ...options,
    });
    client.on("error", (error) => errors.push(error));
    return client;
  };
  const answer = (): Promise<unknown> => client.getFeatureFlag("a", "anna");
  /** Waits until a poll or a reload has fetched definitions with this variant. */
  const _becomes = (variant: string): Promise<void> =>
    vi.waitFor(async () => expect(await answer()).toBe(variant));
  const ready = async (): Promise<void> => {
    expect(await client.waitForLocalEvaluationReady(20_000)).toBe(true);
    await new Promise(setImmediate); // lets the loading of the definitions finish
  };

  beforeEach(async () => {
    server = await startTestServer(definitions("old", '"old"'));
    errors = [];
    lines = [];
    for (const level of ["debug", "info", "warn", "error"] as const) {
      vi.spyOn(console, level).mockImplementation((...parts) => void lines.push(parts.join(" ")));
    }
  });

  afterEach(async () => {
    await client?.shutdown(500);
    await server.close();
    vi.restoreAllMocks();
    // Whatever went wrong, the key must not appear anywhere.
    expect(JSON.stringify([lines, errors.map(String)])).not.toContain("5f3a");
  });

  it.each(["<html>", "[]", "{}", "5", '{"flags":'])(
    "lifecycle §7 fault 4: 200 with %s is rejected along with its ETag",
    async (body) => {
      create();
      await ready();
      server.respond({ kind: "answer", body, headers: { etag: '"new"' } });
      await client.reloadFeatureFlags();
      expect(await answer()).toBe("old");
      server.respond(definitions("new", '"new"'));
      await client.reloadFeatureFlags();
      expect(server.requests.at(-1)?.headers["if-none-match"]).toBe('"old"');
      expect(await answer()).toBe("new");
    },
  );

  it("lifecycle §7 fault 8: redirects are followed within the origin, but not to another", async () => {
    await using elsewhere = await startTestServer(definitions("stolen"));
    create();
    await ready();
    server.respond(status(302, { location: `${elsewhere.url}/flags/definitions` }));
    await client.reloadFeatureFlags();
    expect(await answer()).toBe("old");
    expect(elsewhere.requests).toEqual([]);
    server.respond(({ path }) =>
      path === "/moved" ? definitions("new") : status(302, { location: "/moved" }),
    );
    await client.reloadFeatureFlags();
    expect(await answer()).toBe("new");
  });

  it.each([1, -1])(
    "lifecycle §7 fault 13: polls and waits are not affected when the clock jumps by %i day",
    async (days) => {
      create({ featureFlagsPollingInterval: INTERVAL_MS });
      await ready();
      const { now } = Date;
      vi.spyOn(Date, "now").mockImplementation(() => now() + days * 86_400_000);
      const before = server.requests.length;
      const startedAtMs = performance.now();
      await Promise.all([sleep(5 * INTERVAL_MS), server.request(before + 1)]);
      const polls = server.requests.length - before;
      const intervals = (performance.now() - startedAtMs) / INTERVAL_MS;
      // Twice as many as intervals would be due to the clock.
      expect(polls).toBeLessThan(2 * intervals + 2);
    },
  );

  it("lifecycle §7 fault 31: two concurrent shutdowns are treated as one", async () => {
    const shutdown = vi.fn(async () => {});
    create({
      flagDefinitionCacheProvider: {
        getFlagDefinitions: async () => undefined,
        shouldFetchFlagDefinitions: async () => true,
        onFlagDefinitionsReceived: async () => {},
        shutdown,
      },
    });
    await ready();
    const first = client.shutdown();
    expect(client.shutdown(5)).toBe(first);
    await first;
    expect(shutdown).toHaveBeenCalledTimes(1);
    await sleep(INTERVAL_MS); // a request may be running
    const asked = server.requests.length;
    expect(await client.waitForLocalEvaluationReady(50)).toBe(true);
    await sleep(3 * INTERVAL_MS);
    expect(server.requests).toHaveLength(asked);
  });

  it("lifecycle §7 fault 35: listeners that throw do not affect the client", async () => {
    const heard: unknown[] = [];
    create();
    client.on("localEvaluationFlagsLoaded", () => {
      throw new Error("a listener");
    });
    client.on("localEvaluationFlagsLoaded", (count) => heard.push(count));
    client.on("error", () => {
      throw new Error("a listener");
    });
    await ready();
    expect(heard).toEqual([2]);
    server.respond(status(401));
    await client.reloadFeatureFlags();
    expect(await answer()).toBe("old");
    expect(errors).toHaveLength(1);
  });

  it("lifecycle §7 fault 36: the secret key appears in no message, error, event or printed option", async () => {
    create({ featureFlagsPollingInterval: INTERVAL_MS, fetchRetryCount: 0 });
    client.debug();
    await ready();
    for (const reply of [status(401), status(500), status(402), { kind: "reset" } as const]) {
      server.respond(reply);
      await client.reloadFeatureFlags();
    }
    client.capture({ distinctId: "anna", event: "x" });
    await client.flush().catch((error: unknown) => errors.push(error));
    expect(server.requests.some(({ target }) => target.includes("5f3a"))).toBe(false);
  });

  it("lifecycle §7 fault 39: a listener that throws while a payload is applied does not affect later payloads", async () => {
    create();
    await ready();
    const stop = client.on("localEvaluationFlagsLoaded", () => {
      throw new Error("once");
    });
    server.respond(definitions("newer"));
    await client.reloadFeatureFlags();
    stop();
    server.respond(definitions("newest"));
    await client.reloadFeatureFlags();
    expect(await answer()).toBe("newest");
  });
});

describe("the native client with this dialect", () => {
  const dialect = posthog({ projectApiKey: TOKEN });
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const common = { dialect, apiKey: KEY, pollIntervalMs: null, diagnostics: silent } as const;

  it("lifecycle §7 fault 7: a body that decompresses to 100 MB is rejected", async () => {
    const body = Buffer.concat(Array(100).fill(gzipSync(Buffer.alloc(1024 * 1024, " "))));
    await using server = await startTestServer({
      kind: "answer",
      body,
      headers: { "content-encoding": "gzip" },
    });
    // A busy machine needs longer than five seconds.
    const patient = { ...common, requestTimeoutMs: 200_000 };
    const client = createClient({ ...patient, baseUrl: server.url });
    const { error } = await client.refresh({ timeoutMs: 200_000 });
    expect(error).toMatchObject({ code: "SORTITION_BODY_TOO_LARGE" });
    await client.close();
  });

  it("lifecycle §7 fault 18: an initial configuration is served immediately while the server hangs", async () => {
    await using server = await startTestServer({ kind: "hang" });
    const payloads = { flags: new TextEncoder().encode(bodyOf("given")) };
    const initialConfiguration = Configuration.from({ dialect, payloads });
    const client = createClient({ ...common, baseUrl: server.url, initialConfiguration });
    expect(client.getStringAssignment("a", "anna", {}, "default")).toBe("given");
    await client.close({ timeoutMs: 0 });
  });

  it("lifecycle §7 fault 19: the copy on disk is served while the server fails", async () => {
    const directory = await mkdtemp(join(tmpdir(), "sortition-"));
    await using server = await startTestServer(definitions("kept", '"1"'));
    const own = { baseUrl: server.url, diskCache: { directory }, pollIntervalMs: 30_000 };
    // Uses a fake clock, because on a busy machine a file takes longer than a client waits for it.
    const clock = createFakeClock({ startMs: Date.now() });
    const options = { ...common, ...own, clock };
    const first = createClient(options);
    await first.waitForInitialization();
    // The file is first written under another name.
    const isKept = async (): Promise<void> =>
      expect(await readdir(directory)).toEqual([expect.stringMatching(/\.cache$/)]);
    await vi.waitFor(isKept);
    await first.close();
    server.respond(status(500));
    const second = createClient(options);
    const answer = (): string => second.getStringAssignment("a", "anna", {}, "default");
    await vi.waitFor(() => expect(answer()).toBe("kept"));
    expect(second.status.source).toBe("disk");
    await second.close({ timeoutMs: 0 });
    await rm(directory, { recursive: true });
  });
});
