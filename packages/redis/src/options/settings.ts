import {
  booleanOption,
  type ConfigurationOrigin,
  DOCUMENTATION_URL,
  integerOption,
  integerOptions,
  OptionError,
  type OptionHints,
  rejectUnknownOptions,
  requireMethods,
} from "@sortition/core/internal";
import { checkInput, isClient, prefixOf } from "../connection/input.js";
import { dedupeSettings } from "../dedupe/options.js";
import { Namespace, namespaceOf, UNSAFE_IN_KEYS } from "../keys/keys.js";
import { outboxSettings } from "../outbox/options.js";
import type { Settings } from "../settings.js";
import { stickyBucketSettings } from "../sticky/options.js";
import { OPTION_NAMES, type RedisFleetOptions } from "./options.js";
import { checkTimings } from "./timings.js";

/** Options that users often try first to pass the connection. */
const HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/reference/redis.md`,
  names: {
    url: 'use redis, such as redis({ redis: "redis://localhost:6379" })',
    uri: 'use redis, such as redis({ redis: "redis://localhost:6379" })',
    connection: "use redis",
    client: "use redis, such as redis({ redis: client })",
    host: 'use redis, such as redis({ redis: { host: "localhost", port: 6379 } })',
    port: 'use redis, such as redis({ redis: { host: "localhost", port: 6379 } })',
    password: "use redis, such as redis({ redis: { host, port, password } })",
    keyPrefix: "use prefix",
    apiKey: "an option of the origin: redis({ redis, origin: httpOrigin({ apiKey }) })",
  },
};

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
  if (typeof options === "string") {
    throw new OptionError(
      "options",
      "expected an object, got a string: write redis({ redis: url })",
    );
  }
  if (isClient(options)) {
    throw new OptionError(
      "options",
      "expected an object, got an ioredis client: write redis({ redis: client })",
    );
  }
  rejectUnknownOptions(options, OPTION_NAMES, undefined, () => HINTS);
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

/**
 * Requires a dialect and a scope. Without them, configurations of different environments could be
 * mixed.
 */
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

function checkNamespace({ namespace, origin, prefix, redis }: RedisFleetOptions): Namespace {
  if (namespace === undefined && origin === undefined) {
    throw new OptionError(
      "namespace",
      "expected a name, because there is no origin to derive it from",
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
