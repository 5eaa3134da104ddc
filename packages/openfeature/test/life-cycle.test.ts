import { fileURLToPath } from "node:url";
import {
  ErrorCode,
  InMemoryProvider,
  MultiProvider,
  OpenFeature,
  ProviderEvents,
  type ProviderStatus,
} from "@openfeature/server-sdk";
import { type Client, type ConfigurationSource, createClient, type Dialect } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import type { SourceSink } from "@sortition/core/internal";
import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { createClient as createNodeClient } from "@sortition/node";
import {
  createFakeClock,
  type Reply,
  startChild,
  startTestServer,
  type TestServer,
} from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SortitionProvider } from "../src/index.js";

/** In this directory, package names resolve to their builds. */
const cwd = fileURLToPath(new URL("..", import.meta.url));
const ALICE = { targetingKey: "alice", plan: "gold" };
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

let server: TestServer;
/** The events that the SDK's handlers received, in order. */
let heard: string[];

beforeEach(async () => {
  // A provider of another file of this process would report that it is ready as soon as a handler is added.
  await OpenFeature.clearProviders();
  server = await startTestServer();
  heard = [];
  OpenFeature.setLogger(SILENT);
  for (const event of Object.values(ProviderEvents)) {
    OpenFeature.addHandler(event, (details) => {
      const { errorCode, flagsChanged } = (details ?? {}) as {
        readonly errorCode?: string;
        readonly flagsChanged?: readonly string[];
      };
      const facts = errorCode ?? flagsChanged?.join(",");
      heard.push(`${event.replace("PROVIDER_", "")}${facts === undefined ? "" : ` ${facts}`}`);
    });
  }
});

afterEach(async () => {
  await OpenFeature.clearProviders();
  OpenFeature.clearHandlers();
  await server.close();
});

function answer(payload: unknown, status = 200): Reply {
  return { kind: "answer", status, body: JSON.stringify(payload) };
}

const OK = answer(PAYLOADS.eppo);
const { boolean: _, ...others } = (PAYLOADS.eppo as { flags: Record<string, object> }).flags;
const CHANGED = answer({
  ...(PAYLOADS.eppo as object),
  flags: { ...others, added: others["string"] },
});

/** @param limitMs - only short if the client does not become ready, because a busy machine is slow. */
function clientOfServer(limitMs: number = 60_000): Client {
  return createNodeClient({
    apiKey: "key",
    baseUrl: server.url,
    pollIntervalMs: 60_000,
    initializationTimeoutMs: limitMs,
    assignmentLogger: null,
    diagnostics: SILENT,
  }) as unknown as Client;
}

/** Registers a provider that owns its client. Resolves to that client and to the outcome of the registration. */
async function register(limitMs?: number) {
  let client: Client | null = null;
  const provider = SortitionProvider.create(() => {
    client = clientOfServer(limitMs);
    return client;
  });
  const end = await OpenFeature.setProviderAndWait(provider).then(
    () => "ready",
    (error: { readonly code?: string }) => error.code ?? "error",
  );
  return { end, client: client as unknown as Client };
}

const status = (): ProviderStatus => OpenFeature.getClient().providerStatus;

/**
 * Responses to the registration and to each later refresh, and the events that handlers receive.
 */
