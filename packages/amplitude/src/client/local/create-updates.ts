import type { JsonObject } from "@sortition/core/dialect";
import {
  type ConfigurationOrigin,
  parseUrl,
  requireMethods,
  SILENT_DIAGNOSTICS,
} from "@sortition/core/internal";
import {
  type DialectOriginOptions,
  HttpTransport,
  httpOrigin,
  pollingSource,
  type SendRequest,
} from "@sortition/node/internal";
import { addressesOf } from "../../dialect/addresses.js";
import { amplitude } from "../../dialect/factory.js";
import { type ClientLog, diagnosticsTo } from "../../messages/logging.js";
import { MAX_DOWNLOADS } from "../../source/cohort-attempt.js";
import { COHORT_TIMEOUT_MS } from "../../source/cohort-request.js";
import {
  addressByClient,
  type HttpClient,
  sendAsVendor,
  sendByClient,
  warnOfRoute,
} from "../http-client.js";
import type { TakenValues } from "../taken-values.js";
import { CohortDownloads } from "./cohort-downloads.js";
import { cohortSettingsOf, type LocalEvaluationConfig, type LocalSettings } from "./config.js";
import type { StreamEventSourceFactory } from "./event-source.js";
import { FlagFeed } from "./flag-feed.js";
import { FlagStream } from "./flag-stream.js";
import { ReceivedFlagsSource } from "./received-flags-source.js";
import { Updates, type UpdatesParts } from "./updates.js";

const MAX_BODY_BYTES = 256 * 1_024 * 1_024;

export interface UpdatesFor {
  readonly apiKey: string;
  readonly config: LocalEvaluationConfig;
  readonly settings: LocalSettings;
  readonly log: ClientLog;
  readonly serve: UpdatesParts["serve"];
  /** Returns the flags that are currently evaluated. */
  evaluated(): readonly JsonObject[];
  /** Returns the ids of the cohorts that these flags refer to. */
  evaluatedCohortIds(): readonly string[];
  readonly taken: TakenValues;
  /** `httpClient` sends requests and `eventSource` opens streams instead of this package. */
  readonly httpClient: HttpClient | undefined;
  readonly eventSource: StreamEventSourceFactory | undefined;
}

/** Creates updates from the caller's source, or else from Amplitude. */
export function createUpdates(given: UpdatesFor): Updates {
  const { source } = given.config;
  return source === undefined ? updatesOfVendor(given) : updatesOfSource(source, given);
}

function updatesOfSource(
  source: NonNullable<LocalEvaluationConfig["source"]>,
  { log, serve, settings: { clock, intervalMs, startTimeoutMs } }: UpdatesFor,
): Updates {
  requireMethods("source", source, "fetchOnce" in Object(source) ? [] : ["subscribe", "refresh"]);
  return new Updates({
    ...{ dialect: amplitude(), clock, startTimeoutMs, serve },
    diagnostics: diagnosticsTo(log),
    feed: null,
    createSource: () =>
      "fetchOnce" in source ? pollingSource(source, { pollIntervalMs: intervalMs }) : source,
  });
}

function updatesOfVendor(given: UpdatesFor): Updates {
  const { config, evaluated, evaluatedCohortIds, httpClient, log, serve, settings, taken } = given;
  const { clock, intervalMs, startTimeoutMs } = settings;
  const { httpAgent } = config;
  if (httpClient || httpAgent) {
    warnOfRoute(config, httpClient ? "httpClient" : "httpAgent", log);
  }
  const way = wayOf(config, httpClient);
  const cohortSync = cohortSettingsOf(config, settings, taken);
  const cohorts = cohortSync === null ? null : downloadsOf(cohortSync, way, given);
  const received = new ReceivedFlagsSource({
    ...{ clock, cohorts, evaluated, evaluatedCohortIds },
    cohortIntervalMs: cohortSync?.intervalMs ?? Number.POSITIVE_INFINITY,
  });
  const polled = originOf(way, given);
  const stream = settings.isStreaming ? streamOf(polled, given) : null;
  const origin = stream?.origin ?? polled;
  return new Updates({
    ...{ dialect: amplitude(), clock, startTimeoutMs },
    // The feed logs everything in the vendor's words.
    diagnostics: SILENT_DIAGNOSTICS,
    feed: new FlagFeed({ clock, intervalMs, log, received, origin, stream }),
    createSource: (loaded) => received.whenLoaded(loaded),
    settled: () => received.settled(),
    serve(configuration, what) {
      if (cohorts === null && configuration.references.size > 0) {
        log.error("Cohorts found in flag configs but no cohort download configured");
      }
      serve(configuration, what);
    },
  });
}

