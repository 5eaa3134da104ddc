import { flagCalledProperties } from "../dialect/called-event.js";
import type { UnresolvedReason } from "../dialect/condition/tri.js";
import type { FeatureFlagValue, JsonType } from "../source/json.js";
import type {
  AllFlagsOptions,
  BaseFlagEvaluationOptions,
  FlagEvaluationOptions,
} from "./evaluation-options.js";
import {
  type EvaluatedFlag,
  errorsOfAnswer,
  FeatureFlagError,
  FeatureFlagEvaluations,
  type SnapshotHost,
  valueOfResult,
} from "./feature-flag-evaluations.js";
import { type DecisionPorts, FlagDecisions, type RemoteAnswer } from "./flag-decisions.js";
import { FlagMistakes } from "./flag-mistakes.js";
import {
  type FeatureFlagResult,
  localFlag,
  localResult,
  remoteFlag,
  remoteResult,
} from "./flag-results.js";
import type { LocalOutcome, LocalPerson } from "./local-flags.js";
import type { ObservedFlag, ObservedFlags } from "./observed-flags.js";
import type { FlagOverrides } from "./overrides.js";
import { remoteValue } from "./remote-flags.js";

/** Values and payloads of several flags. */
export interface FlagsAndPayloads {
  featureFlags: Record<string, FeatureFlagValue>;
  featureFlagPayloads: Record<string, JsonType>;
}

export interface FlagsPorts extends DecisionPorts {
  readonly overrides: FlagOverrides;
  readonly snapshotHost: SnapshotHost;
  /** `null` if there are no observers. */
  readonly observed: ObservedFlags | null;
  /** Called with the server's setting for short `$feature_flag_called` events. */
  onMinimalEvents(hasMinimalEvents: boolean): void;
}

/** Evaluates flags for the client, locally if the definitions are sufficient, and otherwise by the server. */
export class Flags {
  readonly #ports: FlagsPorts;
  readonly #decisions: FlagDecisions;
  readonly #mistakes: FlagMistakes;

  constructor(ports: FlagsPorts) {
    this.#ports = ports;
    this.#mistakes = new FlagMistakes(ports.snapshotHost.warn);
    this.#decisions = new FlagDecisions(ports, ports.snapshotHost.warn, this.#mistakes);
  }

  reportFailure(error: unknown): void {
    this.#mistakes.notReceived(error);
  }

  /**
   * Evaluates one flag.
   *
   * @param key - untyped callers may pass any type, which is converted to a string.
   * @param matchValue - the flag value whose payload to return, instead of the evaluated one.
   */
  async result(
    key: string,
    distinctId: string,
    options: FlagEvaluationOptions,
    matchValue?: FeatureFlagValue,
  ): Promise<FeatureFlagResult | undefined> {
    const { local, overrides } = this.#ports;
    const observed = this.#observed;
    const name = String(key);
    if (overrides.flags?.has(name)) {
      observed?.overridden(name, distinctId);
      return overrides.result(key);
    }
    const waiting = this.#decisions.ready();
    if (waiting !== null) await waiting;
    const person = personOf(distinctId, options);
    if (matchValue !== undefined) {
      const flag = local?.flag(name) ?? null;
      if (flag !== null) return localResult(key, flag, matchValue);
    }
    let outcome: LocalOutcome | null;
    let result: FeatureFlagResult | undefined;
    let remote: RemoteAnswer | null = null;
    try {
      outcome = local?.evaluate(name, person) ?? null;
      if (outcome?.kind === "value") {
        result = localResult(key, outcome.flag, outcome.result.value, outcome.result.payload);
      }
      if (result === undefined) {
        remote = await this.#decisions.askUnlessLocal(person, options, [key]);
        this.#followGate(remote);
        const flag = remote?.answer?.flags.get(name);
        if (flag !== undefined) result = remoteResult(key, flag);
      }
    } catch (cause) {
      observed?.failed(name, distinctId, cause);
      throw cause;
    }
    if (result === undefined && outcome === null) this.#noteMiss(name, remote);
    if (options.sendFeatureFlagEvents !== false) {
      this.#report(key, distinctId, options, { outcome, remote, result });
    }
    observed?.one(name, distinctId, { outcome, remote });
    if (result !== undefined && overrides.payloads?.has(name)) {
      return { ...result, payload: overrides.payloads.get(name) };
    }
    return result;
  }

