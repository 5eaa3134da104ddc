import { createClient, type SortitionError } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import {
  type ConfigurationOrigin,
  createClock,
  type Diagnostics,
  exposureCounters,
  hintsOn,
  limitDiagnostics,
  MAX_DELAY_MS,
  OptionError,
  type OptionHints,
  type SourceContext,
  type SourceSink,
  type Subscription,
  TimeoutError,
  unknownOptions,
} from "@sortition/core/internal";
import { callAtExitWith, pollingSource, sendByReplacedFetch } from "@sortition/node/internal";
import { NO_OP_EVENT_DISPATCHER } from "../events/event-dispatcher.js";
import { EventRelay } from "../events/event-relay.js";
import { Requester } from "../events/requester.js";
import { TrackedEvents, type TrackedEventsParts } from "../events/tracked-events.js";
import { defaultDiagnostics } from "../messages/default-diagnostics.js";
import { diagnosticsInside } from "../messages/early-call.js";
import { ReplaceableOrigin } from "../source/replaceable-origin.js";
import { createFetching } from "../source/start.js";
import { RELEASE } from "../version.js";
import { CONFIG_NAMES, type IClientConfig } from "./client-config.js";
import type { EppoClientParts } from "./client-state.js";
import type { IConfigurationStore } from "./configuration/configuration-store.js";
import type { ConfigurationStores } from "./configuration/stored-configuration.js";
import { EppoClient } from "./eppo-client.js";
import { expiringMemory } from "./expiring-memory.js";
import type { Flag } from "./model/flag.js";
import { originOf } from "./origin.js";
import { OverrideHeader } from "./overrides/override-header.js";
import { type OriginRoute, pollingRules } from "./request-parameters.js";
import { TakenValues } from "./taken-values.js";

/** The vendor's size of the deduplication cache. */
const ASSIGNMENTS = { max: 50_000 };
/** The vendor's size of the same cache for bandit actions. */
const MAX_CHOICES = 50_000;
/**
 * Calls a logger immediately, whatever it returned before, as the vendor does. No event waits for a
 * promise or is refused.
 */
const EXPOSURES = {
  includeEvaluationDetails: true,
  maxConcurrent: Number.MAX_SAFE_INTEGER,
  maxQueueEvents: Number.MAX_SAFE_INTEGER,
  maxQueueBytes: Number.MAX_SAFE_INTEGER,
  // `EventRelay` limits the wait for a promise.
  loggerTimeoutMs: MAX_DELAY_MS,
};
/** Additional time that a refresh waits beyond its request's deadline. */
const GRACE_MS = 1_000;
const DEFAULT_REQUEST_TIMEOUT_MS = 5_000;

/**
 * Creates a client that has not fetched anything yet.
 *
 * @param onReady - called when it has its first configuration.
 * @throws Error without a key; OptionError for an invalid value.
 */
