import { amplitude } from "@sortition/amplitude/dialect";
import {
  type AmplitudeSourceOptions,
  amplitudeOrigin,
  amplitudeSource,
} from "@sortition/amplitude/source";
import type {
  ConfigurationOrigin,
  ConfigurationSource,
  Diagnostics,
  Dialect,
} from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { OptionError } from "@sortition/core/internal";
import { datadog } from "@sortition/datadog/dialect";
import { datadogOrigin, datadogSource } from "@sortition/datadog/source";
import { type EppoSourceOptions, eppoOrigin, eppoSource } from "@sortition/eppo/source";
import { type GrowthbookOptions, growthbook } from "@sortition/growthbook/dialect";
import {
  type GrowthbookSourceOptions,
  growthbookOrigin,
  growthbookSource,
} from "@sortition/growthbook/source";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { launchdarklyOrigin, launchdarklySource } from "@sortition/launchdarkly/source";
import { fileSource } from "@sortition/node";
import { posthog } from "@sortition/posthog/dialect";
import { type PosthogSourceOptions, posthogOrigin, posthogSource } from "@sortition/posthog/source";
import type { VendorKey } from "../access/tokens.js";
import type { DialectName, EnvironmentConfig } from "../config/config.js";
import { settleAll } from "../config/reading.js";
import { within, withOptionPath } from "./option-path.js";
import { unopenedGrowthbook } from "./unopened.js";

/**
 * Functions of a vendor's packages. Each throws an OptionError for an unknown option or an invalid value, so options from the
 * configuration file are passed on unchecked, `as never`: no type fits the options of all vendors.
 */
interface VendorParts {
  dialect(options: object): Dialect;
  readonly source: (options: never) => ConfigurationSource;
  readonly origin: (options: never) => ConfigurationOrigin;
  /** Keys of a checked source with which the vendor's SDKs fetch the same flags. Default: none. */
  readonly keys?: (options: never) => readonly VendorKey[];
}

const VENDORS: Readonly<Record<DialectName, VendorParts>> = {
  eppo: {
    dialect: eppo,
    source: eppoSource,
    origin: eppoOrigin,
    keys: ({ apiKey }: EppoSourceOptions) => [{ key: apiKey, permission: "configuration" }],
  },
  growthbook: {
    dialect: (options: GrowthbookOptions) =>
      options.decryptionKey === undefined ? unopenedGrowthbook(options) : growthbook(options),
    source: growthbookSource,
    origin: growthbookOrigin,
    keys: ({ clientKey }: GrowthbookSourceOptions) => [
      { key: clientKey, permission: "configuration" },
    ],
  },
  amplitude: {
    dialect: amplitude,
    source: amplitudeSource,
    origin: amplitudeOrigin,
    keys({ cohortSync, deploymentKey }: AmplitudeSourceOptions) {
      const flags: VendorKey = { key: deploymentKey, permission: "configuration" };
      if (cohortSync === undefined) return [flags];
      return [flags, { key: cohortSync.secretKey, permission: "cohorts" }];
    },
  },
  posthog: {
    dialect: posthog,
    source: posthogSource,
    origin: posthogOrigin,
    keys: ({ secretKey }: PosthogSourceOptions) => [
      { key: secretKey.trim(), permission: "configuration" },
    ],
  },
  // The SDKs of these vendors cannot fetch flags from a relay with a key of the vendor.
  datadog: { dialect: datadog, source: datadogSource, origin: datadogOrigin },
  launchdarkly: { dialect: launchdarkly, source: launchdarklySource, origin: launchdarklyOrigin },
};

/** The part of a `@sortition/redis` fleet that a relay uses. */
export interface Fleet
  extends ConfigurationSource,
    Pick<import("@sortition/redis").RedisFleet, "dedupe" | "outbox" | "stickyBuckets"> {
  readonly status: {
    readonly role: string;
    readonly counters: Pick<import("@sortition/redis").RedisCounters, "polls">;
  };
  close(): Promise<void>;
}

/**
 * Creates the dialect of an environment.
 *
 * @throws OptionError that names the path of the option in the relay's configuration.
 */
export function dialectOf({
  dialect,
  evaluate,
  options,
  path,
}: Pick<EnvironmentConfig, "dialect" | "evaluate" | "options" | "path">): Dialect {
  // Callers choose the values that patterns are matched against, so one of them could block the relay for minutes.
  const defaults = evaluate ? { refuseRiskyPatterns: true } : {};
  return withOptionPath(within(`${path}.options`), { ...defaults, ...options }, (it) =>
    VENDORS[dialect].dialect(it),
  );
}

/** The source of an environment's payloads. */
export interface EnvironmentSource {
  readonly source: ConfigurationSource;
  /** `null` without Redis. */
  readonly fleet: Fleet | null;
  /** Empty for a file. */
  readonly keys: readonly VendorKey[];
}

/**
 * Creates the source of an environment. Sends no request yet.
 *
 * Rejects with an OptionError that names the path of the option in the relay's configuration.
 */
export async function openSource(
  config: EnvironmentConfig,
  diagnostics: Diagnostics,
): Promise<EnvironmentSource> {
  const { input, path, redis } = config;
  const vendor = VENDORS[config.dialect];
  if (input.kind === "file") {
    const source = withOptionPath(within(`${path}.file`), {}, () => fileSource(input.files));
    return { source, fleet: null, keys: [] };
  }
  const place = `${path}.source`;
  const keysOf = (): readonly VendorKey[] => vendor.keys?.(input.source as never) ?? [];
  if (redis === null) {
    const source = withOptionPath(within(place), input.source, (it) => vendor.source(it as never));
    return { source, fleet: null, keys: keysOf() };
  }
  const { pollIntervalMs, pollJitterMs, ...others } = input.source;
  const [, origin, createFleet] = await settleAll([
    async () => {
      if (pollJitterMs === undefined) return;
      throw new OptionError(`${place}.pollJitterMs`, "cannot be given together with redis");
    },
    async () => withOptionPath(within(place), others, (it) => vendor.origin(it as never)),
    () => fleetFactory(`${path}.redis`),
  ]);
  const { namespace, url } = redis;
  const pathOf = (option: string): string => {
    // With and without Redis, the polling interval is an option of the source.
    if (option === "pollIntervalMs") return `${path}.source.${option}`;
    return `${path}.redis.${option === "redis" ? "url" : option}`;
  };
  const fleet = withOptionPath(pathOf, { namespace, pollIntervalMs, diagnostics }, (it) =>
    createFleet({ ...it, redis: url, origin }),
  );
  return { source: fleet, fleet, keys: keysOf() };
}

type CreateFleet = typeof import("@sortition/redis").redis;

/** Loads the optional peers. */
async function fleetFactory(path: string): Promise<CreateFleet> {
  try {
    await import("ioredis");
    return (await import("@sortition/redis")).redis;
  } catch {
    throw new OptionError(path, "needs the packages @sortition/redis and ioredis: install both");
  }
}