const SITUATIONS: readonly {
  readonly what: string;
  readonly replies: readonly (Reply | "dead")[];
  readonly end: string;
  readonly hears: readonly string[];
  readonly status: string;
}[] = [
  { what: "responds", replies: [OK], end: "ready", hears: ["READY"], status: "READY" },
  {
    what: "responds with the same configuration twice",
    replies: [OK, OK],
    end: "ready",
    hears: ["READY"],
    status: "READY",
  },
  {
    what: "responds, and later with a change",
    replies: [OK, CHANGED],
    end: "ready",
    hears: ["READY", "CONFIGURATION_CHANGED added,boolean"],
    status: "READY",
  },
  {
    what: "responds, then fails",
    replies: [OK, answer("", 500), answer("", 401)],
    end: "ready",
    hears: ["READY"],
    status: "READY",
  },
  {
    what: "is dead",
    replies: ["dead"],
    end: "SORTITION_NETWORK",
    hears: ["ERROR GENERAL", "ERROR"],
    status: "ERROR",
  },
  {
    what: "hangs",
    replies: [{ kind: "hang" }],
    end: "SORTITION_TIMEOUT",
    hears: ["ERROR GENERAL", "ERROR"],
    status: "ERROR",
  },
  {
    what: "fails",
    replies: [answer("", 500)],
    end: "SORTITION_HTTP_STATUS",
    hears: ["ERROR GENERAL", "ERROR"],
    status: "ERROR",
  },
  {
    what: "rejects the key",
    replies: [answer("", 401)],
    end: ErrorCode.PROVIDER_FATAL,
    hears: ["ERROR PROVIDER_FATAL", "ERROR"],
    status: "FATAL",
  },
  {
    what: "fails, recovers, and then has a change",
    replies: [answer("", 500), OK, CHANGED],
    end: "SORTITION_HTTP_STATUS",
    hears: ["ERROR GENERAL", "ERROR", "READY", "CONFIGURATION_CHANGED added,boolean"],
    status: "READY",
  },
  {
    what: "rejects the key, then accepts it",
    replies: [answer("", 401), OK],
    end: ErrorCode.PROVIDER_FATAL,
    hears: ["ERROR PROVIDER_FATAL", "ERROR", "READY"],
    status: "READY",
  },
  {
    what: "fails, then rejects the key",
    replies: [answer("", 500), answer("", 401)],
    end: "SORTITION_HTTP_STATUS",
    hears: ["ERROR GENERAL", "ERROR", "ERROR PROVIDER_FATAL"],
    status: "FATAL",
  },
];

// A failed registration emits two events: one with a code from the provider, and one from the SDK.
describe("handlers are called once per transition and in order, if the server", () => {
  it.each(SITUATIONS)("$what", async ({ end, hears, replies, status: expected }) => {
    const [first, ...later] = replies;
    if (first === "dead") await server.close();
    else if (first !== undefined) server.respond(first);
    const registered = await register(end === "ready" ? undefined : 2_500);
    expect(registered.end).toBe(end);
    for (const reply of later) {
      if (reply !== "dead") server.respond(reply);
      await registered.client.refresh();
    }
    await expect.poll(() => heard).toEqual(hears);
    expect(status()).toBe(expected);
    const isServed = expected === "READY";
    const { value } = await OpenFeature.getClient().getStringDetails("string", "d", ALICE);
    expect(value).toBe(isServed ? "blue" : "d");
    await OpenFeature.close();
    expect(registered.client.status.state).toBe("closed");
    expect(heard).toEqual(hears);
  });
});

/** A client whose source the test controls. */
function scripted() {
  const sinks: SourceSink[] = [];
  const source: ConfigurationSource = {
    kind: "scripted",
    intervalMs: 10_000,
    dialect: null,
    subscribe(sink) {
      sinks.push(sink);
      return { end: async () => {} };
    },
    refresh: async () => ({ outcome: "unchanged" }),
  };
  const clock = createFakeClock();
  const dialect = eppo() as Dialect;
  const client = createClient({
    dialect,
    source,
    clock,
    staleAfterMs: 30_000,
    diagnostics: SILENT,
  });
  const bytes = new TextEncoder().encode(JSON.stringify(PAYLOADS.eppo));
  const payload = { part: "flags", bytes, etag: null, fetchedAtMs: 0, from: "network" } as const;
  return { client, clock, payload, sink: sinks[0] as SourceSink };
}

describe("a stale configuration", () => {
  it("emits STALE, and READY once it is confirmed", async () => {
    const { client, clock, payload, sink } = scripted();
    await sink.offer([payload]);
    await OpenFeature.setProviderAndWait(new SortitionProvider(client));
    await clock.advance(40_000);
    expect(status()).toBe("STALE");
    const reasonOf = async () =>
      (await OpenFeature.getClient().getStringDetails("string", "d", ALICE)).reason;
    expect(await reasonOf()).toBe("STALE");
    sink.confirmed();
    expect(await reasonOf()).toBe("TARGETING_MATCH");
    await expect.poll(() => heard).toEqual(["READY", "STALE", "READY"]);
  });

  it("emits STALE right after READY if it was stale from the start", async () => {
    const { client, clock, payload, sink } = scripted();
    await sink.offer([payload], { ageMs: 3_600_000 });
    const ready = OpenFeature.setProviderAndWait(new SortitionProvider(client));
    // The provider waits for a first attempt, which does not end here, until the time limit.
    await clock.advance(10_000);
    await ready;
    await expect.poll(() => heard).toEqual(["READY", "STALE"]);
  });
});

