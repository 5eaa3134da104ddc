import { BanditEvaluator } from "./client/bandit-evaluator.js";
import { Client } from "./client/client.js";
import { Evaluator } from "./client/evaluator.js";
import { isStore } from "./client/exposure-options.js";
import { Lifecycle } from "./client/lifecycle.js";
import { Listeners } from "./client/listeners.js";
import { type ClientOptions, checkOptions } from "./client/options.js";
import { createPrecomputing } from "./client/precomputing.js";
import { type DeduplicationStore, guardStore } from "./delivery/deduplication-store.js";
import { Deduplicator } from "./delivery/deduplicator.js";
import { eppo } from "./eppo/dialect.js";
import type { EvaluationDetails } from "./eppo/flags/details.js";
import { Exposures } from "./events/exposures.js";
import type { Configuration } from "./model/configuration.js";
import type { Dialect } from "./model/dialect.js";
import type { EventMetadata } from "./model/exposure.js";
import { createClock } from "./runtime/clock.js";
import { consoleDiagnostics, limitDiagnostics } from "./runtime/diagnostics.js";
import { hostRandom } from "./runtime/random.js";
import { SDK_NAME, SDK_VERSION } from "./version.js";

/**
 * Makes a client. It returns at once, and starts its source, if it has one.
 *
 * @throws OptionError if an option is unknown or has a bad value; nothing has been started then.
 */
export function createClient<Details extends object = EvaluationDetails>(
  options: ClientOptions<Details> = {},
): Client<Details> {
  const { initialConfiguration, signal, source } = options;
  // Whoever gives no dialect gets `eppo()`, and its details are what `Details` defaults to.
  const dialect = (options.dialect ??
    source?.dialect ??
    initialConfiguration?.dialect ??
    eppo()) as Dialect<Details>;
  const checked = checkOptions(options, dialect);
  const clock = createClock(options.clock);
  const diagnostics = limitDiagnostics(options.diagnostics ?? consoleDiagnostics(), clock);
  const listeners = new Listeners(diagnostics);
  const { deduplication } = checked;
  const storeOf = (memory: typeof deduplication.assignments): DeduplicationStore | null => {
    if (memory === null) return null;
    return isStore(memory)
      ? guardStore(memory, diagnostics)
      : new Deduplicator(memory, clock.monotonicMs);
  };
  const exposures = new Exposures({
    loggers: options.assignmentLogger,
    deduplication: {
      assignment: storeOf(deduplication.assignments),
      bandit: storeOf(deduplication.bandits),
    },
    limits: checked.exposures,
    metaDataOf,
    clock,
    diagnostics,
    onDropped: (dropped) => listeners.emit("exposures-dropped", dropped),
  });
  const lifecycle = new Lifecycle({
    ...checked,
    dialect,
    source: source ?? null,
    initialConfiguration: initialConfiguration ?? null,
    exposures,
    listeners,
    clock,
    random: options.random ?? hostRandom,
    diagnostics,
  });
  const evaluator = new Evaluator({
    dialect,
    store: lifecycle.store,
    exposures,
    diagnostics,
    now: clock.now,
    isGraceful: checked.isGracefulMode,
    includeDetails: checked.exposures.includeEvaluationDetails,
  });
  const bandits = new BanditEvaluator({
    evaluator,
    exposures,
    store: lifecycle.store,
    diagnostics,
  });
  const precompute = createPrecomputing({
    dialect,
    store: lifecycle.store,
    now: clock.now,
    random: options.random ?? hostRandom,
  });
  const client = new Client({
    ...checked,
    lifecycle,
    evaluator,
    bandits,
    precompute,
    exposures,
    listeners,
  });
  closeOnAbort(client, signal);
  return client;
}

const PLAIN: EventMetadata = /* @__PURE__ */ metaData(false);
const OBFUSCATED: EventMetadata = /* @__PURE__ */ metaData(true);

function metaDataOf({ isObfuscated }: Configuration): EventMetadata {
  return isObfuscated ? OBFUSCATED : PLAIN;
}

function metaData(obfuscated: boolean): EventMetadata {
  return Object.freeze({
    obfuscated,
    sdkLanguage: "javascript",
    sdkName: SDK_NAME,
    sdkLibVersion: SDK_VERSION,
  });
}

function closeOnAbort<Details extends object>(
  client: Client<Details>,
  signal: ClientOptions["signal"],
): void {
  if (signal === undefined) return;
  const abort = (): void => void client.close({ timeoutMs: 0 });
  signal.addEventListener("abort", abort);
  // A signal may outlive many clients.
  client.on("closed", () => signal.removeEventListener("abort", abort));
  if (signal.aborted) abort();
}
