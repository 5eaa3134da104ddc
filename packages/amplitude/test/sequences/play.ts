import * as vendorSdk from "@amplitude/experiment-node-server";
import {
  endProgramClock,
  passTime,
  settled,
  startProgramClock,
} from "@sortition/dialect-kit/differential";
import * as ourSdk from "../../src/index.js";
import type { GeneratedCohort, GeneratedConfiguration } from "../differential/configurations.js";
import type { Program, Step } from "./steps.js";

/**
 * The journal of a program: the results and requests of its steps in order, and then its uploads.
 */
export type Journal = readonly (readonly unknown[])[];

type Sdk = Pick<typeof ourSdk, "LocalEvaluationClient">;
type Client = InstanceType<Sdk["LocalEvaluationClient"]>;
type User = Parameters<Client["evaluateV2"]>[0];

/** Both packages. The vendor's types use `any` where ours use `unknown`. */
export const VENDOR: Sdk = vendorSdk as unknown as Sdk;
export const OURS: Sdk = ourSdk;

const START_MS = Date.UTC(2026, 0, 15, 12);
const INTERVAL_MS = 30_000;
/** Rarely coincides with a poll of flags. */
const COHORT_INTERVAL_MS = 68_000;
/** Each repeated request takes one step. */
const STEP_MS = 1_000;
/** Options with which the analytics client uploads each event immediately. */
const AT_ONCE = { flushIntervalMillis: 5, flushQueueSize: 1, logLevel: 0 };
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
const HOST = "https://flags.invalid";
const COHORT_SERVER = {
  ...{ apiKey: "a", secretKey: "s", cohortServerUrl: HOST },
  cohortPollingIntervalMillis: COHORT_INTERVAL_MS,
};

/** A program that runs with one of the two packages. */
class Player {
  readonly journal: (readonly unknown[])[] = [];
  readonly #sdk: Sdk;
  readonly #program: Program;
  readonly #uploads: unknown[] = [];
  readonly #stored: Record<string, unknown> = {};
  /** Requests of a step, sorted because concurrent requests have no order. */
  #requests: string[] = [];
  #client: Client;
  #isRunning = false;
  #flags = { answer: "content", of: 0 };
  #cohorts = { answer: "content", of: 0 };

  constructor(sdk: Sdk, program: Program) {
    this.#sdk = sdk;
    this.#program = program;
    this.#client = this.#createClient();
  }

