import {
  boolean,
  type ConfigurationOrigin,
  DOCUMENTATION_URL,
  integer,
  OptionError,
  type OptionHints,
  oneOf,
  type Reader,
  type Readers,
  readDiagnostics,
  readOptions,
  requireMethods,
  unchecked,
} from "@sortition/core/internal";
import { checkInput, isClient, prefixOf } from "../connection/input.js";
import { type DedupeOptions, dedupeSettings } from "../dedupe/options.js";
import {
  configurationNamespace,
  Namespace,
  namespaceOf,
  sourceOf,
  UNSAFE_IN_KEYS,
} from "../keys/keys.js";
import { type OutboxOptions, outboxSettings } from "../outbox/options.js";
import type { Settings } from "../settings.js";
import { type StickyBucketOptions, stickyBucketSettings } from "../sticky/options.js";
import type { FleetTimingOptions, RedisFleetOptions } from "./options.js";
import { COMMANDS_PER_LEASE, checkTimings } from "./timings.js";

/** Options that users often try first to pass the connection. */
export const CONNECTION_HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/guides/redis.md`,
  names: {
    url: 'use redis, such as { redis: "redis://localhost:6379" }',
    uri: 'use redis, such as { redis: "redis://localhost:6379" }',
    connection: "use redis",
    client: "use redis, such as { redis: client }",
    host: 'use redis, such as { redis: { host: "localhost", port: 6379 } }',
    port: 'use redis, such as { redis: { host: "localhost", port: 6379 } }',
    password: "use redis, such as { redis: { host, port, password } }",
    keyPrefix: "use prefix",
  },
};

const HINTS: OptionHints = {
  ...CONNECTION_HINTS,
  names: {
    ...CONNECTION_HINTS.names,
    ...Object.fromEntries(
      ["leaseMs", "tickMs", "claimMs", "directAfterMs", "overdueAfterMs"].map((name) => [
        name,
        `use timings: { ${name} }`,
      ]),
    ),
    ...Object.fromEntries(
      ["apiKey", "baseUrl", "headers", "proxy", "requestTimeoutMs"].map((name) => [
        name,
        `pass it to the origin: redis({ redis, origin: httpOrigin({ apiKey${name === "apiKey" ? "" : `, ${name}`} }) })`,
      ]),
    ),
    ...Object.fromEntries(
      ["assignmentLogger", "deduplication", "dialect", "diskCache", "initialConfiguration"].map(
        (name) => [name, `pass it to the client: createClient({ source: fleet, ${name} })`],
      ),
    ),
  },
};

const KIB = 1_024;
const DAY_MS = 86_400_000;
/** Less is a number of seconds. */
const MIN_TIMING_MS = 50;
const timing: Reader<number | null> = (path, value) =>
  integer(MIN_TIMING_MS, DAY_MS, null)(path, value);

const TIMINGS = () =>
  ({
    leaseMs: integer(COMMANDS_PER_LEASE * MIN_TIMING_MS, DAY_MS, null),
    tickMs: timing,
    claimMs: timing,
    directAfterMs: timing,
    overdueAfterMs: timing,
  }) satisfies Readers<FleetTimingOptions>;

const READERS = () =>
  ({
    redis: (_, value) => checkInput(value),
    origin: (_, value) => checkOrigin(value as Partial<ConfigurationOrigin> | undefined),
    namespace: unchecked<string | undefined>(),
    prefix: unchecked<string | undefined>(),
    pollIntervalMs: integer(100, DAY_MS, 30_000),
    commandTimeoutMs: timing,
    connectTimeoutMs: integer(1, DAY_MS, 2_000),
    timings: (path, value = {}) => readOptions(TIMINGS(), value as FleetTimingOptions, path),
    whenRedisDown: oneOf<"direct" | "hold">(["direct", "hold"], "direct"),
    eligible: boolean(true),
    pubsub: boolean(true),
    applyJitterMs: integer(0, 60_000, null),
    compressFromBytes: integer(0, 1_024 * KIB * KIB, 16 * KIB),
    maxPayloadBytes: integer(1, 1_024 * KIB * KIB, 16 * KIB * KIB),
    dedupe: (_, value) => dedupeSettings(value as DedupeOptions | undefined),
    outbox: (_, value) => outboxSettings(value as OutboxOptions | undefined),
    sticky: (_, value) => stickyBucketSettings(value as StickyBucketOptions | undefined),
    diagnostics: readDiagnostics,
  }) satisfies Readers<RedisFleetOptions>;

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
  const read = readOptions(READERS(), options, undefined, () => HINTS);
  return {
    ...checkTimings({ ...read, ...read.timings }),
    ...checkNamespace(options),
    whenRedisDown: read.whenRedisDown,
    isEligible: read.eligible,
    usesPubsub: read.pubsub,
    applyJitterMs: read.applyJitterMs,
    compressFromBytes: read.compressFromBytes,
    maxPayloadBytes: read.maxPayloadBytes,
  };
}

/**
 * Requires a dialect and a scope. Without them, configurations of different environments could be
 * mixed.
 */
function checkOrigin(origin: Partial<ConfigurationOrigin> | undefined): void {
  if (origin !== undefined && "subscribe" in Object(origin)) {
    throw new OptionError(
      "origin",
      "is a source: pass an origin, such as httpOrigin(…), or growthbookOrigin(…) for growthbookSource(…)",
    );
  }
  requireMethods("origin", origin, ["fetchOnce"], ", such as httpOrigin({ apiKey })");
  if (origin === undefined) return;
  if (typeof origin.dialect?.name !== "string") {
    throw new OptionError("origin", "expected an object with a dialect");
  }
  if (typeof origin.scope !== "string" || origin.scope === "") {
    throw new OptionError("origin", "expected an object with a scope, a non-empty string");
  }
}

function checkNamespace({
  namespace: given,
  origin,
  prefix = "sortition",
  redis,
}: RedisFleetOptions): Pick<Settings, "configuration" | "isNamed" | "namespace"> {
  if (given === undefined && origin === undefined) {
    throw new OptionError(
      "namespace",
      "origin is missing: write redis({ redis, origin: httpOrigin({ apiKey }) }), or pass a namespace",
    );
  }
  const isNamed = given !== undefined || origin === undefined;
  const namespace = new Namespace(
    prefixOf(redis) + checkName("prefix", prefix),
    checkName("namespace", isNamed ? given : namespaceOf(origin)),
  );
  const isShared = isNamed && origin !== undefined;
  const configuration = isShared ? configurationNamespace(namespace, sourceOf(origin)) : namespace;
  return { namespace, isNamed, configuration };
}

export function checkName(option: string, name: unknown): string {
  if (typeof name !== "string" || name === "" || UNSAFE_IN_KEYS.test(name)) {
    throw new OptionError(option, 'expected a string without braces and blanks, such as "shop"');
  }
  return name;
}
