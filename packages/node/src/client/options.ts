import { type ClientOptions as CoreClientOptions, OptionError } from "@sortition/core";
import { type EvaluationDetails, eppo } from "@sortition/core/eppo";
import { CLIENT_OPTION_NAMES, type Dialect, rejectUnknownOptions } from "@sortition/core/internal";
import type { DiskCacheOptions } from "../disk/options.js";
import { type HttpOriginOptions, ORIGIN_OPTION_NAMES } from "../http/origin-options.js";
import { POLLING_OPTION_NAMES, type PollingSourceOptions } from "../source/polling-source.js";
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
   * Keeps the last configuration on disk, so that the client can start while the server is
   * unreachable. Default: off.
   */
  readonly diskCache?: DiskCacheOptions | undefined;
  /**
   * Whether `init` closes its client and rejects with a `NotReadyError` if there is still no
   * configuration when its wait ends. Default: false, because an outage of the vendor should not
   * stop a deployment.
   */
  readonly throwOnFailedInitialization?: boolean | undefined;
}

/** Polling options that belong to `source` when one is given. */
const POLLING_CLIENT_OPTION_NAMES = [...ORIGIN_OPTION_NAMES, ...POLLING_OPTION_NAMES].filter(
  (name) => name !== "dialect" && name !== "clock",
);
const OPTION_NAMES: readonly string[] = [
  ...CLIENT_OPTION_NAMES,
  ...POLLING_CLIENT_OPTION_NAMES,
  "diskCache",
  "throwOnFailedInitialization",
];

/**
 * Rejects unknown options and options that exclude each other. Values are checked where they are
 * used.
 *
 * @throws OptionError that names the option.
 */
export function checkOptionNames<Details extends object>(options: ClientOptions<Details>): void {
  checkDialect(options?.dialect);
  rejectUnknownOptions(options, OPTION_NAMES, undefined, (name) => {
    const { dialect, initialConfiguration, source } = options;
    const used = dialect ?? source?.dialect ?? initialConfiguration?.dialect ?? eppo();
    // The source may have only Eppo's addresses, without hints.
    const { optionHints: hints } = used.name === "eppo" ? eppo() : (used as Partial<Dialect>);
    return hints && Object.hasOwn(hints.names, name) ? hints : (vendorHints(name) ?? hints);
  });
  if (options.source === undefined) return;
  for (const name of POLLING_CLIENT_OPTION_NAMES) {
    if (options[name] === undefined) continue;
    throw new OptionError(
      "source",
      `cannot be given together with ${name}: set ${name} on the source`,
    );
  }
}
