import type { Failure } from "../../configuration/origin.js";
import { httpStatusOf } from "../../errors/errors.js";
import { isPromise, keyName } from "../../errors/guard.js";
import { namesOf } from "../../errors/names-of.js";
import type { ValueType } from "../../model/flag.js";

/** Names of getters by type. */
export type Getters = Readonly<Record<ValueType, string>>;

const GETTERS: Getters = {
  boolean: "getBooleanAssignment",
  integer: "getIntegerAssignment",
  numeric: "getNumericAssignment",
  string: "getStringAssignment",
  json: "getJSONAssignment",
};

/** Describes what the caller receives. */
function outcomeText(isGraceful: boolean): string {
  return isGraceful ? "default returned" : "the call throws";
}

/**
 * @param flags - number of flags in the configuration.
 * @param environment - name of its environment; `null`: not known.
 */
export function unknownFlagText(
  name: string,
  nearest: string | null,
  flags: number,
  environment: string | null,
): string {
  if (nearest !== null) return `no such flag "${name}", did you mean "${nearest}"?`;
  const count = `${flags} ${flags === 1 ? "flag" : "flags"}`;
  const place =
    environment === null
      ? `the configuration has ${count}, is it for the right environment?`
      : `the configuration of the environment "${environment}" has ${count}, is it the right one?`;
  return `no such flag "${name}": default returned; ${place}`;
}

/** Text for a call whose subject key is the key of a flag. */
export function swappedText(name: string, subjectKey: string): string {
  return `no such flag "${name}", but the subject key "${subjectKey}" is a flag: are the two keys swapped?`;
}

/** Text for an attribute whose name differs from the one that a flag reads. */
export function misnamedText(name: string, read: string, given: string): string {
  return `flag "${name}" reads the attribute "${read}", but the subject has "${given}": pass it as "${read}"`;
}

export function noDefaultText(getter: string, isForSubject: boolean): string {
  const subject = isForSubject ? "" : "subjectKey, attributes, ";
  return `the default value is missing: write ${getter}(flagKey, ${subject}defaultValue)`;
}

const DEFAULTS: Readonly<Record<ValueType, string>> = {
  boolean: "boolean",
  integer: "number",
  numeric: "number",
  string: "string",
  json: "object",
};

/** Text for a default value of another type than the getter's; `null`: it is of that type, or `null`. */
export function defaultTypeText(given: unknown, type: ValueType, getter: string): string | null {
  const expected = DEFAULTS[type];
  if (type === "integer" && typeof given === "number" && !Number.isInteger(given)) {
    return `${getter}(): the default value is not an integer, and is returned if no variation is assigned: pass an integer`;
  }
  if (given === null || typeof given === expected) return null;
  const [is, pass] = [typeof given, expected].map((it) =>
    it === "object" ? "an object" : `a ${it}`,
  );
  return `${getter}(): the default value is ${is}, which is returned if no variation is assigned: pass ${pass}`;
}

/** Text for actions whose names are lost. */
export const ACTIONS_TEXT =
  "actions are a list of objects, which have no names: pass an object such as { nike: { price: 3 } }, or a list of names";

/** Text for a flag without a bandit, or whose bandit has no model. */
export function noBanditText(name: string, hasModels: boolean): string {
  const way = hasModels
    ? "banditsConfiguration does not contain it; pass the models that were published with these flags"
    : "pass it as banditsConfiguration";
  return `flag "${name}" has no bandit model, so no action is chosen: ${way}, or use getStringAssignment if the flag has no bandit`;
}

/** The typed getter of a type. */
export function getterOf(type: ValueType, getters: Getters | null = null): string {
  return (getters ?? GETTERS)[type];
}

/** Text for a getter of another type than the flag's. */
export function wrongTypeText(
  name: string,
  valueType: ValueType,
  expectedType: string,
  isGraceful: boolean,
  getters: Getters | null,
): string {
  const fact = `flag "${name}" is ${valueType.toUpperCase()}, but was requested as ${expectedType}`;
  return `${fact}: ${outcomeText(isGraceful)}; use ${getterOf(valueType, getters)}`;
}

