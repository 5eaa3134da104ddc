import type { JsonObject } from "@sortition/core/dialect";
import { parseUrl, requireMethods, SILENT_DIAGNOSTICS } from "@sortition/core/internal";
import {
  type DialectOriginOptions,
  HttpTransport,
  httpOrigin,
  pollingSource,
  type SendRequest,
} from "@sortition/node/internal";
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
  /** The flags that are evaluated at present. */
  evaluated(): readonly JsonObject[];
  /** Ids of the cohorts that they refer to. */
  evaluatedCohortIds(): readonly string[];
  readonly taken: TakenValues;
  /** Send requests and open streams in the place of this package. */
  readonly httpClient: HttpClient | undefined;
  readonly eventSource: StreamEventSourceFactory | undefined;
}

export function createUpdates({
  apiKey,
  config,
  evaluated,
  evaluatedCohortIds,
  eventSource,
  httpClient,
  log,
  serve,
  settings,
  taken,
}: UpdatesFor): Updates {
  const { clock, intervalMs, startTimeoutMs } = settings;
  const dialect = amplitude();
  const parts = { dialect, clock, startTimeoutMs, serve };
  if (config.source !== undefined) {
    const { source } = config;
    requireMethods("source", source, "fetchOnce" in Object(source) ? [] : ["subscribe", "refresh"]);
    return new Updates({
      ...parts,
      diagnostics: diagnosticsTo(log),
      feed: null,
      createSource: () =>
        "fetchOnce" in source ? pollingSource(source, { pollIntervalMs: intervalMs }) : source,
    });
  }
  const { dispatcher, proxy } = config;
  const { httpAgent } = config;
  if (httpClient || httpAgent) {
    warnOfRoute(config, httpClient ? "httpClient" : "httpAgent", log);
  }
  const send = sendAsVendor(config);
  const addressOf = (url: string): string => (httpClient ? addressByClient(url) : url);
  const sendWithin = (timeoutMs: number, url: string): SendRequest | undefined =>
    httpClient ? sendByClient(httpClient, timeoutMs, url) : send;
  const cohortSync = cohortSettingsOf(config, settings, taken);
  const cohorts =
    cohortSync === null
      ? null
      : new CohortDownloads({
          server: {
            ...cohortSync,
            url: addressOf(cohortSync.url),
            transport: new HttpTransport({
              connections: MAX_DOWNLOADS,
              dispatcher,
              proxy,
              send: sendWithin(COHORT_TIMEOUT_MS, cohortSync.url),
            }),
            maxBodyBytes: MAX_BODY_BYTES,
            clock,
          },
          log,
        });
  const cohortIntervalMs = cohortSync?.intervalMs ?? Number.POSITIVE_INFINITY;
  const received = new ReceivedFlagsSource({
    clock,
    cohorts,
    cohortIntervalMs,
    evaluated,
    evaluatedCohortIds,
    loaded: (what) => updates.serve(what),
  });
  const flagsOptions = {
    dialect,
    apiKey: givenKey(apiKey, log),
    ...placeOf(addressOf(settings.flagsUrl)),
    requestTimeoutMs: Math.min(settings.requestTimeoutMs, 600_000),
    maxBodyBytes: MAX_BODY_BYTES,
    isUsable: (status: number) => status === 200, // as the vendor's SDK
    dispatcher,
    proxy,
    send: sendWithin(settings.requestTimeoutMs, settings.flagsUrl),
    clock,
  };
  const keyHint = "is the deployment key one of the server side?";
  const polled = httpOrigin(flagsOptions, config.serverUrl ? "serverUrl" : null, keyHint);
  const stream = settings.isStreaming
    ? new FlagStream({
        apiKey,
        url: settings.streamUrl,
        timeoutMs: settings.streamTimeoutMs,
        route: { dispatcher, proxy },
        maxEventBytes: MAX_BODY_BYTES,
        eventSource,
        clock,
        log,
        polled,
      })
    : null;
  const origin = stream?.origin ?? polled;
  const feed = new FlagFeed({ clock, intervalMs, log, received, origin, stream });
  const updates = new Updates({
    ...parts,
    // Lines come from the feed, in the vendor's words.
    diagnostics: SILENT_DIAGNOSTICS,
    feed,
    createSource: () => received,
    settled: () => received.settled(),
    serve(configuration, what) {
      if (cohorts === null && configuration.references.size > 0) {
        log.error("Cohorts found in flag configs but no cohort download configured");
      }
      serve(configuration, what);
    },
  });
  return updates;
}

/** The vendor's client sends whatever it is given, and is refused. */
function givenKey(apiKey: unknown, log: ClientLog): string {
  const key = `${apiKey}`;
  if (apiKey && key.trim() !== "") return key;
  log.mistake("[Experiment] apiKey is empty: is the environment variable that holds it set?");
  return key.trim() === "" ? '""' : key;
}

/** Paths are appended to whatever the address is. */
function placeOf(url: string): Pick<DialectOriginOptions, "baseUrl" | "locate"> {
  const isPlain = /^https?:\/\/[^?#@\s]+$/.test(url) && parseUrl(url) !== null;
  return isPlain ? { baseUrl: url } : { locate: (path) => new URL(`${url}${path}`) };
}
