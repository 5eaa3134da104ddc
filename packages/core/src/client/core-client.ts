import { OncePerCause } from "../errors/once-per-cause.js";
import { booleanOption } from "../errors/option-checks.js";
import type { Exposures } from "../events/exposures.js";
import type { FlushResult } from "../events/flush.js";
import type { Loggers } from "../events/loggers.js";
import { checkLoggers } from "../events/loggers.js";
import type { BanditActions, BanditSubject } from "../model/bandit.js";
import type { Configuration } from "../model/configuration.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import type { AbortSignalLike } from "../runtime/host.js";
import { inspectAs } from "../runtime/inspect-as.js";
import type { Client } from "./client.js";
import { clientView } from "./client-view.js";
import { CoreSubjectClient } from "./core-subject-client.js";
import type { Evaluator } from "./evaluation/evaluator.js";
import { type PrecomputingParts, precompute } from "./evaluation/precompute.js";
import { checkChanges, type DeduplicationOptions } from "./exposure-options.js";
import { Getters } from "./getters.js";
import type { Lifecycle, RefreshResult } from "./lifecycle/lifecycle.js";
import type { ClientEvents, ClientListener, Listeners } from "./lifecycle/listeners.js";
import type { ReadyResult } from "./lifecycle/ready-result.js";
import type { ClientStatus } from "./lifecycle/status.js";
import { markClient } from "./mark.js";
import { type Overrides, readOverrides, withFurther } from "./overrides.js";
import type { SubjectClient, SubjectOptions } from "./subject-client.js";

const DEFAULT_TIMEOUT_MS = 5_000;

/** Replaces a client's `flush` and `close` in a copy of it. */
export interface ClientEnding {
  /** Waits until the copy's exposures are delivered. Never rejects. */
  flush(timeoutMs: number, signal?: AbortSignalLike): Promise<FlushResult>;
  /** Closes only the copy. Never rejects. */
  close(timeoutMs: number): Promise<FlushResult>;
}

/** The parts of a client. Copies with overrides share all of them except the evaluator. */
export interface ClientParts<Details extends object> extends PrecomputingParts {
  readonly lifecycle: Lifecycle;
  /** Provides `flush` and `close`: the lifecycle, or a copy's own implementation. */
  readonly ending: ClientEnding;
  readonly evaluator: Evaluator<Details>;
  readonly exposures: Exposures;
  readonly listeners: Listeners;
  readonly diagnostics: Diagnostics;
  readonly initializationTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** Names of the dialects of a shadow's sides, beginning with the one that serves. Absent: not a shadow. */
  readonly dialects?: readonly string[];
}

