import { type ClientOptions as CoreClientOptions, OptionError } from "@sortition/core";
import { type EvaluationDetails, eppo } from "@sortition/core/eppo";
import {
  boolean,
  CLIENT_HINTS,
  clientReaders,
  type Dialect,
  type Readers,
  readApiKey,
  readBaseUrl,
  readOptions,
  refusePart,
} from "@sortition/core/internal";
import { checkDiskCache, type DiskCacheOptions } from "../disk/options.js";
import { connectionReaders, type HttpOriginOptions } from "../http/origin-options.js";
import { type PollingSourceOptions, pollingReaders } from "../source/polling-source.js";
import { checkDialect, vendorHints } from "./other-vendors.js";

/** Polling options of a client. Cannot be combined with `source`. */
export interface PollingClientOptions
  extends PollingSourceOptions,
    Omit<HttpOriginOptions, "apiKey" | "dialect" | "clock"> {
  /** The vendor's SDK key. Required unless `source` or `initialConfiguration` is given. */
  readonly apiKey?: string | undefined;
}

/**
 * Options of a client on Node.js: the options of `@sortition/core`, plus polling and the disk
 * cache.
 */
export interface ClientOptions<Details extends object = EvaluationDetails>
  extends CoreClientOptions<Details>,
    PollingClientOptions {
  /**
   * `{ directory, maxAgeMs }`: keeps the last configuration on disk, so that the client can start
   * while the server is unreachable. Default: off.
   */
  readonly diskCache?: DiskCacheOptions | undefined;
  /**
   * Whether `init` closes its client and rejects with a `NotReadyError` if there is still no
   * configuration when its wait ends. Default: false, because an outage of the vendor should not
   * stop a deployment.
   */
  readonly throwOnFailedInitialization?: boolean | undefined;
}

/** Where configurations may come from without a key. */
type OtherOrigins = Pick<CoreClientOptions, "initialConfiguration" | "source">;

/** Readers of the polling options, which belong to `source` when one is given. */
const POLLING = (given: OtherOrigins) => {
  const { clock: _, ...connection } = connectionReaders();
  return {
    ...connection,
    ...pollingReaders(),
    baseUrl: readBaseUrl,
    apiKey: (path, value) => readClientKey(path, value, given),
  } satisfies Readers<PollingClientOptions>;
};

const READERS = (given: OtherOrigins) => {
  const { dialect, ...others } = clientReaders();
  return {
    dialect: (path, value) => {
      checkDialect(value);
      return dialect(path, value);
    },
    ...others,
    ...POLLING(given),
    diskCache: (_, value) => {
      if (value !== undefined) checkDiskCache(value as DiskCacheOptions);
    },
    throwOnFailedInitialization: boolean(false),
  } satisfies Readers<ClientOptions>;
};

/** Returns the options of the client of `@sortition/core`: all without those of this package. */
export function coreOptionsOf<Details extends object>(
  options: ClientOptions<Details>,
): CoreClientOptions<Details> {
  const { diskCache: _, throwOnFailedInitialization: __, ...others } = options;
  const polling: ReadonlySet<string> = new Set(Object.keys(POLLING(options)));
  return Object.fromEntries(Object.entries(others).filter(([name]) => !polling.has(name)));
}

/**
 * Checks all options before anything is created.
 *
 * @throws OptionError that names the option.
 */
export function checkOptions<Details extends object>(options: ClientOptions<Details>): void {
  if (typeof options === "string") {
    throw new OptionError("options", "expected an object, got a string: pass { apiKey, … }");
  }
  if (typeof options === "object" && options !== null) refusePart(options);
  const readers = READERS(options);
  readOptions(readers, options, undefined, (name) => {
    if (name in readers) return CLIENT_HINTS;
    const { dialect, initialConfiguration, source } = options;
    const used = dialect ?? source?.dialect ?? initialConfiguration?.dialect ?? eppo();
    // The source may have only Eppo's addresses, without hints.
    const { optionHints: hints } = used.name === "eppo" ? eppo() : (used as Partial<Dialect>);
    const isKnown = hints !== undefined && Object.hasOwn(hints.names, name);
    return isKnown ? hints : (vendorHints(name) ?? hints);
  });
  if (options.source === undefined) return;
  for (const name of Object.keys(POLLING(options)) as (keyof PollingClientOptions)[]) {
    if (options[name] === undefined) continue;
    throw new OptionError(
      "source",
      `cannot be given together with ${name}: leave ${name} out here, because only the source can use it`,
    );
  }
}

/** Without a key there is nothing to poll, so configurations must come from elsewhere. */
function readClientKey(path: string, value: unknown, given: OtherOrigins): unknown {
  const { initialConfiguration, source } = given;
  if (value !== undefined && !(typeof value === "string" && value.trim() === "")) {
    return readApiKey(path, value);
  }
  if (source !== undefined || initialConfiguration !== undefined) return undefined;
  const also = "source" in given ? ", and source is undefined" : "";
  const fact = `${value === undefined ? "is missing" : "is blank"}${also}`;
  throw new OptionError(
    path,
    `${fact}: is the environment variable that holds it set? Without a key, e.g. in tests, pass an initialConfiguration or a source`,
  );
}
