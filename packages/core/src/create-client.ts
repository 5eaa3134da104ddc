import type { Client } from "./client/client.js";
import { CoreClient } from "./client/core-client.js";
import { Evaluator } from "./client/evaluation/evaluator.js";
import { Mistakes } from "./client/evaluation/mistakes.js";
import { notifying } from "./client/evaluation/observed-call.js";
import { isStore } from "./client/exposure-options.js";
import { Lifecycle } from "./client/lifecycle/lifecycle.js";
import { Listeners } from "./client/lifecycle/listeners.js";
import { type ClientOptions, checkOptions, refusePart } from "./client/options.js";
import { warnOfOtherReleases } from "./client/other-releases.js";
import { createDrains } from "./client/wait-until.js";
import { type ExposureMemory, guardStore } from "./delivery/deduplication-store.js";
import { Deduplicator } from "./delivery/deduplicator.js";
import { OptionError } from "./errors/errors.js";
import { requireOptions } from "./errors/option-checks.js";
import { createMetaData } from "./events/event-metadata.js";
import { Exposures } from "./events/exposures.js";
import type { Dialect } from "./model/dialect.js";
import { createClock } from "./runtime/clock.js";
import { consoleDiagnostics, limitDiagnostics } from "./runtime/diagnostics.js";
import type { AbortSignalLike } from "./runtime/host.js";
import { observersOf } from "./runtime/observers.js";
import { hostRandom } from "./runtime/random.js";
import { RELEASE } from "./runtime/version.js";

/** Number of calls whose subject is checked. */
const SUBJECT_CHECKS = 100;

/**
 * Creates a client and starts its source, if it has one. Returns immediately.
 *
 * @param options - `dialect` is required unless the source or `initialConfiguration` has it.
 * @throws OptionError if an option is missing, unknown or invalid, before anything has been started.
 */
export function createClient<Details extends object = object, Extras = unknown>(
  options: ClientOptions<Details, Extras>,
): Client<Details, Extras> {
  if (typeof options === "string") {
    throw new OptionError("options", "expected an object, got a string: pass { source, … }");
  }
  requireOptions(options, "options", ": pass { source, … }");
  refusePart(options);
  const { initialConfiguration, random = hostRandom, signal, source, waitUntil } = options;
  const dialect = dialectOf(options);
  const checked = checkOptions(options, dialect);
  const clock = createClock(options.clock);
  const diagnostics = limitDiagnostics(options.diagnostics ?? consoleDiagnostics(), clock);
  const { bindings, child } = Object(options.diagnostics);
  if (typeof bindings === "function" && typeof child === "function") {
    diagnostics.warn(
      "diagnostics is a pino logger, which would drop the fields of each message: use pinoDiagnostics(logger)",
    );
  }
  const listeners = new Listeners(diagnostics);
  const { deduplication } = checked;
  const { name, version } = options.sdk ?? RELEASE;
  const loggers = options.assignmentLogger ?? [];
  warnOfOtherReleases(
    [dialect, ...(source ? [source] : []), ...(Array.isArray(loggers) ? loggers : [loggers])],
    RELEASE,
    diagnostics,
  );
  const storeOf = (memory: typeof deduplication.assignments): ExposureMemory | null => {
    if (memory === null || memory instanceof Deduplicator) return memory;
    return isStore(memory) ? guardStore(memory, diagnostics) : new Deduplicator(memory, clock);
  };
  const exposures = new Exposures({
    loggers: options.assignmentLogger,
    deduplication,
    storeOf,
    limits: checked.exposures,
    metaDataOf: createMetaData({ name, version }),
    clock,
    diagnostics,
    onReceived:
      waitUntil && createDrains(waitUntil, clock, diagnostics, checked.exposures.loggerTimeoutMs),
    onDropped: (dropped) => listeners.emit("exposures-dropped", dropped),
  });
  const mistakes = new Mistakes(diagnostics);
  const shared = { dialect, exposures, mistakes, listeners, clock, random, diagnostics };
  const lifecycle = new Lifecycle({
    ...checked,
    ...shared,
    source: source ?? null,
    initialConfiguration: initialConfiguration ?? null,
  });
  const { store } = lifecycle;
  const mode = {
    isGraceful: checked.isGracefulMode,
    hasReportedEarlyCall: false,
    subjectChecks: SUBJECT_CHECKS,
  };
  const evaluator = new Evaluator(
    {
      dialect,
      store,
      exposures,
      diagnostics,
      mistakes,
      now: clock.now,
      includeDetails: checked.exposures.includeEvaluationDetails,
      onCall: notifying(observersOf(checked.observers, diagnostics), dialect.name),
      mode,
      emptyClient: () => lifecycle.emptyClient,
    },
    checked.overrides,
  );
  const { initializationTimeoutMs, requestTimeoutMs } = checked;
  const client = new CoreClient<Details, Extras>({
    ...shared,
    initializationTimeoutMs,
    requestTimeoutMs,
    lifecycle,
    ending: lifecycle,
    store,
    evaluator,
  });
  if (signal !== undefined) closeOnAbort(client, signal);
  return client;
}

function dialectOf<Details extends object, Extras>({
  dialect,
  initialConfiguration,
  source,
}: ClientOptions<Details, Extras>): Dialect<Details, Extras> {
  const known = dialect ?? source?.dialect ?? initialConfiguration?.dialect;
  if (known === undefined)
    throw new OptionError("dialect", "expected a dialect: there is no default");
  if (known === source?.dialect && !("compile" in known)) {
    const { name } = known;
    throw new OptionError(
      "dialect",
      `is missing: the source only knows the addresses of ${name}, so pass dialect: ${name}()`,
    );
  }
  return known as Dialect<Details, Extras>; // without the option, the caller determines `Details`
}

function closeOnAbort(client: Client, signal: AbortSignalLike): void {
  const abort = (): void => void client.close({ timeoutMs: 0 });
  signal.addEventListener("abort", abort);
  // The listener is removed because a signal may outlive many clients.
  client.on("closed", () => signal.removeEventListener("abort", abort));
  if (signal.aborted) abort();
}
