import type { BaseFlagEvaluationOptions } from "./evaluation-options.js";
import type { SnapshotHost } from "./feature-flag-evaluations.js";
import type { FlagMistakes } from "./flag-mistakes.js";
import type { LocalFlags, LocalOutcome, LocalOutcomes, LocalPerson } from "./local-flags.js";
import { type RemoteFlags, type RemoteRequest, withinQuota } from "./remote-flags.js";

/** The two ways to decide flags: definitions in this process, and the server. */
export interface DecisionPorts {
  /** `null` if no definitions are loaded and the server decides. */
  readonly local: LocalFlags | null;
  readonly isStrictlyLocal: boolean;
  readonly disableGeoip: boolean;
  /** Requests flags from the server. Rejects if it does not respond. Throws if the request cannot be serialized. */
  requestFlags(request: RemoteRequest): Promise<RemoteFlags>;
  /** Called when a request failed. Does not throw. */
  onError(error: unknown): void;
}

/** Result of a request. `answer` is `null` if the server did not respond. */
export interface RemoteAnswer {
  readonly answer: RemoteFlags | null;
}

/** Local outcomes, and the server's response. `remote` is `null` if no request was sent. */
export interface Decisions {
  readonly outcomes: ReadonlyMap<string, LocalOutcome>;
  readonly remote: RemoteAnswer | null;
}

const UNDECIDED: LocalOutcomes = { outcomes: new Map(), needsServer: true };

/** Decides flags, locally if the definitions are sufficient, and otherwise by the server. */
export class FlagDecisions {
  readonly #ports: DecisionPorts;
  readonly #warn: SnapshotHost["warn"];
  readonly #mistakes: FlagMistakes;

  constructor(ports: DecisionPorts, warn: SnapshotHost["warn"], mistakes: FlagMistakes) {
    this.#ports = ports;
    this.#warn = warn;
    this.#mistakes = mistakes;
  }

  /** Waits for the first definitions. Returns `null` if there is nothing to wait for. */
  ready(): Promise<void> | null {
    return this.#ports.local?.ensureLoaded() ?? null;
  }

  /**
   * Decides several flags.
   *
   * @param flagKeys - `undefined` for all.
   * @param asksForUnknown - whether to request flags also if a key is not defined locally.
   */
  async several(
    person: LocalPerson,
    options: BaseFlagEvaluationOptions,
    flagKeys: readonly string[] | undefined,
    asksForUnknown: boolean,
  ): Promise<Decisions> {
    const { local } = this.#ports;
    const waiting = this.ready();
    if (waiting !== null) await waiting;
    const { needsServer, outcomes } = local?.evaluateAll(person, flagKeys) ?? UNDECIDED;
    const configuration = local?.configuration ?? null;
    const isUnknown = (key: string): boolean => !configuration?.flag(key);
    const asks = needsServer || (asksForUnknown && flagKeys?.some(isUnknown) === true);
    return { outcomes, remote: asks ? await this.askUnlessLocal(person, options, flagKeys) : null };
  }

  /** Requests flags from the server. Returns `null` if the client or the call is strictly local. */
  async askUnlessLocal(
    person: LocalPerson,
    options: BaseFlagEvaluationOptions,
    flagKeys: readonly string[] | undefined,
  ): Promise<RemoteAnswer | null> {
    if (options.onlyEvaluateLocally ?? this.#ports.isStrictlyLocal) return null;
    return this.ask(person, options.disableGeoip, flagKeys);
  }

  /**
   * Requests flags from the server. Like the vendor's SDK, it rejects if the request cannot be serialized, or if the
   * quota in the response has an unexpected type.
   */
  async ask(
    person: LocalPerson,
    disableGeoip: boolean | undefined,
    flagKeys: readonly string[] | undefined,
  ): Promise<RemoteAnswer> {
    const pending = this.#ports.requestFlags({
      ...person,
      disableGeoip: disableGeoip ?? this.#ports.disableGeoip,
      flagKeys,
    });
    let answer: RemoteFlags;
    try {
      answer = await pending;
    } catch (error) {
      return this.#notReceived(error);
    }
    if (answer.hasErrors) {
      this.#warn("Error while computing feature flags, some flags may be missing or incorrect");
    }
    answer = withinQuota(answer);
    return answer.problem === undefined ? { answer } : this.#notReceived(answer.problem);
  }

  #notReceived(error: unknown): RemoteAnswer {
    this.#ports.onError(error);
    this.#mistakes.notReceived(error);
    return { answer: null };
  }
}
