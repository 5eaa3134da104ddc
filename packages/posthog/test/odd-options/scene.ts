import { ownFetch } from "@sortition/test-kit";
import { vi } from "vitest";

/** The methods of both packages' clients that scenes call. */
export interface SceneClient {
  capture(message: object): void;
  getFeatureFlag(key: string, distinctId: string): Promise<unknown>;
  getAllFlags(distinctId: string): Promise<unknown>;
  flush(): Promise<unknown>;
  shutdown(timeoutMs?: number): unknown;
  on(event: string, listener: () => void): unknown;
}

/**
 * How the server of a scene fails: not at all, by refusing the first request of each path, or by not responding to it.
 * `unused` means that no request is sent.
 */
export type Fault = "none" | "refuses" | "hangs" | "unused";

interface Request {
  /** Time since the start of the scene. */
  readonly atMs: number;
  readonly path: string;
  readonly body: unknown;
  /** When the client aborted it. */
  abortedAtMs?: number;
}

interface FetchOptions {
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

/** An address without a server. */
export const HOST = "http://127.0.0.1:1";

const START_MS = 1_800_000_000_000;
/** Limits, because a client that never stops polling would block the test. */
const MOST_REQUESTS = 40;
const MOST_POLLS = 1_000;
/** Number of events that fill a batch. */
const CROWD = 45;

const DEFINITIONS = { flags: [{ id: 1, key: "local", active: true, filters: { groups: [{}] } }] };
const REMOTE = { flags: { remote: { key: "remote", enabled: true, variant: "b" } } };

/** Records the requests of one client, with a fake clock. */
class Server {
  readonly #requests: Request[] = [];
  readonly #fault: Fault;
  readonly #faulty = new Set<string>();
  /** Number of definition requests. They are only counted, because the two clients space the first ones differently. */
  #polls = 0;
  /** Requests aborted during shutdown are ignored. */
  #isEnding = false;

  constructor(fault: Fault) {
    this.#fault = fault;
  }

