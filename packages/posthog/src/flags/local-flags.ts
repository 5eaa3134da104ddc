import { type Client, type Configuration, createClient } from "@sortition/core";
import type { ConfigurationOrigin } from "@sortition/core/internal";
import { pollingSource } from "@sortition/node/internal";
import { reasonOf, type UnresolvedReason } from "../dialect/condition/tri.js";
import {
  isPosthogConfiguration,
  type ListedFlag,
  type PosthogConfiguration,
} from "../dialect/configuration.js";
import { evaluateFlag } from "../dialect/evaluation/evaluate-flag.js";
import type { Outcome } from "../dialect/evaluation/outcome.js";
import type { PosthogDialect } from "../dialect/factory.js";
import type { ServedFlag } from "../dialect/served-flag.js";
import type { Requester } from "../http/requester.js";
import { type DefinitionsSettings, definitionsOrigin } from "../source/definitions-origin.js";
import { jsonOf } from "../source/json.js";
import { UndecidableFlags, type UndecidableFlagsParts } from "./undecidable-flags.js";
import { unresolvedError } from "./unresolved-errors.js";

/** A person, as seen by local evaluation. */
export interface LocalPerson {
  readonly distinctId: string;
  readonly personProperties: Readonly<Record<string, unknown>>;
  readonly groups: Readonly<Record<string, unknown>>;
  readonly groupProperties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A flag's value, or the reason why only the server could decide it. */
export type LocalOutcome =
  | { readonly kind: "value"; readonly flag: ServedFlag; readonly result: Outcome }
  | { readonly kind: "unresolved"; readonly reason: UnresolvedReason };

/** Outcomes of several flags by key. */
export interface LocalOutcomes {
  readonly outcomes: ReadonlyMap<string, LocalOutcome>;
  /** Whether a server-side flag has no value, so that a request is needed. */
  readonly needsServer: boolean;
}

export interface LocalFlagsParts extends UndecidableFlagsParts {
  readonly settings: Omit<DefinitionsSettings, "dialect">;
  readonly dialect: PosthogDialect;
  readonly pollIntervalMs: number | null;
  readonly request: Requester;
  /** Called when definitions were loaded, with the number of flags and the server's setting for short events. */
  onLoaded(count: number, hasMinimalEvents: boolean): void;
  onError(error: Error): void;
}

const MAX_REPORTED = 1_000;
/** The vendor's default interval, which determines the pause after a refusal. */
const POLL_INTERVAL_MS = 30_000;
/** Maximum time for which a refusal suspends loads on demand, as in the vendor's SDK. */
const MAX_PAUSE_MS = 60_000;

/** Polls flag definitions and evaluates them in the process. */
export class LocalFlags {
  #client: Client;
  readonly #parts: LocalFlagsParts;
  readonly #origin: ConfigurationOrigin;
  readonly #reported = new Set<string>();
  readonly #undecidable: UndecidableFlags;
  #hasEnded = false;
  #loading: Promise<void> | null = null;
  #loadedAtMs: number | undefined;
  #isQuotaExceeded = false;
  /** Whether the server reported the definitions as unchanged although there were none. */
  #isUnchangedNothing = false;
  /** The configuration that was last counted. */
  #counted: { readonly configuration: PosthogConfiguration; readonly count: number } | null = null;
  /** Time until which loads on demand are suspended (monotonic ms). */
  #refusedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(parts: LocalFlagsParts) {
    const { clock, dialect, pollIntervalMs, request, settings } = parts;
    this.#parts = parts;
    this.#undecidable = new UndecidableFlags(parts);
    this.#origin = definitionsOrigin(
      { ...settings, dialect },
      {
        clock,
        request,
        onConfirmed: (isSent) => {
          if (isSent || this.#isQuotaExceeded) this.#onLoaded(isSent);
        },
        onUnchangedNothing: () => {
          this.#isUnchangedNothing = true;
        },
        onQuotaExceeded: () => {
          this.#isQuotaExceeded = true;
          parts.onLoaded(0, false);
        },
        onRefused: () => {
          const pauseMs = Math.min(MAX_PAUSE_MS, 2 * (pollIntervalMs ?? POLL_INTERVAL_MS));
          this.#refusedUntilMs = clock.monotonicMs() + pauseMs;
        },
        onError: parts.onError,
      },
    );
    this.#client = this.#createClient(pollIntervalMs);
    if (pollIntervalMs === null) void this.load();
  }

