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
import { type DatadogSourceOptions, datadogOrigin, datadogSource } from "@sortition/datadog/source";
import { type EppoSourceOptions, eppoOrigin, eppoSource } from "@sortition/eppo/source";
import { type GrowthbookOptions, growthbook } from "@sortition/growthbook/dialect";
import {
  type GrowthbookSourceOptions,
  growthbookOrigin,
  growthbookSource,
} from "@sortition/growthbook/source";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import {
  type LaunchdarklySourceOptions,
  launchdarklyOrigin,
  launchdarklySource,
} from "@sortition/launchdarkly/source";
import { fileSource } from "@sortition/node";
import { posthog } from "@sortition/posthog/dialect";
import { type PosthogSourceOptions, posthogOrigin, posthogSource } from "@sortition/posthog/source";
import type { VendorKey } from "../access/tokens.js";
import type { DialectName, EnvironmentConfig } from "../config/config.js";
import { settleAll } from "../config/reading.js";
import { within, withOptionPath } from "./option-path.js";
import { unopenedGrowthbook } from "./unopened.js";

/** Options from the configuration file. The vendor's package checks them. */
type Options = Readonly<Record<string, unknown>>;

/** Functions of a vendor's packages. Each throws an OptionError for an unknown option or an invalid value. */
interface VendorParts {
  dialect(options: Options): Dialect;
  source(options: Options): ConfigurationSource;
  origin(options: Options): ConfigurationOrigin;
  /** Keys of a checked source with which the vendor's SDKs fetch the same flags. */
  keys(options: Options): readonly VendorKey[];
}

const VENDORS: Readonly<Record<DialectName, VendorParts>> = {
  eppo: {
    dialect: (options) => eppo(options),
    source: (options) => eppoSource(checkedByVendor<EppoSourceOptions>(options)),
    origin: (options) => eppoOrigin(checkedByVendor<EppoSourceOptions>(options)),
    keys: (options) => {
      const { apiKey } = checkedByVendor<EppoSourceOptions>(options);
      return [{ key: apiKey, permission: "configuration" }];
    },
  },
  growthbook: {
    dialect: (options: GrowthbookOptions) =>
      options.decryptionKey === undefined ? unopenedGrowthbook(options) : growthbook(options),
    source: (options) => growthbookSource(checkedByVendor<GrowthbookSourceOptions>(options)),
    origin: (options) => growthbookOrigin(checkedByVendor<GrowthbookSourceOptions>(options)),
    keys: (options) => {
      const { clientKey } = checkedByVendor<GrowthbookSourceOptions>(options);
      return [{ key: clientKey, permission: "configuration" }];
    },
  },
  amplitude: {
    dialect: (options) => amplitude(options),
    source: (options) => amplitudeSource(checkedByVendor<AmplitudeSourceOptions>(options)),
    origin: (options) => amplitudeOrigin(checkedByVendor<AmplitudeSourceOptions>(options)),
    keys: (options) => {
      const { cohortSync, deploymentKey } = checkedByVendor<AmplitudeSourceOptions>(options);
      const flags: VendorKey = { key: deploymentKey, permission: "configuration" };
      if (cohortSync === undefined) return [flags];
      return [flags, { key: cohortSync.secretKey, permission: "cohorts" }];
    },
  },
  posthog: {
    dialect: (options) => posthog(options),
    source: (options) => posthogSource(checkedByVendor<PosthogSourceOptions>(options)),
    origin: (options) => posthogOrigin(checkedByVendor<PosthogSourceOptions>(options)),
    keys: (options) => {
      const { secretKey } = checkedByVendor<PosthogSourceOptions>(options);
      return [{ key: secretKey.trim(), permission: "configuration" }];
    },
  },
  datadog: {
    dialect: (options) => datadog(options),
    source: (options) => datadogSource(checkedByVendor<DatadogSourceOptions>(options)),
    origin: (options) => datadogOrigin(checkedByVendor<DatadogSourceOptions>(options)),
    // The vendor's SDKs cannot fetch flags from a relay.
    keys: () => [],
  },
  launchdarkly: {
    dialect: (options) => launchdarkly(options),
    source: (options) => launchdarklySource(checkedByVendor<LaunchdarklySourceOptions>(options)),
    origin: (options) => launchdarklyOrigin(checkedByVendor<LaunchdarklySourceOptions>(options)),
    keys: () => [],
  },
};

/** Reports this process's requests to the vendor. */
interface Polls {
  readonly ok: number;
  readonly unchanged: number;
  readonly error: number;
}

/** The part of a `@sortition/redis` fleet that a relay uses. */
export interface Fleet
  extends ConfigurationSource,
    Pick<import("@sortition/redis").RedisFleet, "dedupe" | "outbox" | "stickyBuckets"> {
  readonly status: { readonly role: string; readonly counters: { readonly polls: Polls } };
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
  if (redis === null) {
    const source = withOptionPath(within(place), input.source, (it) => vendor.source(it));
    return { source, fleet: null, keys: vendor.keys(input.source) };
  }
  const { pollIntervalMs, pollJitterMs, ...others } = input.source;
  const parts: Partial<FleetParts> = {};
  await settleAll([
    async () => {
      if (pollJitterMs === undefined) return;
      throw new OptionError(`${place}.pollJitterMs`, "cannot be given together with redis");
    },
    async () => {
      parts.origin = withOptionPath(within(place), others, (it) => vendor.origin(it));
    },
    async () => {
      parts.createFleet = await fleetFactory(`${path}.redis`);
    },
  ]);
  const { createFleet, origin } = parts as FleetParts; // none of the tasks has failed
  const { namespace, url } = redis;
  const pathOf = (option: string): string => {
    // With and without Redis, the polling interval is an option of the source.
    if (option === "pollIntervalMs") return `${path}.source.${option}`;
    return `${path}.redis.${option === "redis" ? "url" : option}`;
  };
  const fleet = withOptionPath(pathOf, { namespace, pollIntervalMs, diagnostics }, (it) =>
    createFleet({ ...it, redis: url, origin }),
  );
  return { source: fleet, fleet, keys: vendor.keys(input.source) };
}

type CreateFleet = typeof import("@sortition/redis").redis;

interface FleetParts {
  origin: ConfigurationOrigin;
  createFleet: CreateFleet;
}

/** Loads the optional peers. */
async function fleetFactory(path: string): Promise<CreateFleet> {
  try {
    await import("ioredis");
    return (await import("@sortition/redis")).redis;
  } catch {
    throw new OptionError(path, "needs the packages @sortition/redis and ioredis: install both");
  }
}

/** Casts options that are passed on unchecked, because the vendor's function checks names and values. */
function checkedByVendor<VendorOptions>(options: Options): VendorOptions {
  return options as VendorOptions;
}
