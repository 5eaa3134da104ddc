import type { Client } from "../client/client.js";
import { clientView } from "../client/client-view.js";
import type { ClientParts } from "../client/core-client.js";
import { CoreSubjectClient } from "../client/core-subject-client.js";
import type { DeduplicationOptions } from "../client/exposure-options.js";
import { Getters } from "../client/getters.js";
import type { RefreshResult } from "../client/lifecycle/lifecycle.js";
import type { ClientEvents, ClientListener } from "../client/lifecycle/listeners.js";
import type { ReadyResult } from "../client/lifecycle/ready-result.js";
import type { ClientStatus } from "../client/lifecycle/status.js";
import { markClient, partsOf } from "../client/mark.js";
import { type Overrides, readOverrides } from "../client/overrides.js";
import type { SubjectClient, SubjectOptions } from "../client/subject-client.js";
import { OptionError } from "../errors/errors.js";
import { isPromise } from "../errors/guard.js";
import { explainedOn, requireFunction, unknownOptions } from "../errors/option-checks.js";
import type { FlushResult } from "../events/flush.js";
import type { Loggers } from "../events/loggers.js";
import type { BanditActions, BanditSubject } from "../model/bandit.js";
import type { Configuration } from "../model/configuration.js";
import type { AbortSignalLike } from "../runtime/host.js";
import { inspectAs } from "../runtime/inspect-as.js";
import { ClientSide } from "./client-side.js";
import { Comparisons } from "./comparisons.js";
import { type CandidateFunction, FunctionSide } from "./function-side.js";
import { type ServedSide, Serving } from "./serving.js";
import { ShadowAnswers } from "./shadow-answers.js";
import { checkFlagKeys, type ShadowMap, SideNames } from "./shadow-map.js";
import type { DifferenceListener, ShadowReport } from "./shadow-report.js";
import { sumOfFlushes } from "./sum-of-flushes.js";

/** Options of {@link shadow}. */
export interface ShadowOptions<Details extends object, Extras> {
  /** The client that serves until `serveFrom` is called. */
  readonly primary: Client<Details, Extras>;
  /** A client of any dialect, or a function that calls another SDK, which is only compared. */
  readonly candidate: Client<object> | CandidateFunction;
  /** The candidate's names for flags, values, attributes and subjects. Default: the same names. */
  readonly map?: ShadowMap | undefined;
  /** Share of subjects whose calls are compared, from 0 to 1, always the same ones. Default: 1. */
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
  if (typeof options !== "object" || options === null) {
    throw new OptionError("options", "expected an object: write shadow({ primary, candidate })");
  }
  if (partsOf(options) !== null) {
    throw new OptionError("options", "is a client: write shadow({ primary, candidate })");
  }
  const [unknown] = unknownOptions(options, OPTIONS, explainedOn("/guides/change-your-vendor.md"));
  if (unknown !== undefined) {
    const { hint, option } = unknown;
    throw new OptionError("shadow()", `unknown option "${option}"${hint}`);
  }
  const { candidate, primary } = options;
  for (const [name, side] of Object.entries({ primary, candidate })) {
    if (isPromise(side)) throw new OptionError(name, "is a promise: await it");
  }
  if (partsOf(primary) === null) {
    throw new OptionError("primary", "expected a client, such as await init({ apiKey, dialect })");
  }
  for (const [name, side] of Object.entries({ primary, candidate })) {
    if (isShadow(side))
      throw new OptionError(name, "expected a client that is not a shadow itself");
  }
  if ((candidate as unknown) === primary) {
    throw new OptionError("candidate", "expected a client other than the primary");
  }
  if (typeof candidate !== "function" && partsOf(candidate) === null) {
    throw new OptionError(
      "candidate",
      "expected a client, such as await init({ apiKey, dialect }), or a function (request) => ({ value })",
    );
  }
  return new Shadow(options);
}

/**
 * A client that compares two sides. Flush, close and overrides apply to both. Overrides have the primary's flag keys and
 * values, and a variation key must be the same on both sides. Only the primary evaluates bandits.
 */
export interface ShadowClient<Details extends object = object, Extras = unknown>
  extends Client<Details, Extras> {
  /**
   * Chooses the side that serves values and logs exposures, starting with the next call. If that side has no value because it
   * lacks the flag, has no configuration or fails, the other side serves the call, which is counted as `servedByOther`. With
   * `"primary"`, the candidate never serves.
   *
   * @throws OptionError for any other value, or if the candidate is a function, which is only compared.
   */
  serveFrom(side: ServedSide): void;
  /** Returns the results of all comparisons so far. */
  report(): ShadowReport;
  /** Status of both sides. `status` is the status of the serving side, with the counts of comparisons. */
  readonly sides: ShadowSides;
}

/** Also recognizes shadows that another copy of this package created. */
function isShadow(side: object): boolean {
  return partsOf(side) !== null && "serveFrom" in side;
}