describe("tracking", () => {
  it("calls the track option with name, context and details", async () => {
    const { client, payload, sink } = scripted();
    await sink.offer([payload]);
    const tracked: unknown[] = [];
    const track = (...event: unknown[]): void => void tracked.push(event);
    await OpenFeature.setProviderAndWait(new SortitionProvider(client, { track }));
    const flags = OpenFeature.getClient();
    flags.track("purchase", ALICE, { value: 99, currency: "DKK" });
    flags.track("visit", ALICE);
    expect(tracked).toEqual([
      ["purchase", ALICE, { value: 99, currency: "DKK" }],
      ["visit", ALICE, {}],
    ]);
  });

  it("does nothing without the option, and rejects a value that is not a function", () => {
    const { client } = scripted();
    expect(new SortitionProvider(client).track).toBeUndefined();
    const bad = { track: "purchase" } as never;
    expect(() => new SortitionProvider(client, bad)).toThrow("track: expected a function");
  });
});

/** Returns a function that counts the listeners which have been added to a client since then, and not removed. */
function countListeners(client: Client): () => number {
  let listeners = 0;
  const add = client.on.bind(client);
  vi.spyOn(client, "on").mockImplementation((name, listener) => {
    const remove = add(name, listener);
    listeners += 1;
    return () => {
      listeners -= 1;
      remove();
    };
  });
  return () => listeners;
}

