import { type ClientOptions as CoreClientOptions, OptionError } from "@sortition/core";
import { type EvaluationDetails, eppo } from "@sortition/core/eppo";
import { CLIENT_OPTION_NAMES, type Dialect, rejectUnknownOptions } from "@sortition/core/internal";
import type { DiskCacheOptions } from "../disk/options.js";
import { type HttpOriginOptions, ORIGIN_OPTION_NAMES } from "../http/origin-options.js";
import { POLLING_OPTION_NAMES, type PollingSourceOptions } from "../source/polling-source.js";
import { checkDialect, vendorHints } from "./other-vendors.js";

/** Polling options of a client. They exclude `source`. */
export interface PollingClientOptions
  extends PollingSourceOptions,
    Omit<HttpOriginOptions, "apiKey" | "dialect" | "clock"> {
  /** The vendor's SDK key. Needed unless there is a `source` or an `initialConfiguration`. */
  readonly apiKey?: string | undefined;
}

/** Options of a client on Node: those of `@sortition/core`, polling and disk copy. */
export interface ClientOptions<Details extends object = EvaluationDetails>
  extends CoreClientOptions<Details>,
    PollingClientOptions {
  /** Keeps the last configuration on disk, for starts without a reachable server. Default: off. */
  readonly diskCache?: DiskCacheOptions | undefined;
  /**
   * Whether `init` rejects with a `NotReadyError`, and closes its client, when there is no
   * configuration at the end of its wait. Default: false, since an outage of the vendor should not stop
   * a deployment.
   */
  readonly throwOnFailedInitialization?: boolean | undefined;
}

/** Polling options, which a given `source` already has. */
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
 * Rejects unknown names, and options that exclude each other. Values are checked where they are used.
 *
 * @throws OptionError naming the option.
 */
export function checkOptionNames<Details extends object>(options: ClientOptions<Details>): void {
  checkDialect(options?.dialect);
  rejectUnknownOptions(options, OPTION_NAMES, undefined, (name) => {
    const { dialect, initialConfiguration, source } = options;
    const used = dialect ?? source?.dialect ?? initialConfiguration?.dialect ?? eppo();
    // The source may have addresses alone.
    const { optionHints: hints } = used.name === "eppo" ? eppo() : (used as Partial<Dialect>);
    return hints && Object.hasOwn(hints.names, name) ? hints : (vendorHints(name) ?? hints);
  });
  if (options.source === undefined) return;
  for (const name of POLLING_CLIENT_OPTION_NAMES) {
    if (options[name] === undefined) continue;
    throw new OptionError("source", `cannot be given together with ${name}, which is the source's`);
  }
}