/** The client that `createClient` creates. */
export class CoreClient<Details extends object = object, Extras = unknown>
  extends Getters<Details, Extras>
  implements Client<Details, Extras>
{
  readonly #parts: ClientParts<Details>;
  #reported: OncePerCause | null = null;

  constructor(parts: ClientParts<Details>) {
    super(parts.evaluator, parts);
    this.#parts = parts;
    markClient(this, parts);
    inspectAs(this, "Client", () => clientView(this.status, this.getConfiguration()));
  }

  getPrecomputedConfiguration(
    subjectKey: string,
    subject?: BanditSubject | null,
    banditActions?: Readonly<Record<string, BanditActions>>,
    salt?: string,
  ): string {
    const subjectOf = { subjectKey, subject: subject ?? {}, banditActions: banditActions ?? {} };
    return precompute(
      this.#parts,
      { ...subjectOf, salt },
      this.#parts.evaluator.calls.mode.isGraceful,
    );
  }

  forSubject(options: SubjectOptions<Extras>, attributes?: unknown): SubjectClient<Details> {
    return new CoreSubjectClient(this.#parts.evaluator, options, attributes);
  }

  withOverrides(overrides: Overrides): Client<Details, Extras> {
    const read = readOverrides(overrides);
    if (read.size === 0) return this;
    const { evaluator } = this.#parts;
    const all = withFurther(evaluator.calls.overrides, read);
    return clientOf({ ...this.#parts, evaluator: evaluator.with({}, all) });
  }

  getOverrideVariationKeys(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.#parts.evaluator.calls.overrides].map(([flagKey, it]) => [
        flagKey,
        typeof it === "string" ? it : it.key,
      ]),
    );
  }

  setConfiguration(configuration: Configuration): void {
    this.#parts.lifecycle.setConfiguration(configuration);
  }

  getConfiguration(): Configuration | null {
    return this.#parts.store.configuration;
  }

  waitForInitialization(
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignalLike } = {},
  ): Promise<ReadyResult> {
    const { lifecycle, initializationTimeoutMs } = this.#parts;
    const { signal, timeoutMs = initializationTimeoutMs } = this.#read(
      "waitForInitialization",
      options,
    );
    return lifecycle.waitForReady(timeoutMs, signal);
  }

  setIsGracefulMode(isGraceful: boolean): void {
    const { mode } = this.#parts.evaluator.calls;
    mode.isGraceful = booleanOption("setIsGracefulMode", isGraceful, false);
  }

  setAssignmentLogger(loggers: Loggers | null): void {
    const { exposures, lifecycle } = this.#parts;
    checkLoggers("assignmentLogger", loggers);
    if (!lifecycle.refuseClosed("setAssignmentLogger")) exposures.dispatcher.setLoggers(loggers);
  }

  setDeduplication(options: DeduplicationOptions): void {
    this.#parts.exposures.setDeduplication(checkChanges(options));
  }

  refresh(
    options: { readonly timeoutMs?: number; readonly holdsProcess?: boolean } = {},
  ): Promise<RefreshResult> {
    const { lifecycle, requestTimeoutMs } = this.#parts;
    const { holdsProcess, timeoutMs = requestTimeoutMs } = this.#read("refresh", options);
    return lifecycle.refresh(timeoutMs, holdsProcess);
  }

  flush(
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignalLike } = {},
  ): Promise<FlushResult> {
    const { ending } = this.#parts;
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = this.#read("flush", options);
    return ending.flush(timeoutMs, signal);
  }

  on<Name extends keyof ClientEvents>(name: Name, listener: ClientListener<Name>): () => void {
    return this.#parts.listeners.add(name, listener);
  }

  get status(): ClientStatus {
    return this.#parts.lifecycle.status;
  }

  close(options: { readonly timeoutMs?: number } = {}): Promise<FlushResult> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = this.#read("close", options);
    return this.#parts.ending.close(timeoutMs);
  }

  /** Returns the options of a method. A time limit that it would ignore is reported once. */
  #read<Options extends object>(method: string, options: Options): Partial<Options> {
    const isObject = typeof options === "object" && options !== null;
    const { timeout, timeoutMs }: { readonly timeout?: unknown; readonly timeoutMs?: unknown } =
      isObject ? options : { timeout: options };
    const isUsable = timeoutMs === undefined || (typeof timeoutMs === "number" && timeoutMs >= 0);
    if (isObject && isUsable && timeout === undefined) return options;
    const ignored = isUsable ? timeout : timeoutMs;
    this.#reported ??= new OncePerCause();
    if (this.#reported.first("time limit", method) !== null) {
      const written = typeof ignored === "number" ? ignored : 5_000;
      const message =
        typeof options === "function"
          ? `takes no callback: write await client.${method}()`
          : `ignores this time limit: write ${method}({ timeoutMs: ${written} })`;
      this.#parts.diagnostics.warn(`${method}() ${message}`);
    }
    if (!isObject) return {};
    return isUsable ? options : { ...options, timeoutMs: undefined };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

// Outside the class, because bundlers rename a class that refers to itself.
function clientOf<Details extends object, Extras>(
  parts: ClientParts<Details>,
): Client<Details, Extras> {
  return new CoreClient(parts);
}