describe("registrations and removals", () => {
  it("leave a borrowed client unchanged, 20 times", async () => {
    server.respond(OK);
    const client = clientOfServer();
    await client.waitForInitialization();
    const listeners = countListeners(client);
    const provider = new SortitionProvider(client);
    for (let i = 0; i < 20; i++) {
      await OpenFeature.setProviderAndWait(provider);
      expect(listeners()).toBeGreaterThan(0);
      await OpenFeature.setProviderAndWait(new InMemoryProvider({}));
    }
    expect(listeners()).toBe(0);
    expect(heard).toEqual(Array.from({ length: 40 }, () => "READY"));
    expect(client.status.state).toBe("ready");
    expect(client.getStringAssignment("string", "alice", { plan: "gold" }, "d")).toBe("blue");
    await client.close();
  });

  it("create and close the provider's own client each time", async () => {
    server.respond(OK);
    const clients: Client[] = [];
    const provider = SortitionProvider.create(() => {
      const client = clientOfServer();
      clients.push(client);
      return client;
    });
    for (let i = 0; i < 20; i++) {
      await OpenFeature.setProviderAndWait(provider);
      await OpenFeature.setProviderAndWait(new InMemoryProvider({}));
    }
    await expect
      .poll(() => clients.map(({ status: { state } }) => state))
      .toEqual(Array.from({ length: 20 }, () => "closed"));
  });

  it("serve several domains, and close the client with the last one", async () => {
    server.respond(OK);
    let client: Client | null = null;
    const provider = SortitionProvider.create(() => {
      client = clientOfServer();
      return client;
    });
    await OpenFeature.setProviderAndWait("a", provider);
    await OpenFeature.setProviderAndWait("b", provider);
    const state = () => (client as unknown as Client).status.state;
    await OpenFeature.setProviderAndWait("a", new InMemoryProvider({}));
    expect(state()).toBe("ready");
    expect(await OpenFeature.getClient("b").getStringValue("string", "d", ALICE)).toBe("blue");
    await OpenFeature.setProviderAndWait("b", new InMemoryProvider({}));
    await expect.poll(state).toBe("closed");
  });

  it("create and close a single client if two run at once", async () => {
    server.respond(OK);
    const clients: Client[] = [];
    const provider = SortitionProvider.create(async () => {
      const client = clientOfServer();
      clients.push(client);
      return client;
    });
    await Promise.all([provider.initialize(), provider.initialize()]);
    await provider.onClose();
    expect(clients.map(({ status: { state } }) => state)).toEqual(["closed"]);
    await provider.initialize();
    await provider.onClose();
    expect(clients.map(({ status: { state } }) => state)).toEqual(["closed", "closed"]);
  });

  it("leave no listener on a borrowed client if two run at once", async () => {
    const { client, payload, sink } = scripted();
    const listeners = countListeners(client);
    const provider = new SortitionProvider(client);
    const both = Promise.all([provider.initialize(), provider.initialize()]);
    await sink.offer([payload]);
    await both;
    await provider.onClose();
    expect(listeners()).toBe(0);
  });

  it("close a client that was created too late, and return defaults after removal", async () => {
    server.respond(OK);
    const client = clientOfServer();
    let give = (): void => {};
    const made = new Promise<Client>((resolve) => {
      give = () => resolve(client);
    });
    const provider = SortitionProvider.create(() => made);
    const registered = OpenFeature.setProviderAndWait(provider);
    const removed = OpenFeature.setProviderAndWait(new InMemoryProvider({}));
    give();
    await expect(registered).rejects.toMatchObject({ code: "SORTITION_CLOSED" });
    await removed;
    expect(client.status.state).toBe("closed");
    expect(await provider.resolveStringEvaluation("string", "d", ALICE)).toMatchObject({
      value: "d",
      errorCode: "PROVIDER_NOT_READY",
    });
  });

  it("work inside the SDK's MultiProvider", async () => {
    server.respond(OK);
    const client = clientOfServer();
    const variants = { on: true, off: false };
    const theirs = { variants, defaultVariant: "on", disabled: false } as const;
    const providers = [
      { provider: new SortitionProvider(client) },
      { provider: new InMemoryProvider({ theirs }) },
    ];
    await OpenFeature.setProviderAndWait(new MultiProvider(providers));
    const flags = OpenFeature.getClient();
    expect(await flags.getStringValue("string", "d", ALICE)).toBe("blue");
    expect(await flags.getBooleanValue("theirs", false, ALICE)).toBe(true);
    await OpenFeature.close();
    expect(client.status.state).toBe("ready");
    await client.close();
  });

  it("make a MultiProvider READY when a configuration is received late", async () => {
    server.respond(answer("", 500));
    const client = clientOfServer(500);
    const multi = new MultiProvider([{ provider: new SortitionProvider(client) }]);
    await expect(OpenFeature.setProviderAndWait(multi)).rejects.toThrow();
    expect(status()).toBe("ERROR");
    server.respond(OK);
    await client.refresh();
    await expect.poll(status).toBe("READY");
    expect(await OpenFeature.getClient().getStringValue("string", "d", ALICE)).toBe("blue");
    await client.close();
  });

  it("fail if the client was closed in the meantime, or cannot be created", async () => {
    const { client } = scripted();
    const borrowed = new SortitionProvider(client);
    await client.close();
    await expect(OpenFeature.setProviderAndWait(borrowed)).rejects.toThrow("client: is closed");
    const failing = SortitionProvider.create(() => {
      throw new Error("no client");
    });
    await expect(OpenFeature.setProviderAndWait(failing)).rejects.toThrow("no client");
  });
});

describe("a process", () => {
  it("exits after OpenFeature.close(), even if a request hangs", async () => {
    server.respond({ kind: "hang" });
    const script = `
      import { OpenFeature } from "@openfeature/server-sdk";
      import { createClient } from "@sortition/node";
      import { SortitionProvider } from "@sortition/openfeature";
      process.once("SIGUSR2", async () => {
        await OpenFeature.close();
      });
      OpenFeature.setLogger({ debug() {}, info() {}, warn() {}, error() {} });
      OpenFeature.setProvider(SortitionProvider.create(() => createClient({
        apiKey: "key", baseUrl: process.env.BASE_URL, initializationTimeoutMs: 60_000, requestTimeoutMs: 60_000,
      })));
      console.error("\\n@started");
    `;
    const child = startChild({ cwd, script, env: { BASE_URL: server.url } });
    await child.mark("started");
    await server.request(1);
    child.kill("SIGUSR2");
    // The request would hang for longer than the process may take.
    const { exitCode, stderr } = await child.ended;
    expect(exitCode).toBe(0);
    expect(stderr).not.toMatch(/Unhandled|unsettled/);
  });
});
