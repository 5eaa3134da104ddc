import { Client } from "../client/client.js";
import type { AssignmentDetails } from "../client/evaluation/assignment-details.js";
import type { EvaluationRequest } from "../client/evaluation/evaluation-request.js";
import type { DeduplicationOptions } from "../client/exposure-options.js";
import type { RefreshResult } from "../client/lifecycle/lifecycle.js";
import type { ClientEvents, ClientListener } from "../client/lifecycle/listeners.js";
import type { ReadyResult } from "../client/lifecycle/ready-waits.js";
import type { ClientStatus } from "../client/lifecycle/status.js";
import type { Overrides } from "../client/overrides.js";
import { OptionError } from "../errors/errors.js";
import { rejectUnknownOptions } from "../errors/option-checks.js";
import type { ExposureCounters } from "../events/exposures.js";
import type { FlushResult } from "../events/flush.js";
import type { Loggers } from "../events/loggers.js";
import type { Attributes } from "../model/attributes.js";
import type { Configuration } from "../model/configuration.js";
import type { AbortSignalLike } from "../runtime/host.js";
import { type Ask, ClientSide } from "./client-side.js";
import { Comparisons } from "./comparisons.js";
import { type CandidateFunction, FunctionSide } from "./function-side.js";
import { type ServedSide, Serving } from "./serving.js";
import { checkFlagKeys, type ShadowMap } from "./shadow-map.js";
import type { DifferenceListener, ShadowReport } from "./shadow-report.js";
import type { ShadowCall } from "./side.js";
import { sumOfFlushes } from "./sum-of-flushes.js";

/** Options of {@link shadow}. */
export interface ShadowOptions<Details extends object, Extras> {
  /** The client that serves until `serveFrom` is called. */
  readonly primary: Client<Details, Extras>;
  /** A client of any dialect, or a function that calls another SDK. */
  readonly candidate: Client<object> | CandidateFunction;
  /** The candidate's names for flags, values, attributes and subjects. Default: the same names. */
  readonly map?: ShadowMap | undefined;
  /** Share of subjects whose calls are compared, from 0 to 1. Default: 1. */
  readonly sample?: number | undefined;
  /** Called for the first difference of each flag and kind. If it throws, the first error is reported. */
  readonly onDifference?: DifferenceListener | undefined;
}

/** Status of both sides. */
export interface ShadowSides {
  readonly primary: ClientStatus;
  /** `null` if the candidate is a function. */
  readonly candidate: ClientStatus | null;
  /** `by-call` if a function chooses the side. */
  readonly serving: "primary" | "candidate" | "by-call";
}

const OPTIONS: readonly string[] = ["primary", "candidate", "map", "sample", "onDifference"];
/**
 * Creates a client that evaluates each call with a primary and a candidate. One of them serves the value and logs the
 * exposure. The other is only compared with it, and has no side effects.
 *
 * ```ts
 * const flags = shadow({ primary: eppoClient, candidate: growthbookClient, sample: 0.1 });
 * flags.getStringAssignment("checkout", "user-1", { country: "DE" }, "standard");
 * flags.report().flags["checkout"];
 * flags.serveFrom("candidate");
 * ```
 *
 * Comparisons take at most 5 ms per second. Calls beyond that are counted as skipped.
 *
 * @throws OptionError for an invalid option, the same client on both sides, or a map with a flag key that neither side has.
 */
export function shadow<Details extends object, Extras>(
  options: ShadowOptions<Details, Extras>,
): ShadowClient<Details, Extras> {
  rejectUnknownOptions(options, OPTIONS);
  const { candidate, primary } = options;
  if (!(primary instanceof Client)) throw new OptionError("primary", "expected a client");
  if ((candidate as unknown) === primary) {
    throw new OptionError("candidate", "expected a client other than the primary");
  }
  if (typeof candidate !== "function" && !(candidate instanceof Client)) {
    throw new OptionError("candidate", "expected a client, or a function (request) => ({ value })");
  }
  return new ShadowClient(options);
}

/** A client that compares two sides. Flush, close and overrides apply to both. Only the primary evaluates bandits. */
export class ShadowClient<Details extends object = object, Extras = unknown> extends Client<
  Details,
  Extras
