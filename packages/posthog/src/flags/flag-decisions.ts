import type { BaseFlagEvaluationOptions } from "./evaluation-options.js";
import type { SnapshotHost } from "./feature-flag-evaluations.js";
import type { FlagMistakes } from "./flag-mistakes.js";
import type { LocalFlags, LocalOutcome, LocalOutcomes, LocalPerson } from "./local-flags.js";
import { type RemoteFlags, type RemoteRequest, withinQuota } from "./remote-flags.js";

/** What decides flags: definitions in this process, and the server. */
export interface DecisionPorts {
  /** `null`: no definitions are loaded, the server decides. */
  readonly local: LocalFlags | null;
  readonly isStrictlyLocal: boolean;
  readonly disableGeoip: boolean;
  /** Asks the server. Rejects if it does not answer. Throws if the request cannot be written as JSON. */
  requestFlags(request: RemoteRequest): Promise<RemoteFlags>;
  /** A request failed. Does not throw. */
  onError(error: unknown): void;
}

/** An answer of the server; `null`: there was none. */
export interface RemoteAnswer {
  readonly answer: RemoteFlags | null;
}

/** What was decided locally, and the server's answer; `null`: it was not asked. */
export interface Decisions {
  readonly outcomes: ReadonlyMap<string, LocalOutcome>;
  readonly remote: RemoteAnswer | null;
}

const UNDECIDED: LocalOutcomes = { outcomes: new Map(), needsServer: true };

/** Decides flags: locally where the definitions do, else by the server. */
export class FlagDecisions {
  readonly #ports: DecisionPorts;
  readonly #warn: SnapshotHost["warn"];
  readonly #mistakes: FlagMistakes;

  constructor(ports: DecisionPorts, warn: SnapshotHost["warn"], mistakes: FlagMistakes) {
    this.#ports = ports;
    this.#warn = warn;
    this.#mistakes = mistakes;
  }

  /** Waits for the first definitions; `null`: there is nothing to wait for. */
  ready(): Promise<void> | null {
    return this.#ports.local?.ensureLoaded() ?? null;
  }

  /**
   * Decides several flags.
   *
   * @param flagKeys - `undefined`: all.
   * @param asksForUnknown - whether the server is asked, too, if a key is not defined locally.
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

  /** Asks the server; `null` if the client or the call is strictly local. */
  async askUnlessLocal(
    person: LocalPerson,
    options: BaseFlagEvaluationOptions,
    flagKeys: readonly string[] | undefined,
  ): Promise<RemoteAnswer | null> {
    if (options.onlyEvaluateLocally ?? this.#ports.isStrictlyLocal) return null;
    return this.ask(person, options.disableGeoip, flagKeys);
  }

  /** Asks the server. Rejects where the vendor's SDK does: the request cannot be written as JSON, or the answer has an odd quota. */
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