/** Text for any other failure, with the message of its error. */
export function failedText(problem: string, isGraceful: boolean): string {
  return `${problem}: ${outcomeText(isGraceful)}`;
}

export function ignoredOverrideText(name: string, problem: string): string {
  return `override of flag "${name}" ignored, and the flag evaluated: ${problem}`;
}

export function unreadText(name: string, nearest: string | null): string {
  if (nearest !== null) {
    return `exposed("${name}"): nothing logged, because this flag was not read; did you mean "${nearest}", which was read?`;
  }
  return `exposed("${name}"): nothing logged, because the flag was not read before; read it with a getter of the same client`;
}

export function blankFlagText(isGraceful: boolean): string {
  return `flag key is blank: ${outcomeText(isGraceful)}; pass the key of a flag`;
}

export function blankSubjectText(key: unknown, isGraceful: boolean): string {
  const what = key === undefined || key === null ? `is ${key}` : "is blank";
  return `subject key ${what}: ${outcomeText(isGraceful)}; pass a string such as user.id`;
}

export function objectSubjectText(key: unknown): string {
  if (isPromise(key)) return "subject key is a promise: await it, and pass the string";
  const name = keyName(key);
  const pass = "pass a string such as user.id";
  if (/^\[object \w+\]$/.test(name)) {
    return `subject key is an object, so all subjects share the key "${name}": ${pass}`;
  }
  const kind = Array.isArray(key) ? "a list" : "an object";
  return `subject key is ${typeof key === "function" ? "a function" : kind}, not a string: ${pass}`;
}

export function attributesText(attributes: unknown): string {
  if (isPromise(attributes)) return "attributes are a promise: await it, and pass the object";
  const kind = Array.isArray(attributes)
    ? "list"
    : attributes instanceof Map
      ? "Map"
      : typeof attributes;
  return `attributes are a ${kind}, which no condition can use: pass an object such as { country: "DK" }`;
}

/** Text for an attribute that a flag hashes but the subject does not have. */
export function unhashedText(name: string, attribute: string, attributes: object): string {
  return `flag "${name}" is split by the attribute "${attribute}", but the subject does not have it: no variation is assigned; pass it in the attributes (the subject has ${namesOf(attributes)}), or split by another attribute`;
}

/** Facts about a client without a configuration. */
export interface EmptyClient {
  /** Whether configurations are delivered by a source. */
  readonly hasSource: boolean;
  /** Whether the source fetches automatically. */
  readonly canFetch: boolean;
  readonly isClosed: boolean;
  /** Whether a wait for the first configuration has ended without one. */
  readonly hasWaited: boolean;
  /** Failure of the last attempt, if it failed. */
  readonly failure: Failure | null;
  readonly nextAttemptInMs: number | null;
}

export function tooEarlyText(name: string, client: EmptyClient): string {
  return `flag "${name}" evaluated before ready: default returned; ${reasonText(client)}`;
}

function reasonText(client: EmptyClient): string {
  const { canFetch, failure, hasSource, hasWaited, isClosed, nextAttemptInMs } = client;
  if (isClosed) return "the client was closed before it received a configuration";
  if (!hasSource) {
    return "the client has no source: pass a source or an initialConfiguration, or call setConfiguration first";
  }
  if (failure !== null) {
    const { error } = failure;
    const what = httpStatusOf(error) ?? error.code;
    const again = canFetch ? "the next is under way" : "call refresh() again or setConfiguration()";
    const next =
      nextAttemptInMs === null ? again : `next in ${Math.ceil(nextAttemptInMs / 1_000)} s`;
    return `no configuration yet; the last attempt failed (${what}), ${next}`;
  }
  if (!canFetch) {
    return "pollIntervalMs is null, so nothing is fetched: call refresh() or setConfiguration()";
  }
  if (hasWaited) return "the source has not delivered a configuration yet";
  return "await init(…) or client.waitForInitialization() first";
}
