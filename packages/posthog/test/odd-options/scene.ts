import { vi } from "vitest";

/** What both packages' clients have of the calls of a scene. */
export interface SceneClient {
  capture(message: object): void;
  getFeatureFlag(key: string, distinctId: string): Promise<unknown>;
  getAllFlags(distinctId: string): Promise<unknown>;
  flush(): Promise<unknown>;
  shutdown(timeoutMs?: number): unknown;
  on(event: string, listener: () => void): unknown;
}

/**
 * How the server of a scene fails: not at all, the first request of each path, by leaving that without an answer;
 * or nobody asks it anything.
 */
export type Fault = "none" | "refuses" | "hangs" | "unused";

interface Request {
  /** After the begin of the scene. */
  readonly atMs: number;
  readonly path: string;
  readonly body: unknown;
  /** When the client gave it up. */
  abortedAtMs?: number;
}

interface FetchOptions {
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

/** Nobody listens there. */
export const HOST = "http://127.0.0.1:1";

const START_MS = 1_800_000_000_000;
/** A client that does not stop asking would keep the test busy for ever. */
const MOST_REQUESTS = 40;
const MOST_POLLS = 1_000;
/** Events that fill a batch. */
const CROWD = 45;

const DEFINITIONS = { flags: [{ id: 1, key: "local", active: true, filters: { groups: [{}] } }] };
const REMOTE = { flags: { remote: { key: "remote", enabled: true, variant: "b" } } };

/** The requests of one client, on a fake clock. */
class Server {
  readonly #requests: Request[] = [];
  readonly #fault: Fault;
  readonly #faulty = new Set<string>();
  /** Requests of definitions, of which both clients space the first ones in their own way. */
  #polls = 0;
  /** What a client gives up when it ends does not count. */
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

/** To 10 ms: a timer of no time takes 1 ms in Node, and none on the fake clock. */
function now(): number {
  return Math.round((Date.now() - START_MS) / 10) * 10;
}

const VOLATILE = [
  ...["uuid", "sent_at", "timestamp", "sortition_version", "$feature_flag_evaluated_at"],
  "$feature_flag_definitions_loaded_at",
];

/** Of an event, or of nobody. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Without what differs from one run to the next. */
function readable(body: string | Uint8Array | undefined): unknown {
  if (body === undefined) return null;
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  return JSON.parse(text, (name, value: unknown) => {
    if (VOLATILE.includes(name)) return undefined;
    return typeof value === "string" && UUID.test(value) ? "a uuid" : value;
  });
}

let current = new Server("none");

/** The `fetch` of the options of every client: that of the scene that is played. */
export const sceneFetch = (url: string, options: FetchOptions): Promise<Response> =>
  current.answer(url, options);

const realImmediate = setImmediate;
const { digest } = crypto.subtle;
/** Hashes that are being made, off the thread. */
let hashing = 0;

async function countedDigest(...parts: Parameters<typeof digest>): Promise<ArrayBuffer> {
  hashing += 1;
  try {
    return await digest.apply(crypto.subtle, parts);
  } finally {
    hashing -= 1;
  }
}

/** Lets everything happen that needs no time of the fake clock. */
async function turns(): Promise<void> {
  do {
    for (let i = 0; i < 5; i++) await new Promise((resolve) => realImmediate(resolve));
  } while (hashing > 0);
}

async function pass(ms: number): Promise<void> {
  await turns();
  await vi.advanceTimersByTimeAsync(ms);
  await turns();
}

/** Plays a scene on a fake clock, and returns the requests of the client and the answers of its calls. */
export function play(create: () => SceneClient, fault: Fault): Promise<unknown> {
  return onStage(create, fault, (client) => (fault === "unused" ? {} : calls(client, fault)));
}

/**
 * Makes one call of a client of which everything else is as usual, and returns its answer and all requests, also
 * those of an event and an evaluation afterwards. Throws what the call throws or rejects with.
 */
export function playCall<Client extends SceneClient>(
  create: () => Client,
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

/** Snapshots by their content; what cannot be compared by its type. */
function shown(value: unknown): unknown {
  if (typeof value === "function") return "a function";
  const { keys, getFlag } = (value ?? {}) as { keys?: unknown; getFlag?: unknown };
  return Array.isArray(keys) && typeof getFlag === "function" ? keys.sort() : value;
}

async function onStage<Client extends SceneClient>(
  create: () => Client,
  fault: Fault,
  act: (client: Client) => object | Promise<object>,
): Promise<unknown> {
  vi.useFakeTimers({ now: START_MS });
  vi.stubGlobal("fetch", sceneFetch);
  const random = vi.spyOn(Math, "random").mockReturnValue(0.5);
  const hashes = vi.spyOn(crypto.subtle, "digest").mockImplementation(countedDigest);
  const server = new Server(fault);
  current = server;
  try {
    const client = create();
    client.on("error", () => {});
    let answers: object = {};
    try {
      // What is answered when the client ends does not count.
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
