import {
  booleanOption,
  type ConfigurationOrigin,
  integerOption,
  integerOptions,
  OptionError,
  rejectUnknownOptions,
  requireMethods,
} from "@sortition/core/kit";
import { checkInput, prefixOf } from "../connection/input.js";
import { dedupeSettings } from "../dedupe/options.js";
import { Namespace, namespaceOf, UNSAFE_IN_KEYS } from "../keys/keys.js";
import { outboxSettings } from "../outbox/options.js";
import { stickyBucketSettings } from "../sticky/options.js";
import { OPTION_NAMES, type RedisFleetOptions } from "./options.js";

/** The timings of a fleet, complete. */
export interface Timings {
  readonly pollIntervalMs: number;
  readonly leaseMs: number;
  readonly tickMs: number;
  readonly claimMs: number;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** `directAfterMs` with a configuration. */
  readonly directAfterMs: number;
  /** `directAfterMs` without a configuration. */
  readonly emptyDirectAfterMs: number;
  readonly overdueAfterMs: number;
}

/** All options, checked, with their defaults. */
export interface Settings extends Timings {
  readonly namespace: Namespace;
  readonly whenRedisDown: "direct" | "hold";
  readonly isEligible: boolean;
  readonly usesPubsub: boolean;
  /** `null`: by the size of the stored payload. */
  readonly applyJitterMs: number | null;
  readonly compressFromBytes: number;
  readonly maxPayloadBytes: number;
}

const DEFAULT_INTERVAL_MS = 30_000;
const DAY_MS = 86_400_000;
const KIB = 1_024;
const JITTER = { min: 0, max: 60_000 };
const SIZES = {
  compressFromBytes: [0, 1_024 * KIB * KIB, 16 * KIB],
  maxPayloadBytes: [1, 1_024 * KIB * KIB, 16 * KIB * KIB],
} as const;

/**
 * Checks all options before anything connects.
 *
 * @throws OptionError for an unknown option or a bad value.
 */
export function checkOptions(options: RedisFleetOptions): Settings {
  if (typeof options !== "object" || options === null) {
    throw new OptionError("options", "expected an object");
  }
  rejectUnknownOptions(options, OPTION_NAMES);
  checkInput(options.redis);
  const { diagnostics, origin, whenRedisDown = "direct" } = options;
  checkOrigin(origin);
  requireMethods("diagnostics", diagnostics, ["debug", "info", "warn", "error"]);
  dedupeSettings(options.dedupe);
  outboxSettings(options.outbox);
  stickyBucketSettings(options.sticky);
  if (whenRedisDown !== "direct" && whenRedisDown !== "hold") {
    throw new OptionError("whenRedisDown", 'expected "direct" or "hold"');
  }
  return {
    ...checkTimings(options),
    namespace: checkNamespace(options),
    whenRedisDown,
    isEligible: booleanOption("eligible", options.eligible, true),
    usesPubsub: booleanOption("pubsub", options.pubsub, true),
    applyJitterMs: integerOption("applyJitterMs", options.applyJitterMs, JITTER, null),
    ...integerOptions(options, SIZES),
  };
}

/** Without a dialect and a scope, configurations of different environments could mix. */
function checkOrigin(origin: Partial<ConfigurationOrigin> | undefined): void {
  requireMethods("origin", origin, ["fetchOnce"]);
  if (origin === undefined) return;
  if (typeof origin.dialect?.name !== "string") {
    throw new OptionError("origin", "expected an object with a dialect");
  }
  if (typeof origin.scope !== "string" || origin.scope === "") {
    throw new OptionError("origin", "expected an object with a scope, a non-empty string");
  }
}

function checkTimings(options: RedisFleetOptions): Timings {
  const ms = <Fallback>(name: keyof Timings, fallback: Fallback, min = 1): number | Fallback =>
    integerOption(name, options[name as keyof RedisFleetOptions], { min, max: DAY_MS }, fallback);
  const pollIntervalMs = ms("pollIntervalMs", DEFAULT_INTERVAL_MS, 100);
  const commandTimeoutMs = ms("commandTimeoutMs", 1_000);
  const leaseMs = ms("leaseMs", Math.min(15_000, Math.floor(pollIntervalMs / 2)));
  // A default can break a rule too: an interval of 2 s makes a lease of 1 s.
  if (leaseMs < 3 * commandTimeoutMs) {
    const least = 3 * commandTimeoutMs;
    const wayOut = `, half of pollIntervalMs: give ${2 * least} or more, or a shorter commandTimeoutMs`;
    throw new OptionError(
      "leaseMs",
      `expected at least 3 × commandTimeoutMs (${least}), got ${leaseMs}${options.leaseMs === undefined ? wayOut : ""}`,
    );
  }
  const overdueAfterMs = ms("overdueAfterMs", pollIntervalMs);
  if (overdueAfterMs < 1.5 * leaseMs) {
    const least = `expected at least 1.5 × leaseMs (${1.5 * leaseMs}), got ${overdueAfterMs}`;
    // Shorter than a take-over, it would send the whole fleet to the origin at each death of a leader.
    throw new OptionError("overdueAfterMs", least);
  }
  const claimMs = ms("claimMs", 12_000);
  if (claimMs <= leaseMs / 3) {
    const least = `expected more than leaseMs / 3 (${leaseMs / 3}), got ${claimMs}`;
    throw new OptionError("claimMs", least);
  }
  const directAfterMs = ms("directAfterMs", null);
  return {
    pollIntervalMs,
    leaseMs,
    tickMs: ms("tickMs", Math.max(1, Math.min(10_000, Math.floor(pollIntervalMs / 3)))),
    claimMs,
    commandTimeoutMs,
    connectTimeoutMs: ms("connectTimeoutMs", 2_000),
    directAfterMs: directAfterMs ?? pollIntervalMs,
    emptyDirectAfterMs: directAfterMs ?? 1_000,
    overdueAfterMs,
  };
}

function checkNamespace({ namespace, origin, prefix, redis }: RedisFleetOptions): Namespace {
  if (namespace === undefined && origin === undefined) {
    throw new OptionError(
      "namespace",
      "expected a name, since there is no origin to derive it from",
    );
  }
  return new Namespace(
    prefixOf(redis) + checkName("prefix", prefix === undefined ? "sortition" : prefix),
    checkName(
      "namespace",
      namespace === undefined && origin !== undefined ? namespaceOf(origin) : namespace,
    ),
  );
}

export function checkName(option: string, name: unknown): string {
  if (typeof name !== "string" || name === "" || UNSAFE_IN_KEYS.test(name)) {
    throw new OptionError(option, "expected a non-empty string without braces and blanks");
  }
  return name;
}
