import { PENDING, type TimeLimit, withinTime } from "@sortition/dialect-kit/odd-options";
import { ownFetch } from "@sortition/test-kit";
import { vi } from "vitest";
import type { EppoClient, IClientConfig } from "../../src/index.js";
import type { NamedSdk } from "../sdks.js";

const START_MS = 1_800_000_000_000;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
/**
 * The vendor polls once per second. A value that it treats as a millisecond causes as many polls.
 */
export const INTERVAL_MS = 1_000;
export const OBSERVED_MS = 2_500;
const LIMIT: TimeLimit = { limitMs: OBSERVED_MS, stepMs: 20 };

/** Number of calls of {@link observed} so far. A client of an earlier one may still retry, so each has its own host. */
let runs = 0;

/** Returns the base URL for the clients of the current program. */
export const baseUrl = (): string => `https://run-${runs}.flags.invalid/api`;

/**
 * Runs a program with the fake clock, and a server behind the global `fetch` that responds by path.
 */
export async function observed(
  answerTo: (path: string) => string,
  work: (requests: readonly string[]) => Promise<unknown>,
): Promise<unknown> {
  const requests: string[] = [];
  runs += 1;
  vi.useFakeTimers({ now: START_MS });
  const double = async (url: string) => {
    const { pathname } = new URL(url);
    requests.push(pathname);
    return new Response(answerTo(pathname));
  };
  vi.stubGlobal("fetch", ownFetch(double, baseUrl()));
  try {
    return await work(requests);
  } finally {
    vi.unstubAllGlobals();
    vi.clearAllTimers();
    vi.useRealTimers();
  }
}

/** Returns the value that a promise resolves with while the fake clock advances. */
export async function settled<T>(promise: Promise<T>): Promise<T> {
  const value = await withinTime(promise, LIMIT);
  if (value === PENDING) throw new Error(PENDING);
  return value;
}

export async function open({ name, sdk }: NamedSdk, given: object): Promise<EppoClient> {
  const ours = name === "ours" ? { diagnostics: SILENT, pollJitterMs: 0 } : {};
  const config: object = { ...given, ...ours };
  return await settled(sdk.init(config as IClientConfig)); // may contain anything
}