export function createEppoClient(config: IClientConfig, onReady: (() => void) | null): EppoClient {
  if (typeof config === "string") {
    throw new OptionError(
      "options",
      "expected an object: write init({ apiKey, assignmentLogger })",
    );
  }
  const { apiKey, assignmentLogger, banditLogger, throwOnFailedInitialization = true } = config;
  if (!apiKey) {
    const other = Object.keys(config ?? {}).find(
      (it) => /key$|token$/i.test(it) && it !== "apiKey",
    );
    const advice =
      other === undefined ? "is the variable that contains it set?" : `use apiKey, not ${other}`;
    throw new Error(`API key is required: ${advice}`);
  }
  const target = config.diagnostics ?? defaultDiagnostics();
  warnOfUnknownOptions(config, target);
  const taken = new TakenValues(target);
  checkLogger("assignmentLogger", assignmentLogger, "logAssignment", target);
  checkLogger("banditLogger", banditLogger, "logBanditAction", target);
  const clock = createClock(config.clock);
  const diagnostics = limitDiagnostics(target, clock);
  const random = config.random ?? Math.random;
  const rules = pollingRules(
    {
      ...config,
      pollAfterSuccessfulInitialization: true,
      throwOnFailedInitialization,
    },
    taken,
  );
  const relay = new EventRelay(diagnostics, clock);
  relay.setAssignmentLogger(assignmentLogger || null);
  relay.setBanditLogger(banditLogger || null);
  const send = sendByReplacedFetch(() => {
    diagnostics.debug("requests use the global fetch, which was replaced");
  });
  // `proxy` and `dispatcher`, which the vendor's SDK does not have, take precedence over a replaced
  // `fetch`.
  const isRouted = (config.proxy ?? config.dispatcher) !== undefined;
  const route = {
    proxy: config.proxy,
    dispatcher: config.dispatcher,
    send: isRouted ? undefined : send,
  };
  const createOrigin = (parameters: OriginRoute): ConfigurationOrigin =>
    originOf({ ...route, clock: config.clock }, parameters, taken);
  const origin = new ReplaceableOrigin(createOrigin(config));
  // Fetches only through `refresh`, which `fetching` calls.
  const polling = pollingSource(origin, { pollIntervalMs: null });
  const subscribe = polling.subscribe.bind(polling);
  let sink: SourceSink | null = null;
  const native = createClient({
    dialect: eppo(),
    // The interval determines when a configuration is stale. The source's getters must stay
    // getters, because reading the scope computes a hash and loads `node:crypto`.
    source: Object.assign(polling, {
      intervalMs: rules.intervalMs,
      subscribe(given: SourceSink, context: SourceContext): Subscription {
        sink = given;
        return subscribe(given, context);
      },
    }),
    // Without a logger, the client stops building events once its buffer is full.
    assignmentLogger: relay.hasLogger ? relay : undefined,
    deduplication: { assignments: ASSIGNMENTS, bandits: expiringMemory(clock, MAX_CHOICES) },
    exposures: EXPOSURES,
    onEvaluation: config.onEvaluation,
    diagnostics: diagnosticsInside(target),
    clock: config.clock,
    random,
    sdk: RELEASE,
  });
  if (onReady !== null) native.on("ready", onReady);
  const stores: ConfigurationStores = { flags: null, banditVariations: null, banditModels: null };
  const fetching = createFetching(rules, {
    clock,
    random,
    diagnostics,
    async fetch(holdsProcess): Promise<SortitionError | null> {
      if (stores.flags !== null) {
        const isFresh = await isStoreFresh(stores.flags, diagnostics);
        sink?.paused?.(isFresh);
        if (isFresh) return null;
      }
      const { requestTimeoutMs = DEFAULT_REQUEST_TIMEOUT_MS } = origin;
      const timeoutMs = requestTimeoutMs + GRACE_MS;
      const { error, outcome } = await native.refresh({ timeoutMs, holdsProcess });
      if (outcome === "updated" || outcome === "unchanged") return null;
      return error ?? new TimeoutError("request", requestTimeoutMs);
    },
    paused: (isPaused) => sink?.paused?.(isPaused),
  });
  const requester = new Requester(route, clock);
  const trackedEvents = trackedEventsOf(config, { requester, clock, diagnostics });
  const parts: EppoClientParts = {
    native,
    relay,
    fetching,
    origin,
    createOrigin,
    overrideHeader: new OverrideHeader(requester, clock),
    diagnostics,
    taken,
    pollJitterMs: config.pollJitterMs,
    clock,
    stores,
    requester,
    trackedEvents,
    dispatcher: trackedEvents ?? NO_OP_EVENT_DISPATCHER,
  };
  native.on("closed", callAtExitWith(parts, reportLost));
  return new EppoClient(parts);
}

/** Reports the events that had no logger when the process exited. */
function reportLost({ native, relay }: EppoClientParts): void {
  relay.reportWaiting("the process exited", exposureCounters(native).loggers["none"]?.buffered);
}

/** Whether the user's store reports that its flags need not be fetched yet. */
async function isStoreFresh(
  store: IConfigurationStore<Flag>,
  diagnostics: Diagnostics,
): Promise<boolean> {
  try {
    return !(await store.isExpired());
  } catch (error) {
    diagnostics.warn("flag configuration store failed", { error });
    return false;
  }
}

/** Returns `null` without `eventTracking`, or if the key contains no event host. */
function trackedEventsOf(
  { apiKey, eventTracking = {} }: IClientConfig,
  parts: Pick<TrackedEventsParts, "requester" | "clock" | "diagnostics">,
): TrackedEvents | null {
  if (!eventTracking.enabled) return null;
  const url = ingestionUrlOf(`${apiKey}`);
  if (url !== null) return new TrackedEvents(eventTracking, { ...parts, sdkKey: apiKey, url });
  parts.diagnostics.warn("eventTracking: the SDK key names no host of events, so none is sent");
  return null;
}

/**
 * Warns that a logger will receive nothing. The vendor instead reports each event that it cannot
 * log.
 */
function checkLogger(
  option: string,
  logger: unknown,
  method: string,
  diagnostics: Pick<Diagnostics, "warn">,
): void {
  const methods = (logger ?? { [method]() {} }) as Readonly<Record<string, unknown>>; // any value has members
  if (typeof methods[method] === "function") return;
  const fact = `${option} has no function ${method}, so it receives nothing`;
  diagnostics.warn(`${fact}: pass { ${method}: (event) => … }`, { option });
}

const HINTS: OptionHints = {
  ...hintsOn("/vendors/eppo.md"),
  names: { pollAfterSuccessfulInitialization: "not needed: it always polls" },
};

/** Warns of unknown options. They do not throw, because the vendor's SDK ignores them silently. */
function warnOfUnknownOptions(config: IClientConfig, diagnostics: Diagnostics): void {
  for (const { hint, option } of unknownOptions(config, CONFIG_NAMES, () => HINTS)) {
    diagnostics.warn(`${option}: unknown option${hint}`, { option });
  }
}

/**
 * Returns the URL for the events of `EppoClient.track`, or `null` if the SDK key contains no event
 * host.
 */
function ingestionUrlOf(sdkKey: string): string | null {
  const encoded = sdkKey.split(".")[1] ?? "";
  const host = new URLSearchParams(Buffer.from(encoded, "base64").toString()).get("eh");
  if (!host) return null;
  const url = `${host}${host.endsWith("/") ? "" : "/"}v0/i`;
  return /^https?:\/\//.test(url) ? url : `https://${url}`;
}
