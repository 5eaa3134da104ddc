import {
  endProgramClock,
  passTime,
  settled,
  startProgramClock,
} from "@sortition/dialect-kit/differential";
import { ownFetch } from "@sortition/test-kit";
import { vi } from "vitest";
import type { EppoClient, EventDispatcher, IClientConfig, Variation } from "../../src/index.js";
import { flagStore } from "../flag-store.js";
import type { NamedSdk } from "../sdks.js";
import { type Bodies, START_MS } from "./configurations.js";
import type { Call, Made, Program, Step, StoreOf, User } from "./steps.js";

/** The journal of a program: the results of its steps, events and requests, in order. */
export type Journal = readonly (readonly unknown[])[];

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
/** Number of programs so far. A client of an earlier program may still retry, so each program has its own host. */
let programs = 0;

/** A program that runs with one of the two packages. */
class Player {
  readonly journal: (readonly unknown[])[] = [];
  readonly #sdk: NamedSdk;
  readonly #program: Program;
  readonly baseUrl: string = `https://program-${++programs}.flags.invalid/api`;
  readonly #users: readonly User[];
  /** Events that loggers received, which may have been modified since. */
  readonly #events: unknown[] = [];
  readonly #clients: EppoClient[] = [];
  #client: EppoClient | null = null;
  #overrides: Record<string, Variation> = {};
  #result: unknown;
  #answer: string;
  #body: Bodies | undefined;
  #keys = 0;
  /**
   * Whether loggers may throw. Our client logs an event again after its logger failed, while the
   * vendor loses it if it had waited for the logger. A full cache drops an entry for an event that
   * fails, but not in the vendor's client.
   */
  readonly #mayThrow: boolean;
  /** Requests for models, which our client may repeat, while the vendor fetches them once. */
  readonly #modelRequests: unknown[] = [];
  /** Number of requests that are waiting for their time-out. */
  #hanging = 0;

  constructor(sdk: NamedSdk, program: Program) {
    this.#sdk = sdk;
    this.#program = program;
    this.#users = program.users;
    this.#answer = program.answer;
    this.#body = program.bodies[0];
    const hasLogger = (["assignmentLogger", "banditLogger"] as const).some(
      (name) => program.config[name] !== undefined,
    );
    const isSmall = program.steps.some((step) => /LRU|Expiring/.test(step.do));
    this.#mayThrow = hasLogger && !isSmall;
  }

  async run(): Promise<void> {
    await this.#init();
    for (const step of this.#program.steps) await this.#play(step);
    await passTime(50);
    this.#note("end", this.#sdk.sdk.getInstance() === this.#clients.at(-1), this.#events);
    this.#note("requests of models", this.#modelRequests);
    for (const client of this.#clients) client.stopPolling();
  }

  /** Starts a client, which becomes the instance. */
  async #init(): Promise<void> {
    // The vendor's client would keep polling.
    this.#clients.at(-1)?.stopPolling();
    this.#keys += 1;
    const config: object = {
      ...this.#made(this.#program.config),
      ...{ apiKey: `key-${this.#keys}`, baseUrl: this.baseUrl },
      ...(this.#sdk.name === "ours" ? { diagnostics: SILENT, pollJitterMs: 0 } : {}),
    };
    const { getInstance, init } = this.#sdk.sdk;
    await this.#noted("init", async () => (await init(config as IClientConfig)) === getInstance());
    this.#client = getInstance();
    this.#client.setEventDispatcher(this.#dispatcher("first"));
    this.#clients.push(this.#client);
  }

  async #play(step: Step): Promise<void> {
    switch (step.do) {
      case "serve":
        this.#answer = step.answer;
        this.#body = this.#program.bodies[step.body];
        return;
      case "wait":
        return passTime(step.ms);
      case "change attributes": {
        const user = this.#users[step.user] as User; // a program has two
        user.attributes[step.name] = step.value;
        return;
      }
      case "change overrides":
        for (const key of Object.keys(this.#overrides)) delete this.#overrides[key];
        return void Object.assign(this.#overrides, step.overrides);
      case "change result":
        return changeResult(this.#result);
      case "original":
        this.#client = this.#clients.at(-1) ?? null;
        return;
      case "init":
        // A client that fails does not replace one that has a configuration, unlike the vendor's.
        this.#answer = "flags";
        return this.#init();
      default:
        return this.#call(step as Call); // all others are listed above
    }
  }

  async #call({ do: name, given }: Call): Promise<void> {
    const client = this.#client as unknown as Readonly<
      Record<string, (...given: unknown[]) => unknown>
    >;
    // The vendor's method does not wait for a poll's request.
    while (name === "fetchFlagConfigurations" && this.#hanging > 0) await passTime(50);
    const result = await this.#noted(name, () => client[name]?.(...given.map(this.#argument)));
    if (name === "withOverrides") this.#client = result as EppoClient;
    this.#result = result;
  }

  async #noted(name: string, work: () => unknown): Promise<unknown> {
    try {
      const result = await settled(Promise.resolve(work()));
      this.#note(name, name === "withOverrides" ? typeof result : result);
      return result;
    } catch (error) {
      const { message, status } = error as { readonly message: string; readonly status?: number };
      this.#note(name, "throws", message, status);
      return null;
    }
  }

  /** Copies the values, because the packages modify their objects later. */
  #note(name: string, ...seen: unknown[]): void {
    this.journal.push([name, ...seen.map(copied)]);
  }

  #made(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(options).map(([name, value]) => [name, this.#argument(value)]),
    );
  }

  readonly #argument = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null || !("made" in value)) return value;
    const { made, of } = value as Made;
    switch (made) {
      case "subject key":
        return this.#users[of as number]?.key;
      case "attributes":
        return this.#users[of as number]?.attributes;
      case "logger":
        return this.#logger(of as string);
      case "cache":
        return this.#cache(of as string);
      case "override store":
        return this.#overrideStore(of as Record<string, Variation>);
      case "flag store": {
        const { body, isExpired } = of as StoreOf;
        return flagStore(this.#program.bodies[body]?.flags ?? {}, isExpired);
      }
      case "dispatcher":
        return this.#dispatcher("other");
      default:
        return {
          ...this.#made(of as Record<string, unknown>),
          ...{
            apiKey: "other",
            baseUrl: this.baseUrl,
            sdkName: "name",
            sdkVersion: "1",
          },
        };
    }
  };

  #dispatcher(name: string): EventDispatcher {
    return {
      attachContext: (...given) => this.#note("context", name, given),
      dispatch: (event) => this.#note("dispatched", name, event),
    };
  }