/** How requests are sent: over this package's connections, or by means that the program passed or replaced. */
interface Way {
  addressOf(url: string): string;
  sendWithin(timeoutMs: number, url: string): SendRequest | undefined;
}

function wayOf(config: LocalEvaluationConfig, httpClient: HttpClient | undefined): Way {
  const send = sendAsVendor(config);
  return {
    addressOf: (url) => (httpClient ? addressByClient(url) : url),
    sendWithin: (timeoutMs, url) => (httpClient ? sendByClient(httpClient, timeoutMs, url) : send),
  };
}

function downloadsOf(
  cohortSync: NonNullable<ReturnType<typeof cohortSettingsOf>>,
  { addressOf, sendWithin }: Way,
  { config: { dispatcher, proxy }, log, settings: { clock } }: UpdatesFor,
): CohortDownloads {
  const send = sendWithin(COHORT_TIMEOUT_MS, cohortSync.url);
  const transport = new HttpTransport({ connections: MAX_DOWNLOADS, dispatcher, proxy, send });
  const url = addressOf(cohortSync.url);
  return new CohortDownloads({
    server: { ...cohortSync, url, transport, maxBodyBytes: MAX_BODY_BYTES, clock },
    log,
  });
}

function originOf(
  { addressOf, sendWithin }: Way,
  { apiKey, config, log, settings }: UpdatesFor,
): ConfigurationOrigin {
  const { dispatcher, proxy, serverUrl } = config;
  const { clock, flagsUrl, requestTimeoutMs } = settings;
  const options = {
    // Without the check of the key, which the vendor's SDK does not have.
    dialect: addressesOf(undefined),
    apiKey: givenKey(apiKey, log),
    ...placeOf(addressOf(flagsUrl)),
    requestTimeoutMs: Math.min(requestTimeoutMs, 600_000),
    maxBodyBytes: MAX_BODY_BYTES,
    isUsable: (status: number) => status === 200, // as in the vendor's SDK
    dispatcher,
    proxy,
    send: sendWithin(requestTimeoutMs, flagsUrl),
    clock,
  };
  const keyHint = "is the deployment key a server key?";
  return httpOrigin(options, serverUrl ? "serverUrl" : null, keyHint);
}

function streamOf(
  polled: ConfigurationOrigin,
  { apiKey, config: { dispatcher, proxy }, eventSource, log, settings }: UpdatesFor,
): FlagStream {
  const { clock, streamTimeoutMs: timeoutMs, streamUrl: url } = settings;
  return new FlagStream({
    ...{ apiKey, url, timeoutMs, route: { dispatcher, proxy }, maxEventBytes: MAX_BODY_BYTES },
    ...{ eventSource, clock, log, polled },
  });
}

/** The vendor's client sends any key it is given, and is then refused. */
function givenKey(apiKey: unknown, log: ClientLog): string {
  if (typeof apiKey === "object" && apiKey !== null) {
    const advice = 'write initializeLocal("server-…", { … })';
    log.mistake(`[Experiment] apiKey is an object: ${advice}`);
  }
  const key = `${apiKey}`;
  if (apiKey && key.trim() !== "") return key;
  log.mistake("[Experiment] apiKey is empty: is the environment variable that holds it set?");
  return key.trim() === "" ? '""' : key;
}

/** Paths are appended to any address, as in the vendor's SDK. */
function placeOf(url: string): Pick<DialectOriginOptions, "baseUrl" | "locate"> {
  const isPlain = /^https?:\/\/[^?#@\s]+$/.test(url) && parseUrl(url) !== null;
  return isPlain ? { baseUrl: url } : { locate: (path) => new URL(`${url}${path}`) };
}