  async answer(url: string, { body, signal }: FetchOptions): Promise<Response> {
    const path = url.replace(HOST, "");
    if (path.includes("/definitions?")) return this.#poll();
    const request: Request = { atMs: now(), path, body: readable(body) };
    this.#requests.push(request);
    if (this.#requests.length > MOST_REQUESTS) return new Promise(() => {});
    if (this.#fault !== "none" && !this.#faulty.has(path)) {
      this.#faulty.add(path);
      if (this.#fault === "refuses") throw new TypeError("fetch failed");
      return this.#abortOf(request, signal);
    }
    return new Response(JSON.stringify(REMOTE));
  }

  end(): void {
    this.#isEnding = true;
  }

  seen(): object {
    const requests = this.#requests.sort((a, b) => a.atMs - b.atMs || a.path.localeCompare(b.path));
    const polls = this.#polls > MOST_POLLS ? "endless" : Math.min(this.#polls, 4);
    return { requests, polls };
  }

  #poll(): Promise<Response> | Response {
    this.#polls += 1;
    if (this.#polls > MOST_POLLS) return new Promise(() => {});
    return new Response(JSON.stringify(DEFINITIONS));
  }

  #abortOf(request: Request, signal: AbortSignal | undefined): Promise<never> {
    return new Promise((_, reject) => {
      signal?.addEventListener("abort", () => {
        if (!this.#isEnding) request.abortedAtMs = now();
        reject(signal.reason);
      });
    });
  }
}

/** Rounds to 10 ms, because a timer of 0 ms takes 1 ms in Node.js and none with the fake clock. */
function now(): number {
  return Math.round((Date.now() - START_MS) / 10) * 10;
}

const VOLATILE = [
  ...["uuid", "sent_at", "timestamp", "sortition_version", "$feature_flag_evaluated_at"],
  "$feature_flag_definitions_loaded_at",
];

/** Identifiers of events and anonymous persons. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Removes what differs between runs. */
function readable(body: string | Uint8Array | undefined): unknown {
  if (body === undefined) return null;
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  return JSON.parse(text, (name, value: unknown) => {
    if (VOLATILE.includes(name)) return undefined;
    return typeof value === "string" && UUID.test(value) ? "a uuid" : value;
  });
}

/**
 * The `fetch` option of a scene's client. Each scene has its own, because a client reads the sources of an exception outside of
 * the fake clock, and can send it after its scene.
 */
export type SceneFetch = (url: string, options: FetchOptions) => Promise<Response>;

const realImmediate = setImmediate;
const { digest } = crypto.subtle;
/** Number of hashes in progress on other threads. */
let hashing = 0;

async function countedDigest(...parts: Parameters<typeof digest>): Promise<ArrayBuffer> {
  hashing += 1;
  try {
    return await digest.apply(crypto.subtle, parts);
  } finally {
    hashing -= 1;
  }
}

/** Waits for everything that needs no time of the fake clock, also for what follows the last hash. */
async function turns(): Promise<void> {
  for (let quiet = 0; quiet < 5; quiet = hashing > 0 ? 0 : quiet + 1) {
    await new Promise((resolve) => realImmediate(resolve));
  }
}

async function pass(ms: number): Promise<void> {
  await turns();
  await vi.advanceTimersByTimeAsync(ms);
  await turns();
}

/** Plays a scene with a fake clock. Returns the client's requests and the results of its calls. */
export function play(create: (fetch: SceneFetch) => SceneClient, fault: Fault): Promise<unknown> {
  return onStage(create, fault, (client) => (fault === "unused" ? {} : calls(client, fault)));
}

/**
 * Makes one call on an otherwise ordinary client. Returns its result and all requests, including those of a later event
 * and evaluation. Throws or rejects like the call.
 */
export function playCall<Client extends SceneClient>(
  create: (fetch: SceneFetch) => Client,
  call: (client: Client) => unknown,
): Promise<unknown> {
  return onStage(create, "none", async (client) => {
    await pass(1_000);
    let answer: unknown = "none yet";
    let failure: { readonly cause: unknown } | null = null;
    Promise.resolve(call(client)).then(
      (value) => {
        answer = shown(value);
      },
      (cause: unknown) => {
        failure = { cause };
      },
    );
    await pass(10_000);
    if (failure !== null) throw (failure as { readonly cause: unknown }).cause;
    client.capture({ distinctId: "anna", event: "after" });
    const after = await client.getFeatureFlag("local", "anna");
    await pass(10_000);
    return { answer, after };
  });
}

/** Returns snapshots by their content, and values that cannot be compared by their type. */
function shown(value: unknown): unknown {
  if (typeof value === "function") return "a function";
  const { keys, getFlag } = (value ?? {}) as { keys?: unknown; getFlag?: unknown };
  return Array.isArray(keys) && typeof getFlag === "function" ? keys.sort() : value;
}

async function onStage<Client extends SceneClient>(
  create: (fetch: SceneFetch) => Client,
  fault: Fault,
  act: (client: Client) => object | Promise<object>,
): Promise<unknown> {
  vi.useFakeTimers({ now: START_MS });
  const server = new Server(fault);
  const fetch: SceneFetch = (url, options) => server.answer(url, options);
  vi.stubGlobal("fetch", ownFetch(fetch, HOST));
  const random = vi.spyOn(Math, "random").mockReturnValue(0.5);
  const hashes = vi.spyOn(crypto.subtle, "digest").mockImplementation(countedDigest);
  try {
    const client = create(fetch);
    client.on("error", () => {});
    let answers: object = {};
    try {
      // Responses during shutdown are ignored.
      answers = { ...(await act(client)) };
    } finally {
      server.end();
      const ending = Promise.resolve(client.shutdown(1_000)).catch(() => {});
      await pass(2_000);
      await ending;
    }
    return { ...server.seen(), answers };
  } finally {
    hashes.mockRestore();
    random.mockRestore();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  }
}

async function calls(client: SceneClient, fault: Fault): Promise<object> {
  const answers: Record<string, unknown> = {};
  const ask = async (name: string, asking: Promise<unknown>): Promise<void> => {
    answers[name] = await asking.catch(String);
  };
  const properties = { $raw_user_agent: "Googlebot/2.1", a: 1 };
  client.capture({ distinctId: "anna", event: "$pageview", properties });
  if (fault !== "none") void client.flush().catch(() => {});
  await pass(fault === "none" ? 4_000 : 31_000);
  void ask("local", client.getFeatureFlag("local", "anna"));
  await turns();
  void ask("remote", client.getFeatureFlag("remote", "anna"));
  void ask("all", client.getAllFlags("anna"));
  await pass(10_000);
  if (fault === "none") {
    for (let i = 0; i < CROWD; i++) client.capture({ distinctId: "ben", event: "viewed" });
    await pass(22_000);
  }
  return answers;
}