  #logger(kind: string): object {
    let calls = 0;
    const log = (name: string) => (event: unknown) => {
      this.#events.push(event);
      this.#note(name, event);
      calls += 1;
      const throws = kind === "throws" || (kind === "throws once" && calls === 1);
      if (throws && this.#mayThrow) throw new Error("full");
    };
    return { logAssignment: log("assignment"), logBanditAction: log("choice") };
  }

  #cache(kind: string): object {
    const known = new Set<string>();
    return {
      has: (entry: object) => {
        this.#note(`${kind} has`, entry);
        return known.has(JSON.stringify(entry));
      },
      set: (entry: object) => {
        this.#note(`${kind} set`, entry);
        known.add(JSON.stringify(entry));
      },
    };
  }

  #overrideStore(overrides: Record<string, Variation>): object {
    this.#overrides = { ...overrides };
    const entries = this.#overrides;
    return {
      get: (key: string) => (Object.hasOwn(entries, key) ? entries[key] : null),
      entries: () => entries,
      getKeys: () => Object.keys(entries),
      isInitialized: () => true,
      setEntries() {},
    };
  }

  readonly fetch = async (url: string, init?: RequestInit): Promise<Response> => {
    const { pathname, searchParams } = new URL(`${url}`);
    const request = [pathname, searchParams.get("apiKey"), Date.now() - START_MS];
    if (pathname.endsWith("/bandits")) this.#modelRequests.push(request);
    else this.#note("request", ...request);
    switch (this.#answer) {
      case "500":
        return new Response("", { status: 500 });
      case "garbage":
        return new Response("<html>");
      case "reset":
        throw new TypeError("fetch failed");
      case "hang":
        this.#hanging += 1;
        return new Promise((_, reject) => {
          const end = (): void => {
            this.#hanging -= 1;
            reject(new DOMException("aborted", "AbortError"));
          };
          init?.signal?.addEventListener("abort", end);
        });
      default: {
        const { bandits, flags } = this.#body ?? {};
        return new Response(JSON.stringify(pathname.endsWith("/bandits") ? bandits : flags));
      }
    }
  };
}

/** Modifies the result of a getter. Later results and events must not be affected. */
function changeResult(result: unknown): void {
  if (typeof result !== "object" || result === null) return;
  const { evaluationDetails, variation } = result as Record<string, unknown>;
  for (const it of [evaluationDetails, variation]) {
    if (typeof it === "object" && it !== null) Object.assign(it, { flagEvaluationCode: "changed" });
  }
}

/** Random identifiers, and members that name the library. */
const NOT_COMPARED: ReadonlySet<string> = new Set([
  ...["messageId", "uuid", "sdkName", "sdkLibVersion"],
]);

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([name]) => !NOT_COMPARED.has(name));
  return Object.fromEntries(members.map(([name, it]) => [name, copied(it)]));
}

/** Runs a program with one of the packages. */
export async function playProgram(sdk: NamedSdk, program: Program): Promise<Journal> {
  // Starts without an instance, because each package stores one in the process.
  Reflect.deleteProperty(globalThis, Symbol.for("@sortition/eppo 0"));
  const player = new Player(sdk, structuredClone(program));
  startProgramClock(START_MS);
  vi.stubGlobal("fetch", ownFetch(player.fetch, player.baseUrl));
  const random = vi.spyOn(Math, "random").mockReturnValue(0.5);
  try {
    await player.run();
  } finally {
    random.mockRestore();
    vi.unstubAllGlobals();
    endProgramClock();
  }
  return player.journal;
}
