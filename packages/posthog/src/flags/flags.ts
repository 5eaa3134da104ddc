import { flagCalledProperties } from "../dialect/called-event.js";
import type { UnresolvedReason } from "../dialect/condition/tri.js";
import type { ServedFlag } from "../dialect/served-flag.js";
import type { Properties } from "../events/messages.js";
import type { FeatureFlagValue, JsonType } from "../source/json.js";
import {
  type EvaluatedFlag,
  errorsOfAnswer,
  FeatureFlagError,
  FeatureFlagEvaluations,
  type SnapshotHost,
  valueOfResult,
} from "./feature-flag-evaluations.js";
import { FlagMistakes } from "./flag-mistakes.js";
import type { LocalFlags, LocalOutcome, LocalPerson } from "./local-flags.js";
import type { FlagOverrides } from "./overrides.js";
import {
  type RemoteFlag,
  type RemoteFlags,
  type RemoteRequest,
  remoteValue,
} from "./remote-flags.js";

/** Options of an evaluation. */
export interface BaseFlagEvaluationOptions {
  groups?: Record<string, string> | undefined;
  personProperties?: Properties | undefined;
  groupProperties?: Record<string, Properties> | undefined;
  /** Whether the server is not asked; a flag that only it can decide has no value then. */
  onlyEvaluateLocally?: boolean | undefined;
  disableGeoip?: boolean | undefined;
}

/** Options of an evaluation of one flag. */
export interface FlagEvaluationOptions extends BaseFlagEvaluationOptions {
  /** Whether `$feature_flag_called` is sent. */
  sendFeatureFlagEvents?: boolean | undefined;
}

/** Options of an evaluation of several flags. */
export interface AllFlagsOptions extends BaseFlagEvaluationOptions {
  /** Default: all flags. */
  flagKeys?: string[] | undefined;
}

/** Result of a flag. */
export interface FeatureFlagResult {
  key: string;
  enabled: boolean;
  variant: string | undefined;
  payload: JsonType | undefined;
  reason?: string | undefined;
  reasonCode?: string | undefined;
}

/** Values and payloads of several flags. */
export interface FlagsAndPayloads {
  featureFlags: Record<string, FeatureFlagValue>;
  featureFlagPayloads: Record<string, JsonType>;
}

/** What evaluations need of the client. */
export interface FlagsPorts {
  /** `null`: no definitions are loaded, the server decides. */
  readonly local: LocalFlags | null;
  readonly overrides: FlagOverrides;
  readonly snapshotHost: SnapshotHost;
  readonly isStrictlyLocal: boolean;
  readonly disableGeoip: boolean;
  /** Asks the server. Rejects if it does not answer. */
  requestFlags(request: RemoteRequest): Promise<RemoteFlags>;
  /** A request failed. Does not throw. */
  onError(error: unknown): void;
  /** The server's gate for short `$feature_flag_called` events. */
  onMinimalEvents(hasMinimalEvents: boolean): void;
}

const REASON = "Evaluated locally";

/** Evaluates flags for the class: locally where the definitions decide, else by the server. */
export class Flags {
  readonly #ports: FlagsPorts;
  readonly #mistakes: FlagMistakes;

  constructor(ports: FlagsPorts) {
    this.#ports = ports;
    this.#mistakes = new FlagMistakes(ports.snapshotHost.warn);
  }

