import { setTimeout as delay } from "node:timers/promises";
import { type FlagDefinition, flagsPayload, splitFlag } from "../flags.js";
import { type RecordedRequest, type Reply, startTestServer } from "../http-server.js";
import { machineMs } from "./machine-clock.js";

/** How the vendor fails requests. */
export interface VendorFailure {
  /** An HTTP status, a reset connection, or no response at all. */
  readonly with: number | "reset" | "hang";
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that the vendor received. Times are those of `machineMs`. */
export interface VendorRequest {
  readonly atMs: number;
  /** The value of the header `x-worker`. */
  readonly worker: string | null;
  /** Version at the time of arrival, which the response contains. */
  readonly version: number;
  /** Status of the response. `null`: there was none. */
  readonly status: number | null;
}

/** A vendor's server whose content has a version. It supports etags, and records its requests. */
export interface Vendor {
  readonly url: string;
  readonly version: number;
  /** An Eppo configuration in which the value of the flags `version` and `echo` is the version. */
  readonly body: string;
  readonly requests: readonly VendorRequest[];
  /** Delay of responses. */
  delayMs: number;
  /** Increments the version, and returns it. */
  change(): number;
  /** Lets all requests fail, or only those of some workers, until `recover()` is called. */
  fail(failure: VendorFailure, workers?: readonly string[]): void;
  recover(): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a vendor with version 1.
 *
 * @param paddingBytes - size of other flags between `version` and `echo`.
 */
export async function startVendor(paddingBytes = 0): Promise<Vendor> {
  const requests: VendorRequest[] = [];
  let version = 1;
  let delayMs = 0;
  let failure: (VendorFailure & { readonly workers: readonly string[] | null }) | null = null;

  const replyTo = (asked: string | null, worker: string | null): Reply => {
    if (failure !== null && (failure.workers?.includes(worker ?? "") ?? true)) {
      if (failure.with === "reset" || failure.with === "hang") return { kind: failure.with };
      return { kind: "answer", status: failure.with, headers: failure.headers ?? {} };
    }
    const headers = { etag: `"v${version}"`, "content-type": "application/json" };
    if (asked === headers.etag) return { kind: "answer", status: 304, headers };
    return { kind: "answer", headers, body: configurationOf(version, paddingBytes) };
  };
  const server = await startTestServer(async (request) => {
    const atMs = machineMs();
    const worker = headerOf(request, "x-worker");
    const reply = replyTo(headerOf(request, "if-none-match"), worker);
    const status = reply.kind === "answer" ? (reply.status ?? 200) : null;
    requests.push({ atMs, worker, version, status });
    if (delayMs > 0) await delay(delayMs);
    return reply;
  });
  return {
    url: server.url,
    requests,
    get version() {
      return version;
    },
    get body() {
      return configurationOf(version, paddingBytes);
    },
    get delayMs() {
      return delayMs;
    },
    set delayMs(ms) {
      delayMs = ms;
    },
    change() {
      version += 1;
      return version;
    },
    fail(next, workers) {
      failure = { ...next, workers: workers ?? null };
    },
    recover() {
      failure = null;
    },
    close: server.close,
    [Symbol.asyncDispose]: server.close,
  };
}

function headerOf(request: RecordedRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" ? value : null;
}

/** Approximate size of one flag in bytes. */
const FLAG_BYTES = 300;

function configurationOf(version: number, paddingBytes: number): string {
  const padding = Array.from({ length: Math.ceil(paddingBytes / FLAG_BYTES) }, (_, i) =>
    flagOf(`padding-${i}`, i),
  );
  const flags = [flagOf("version", version), ...padding, flagOf("echo", version)];
  return JSON.stringify(flagsPayload("eppo", flags));
}

function flagOf(key: string, value: number): FlagDefinition {
  const variation = `v${value}`;
  const [shares, values] = [{ [variation]: 100 }, { [variation]: value }];
  return splitFlag({ key, type: "integer", shares, values });
}