  /** The current definitions. `null` if none were loaded. */
  get configuration(): PosthogConfiguration | null {
    if (this.#isQuotaExceeded) return null;
    const configuration = this.#client.getConfiguration();
    return configuration !== null && isPosthogConfiguration(configuration) ? configuration : null;
  }

  /** When the server sent the definitions, epoch ms. `undefined` if they came from a cache or are not loaded yet. */
  get loadedAtMs(): number | undefined {
    return this.#loadedAtMs;
  }

  /** Whether polling has ended and nothing was loaded since. */
  get isClosed(): boolean {
    return this.#hasEnded;
  }

  /** Whether there is at least one flag. */
  get isReady(): boolean {
    return this.#count > 0;
  }

  /**
   * Waits for the first definitions. Returns `null` if there is nothing to wait for: definitions are loaded, or the
   * server refuses requests.
   */
  ensureLoaded(): Promise<void> | null {
    // Quirk: unchanged definitions are treated as loaded, even if there are none (posthog-node).
    if (this.#client.getConfiguration() !== null || this.#isUnchangedNothing) return null;
    if (this.#parts.clock.monotonicMs() < this.#refusedUntilMs) return null;
    return this.load();
  }

  /** Loads the definitions, or joins the load in progress, as the vendor's SDK does. Never rejects. */
  load(): Promise<void> {
    return this.#loading ?? this.#begin(this.#load());
  }

  /** Makes a load the one that calls join until it has ended. */
  #begin(load: Promise<void>): Promise<void> {
    const loading: Promise<void> = load.finally(() => {
      if (this.#loading === loading) this.#loading = null;
    });
    this.#loading = loading;
    return loading;
  }

  async #load(): Promise<void> {
    if (this.#hasEnded) {
      this.#hasEnded = false;
      this.#client = this.#createClient(null, this.#client.getConfiguration());
    }
    await this.#client.refresh({ timeoutMs: this.#parts.settings.requestTimeoutMs });
  }

  /** Returns a flag of the current definitions, or `null`. */
  flag(key: string): ServedFlag | null {
    return this.configuration?.flag(key) ?? null;
  }

  /** Returns the flags as the server sent them, newly parsed, or `null` if none were loaded. */
  definitions(): readonly unknown[] | null {
    const { configuration } = this;
    if (configuration === null) return null;
    const [payload] = configuration.payloads;
    const body = payload === undefined ? {} : jsonOf(payload.bytes);
    const flags = (body as { readonly flags?: readonly { readonly key: string }[] | null }).flags;
    return (flags ?? []).filter(({ key }) => configuration.flag(key) !== null);
  }

  /** Evaluates one flag. Returns `null` if there is no such flag. Throws the error of a malformed flag. */
  evaluate(key: string, person: LocalPerson): LocalOutcome | null {
    const { configuration } = this;
    const flag = configuration?.flag(key) ?? null;
    if (configuration === null || flag === null) return null;
    return this.#outcomeOf(configuration, flag, person, new Map());
  }

  /**
   * Evaluates several flags. A flag that fails is reported and omitted.
   *
   * @param keys - default: all.
   */
  evaluateAll(person: LocalPerson, keys: readonly string[] | undefined): LocalOutcomes {
    const { configuration } = this;
    const outcomes = new Map<string, LocalOutcome>();
    if (configuration === null) return { outcomes, needsServer: true };
    const memo = new Map<unknown, unknown>();
    let needsServer = this.#count === 0;
    for (const key of keys ?? configuration.flagKeys) {
      const flag = configuration.flag(key);
      if (flag === null) continue;
      let outcome: LocalOutcome | null = null;
      try {
        outcome = this.#outcomeOf(configuration, flag, person, memo);
        outcomes.set(key, outcome);
      } catch (cause) {
        this.#parts.onError(new Error(`Error computing flag locally: ${key}: ${cause}`));
      }
      // Browser-only flags do not justify a request.
      if (outcome?.kind !== "value" && flag.definition?.runtime !== "client") needsServer = true;
    }
    // Quirk: if several definitions have the same key, the last one decides, but each one is checked for server-side
    // use (posthog-node).
    const listed = keys === undefined ? configuration.listed : null;
    const isUndecided = ({ key, runtime }: ListedFlag): boolean =>
      runtime !== "client" && outcomes.get(key)?.kind !== "value";
    return { outcomes, needsServer: needsServer || listed?.some(isUndecided) === true };
  }

  /** Stops polling and ends requests. Definitions are kept, and can be loaded on demand, as in the vendor's SDK. */
  async close(timeoutMs: number): Promise<void> {
    this.#hasEnded = true;
    this.#undecidable.stop();
    await this.#client.close({ timeoutMs });
  }

  #createClient(pollIntervalMs: number | null, initial: Configuration | null = null): Client {
    const { clock, diagnostics, dialect, onError } = this.#parts;
    const client = createClient({
      dialect,
      source: pollingSource(this.#origin, { pollIntervalMs }),
      ...(initial === null ? {} : { initialConfiguration: initial }),
      clock,
      diagnostics,
      deduplication: false,
    });
    client.on("configuration-changed", ({ source }) => {
      this.#onLoaded(source === "network");
      const { configuration } = this;
      // It only rejects if the console throws.
      if (configuration !== null) this.#undecidable.check(configuration).catch(() => {});
    });
    client.on("error", ({ error: { code, message } }) => {
      if (code !== "SORTITION_DECODE") return;
      onError(new Error(`Invalid response when getting feature flags: ${message}`));
    });
    return client;
  }

  #outcomeOf(
    configuration: PosthogConfiguration,
    flag: ServedFlag,
    person: LocalPerson,
    memo: Map<unknown, unknown>,
  ): LocalOutcome {
    const outcome = evaluateFlag(flag, {
      configuration,
      subjectKey: person.distinctId,
      personProperties: person.personProperties,
      extras: { groups: person.groups, groupProperties: person.groupProperties },
      nowMs: () => this.#parts.clock.now(),
      memo,
    });
    if (typeof outcome === "number") {
      const reason = reasonOf(outcome);
      this.#reportUnresolved(flag.key, reason);
      return { kind: "unresolved", reason };
    }
    return { kind: "value", flag, result: outcome };
  }

  /** Reports each flag and reason once, because most of these flags are unresolved for all people. */
  #reportUnresolved(key: string, reason: UnresolvedReason): void {
    const name = `${reason} ${key}`;
    if (this.#reported.has(name) || this.#reported.size >= MAX_REPORTED) return;
    this.#reported.add(name);
    const error = unresolvedError(key, reason);
    this.#parts.diagnostics.debug("flag is not evaluated locally", { flagKey: key, error });
  }

  get #count(): number {
    const { configuration } = this;
    if (configuration === null) return 0;
    if (this.#counted?.configuration !== configuration) {
      const { flagCount, listed } = configuration;
      this.#counted = { configuration, count: listed?.length ?? flagCount };
    }
    return this.#counted.count;
  }

  /** @param isSent - whether the server sent the definitions. */
  #onLoaded(isSent: boolean): void {
    this.#isQuotaExceeded = false;
    if (isSent) this.#loadedAtMs = this.#parts.clock.now();
    // Quirk: a reload joins this load in the same turn and the next two, which listeners and callers of
    // `waitForLocalEvaluationReady` are called in (posthog-node). Later ones request definitions again.
    void this.#begin(Promise.resolve().then(noop).then(noop));
    this.#parts.onLoaded(this.#count, this.configuration?.hasMinimalEvents ?? false);
  }
}

function noop(): void {}