  /**
   * One flag.
   *
   * @param matchValue - looks its payload up instead of the evaluated value's.
   */
  async result(
    key: string,
    distinctId: string,
    options: FlagEvaluationOptions,
    matchValue?: FeatureFlagValue,
  ): Promise<FeatureFlagResult | undefined> {
    const { local, overrides } = this.#ports;
    if (overrides.flags?.has(key)) return overriddenResult(key, overrides);
    const waiting = local?.ensureLoaded() ?? null;
    if (waiting !== null) await waiting;
    this.#mistakes.distinctId(key, distinctId);
    const person = personOf(distinctId, options);
    if (matchValue !== undefined) {
      const flag = local?.flag(key) ?? null;
      if (flag !== null) return resultOfValue(key, flag, matchValue);
    }
    const outcome = local?.evaluate(key, person) ?? null;
    let result: FeatureFlagResult | undefined;
    let remote: RemoteAnswer | null = null;
    if (outcome?.kind === "value") {
      result = resultOfValue(key, outcome.flag, outcome.result.value, outcome.result.payload);
    }
    if (result === undefined && !(options.onlyEvaluateLocally ?? this.#ports.isStrictlyLocal)) {
      remote = await this.#askServer(person, options, [key]);
      this.#followGate(remote);
      const flag = remote.answer?.flags.get(key);
      if (flag !== undefined) result = remoteResult(key, flag);
    }
    if (result === undefined && outcome === null) this.#noteMiss(key, remote);
    if (options.sendFeatureFlagEvents !== false) {
      this.#report(key, distinctId, options, { outcome, remote, result });
    }
    if (result !== undefined && overrides.payloads?.has(key)) {
      return { ...result, payload: overrides.payloads.get(key) };
    }
    return result;
  }

  /** Several flags, without events. */
  async all(distinctId: string, options: AllFlagsOptions): Promise<FlagsAndPayloads> {
    const { local, overrides } = this.#ports;
    const person = personOf(distinctId, options);
    const flagKeys = options.flagKeys || undefined;
    const values = new Map<string, FeatureFlagValue>();
    const payloads = new Map<string, JsonType>();
    const { needsServer, outcomes } = await this.#evaluateAll(person, flagKeys);
    for (const [key, outcome] of outcomes) {
      if (outcome.kind !== "value") continue;
      values.set(key, outcome.result.value);
      const payload = outcome.result.payload as JsonType; // of JSON
      if (payload) payloads.set(key, payload);
    }
    const asks = local === null || needsServer;
    if (asks && !(options.onlyEvaluateLocally ?? this.#ports.isStrictlyLocal)) {
      const { answer } = await this.#askServer(person, options, flagKeys);
      for (const [key, flag] of answer?.flags ?? []) {
        const value = remoteValue(flag);
        if (value !== undefined) values.set(key, value);
      }
      for (const [key, payload] of answer?.payloads ?? []) {
        payloads.set(key, payload as JsonType); // of JSON
      }
    }
    for (const [key, value] of overrides.flags ?? []) values.set(key, value as FeatureFlagValue); // as given
    for (const [key, payload] of overrides.payloads ?? []) payloads.set(key, payload);
    return {
      featureFlags: Object.fromEntries(values),
      featureFlagPayloads: Object.fromEntries(payloads),
    };
  }

  /** Values by the server alone, of what is given; `null`: it did not answer. */
  async served(
    person: LocalPerson,
    disableGeoip: boolean | undefined,
  ): Promise<Readonly<Record<string, FeatureFlagValue>> | null> {
    const { answer } = await this.#askServer(person, { disableGeoip }, undefined);
    if (answer === null) return null;
    const values = [...answer.flags].map(([key, flag]) => [key, remoteValue(flag)] as const);
    return Object.fromEntries(
      values.filter((it): it is [string, FeatureFlagValue] => it[1] !== undefined),
    );
  }

  /** A snapshot of several flags. */
  async snapshot(distinctId: string, options: AllFlagsOptions): Promise<FeatureFlagEvaluations> {
    const { local, snapshotHost: host } = this.#ports;
    const { disableGeoip, groups } = options;
    const flagKeys = options.flagKeys ?? undefined;
    const common = { host, distinctId, groups, disableGeoip };
    if (flagKeys?.length === 0) return new FeatureFlagEvaluations({ ...common, flags: new Map() });
    const person = personOf(distinctId, options);
    const { needsServer, outcomes } = await this.#evaluateAll(person, flagKeys);
    const flags = new Map<string, EvaluatedFlag>();
    for (const [key, outcome] of outcomes) {
      if (outcome.kind === "value") flags.set(key, localFlag(outcome));
    }
    const configuration = local?.configuration ?? null;
    const isMissing = flagKeys?.some((key) => !configuration?.flag(key)) ?? false;
    let remote: RemoteAnswer | null = null;
    const asks = local === null || needsServer || isMissing;
    if (asks && !(options.onlyEvaluateLocally ?? this.#ports.isStrictlyLocal)) {
      remote = await this.#askServer(person, options, flagKeys);
      this.#followGate(remote);
      for (const [key, flag] of remote.answer?.flags ?? []) {
        if (!flags.has(key)) flags.set(key, remoteFlag(flag));
      }
    }
    const answer = remote?.answer ?? null;
    this.#override(flags);
    for (const key of flagKeys ?? []) {
      if (!flags.has(key) && !outcomes.has(key)) this.#noteMiss(key, remote);
    }
    if (flagKeys !== undefined) {
      for (const key of flags.keys()) if (!flagKeys.includes(key)) flags.delete(key);
    }
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
      isQuotaLimited: answer?.isQuotaLimited,
    });
  }

  async #evaluateAll(person: LocalPerson, flagKeys: readonly string[] | undefined) {
    const { local } = this.#ports;
    const waiting = local?.ensureLoaded() ?? null;
    if (waiting !== null) await waiting;
    return (
      local?.evaluateAll(person, flagKeys) ?? {
        outcomes: new Map<string, LocalOutcome>(),
        needsServer: true,
      }
    );
  }