  /** Evaluates several flags without sending events. */
  async all(distinctId: string, options: AllFlagsOptions): Promise<FlagsAndPayloads> {
    const observed = this.#observed;
    const person = personOf(distinctId, options);
    const flagKeys = options.flagKeys || undefined;
    const values = new Map<string, FeatureFlagValue | undefined>();
    const payloads = new Map<string, JsonType>();
    const decided = this.#decisions.several(person, options, flagKeys, false);
    const { outcomes, remote } = await observing(observed, distinctId, flagKeys, decided);
    for (const [key, outcome] of outcomes) {
      if (outcome.kind !== "value") continue;
      values.set(key, outcome.result.value);
      const { payload } = outcome.result;
      if (payload !== undefined) payloads.set(key, payload as JsonType); // parsed from JSON
    }
    for (const [key, flag] of remote?.answer?.flags ?? []) {
      const value = remoteValue(flag);
      if (value !== undefined) values.set(key, value);
    }
    for (const [key, payload] of remote?.answer?.payloads ?? []) {
      payloads.set(key, payload as JsonType); // parsed from JSON
    }
    this.#ports.overrides.replaceIn(values, payloads);
    observed?.bulk(distinctId, {
      flagKeys,
      outcomes,
      remote,
      prefersRemote: true,
      isOverridden: true,
    });
    return {
      featureFlags: Object.fromEntries(values) as Record<string, FeatureFlagValue>, // overrides may contain `undefined`
      featureFlagPayloads: Object.fromEntries(payloads),
    };
  }

  /** Returns the values that the server evaluates for this input, or `null` if it did not respond. */
  async served(
    person: LocalPerson,
    disableGeoip: boolean | undefined,
  ): Promise<Readonly<Record<string, FeatureFlagValue>> | null> {
    const observed = this.#observed;
    const { distinctId } = person;
    const asked = this.#decisions.ask(person, disableGeoip, undefined);
    const remote = await observing(observed, distinctId, undefined, asked);
    const { answer } = remote;
    observed?.bulk(distinctId, {
      flagKeys: undefined,
      outcomes: NO_OUTCOMES,
      remote,
      prefersRemote: true,
      isOverridden: false,
    });
    if (answer === null) return null;
    const values = [...answer.flags].map(([key, flag]) => [key, remoteValue(flag)] as const);
    return Object.fromEntries(
      values.filter((it): it is [string, FeatureFlagValue] => it[1] !== undefined),
    );
  }

  async snapshot(distinctId: string, options: AllFlagsOptions): Promise<FeatureFlagEvaluations> {
    const { local, overrides, snapshotHost: host } = this.#ports;
    const observed = this.#observed;
    const { disableGeoip, groups } = options;
    const flagKeys = options.flagKeys ?? undefined;
    const common = { host, distinctId, groups, disableGeoip };
    if (flagKeys?.length === 0) return new FeatureFlagEvaluations({ ...common, flags: new Map() });
    const person = personOf(distinctId, options);
    const decided = this.#decisions.several(person, options, flagKeys, true);
    const { outcomes, remote } = await observing(observed, distinctId, flagKeys, decided);
    const flags = new Map<string, EvaluatedFlag>();
    for (const [key, outcome] of outcomes) {
      if (outcome.kind === "value") flags.set(key, localFlag(outcome));
    }
    this.#followGate(remote);
    const answer = remote?.answer ?? null;
    for (const [key, flag] of answer?.flags ?? []) {
      if (!flags.has(key)) flags.set(key, remoteFlag(flag));
    }
    overrides.replaceInSnapshot(flags);
    for (const key of flagKeys ?? []) {
      if (!flags.has(key) && !outcomes.has(key)) this.#noteMiss(key, remote);
    }
    if (flagKeys !== undefined) {
      const wanted = new Set(flagKeys);
      for (const key of flags.keys()) if (!wanted.has(key)) flags.delete(key);
    }
    observed?.bulk(distinctId, {
      flagKeys,
      outcomes,
      remote,
      prefersRemote: false,
      isOverridden: true,
    });
    return new FeatureFlagEvaluations({
      ...common,
      flags,
      noteMiss: (key) => {
        if (flagKeys === undefined && !outcomes.has(key)) this.#noteMiss(key, remote);
      },
      unresolved: unresolvedOf(outcomes, flags),
      requestId: answer?.requestId,
      evaluatedAt: answer?.evaluatedAt,
      definitionsLoadedAt: local?.loadedAtMs,
      hasErrors: answer?.hasErrors,
      isQuotaLimited: Array.isArray(answer?.quotaLimited),
    });
  }