  async run(): Promise<void> {
    for (const step of this.#program.steps) {
      await this.#noted(step);
      if (step.do === "start" || step.do === "wait")
        this.journal.push(["store", copied(this.#stored)]);
    }
    this.#stop();
    await passTime(500);
    this.journal.push(["uploads", this.#uploads]);
    this.journal.push(["users", copied(this.#program.calls.map(({ user }) => user))]);
  }

  async #noted(step: Step): Promise<void> {
    let seen: unknown;
    try {
      seen = copied(await settled(Promise.resolve(this.#play(step))));
    } catch (error) {
      // The packages word their errors differently.
      seen = ["throws", error instanceof TypeError];
    }
    this.journal.push([step.do, seen, this.#requests.sort()]);
    this.#requests = [];
  }

  #play(step: Step): unknown {
    const client = this.#client;
    switch (step.do) {
      case "evaluateV2":
      case "evaluate": {
        const { flagKeys, tracksExposure, user } = this.#callOf(step.call);
        // Properties of a generated user may have any type.
        return client[step.do](user as User, flagKeys, { tracksExposure });
      }
      case "change user":
        return void Object.assign(this.#callOf(step.user).user, step.members);
      case "serve flags":
        this.#flags = step;
        return null;
      case "serve cohorts":
        this.#cohorts = step;
        return null;
      case "wait":
        return passTime(step.intervals * INTERVAL_MS, STEP_MS);
      case "start":
        return this.#start();
      case "stop":
        return this.#stop();
      case "new client":
        this.#stop();
        this.#client = this.#createClient();
        return null;
      default:
        return this.#playPart(step);
    }
  }

  #playPart(step: Step): unknown {
    const { cache, cohortStorage } = this.#client;
    switch (step.do) {
      case "cache.put":
        return cache.put(step.key, step.flag);
      case "cache.putAll":
        return cache.putAll(this.#flagsOf(step.of));
      case "cache.get":
        return cache.get(step.key);
      case "cache.delete":
        return cache.delete(step.key);
      case "cache.getAll":
        return cache.getAll();
      case "cache.getAllCached":
        return cache.getAllCached();
      case "cache.clear":
        return cache.clear();
      case "cohortStorage.put":
        return cohortStorage.put(cohortOf(step.cohort));
      case "cohortStorage.delete":
        return cohortStorage.delete(step.id);
      case "cohortStorage.getCohort":
        return cohortStorage.getCohort(step.id);
      case "cohortStorage.getCohortsForUser":
        return cohortStorage.getCohortsForUser(step.member, new Set(step.ids));
      case "cohortStorage.getCohortsForGroup":
        return cohortStorage.getCohortsForGroup("org", step.member, new Set(step.ids));
      default:
        return cohortStorage.getAllCohortIds();
    }
  }

  async #start(): Promise<void> {
    const beginsMs = Date.now();
    try {
      await this.#client.start();
    } catch (error) {
      // Our client would keep trying.
      this.#stop();
      throw error;
    }
    if (this.#isRunning) return;
    this.#isRunning = true;
    // From now on, the program is halfway between two polls.
    await passTime(beginsMs + INTERVAL_MS / 2 - Date.now(), STEP_MS);
  }

  #stop(): void {
    this.#isRunning = false;
    this.#client.stop();
  }

  #createClient(): Client {
    const { configurations, options } = this.#program;
    const upload = {
      ...AT_ONCE,
      apiKey: "analytics",
      transportProvider: { send: this.#upload },
      cacheCapacity: configurations[0]?.cacheCapacity,
    };
    const config = {
      serverUrl: HOST,
      loggerProvider: SILENT,
      flagConfigPollingIntervalMillis: INTERVAL_MS,
      // The vendor's client waits forever.
      startTimeoutMillis: 100_000,
      bootstrap: options.hasBootstrap ? this.#flagsOf(0) : {},
      ...(options.syncsCohorts ? { cohortSyncConfig: { ...COHORT_SERVER } } : {}),
      ...(options.tracksAssignments ? { assignmentConfig: upload } : {}),
      ...(options.tracksExposures ? { exposureConfig: upload } : {}),
    };
    const { LocalEvaluationClient } = this.#sdk;
    const httpClient = { request: this.#request };
    const store = options.hasStore ? this.#store() : undefined;
    return new LocalEvaluationClient("key", config as never, store as never, httpClient as never);
  }

  #callOf(index: number): Program["calls"][number] {
    return this.#program.calls[index] as Program["calls"][number]; // a program has four
  }

  #configuration(index: number): GeneratedConfiguration {
    return this.#program.configurations[index] as GeneratedConfiguration; // a program has two
  }

  #flagsOf(index: number): Record<string, Record<string, unknown>> {
    const { flags } = structuredClone(this.#configuration(index));
    return Object.fromEntries(flags.map((flag) => [flag["key"], flag]));
  }

  #store(): object {
    const stored = this.#stored;
    const clear = async (): Promise<void> => {
      for (const key of Object.keys(stored)) delete stored[key];
    };
    return {
      clear,
      get: async (key: string) => stored[key],
      getAll: async () => ({ ...stored }),
      put: async (key: string, flag: unknown) => {
        stored[key] = flag;
      },
      putAll: async (flags: object) => void Object.assign(stored, flags),
      delete: async (key: string) => {
        delete stored[key];
      },
    };
  }

  readonly #request = async (url: string): Promise<{ status: number; body: string }> => {
    const { pathname, search } = new URL(url);
    this.#requests.push(`${pathname}${search}`);
    const isCohort = pathname.startsWith("/sdk/v1/cohort/");
    const { answer, of } = isCohort ? this.#cohorts : this.#flags;
    if (answer === "reset") throw new Error("connection reset");
    if (answer === "garbage") return { status: 200, body: "<html>" };
    if (answer !== "content") return { status: Number(answer), body: "" };
    if (!isCohort) return { status: 200, body: JSON.stringify(this.#configuration(of).flags) };
    const id = decodeURIComponent(pathname.slice("/sdk/v1/cohort/".length));
    const cohort = this.#configuration(of).cohorts.find((it) => it.cohortId === id);
    if (cohort === undefined) return { status: 404, body: "" };
    const body = { ...cohort, lastModified: of + 1 };
    const isKnown = search.endsWith(`&lastModified=${of + 1}`);
    return isKnown ? { status: 204, body: "" } : { status: 200, body: JSON.stringify(body) };
  };

  readonly #upload = async (_: string, payload: { events: readonly object[] }): Promise<object> => {
    for (const event of payload.events) {
      const { event_id: __, library: ___, time: ____, ...rest } = event as Record<string, unknown>;
      this.#uploads.push(copied(rest));
    }
    const body = { eventsIngested: 1, payloadSizeBytes: 1, serverUploadTime: 1 };
    return { status: "success", statusCode: 200, body };
  };
}

function cohortOf(cohort: GeneratedCohort): Parameters<Client["cohortStorage"]["put"]>[0] {
  const { memberIds, ...facts } = cohort;
  return { ...facts, memberIds: new Set(memberIds), groupTypeId: 0, lastComputed: 1 };
}

/** Copies plain data, with sets as sorted lists. */
function copied(value: unknown): unknown {
  if (value instanceof Set) return [...value].sort();
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, copied(it)]));
}

/** Runs a program with one of the packages. */
export async function playProgram(sdk: Sdk, program: Program): Promise<Journal> {
  startProgramClock(START_MS);
  try {
    const player = new Player(sdk, structuredClone(program));
    await player.run();
    return player.journal;
  } finally {
    endProgramClock();
  }
}