> {
  readonly #options: ShadowOptions<Details, Extras>;
  readonly #comparisons: Comparisons;
  readonly #serving: Serving;

  /** @internal */
  constructor(options: ShadowOptions<Details, Extras>) {
    const { candidate, map, onDifference = null, primary, sample = 1 } = options;
    super(primary.parts);
    this.#options = options;
    const { clock, diagnostics } = primary.parts;
    this.#comparisons = new Comparisons({ sample, onDifference, clock, diagnostics });
    const sides = {
      primary: new ClientSide(primary as Client<object>),
      candidate:
        typeof candidate === "function"
          ? new FunctionSide(candidate, map)
          : new ClientSide(candidate, map),
    };
    this.#serving = new Serving(sides, this.#comparisons);
    if (typeof candidate === "function") return;
    if (primary.isInitialized() && candidate.isInitialized()) {
      const known = new Set([...primary.getFlagKeys(), ...candidate.getFlagKeys()]);
      checkFlagKeys(sides.candidate.names, known);
    }
  }

  /**
   * Chooses the side that serves values and logs exposures, starting with the next call. If that side has no value because it
   * lacks the flag, has no configuration or fails, the other side serves the call, which is counted as `servedByOther`.
   *
   * @throws OptionError for any other value, or if the candidate returns promises.
   */
  serveFrom(side: ServedSide): void {
    this.#serving.from(side);
  }

  /** Returns the results of all comparisons so far. */
  report(): ShadowReport {
    return this.#comparisons.report();
  }

  /** Status of both sides. `status` is the status of the serving side. */
  get sides(): ShadowSides {
    const { candidate, primary } = this.#options;
    const { side } = this.#serving;
    return {
      primary: primary.status,
      candidate: typeof candidate === "function" ? null : candidate.status,
      serving: typeof side === "function" ? "by-call" : side,
    };
  }

  override getBooleanAssignment(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: boolean,
  ): boolean {
    const call = { flagKey, subjectKey, attributes, type: "boolean", defaultValue } as const;
    return this.#value(call, (client, ...it) => client.getBooleanAssignment(...it, defaultValue));
  }

  override getIntegerAssignment(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: number,
  ): number {
    const call = { flagKey, subjectKey, attributes, type: "integer", defaultValue } as const;
    return this.#value(call, (client, ...it) => client.getIntegerAssignment(...it, defaultValue));
  }

  override getNumericAssignment(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: number,
  ): number {
    const call = { flagKey, subjectKey, attributes, type: "numeric", defaultValue } as const;
    return this.#value(call, (client, ...it) => client.getNumericAssignment(...it, defaultValue));
  }

  override getStringAssignment(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: string,
  ): string {
    const call = { flagKey, subjectKey, attributes, type: "string", defaultValue } as const;
    return this.#value(call, (client, ...it) => client.getStringAssignment(...it, defaultValue));
  }

  override getJSONAssignment<T extends object | null>(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: T,
  ): T {
    const call = { flagKey, subjectKey, attributes, type: "json", defaultValue } as const;
    return this.#value(call, (client, ...it) => client.getJSONAssignment(...it, defaultValue));
  }

  override getBooleanAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: boolean,
  ): AssignmentDetails<boolean, Details> {
    const call = { flagKey, subjectKey, attributes, type: "boolean", defaultValue } as const;
    return this.#details(call, (client, ...it) =>
      client.getBooleanAssignmentDetails(...it, defaultValue),
    );
  }

  override getIntegerAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: number,
  ): AssignmentDetails<number, Details> {
    const call = { flagKey, subjectKey, attributes, type: "integer", defaultValue } as const;
    return this.#details(call, (client, ...it) =>
      client.getIntegerAssignmentDetails(...it, defaultValue),
    );
  }

  override getNumericAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: number,
  ): AssignmentDetails<number, Details> {
    const call = { flagKey, subjectKey, attributes, type: "numeric", defaultValue } as const;
    return this.#details(call, (client, ...it) =>
      client.getNumericAssignmentDetails(...it, defaultValue),
    );
  }

  override getStringAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: string,
  ): AssignmentDetails<string, Details> {
    const call = { flagKey, subjectKey, attributes, type: "string", defaultValue } as const;
    return this.#details(call, (client, ...it) =>
      client.getStringAssignmentDetails(...it, defaultValue),
    );
  }

  override getJSONAssignmentDetails<T extends object | null>(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: T,
  ): AssignmentDetails<T, Details> {
    const call = { flagKey, subjectKey, attributes, type: "json", defaultValue } as const;
    return this.#details(call, (client, ...it) =>
      client.getJSONAssignmentDetails(...it, defaultValue),
    );
  }

  override evaluate(request: EvaluationRequest<Extras>): AssignmentDetails<unknown, Details> {
    const { defaultValue, expectedType = null, flagKey, subjectAttributes, subjectKey } = request;
    const call: ShadowCall = {
      flagKey,
      subjectKey: subjectKey ?? "",
      attributes: subjectAttributes,
      type: expectedType,
      defaultValue,
    };
    return this.#details(call, (client, key, subject, attributes) =>
      client.evaluate({
        ...request,
        flagKey: key,
        // A request without a subject key must stay without one.
        subjectKey: (subjectKey ?? null) === null ? subjectKey : subject,
        subjectAttributes: attributes ?? {},
      }),
    );
  }

  override withOverrides(overrides: Overrides): Client<Details, Extras> {
    const { candidate, primary } = this.#options;
    const overridden = primary.withOverrides(overrides);
    if (overridden === primary) return this;
    const other = typeof candidate === "function" ? candidate : candidate.withOverrides(overrides);
    const copy = new ShadowClient({ ...this.#options, primary: overridden, candidate: other });
    copy.serveFrom(this.#serving.side);
    return copy;
  }

  override getConfiguration(): Configuration | null {
    // The constructor of `Client` may call this method before `#options` is set.
    return this.#options === undefined
      ? super.getConfiguration()
      : this.#servingClient.getConfiguration();
  }

  override get status(): ClientStatus {
    return this.#servingClient.status;
  }

  override get exposureCounters(): ExposureCounters {
    return this.#servingClient.exposureCounters;
  }

  override async waitForInitialization(
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignalLike } = {},
  ): Promise<ReadyResult> {
    const results = await Promise.all(this.#clients.map((it) => it.waitForInitialization(options)));
    return results[this.#clients.indexOf(this.#servingClient)] ?? (results[0] as ReadyResult); // there is a primary
  }

  override setIsGracefulFailureMode(isGraceful: boolean): void {
    for (const it of this.#clients) it.setIsGracefulFailureMode(isGraceful);
  }

  override setAssignmentLogger(loggers: Loggers | null): void {
    for (const it of this.#clients) it.setAssignmentLogger(loggers);
  }

  override setDeduplication(options: DeduplicationOptions): void {
    for (const it of this.#clients) it.setDeduplication(options);
  }

  override async refresh(
    options: { readonly timeoutMs?: number; readonly holdsProcess?: boolean } = {},
  ): Promise<RefreshResult> {
    const results = await Promise.all(this.#clients.map((it) => it.refresh(options)));
    return results[this.#clients.indexOf(this.#servingClient)] ?? (results[0] as RefreshResult); // there is a primary
  }

  override async flush(
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignalLike } = {},
  ): Promise<FlushResult> {
    return sumOfFlushes(await Promise.all(this.#clients.map((it) => it.flush(options))));
  }

  /** Forwards the events of the serving side. */
  override on<Name extends keyof ClientEvents>(
    name: Name,
    listener: ClientListener<Name>,
  ): () => void {
    const removals = this.#clients.map((it) => {
      const forServing = (...event: Parameters<ClientListener<Name>>): void => {
        if (it === this.#servingClient) (listener as (...event: unknown[]) => void)(...event);
      };
      return it.on(name, forServing as ClientListener<Name>);
    });
    return () => {
      for (const remove of removals) remove();
    };
  }

  override async close(options: { readonly timeoutMs?: number } = {}): Promise<FlushResult> {
    return sumOfFlushes(await Promise.all(this.#clients.map((it) => it.close(options))));
  }

  /** The sides that are clients, the primary first. */
  get #clients(): readonly Client<Details, Extras>[] {
    const { candidate, primary } = this.#options;
    if (typeof candidate === "function") return [primary];
    return [primary, candidate as Client<Details, Extras>]; // callers treat details of another dialect as opaque
  }

  /** The candidate if it is a client and serves all calls, otherwise the primary. */
  get #servingClient(): Client<Details, Extras> {
    const [primary, candidate] = this.#clients;
    const chosen = this.#serving.side === "candidate" ? candidate : primary;
    return chosen ?? this.#options.primary;
  }

  #value<T>(call: ShadowCall, ask: Ask<T>): T {
    return this.#serving.serve(call, ask, {
      outcome: (value) => value as T,
      withValue: (_, value) => value as T,
    });
  }

  #details<T>(
    call: ShadowCall,
    ask: Ask<AssignmentDetails<T, object>>,
  ): AssignmentDetails<T, Details> {
    const details = this.#serving.serve<AssignmentDetails<T, object>>(call, ask, {
      outcome: (value, outcome) => ({
        variation: value as T,
        action: null,
        evaluationDetails: {},
        reason: "assigned",
        errorCause: null,
        how: null,
        variationKey: outcome.variation,
        allocationKey: null,
        exposure: { logged: false, reason: "off", messageId: null },
      }),
      withValue: (it, value) => ({ ...it, variation: value as T }),
    });
    return details as AssignmentDetails<T, Details>; // the details of the side that served
  }
}