  /** Read at the start of a call, because it is unknown at the end whether an observer made the call. */
  get #observed(): ObservedFlags | null {
    const { observed } = this.#ports;
    return observed?.isCalling === false ? observed : null;
  }

  /** The setting for short events is read from responses about reported flags. */
  #followGate(remote: RemoteAnswer | null): void {
    const answer = remote?.answer ?? null;
    if (answer !== null) this.#ports.onMinimalEvents(answer.hasMinimalEvents);
  }

  /** Reports a flag without a value if it does not exist, unless the server failed. */
  #noteMiss(key: string, remote: RemoteAnswer | null): void {
    const configuration = this.#ports.local?.configuration ?? null;
    if (configuration === null || (remote !== null && remote.answer?.hasErrors !== false)) return;
    if (!remote?.answer?.quotaLimited) this.#mistakes.unknown(key, configuration);
  }

  #report(
    key: string,
    distinctId: string,
    options: FlagEvaluationOptions,
    { outcome, remote, result }: Evaluated,
  ): void {
    const { local, snapshotHost: host } = this.#ports;
    const isLocal = outcome?.kind === "value";
    const answer = remote?.answer;
    const response = valueOfResult(result);
    host.report({
      distinctId,
      key,
      response,
      groups: options.groups,
      disableGeoip: options.disableGeoip,
      properties: () =>
        flagCalledProperties({
          ...(isLocal ? localFlag(outcome) : answer?.flags.get(String(key))),
          key,
          response,
          isLocal,
          requestId: answer?.requestId,
          evaluatedAt: isLocal ? host.now() : answer?.evaluatedAt,
          definitionsLoadedAt: local?.loadedAtMs,
          error: remote === null ? undefined : errorsOf(key, remote).join() || undefined,
        }),
    });
  }
}

const NO_OUTCOMES: ReadonlyMap<string, LocalOutcome> = /* @__PURE__ */ new Map();

interface Evaluated extends ObservedFlag {
  readonly result: FeatureFlagResult | undefined;
}

function errorsOf(key: string, { answer }: RemoteAnswer): string[] {
  if (answer === null) return [FeatureFlagError.UNKNOWN_ERROR];
  const { hasErrors, quotaLimited } = answer;
  const errors = errorsOfAnswer({ hasErrors, isQuotaLimited: quotaLimited !== null });
  if (!answer.flags.has(String(key))) errors.push(FeatureFlagError.FLAG_MISSING);
  return errors;
}

/** Builds the person of a call. Each group gets its key as a property. */
function personOf(distinctId: string, options: BaseFlagEvaluationOptions): LocalPerson {
  const groups = options.groups || {};
  const groupProperties = Object.fromEntries(
    Object.entries(groups).map(([type, key]) => {
      const given = options.groupProperties?.[type] ?? {};
      return [type, { $group_key: key, ...given }];
    }),
  );
  return { distinctId, personProperties: { ...options.personProperties }, groups, groupProperties };
}

/** Returns the unresolved flags, except those for which the server or an override provided a value. */
function unresolvedOf(
  outcomes: ReadonlyMap<string, LocalOutcome>,
  flags: ReadonlyMap<string, EvaluatedFlag>,
): Record<string, UnresolvedReason> {
  const unresolved = new Map<string, UnresolvedReason>();
  for (const [key, outcome] of outcomes) {
    if (outcome.kind === "unresolved" && !flags.has(key)) unresolved.set(key, outcome.reason);
  }
  return Object.fromEntries(unresolved);
}

/** Notifies observers if the flags of a bulk call cannot be decided. */
function observing<T>(
  observed: ObservedFlags | null,
  distinctId: string,
  flagKeys: readonly string[] | undefined,
  deciding: Promise<T>,
): Promise<T> {
  if (observed === null) return deciding;
  return deciding.catch((cause: unknown) => {
    observed.bulkFailed(distinctId, flagKeys, cause);
    throw cause;
  });
}
