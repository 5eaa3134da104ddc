import {
  type Client,
  type ConfigurationSource,
  createClient as createCoreClient,
  type Dialect,
} from "@sortition/core";
import { type EvaluationDetails, eppo } from "@sortition/core/eppo";
import { diskCachedSource } from "../disk/disk-cached-source.js";
import { connectionOf } from "../http/origin-options.js";
import { pollingSource } from "../source/polling-source.js";
import { RELEASE } from "../version.js";
import { eppoHttpOrigin } from "./eppo-origin.js";
import { reportAtExit } from "./exit-report.js";
import { type ClientOptions, checkOptions, coreOptionsOf } from "./options.js";
import { warn } from "./warn.js";

/**
 * Creates a client that polls in the background. Returns immediately: call `waitForInitialization`
 * to wait for the first configuration, and `close` when done.
 *
 * @throws OptionError if an option is unknown or invalid. Nothing has been started then.
 * @see docs/spec/lifecycle.md §2 to §5
 */
export function createClient<Details extends object = EvaluationDetails>(
  options: ClientOptions<Details>,
): Client<Details> {
  const client = createStartedClient(options);
  if (options.throwOnFailedInitialization === true) {
    const message =
      "throwOnFailedInitialization has no effect here: call init(), or check the result of waitForInitialization()";
    warn(options.diagnostics, message, { cause: "option of init" });
  }
  return client;
}

/** Creates the client of {@link createClient} or `init`. */
export function createStartedClient<Details extends object>(
  options: ClientOptions<Details>,
): Client<Details> {
  checkOptions(options);
  const { diskCache, source: own = ownSource(options) } = options;
  const source = diskCache === undefined ? own : diskCachedSource(own, diskCache);
  const dialect = dialectOf(options, source);
  const client = createCoreClient({ sdk: RELEASE, ...coreOptionsOf(options), dialect, source });
  reportAtExit(client, options.diagnostics);
  return client;
}

/** Creates the source that polls the vendor's server, if there is a key. */
function ownSource<Details extends object>(
  options: ClientOptions<Details>,
): ConfigurationSource | undefined {
  const { apiKey, initialConfiguration } = options;
  if (apiKey === undefined || apiKey.trim() === "") return undefined;
  const { baseUrl, pollIntervalMs, pollJitterMs } = options;
  const dialect = options.dialect ?? initialConfiguration?.dialect;
  const origin = eppoHttpOrigin({ apiKey, baseUrl, dialect, ...connectionOf(options) });
  return pollingSource(origin, { pollIntervalMs, pollJitterMs });
}

/**
 * Returns the `dialect` option. Falls back to `eppo()` if neither the source nor the initial
 * configuration has a dialect, or if the source has only Eppo's addresses, because that matches the
 * default of `Details`. Returns `undefined` if core's `createClient` should determine the dialect.
 */
function dialectOf<Details extends object>(
  { dialect, initialConfiguration }: ClientOptions<Details>,
  source: ConfigurationSource | undefined,
): Dialect<Details> | undefined {
  if ((dialect ?? null) !== null) return dialect;
  const known = source?.dialect ?? initialConfiguration?.dialect ?? null;
  const isEppos = known === null || (known.name === "eppo" && !("compile" in known));
  return isEppos ? (eppo() as Dialect<object> as Dialect<Details>) : undefined;
}