  async #askServer(
    person: LocalPerson,
    options: BaseFlagEvaluationOptions,
    flagKeys: readonly string[] | undefined,
  ): Promise<RemoteAnswer> {
    try {
      const answer = await this.#ports.requestFlags({
        ...person,
        disableGeoip: options.disableGeoip ?? this.#ports.disableGeoip,
        flagKeys,
      });
      if (answer.hasErrors) {
        this.#ports.snapshotHost.warn(
          "Error while computing feature flags, some flags may be missing or incorrect",
        );
      }
      return { answer };
    } catch (error) {
      this.#ports.onError(error);
      return { answer: null };
    }
  }

  /** The gate for short events is read from answers about flags that are reported. */
  #followGate({ answer }: RemoteAnswer): void {
    if (answer !== null) this.#ports.onMinimalEvents(answer.hasMinimalEvents);
  }

  /** A flag has no value. It is a mistake of the caller unless the server failed to say. */
  #noteMiss(key: string, remote: RemoteAnswer | null): void {
    const { local } = this.#ports;
    if (local === null || (remote !== null && remote.answer?.hasErrors !== false)) return;
    if (remote?.answer?.isQuotaLimited === true) return;
    this.#mistakes.missing(key, local.configuration);
  }

  #override(flags: Map<string, EvaluatedFlag>): void {
    const { overrides } = this.#ports;
    for (const [key, value] of overrides.flags ?? []) {
      if (value === undefined) flags.delete(key);
      else flags.set(key, { isLocal: false, ...flags.get(key), ...partsOf(value) });
    }
    for (const [key, payload] of overrides.payloads ?? []) {
      const flag = flags.get(key);
      if (flag !== undefined) flags.set(key, { ...flag, payload });
    }
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
          ...(isLocal ? localFlag(outcome) : answer?.flags.get(key)),
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

/** An answer of the server; `null`: there was none. */
interface RemoteAnswer {
  readonly answer: RemoteFlags | null;
}

interface Evaluated {
  readonly outcome: LocalOutcome | null;
  /** `null`: the server was not asked. */
  readonly remote: RemoteAnswer | null;
  readonly result: FeatureFlagResult | undefined;
}

function errorsOf(key: string, { answer }: RemoteAnswer): string[] {
  if (answer === null) return [FeatureFlagError.UNKNOWN_ERROR];
  const errors = errorsOfAnswer(answer);
  if (!answer.flags.has(key)) errors.push(FeatureFlagError.FLAG_MISSING);
  return errors;
}

/** Each group of a person has its key as a property. */
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

function partsOf(value: FeatureFlagValue): Pick<EvaluatedFlag, "enabled" | "variant"> {
  return { enabled: value !== false, variant: typeof value === "string" ? value : undefined };
}

function overriddenResult(key: string, overrides: FlagOverrides): FeatureFlagResult | undefined {
  const value = overrides.flags?.get(key);
  if (value === undefined) return undefined;
  return { key, ...partsOf(value), payload: overrides.payloads?.get(key) };
}

type LocalValue = Extract<LocalOutcome, { kind: "value" }>;

/** The result of a flag that is defined locally, for a value. */
function resultOfValue(
  key: string,
  flag: ServedFlag,
  value: FeatureFlagValue,
  payload: unknown = flag.payloadOf(value),
): FeatureFlagResult {
  return {
    key,
    ...partsOf(value),
    payload: payload as JsonType | undefined, // of JSON
    reason: REASON,
    reasonCode: flag.definition?.isDisabled === true ? "flag_disabled" : undefined,
  };
}

function localFlag({ flag, result }: LocalValue): EvaluatedFlag {
  const { definition } = flag;
  const payload = result.payload as JsonType | undefined; // of JSON
  return {
    ...partsOf(result.value),
    payload: payload || undefined,
    id: definition?.id,
    version: undefined,
    reason: REASON,
    isLocal: true,
    hasExperiment: definition?.hasExperiment,
  };
}

function remoteResult(key: string, flag: RemoteFlag): FeatureFlagResult {
  const { enabled, payload, reason, reasonCode, variant } = flag;
  return { key, enabled, variant, payload: payload as JsonType | undefined, reason, reasonCode }; // of JSON
}

function remoteFlag({ reasonCode: _, payload, ...flag }: RemoteFlag): EvaluatedFlag {
  return { ...flag, payload: payload as JsonType | undefined, isLocal: false }; // of JSON
}

/** A flag to which the server or an override gave a value is not unresolved. */
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