class Shadow<Details extends object, Extras>
  extends Getters<Details, Extras>
  implements ShadowClient<Details, Extras>
{
  readonly #options: ShadowOptions<Details, Extras>;
  readonly #comparisons: Comparisons;
  readonly #serving: Serving;

  constructor(options: ShadowOptions<Details, Extras>) {
    const { candidate, map, onDifference = null, primary, sample = 1 } = options;
    requireFunction(
      "onDifference",
      onDifference ?? undefined,
      ": write (difference) => console.warn(difference)",
    );
    const parts = partsOf<Details>(primary) as ClientParts<Details>; // checked by `shadow`
    const { clock, diagnostics } = parts;
    const comparisons = new Comparisons({ sample, onDifference, clock, diagnostics });
    const candidateSide =
      typeof candidate === "function"
        ? new FunctionSide(candidate, map, diagnostics)
        : new ClientSide(candidate, map);
    const primarySide = new ClientSide(primary as Client<object>);
    const serving = new Serving([primarySide, candidateSide], comparisons, diagnostics);
    super(new ShadowAnswers(serving), parts);
    this.#options = options;
    this.#comparisons = comparisons;
    this.#serving = serving;
    // Copies for drop-ins are copies of the primary.
    markClient(this, {
      ...parts,
      get dialects() {
        const { name } = parts.dialect;
        const other = typeof candidate === "function" ? null : partsOf(candidate);
        if (other === null) return [name];
        const names = [name, other.dialect.name];
        return serving.side === "candidate" ? names.reverse() : names;
      },
    });
    inspectAs(this, "Client", () => clientView(this.status, this.getConfiguration()));
    if (typeof candidate === "function") return;
    const configurations = [primary.getConfiguration(), candidate.getConfiguration()] as const;
    checkFlagKeys(candidateSide.names, configurations, diagnostics);
  }

  serveFrom(side: ServedSide): void {
    this.#serving.from(side);
  }

  report(): ShadowReport {
    return this.#comparisons.tally.report();
  }

  get sides(): ShadowSides {
    const { candidate, primary } = this.#options;
    const { side } = this.#serving;
    return {
      primary: primary.status,
      candidate: typeof candidate === "function" ? null : candidate.status,
      serving: typeof side === "function" ? "by-call" : side,
    };
  }

  forSubject(options: SubjectOptions<Extras>, attributes?: unknown): SubjectClient<Details> {
    return new CoreSubjectClient(new ShadowAnswers<Details>(this.#serving), options, attributes);
  }

  withOverrides(overrides: Overrides): Client<Details, Extras> {
    const { candidate, map, primary } = this.#options;
    const overridden = primary.withOverrides(overrides);
    if (overridden === primary) return this;
    const own = Object.fromEntries(new SideNames(map).overrides(readOverrides(overrides)));
    const other = typeof candidate === "function" ? candidate : candidate.withOverrides(own);
    const copy = shadowOf({ ...this.#options, primary: overridden, candidate: other });
    copy.serveFrom(this.#serving.side);
    return copy;
  }

  getConfiguration(): Configuration | null {
    return this.#servingClient.getConfiguration();
  }

  setConfiguration(configuration: Configuration): void {
    this.#options.primary.setConfiguration(configuration);
  }

  getOverrideVariationKeys(): Readonly<Record<string, string>> {
    return this.#options.primary.getOverrideVariationKeys();
  }

  getPrecomputedConfiguration(
    subjectKey: string,
    subject?: BanditSubject | null,
    banditActions?: Readonly<Record<string, BanditActions>>,
    salt?: string,
  ): string {
    const { primary } = this.#options;
    return primary.getPrecomputedConfiguration(subjectKey, subject, banditActions, salt);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get status(): ClientStatus {
    const { counters, ...status } = this.#servingClient.status;
    const shadow = this.#comparisons.tally.counts();
    return Object.freeze({ ...status, counters: Object.freeze({ ...counters, shadow }) });
  }

  async waitForInitialization(
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignalLike } = {},
  ): Promise<ReadyResult> {
    const results = await Promise.all(this.#clients.map((it) => it.waitForInitialization(options)));
    return results[this.#clients.indexOf(this.#servingClient)] ?? (results[0] as ReadyResult); // there is a primary
  }

  setIsGracefulMode(isGraceful: boolean): void {
    for (const it of this.#clients) it.setIsGracefulMode(isGraceful);
  }

  setAssignmentLogger(loggers: Loggers | null): void {
    for (const it of this.#clients) it.setAssignmentLogger(loggers);
  }

  setDeduplication(options: DeduplicationOptions): void {
    for (const it of this.#clients) it.setDeduplication(options);
  }

  async refresh(
    options: { readonly timeoutMs?: number; readonly holdsProcess?: boolean } = {},
  ): Promise<RefreshResult> {
    const results = await Promise.all(this.#clients.map((it) => it.refresh(options)));
    return results[this.#clients.indexOf(this.#servingClient)] ?? (results[0] as RefreshResult); // there is a primary
  }

  async flush(
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignalLike } = {},
  ): Promise<FlushResult> {
    return sumOfFlushes(await Promise.all(this.#clients.map((it) => it.flush(options))));
  }

  /** Forwards the events of the serving side. */
  on<Name extends keyof ClientEvents>(name: Name, listener: ClientListener<Name>): () => void {
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

  async close(options: { readonly timeoutMs?: number } = {}): Promise<FlushResult> {
    return sumOfFlushes(await Promise.all(this.#clients.map((it) => it.close(options))));
  }

  /** The sides that are clients, the primary first. */
  get #clients(): readonly Client<Details, Extras>[] {
    const { candidate, primary } = this.#options;
    if (typeof candidate === "function") return [primary];
    return [primary, candidate as Client<Details, Extras>]; // callers treat details of another dialect as opaque
  }

  /** The candidate if it serves all calls, otherwise the primary. */
  get #servingClient(): Client<Details, Extras> {
    const place = this.#serving.side === "candidate" ? 1 : 0;
    return this.#clients[place] as Client<Details, Extras>; // a candidate that serves is a client
  }
}

// Outside the class, because bundlers rename a class that refers to itself.
function shadowOf<Details extends object, Extras>(
  options: ShadowOptions<Details, Extras>,
): Shadow<Details, Extras> {
  return new Shadow(options);
}
