import { Agent } from "node:https";
import { createRequire } from "node:module";
import { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import * as vendorSdk from "@amplitude/experiment-node-server";
import {
  type OddOptionsSuite,
  type OddSide,
  type TimeLimit,
  withinTime,
} from "@sortition/dialect-kit/odd-options";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { vi } from "vitest";
import * as ourSdk from "../../src/index.js";
import { flagOf } from "../client/local/flags.js";
import { cohortFlag } from "../source/cohort-server.js";
import { AT_ONCE, keepUploads, type Upload } from "./uploads.js";

type Sdk = Pick<
  typeof vendorSdk,
  "Experiment" | "LocalEvaluationClient" | "RemoteEvaluationClient"
>;
type LocalArguments = ConstructorParameters<Sdk["LocalEvaluationClient"]>;

const PACKAGE = "@amplitude/experiment-node-server";
const ours = ourSdk as unknown as Sdk; // the surface test compares the types
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
/** More users than the event filters remember. */
const USERS = ["bob", "carl", "bob", "carl", "dora", "bob"];
const ALICE = { user_id: "alice" };
const COHORT = {
  ...{ cohortId: "c1", groupType: "User", groupTypeId: 0, lastComputed: 1 },
  ...{ lastModified: 1, size: 1, memberIds: ["alice"] },
};
const START_MS = 1_800_000_000_000;
const OBSERVED_MS = 1_000;
const STEP_MS = 50;

const howMany = (count: number): number | string => (count > 10 ? "very many" : count);

const LIMIT: TimeLimit = { limitMs: OBSERVED_MS, stepMs: STEP_MS };

/**
 * Installs fake timers with intervals of at least a millisecond, as in Node.js, because intervals
 * without a delay would never finish. Returns a function that restores the timers.
 */
function useFakeTimers(): () => void {
  vi.useFakeTimers({ now: START_MS });
  const { setInterval } = globalThis;
  const isDelay = (ms: unknown): boolean => Number(ms) >= 1 && Number(ms) < 2 ** 31;
  globalThis.setInterval = ((callback: () => void, ms?: number) =>
    setInterval(callback, isDelay(ms) ? ms : 1)) as typeof setInterval;
  return () => {
    globalThis.setInterval = setInterval;
    vi.clearAllTimers();
    vi.useRealTimers();
  };
}

/** A stream that fails immediately, so that clients poll. */
const noStream = (() => {
  const source = { close() {} } as { close(): void; onerror?: (event: object) => void };
  Promise.resolve().then(() => source.onerror?.({ status: 501 }));
  return source;
}) as unknown as NonNullable<LocalArguments[4]>;

/** A stream that never sends anything. Its address is recorded as a request. */
const silentStream =
  (requests: string[]) =>
  (url: string): unknown => {
    requests.push(url);
    return { close() {} };
  };

/** Returns how long a start waits for a silent stream, and its requests. */
function streamedBy({ LocalEvaluationClient }: Sdk): OddSide {
  return async ([, config]) => {
    const requests: string[] = [];
    const httpClient = {
      async request(url: string) {
        requests.push(url);
        return { status: 200, body: JSON.stringify([flagOf("all")]) };
      },
    };
    const useRealTimers = useFakeTimers();
    const factory = silentStream(requests) as NonNullable<LocalArguments[4]>;
    const client = new LocalEvaluationClient(
      ...(["key", config as LocalArguments[1], undefined, httpClient, factory] as LocalArguments),
    );
    try {
      const started = await withinTime(client.start(), LIMIT);
      return { started, atMs: Date.now() - START_MS, requests };
    } finally {
      client.stop();
      useRealTimers();
    }
  };
}

const streamConfig = () => ({
  ...{ serverUrl: "https://flags.invalid", loggerProvider: { ...SILENT } },
  ...{ streamUpdates: true, streamServerUrl: "https://stream.invalid" },
  streamFlagConnTimeoutMillis: 300,
});

/** Returns flags and a cohort through an `httpClient`, with the fake clock. */
function localBy({ LocalEvaluationClient }: Sdk): OddSide {
  return async (given) => {
    const requests: string[] = [];
    const httpClient = {
      async request(url: string) {
        requests.push(decodeURIComponent(url.replace(/^https:\/\/[^/]*/, "").replaceAll("+", " ")));
        const body = url.includes("/cohort/")
          ? COHORT
          : [flagOf("all"), cohortFlag("members", "c1")];
        return { status: 200, body: JSON.stringify(body) };
      },
    };
    const uploads: Upload[] = [];
    const end = keepUploads(uploads);
    const useRealTimers = useFakeTimers();
    let client: InstanceType<Sdk["LocalEvaluationClient"]> | undefined;
    try {
      const [apiKey, config, cache, given3 = httpClient, factory = noStream] =
        given as LocalArguments;
      client = new LocalEvaluationClient(apiKey, config, cache, given3, factory);
      const before = Object.keys(client.evaluateV2({ ...ALICE }));
      const started = await withinTime(client.start(), LIMIT);
      const first = [...requests];
      const variants = client.evaluateV2({ ...ALICE });
      for (const user_id of USERS) {
        client.evaluateV2({ user_id }, undefined, { tracksExposure: true });
      }
      await vi.advanceTimersByTimeAsync(OBSERVED_MS);
      const polls = howMany(requests.length - first.length);
      return { before, started, first, variants, polls, uploads };
    } finally {
      client?.stop();
      end();
      useRealTimers();
    }
  };
}

/** A server that fails a few times for one of two keys. */
let server: TestServer | undefined;

export async function startServer(): Promise<void> {
  server = await startTestServer();
}

export async function closeServer(): Promise<void> {
  await server?.close();
}

const FAILURES = 4;
/** Enough for a few requests on a busy machine; requests that wait take far longer. */
const PATIENCE_MS = 1_000;

let remotes = 0;

function remoteBy(create: (given: unknown[]) => unknown): OddSide {
  return async (given) => {
    const [apiKey, config] = given as [string, vendorSdk.RemoteEvaluationConfig | undefined];
    // A separate path, because a client that is still trying may send requests during the next
    // case.
    const path = `/${++remotes}`;
    const asksServer = server !== undefined && config?.serverUrl === server.url;
    const options = asksServer ? { ...config, serverUrl: `${server?.url}${path}` } : config;
    const client = create([apiKey, options]) as InstanceType<Sdk["RemoteEvaluationClient"]>;
    const outcomes = [];
    for (const failures of [0, FAILURES]) {
      let requests = 0;
      server?.respond((request) => {
        const isOwn = request.path.startsWith(`${path}/`);
        if (isOwn) requests += 1;
        const isDown = isOwn && requests <= failures;
        return { kind: "answer", status: isDown ? 500 : 200, body: '{"a":{"key":"on"}}' };
      });
      let cancel: NodeJS.Timeout | undefined;
      const patience = new Promise((resolve) => {
        cancel = setTimeout(resolve, PATIENCE_MS, "pending");
      });
      const fetched = client.fetchV2(ALICE).then(
        (variants) => JSON.stringify(variants),
        () => "failed",
      );
      const outcome = await Promise.race([fetched, patience]);
      clearTimeout(cancel);
      outcomes.push([outcome, outcome === "pending" ? null : requests]);
    }
    return outcomes;
  };
}

const localConfig = () => ({
  ...{ serverUrl: "https://flags.invalid", loggerProvider: { ...SILENT } },
  flagConfigPollingIntervalMillis: 400,
  cohortSyncConfig: { apiKey: "a", secretKey: "s", cohortServerUrl: "https://cohort.invalid" },
  assignmentConfig: { apiKey: "assignments", cacheCapacity: 2, ...AT_ONCE },
  exposureConfig: { apiKey: "exposures", cacheCapacity: 2, ...AT_ONCE },
});
const remoteConfig = () => ({
  ...{ serverUrl: server?.url, loggerProvider: { ...SILENT }, httpAgent: noNetwork },
  ...{ fetchRetries: 2, fetchRetryBackoffMinMillis: 1, fetchRetryBackoffMaxMillis: 2 },
});

/**
 * Keeps odd values that fall back to the default from reaching the vendor's servers. The loopback
 * server has no TLS.
 */
const noNetwork = Object.assign(new Agent(), {
  createConnection() {
    throw new Error("no network in tests");
  },
});

/** Duration of each response of the slow server. Valid time-outs are both shorter and longer. */
const SLOW_MS = 200;
const PATIENT_MS = 2_000;

/**
 * A connection on which only the fake clock passes time, until the response or its own time-out.
 */
class SlowConnection extends Duplex {
  #hasAnswered = false;

  override _read(): void {}

  override _write(_chunk: unknown, _encoding: unknown, done: () => void): void {
    done();
    if (this.#hasAnswered) return;
    this.#hasAnswered = true;
    const body = '{"a":{"key":"on"}}';
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`;
    setTimeout(() => this.push(`${head}${body}`), SLOW_MS);
  }

  setTimeout(ms: number, onTimeout?: () => void): this {
    if (onTimeout !== undefined) this.once("timeout", onTimeout);
    if (ms > 0) setTimeout(() => this.emit("timeout"), ms);
    return this;
  }
  setKeepAlive(): void {}
  setNoDelay(): void {}
  ref(): void {}
  unref(): void {}
}

/** Returns the result and time of a fetch from a slow server, and its number of connections. */
const slowBy =
  ({ RemoteEvaluationClient }: Sdk): OddSide =>
  async ([apiKey, config]) => {
    let connections = 0;
    const agent = Object.assign(new Agent(), {
      createConnection() {
        connections += 1;
        return new SlowConnection();
      },
    });
    const useRealTimers = useFakeTimers();
    const options = { ...(config as object), httpAgent: agent };
    const client = new RemoteEvaluationClient(apiKey as string, options);
    try {
      const fetched = client.fetchV2(ALICE).then(
        (variants) => JSON.stringify(variants),
        () => "failed",
      );
      const outcome = await withinTime(fetched, { limitMs: PATIENT_MS, stepMs: 10 });
      // Rounded, because one step of the clock more or less depends on the machine.
      const atMs = Math.floor((Date.now() - START_MS) / 100) * 100;
      return { outcome, atMs, connections };
    } finally {
      useRealTimers();
    }
  };

const slowConfig = () => ({
  ...{ serverUrl: "https://flags.invalid", loggerProvider: { ...SILENT } },
  ...{ fetchRetries: 2, fetchRetryBackoffMinMillis: 1, fetchRetryBackoffMaxMillis: 2 },
  ...{ fetchTimeoutMillis: 100, fetchRetryTimeoutMillis: 400 },
});

const newRemote =
  ({ RemoteEvaluationClient }: Sdk) =>
  ([apiKey, config]: unknown[]): unknown =>
    new RemoteEvaluationClient(apiKey as string, config as vendorSdk.RemoteEvaluationConfig);

export const SUITE: OddOptionsSuite = {
  declarations: createRequire(import.meta.url)
    .resolve(PACKAGE)
    .replace(/\.js$/, ".d.ts"),
  isVendorFile: (path) => path.includes("/@amplitude/"),
  page: fileURLToPath(new URL("../../../../docs/vendors/amplitude.md", import.meta.url)),
  calls: [
    {
      callee: "new LocalEvaluationClient",
      isTyped: true,
      valid: () => ["key", localConfig()],
      theirs: localBy(vendorSdk),
      ours: localBy(ours),
    },
    {
      callee: "new LocalEvaluationClient",
      isTyped: true,
      valid: () => ["key", streamConfig()],
      theirs: streamedBy(vendorSdk),
      ours: streamedBy(ours),
      isTried: (input) => /[sS]tream|serverUrl$/.test(input) && input.startsWith("config."),
    },
    {
      callee: "new RemoteEvaluationClient",
      isTyped: true,
      valid: () => ["key", remoteConfig()],
      theirs: remoteBy(newRemote(vendorSdk)),
      ours: remoteBy(newRemote(ours)),
      // Tried below with a fake clock, because it depends on the machine whether a server responds
      // within a millisecond.
      isTried: (input) => !input.endsWith("TimeoutMillis"),
    },
    {
      callee: "new RemoteEvaluationClient",
      isTyped: true,
      valid: () => ["key", slowConfig()],
      theirs: slowBy(vendorSdk),
      ours: slowBy(ours),
      isTried: (input) => input.endsWith("TimeoutMillis"),
    },
  ],
  differences: [
    {
      name: "interval that is no time",
      because: "polls up to a thousand times per second",
      explains: ({ input, kind }) =>
        /PollingIntervalMillis$/.test(input) && kind === "effects differ",
    },
    {
      name: "undefined",
      because: "an option that is `undefined` | has its default | is a value",
      explains: ({ value, kind }) => value === "undefined" && kind === "effects differ",
    },
  ],
};
