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
 * @param problem - the first issue of a configuration without flags; `null`: it has flags or no issue.
 * @param member - the flag and the rest of a name such as `config.parameter`; `null`: there is no such flag.
 */
export function unknownFlagText(
  name: string,
  nearest: string | null,
  flags: number,
  environment: string | null,
  problem: string | null = null,
  member: readonly [flag: string, rest: string] | null = null,
): string {
  if (nearest !== null) return `no such flag "${name}", did you mean "${nearest}"?`;
  if (problem !== null) {
    return `no such flag "${name}": default returned; the configuration has no flags; its first issue: ${problem}`;
  }
  if (member !== null) {
    return `no such flag "${name}": default returned; "${member[0]}" is one: is "${member[1]}" right?`;
  }
  const count = `${flags} ${flags === 1 ? "flag" : "flags"}`;
  const place =
    environment === null
      ? `the configuration has ${count}, is it for the right environment?`
      : `the configuration of the environment "${environment}" has ${count}, is it the right one?`;
  return `no such flag "${name}": default returned; ${place}`;
}

/**
 * Text for a call whose subject key is the key of a flag.
 *
 * @param pinned - the getter of a client of `forSubject`; `null`: the call has its own subject.
 */
export function swappedText(name: string, subjectKey: string, pinned: string | null): string {
  if (pinned !== null) {
    const form = `forSubject({ subjectKey }).${pinned}(flagKey, defaultValue)`;
    return `no such flag "${name}", but the subject key "${subjectKey}" is a flag: write ${form}`;
  }
  return `no such flag "${name}", but "${subjectKey}" is a flag: write (flagKey, subjectKey, …)`;
}

/** Text for an attribute whose name differs from the one that a flag reads. */
export function misnamedText(name: string, read: string, given: string): string {
  return `flag "${name}" reads the attribute "${read}", but the subject has "${given}": pass it as "${read}"`;
}

/** Text for an attribute that a flag reads, and that the subject has within another one. */
export function innerText(name: string, read: string, outer: string): string {
  return `flag "${name}" reads the attribute "${read}", but the subject has it in "${outer}": pass it at the top level`;
}

/** Text for an attribute that is a string, where a rule only matches the number. */
export function numeralAttributeText(name: string, attribute: string): string {
  return `flag "${name}" compares the attribute "${attribute}" with a number, but the subject has it as a string: pass Number(…)`;
}

/** Text for a call with the arguments in OpenFeature's order. */
export function orderText(getter: string): string {
  return `the arguments are in the order of OpenFeature, so the default value is the subject key: ${callText(getter, false)}`;
}

export function noDefaultText(getter: string, isForSubject: boolean): string {
  return `the default value is missing: ${callText(getter, isForSubject)}`;
}

/** Text for a flag of a snapshot without a default value. */
export function noSnapshotDefaultText(name: string): string {
  return `the default value of flag "${name}" is missing: pass a value of the flag's type, such as false or ""`;
}

/** Text for a subject key where a client for one subject expects the default value. */
export function subjectAgainText(getter: string): string {
  return `${getter}(): the default value is the subject key, which forSubject already has: ${callText(getter, true)}`;
}

/** Text for attributes where a client for one subject expects the default value. */
export function attributesAgainText(getter: string): string {
  return `${getter}(): the default value is an object: pass attributes to forSubject, and ${callText(getter, true)}`;
}

function callText(getter: string, isForSubject: boolean): string {
  const subject = isForSubject ? "" : "subjectKey, attributes, ";
  return `write ${getter}(flagKey, ${subject}defaultValue)`;
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

/** Text for a subject key with white space around it. */
export function paddedSubjectText(): string {
  return "the subject key starts or ends with white space, so the subject may get another variation: trim it";
}

/** Text for a subject key that was written from a missing value. */
export function placeholderText(key: string): string {
  return `subject key is the text "${key}", so such subjects share it: pass a string such as user.id`;
}

export const BEST_SUBJECT_TEXT =
  "getBestAction(): the subject is a string: write (flagKey, attributes, actions, defaultAction)";

const REQUEST_FORM = "write evaluate({ flagKey, subjectKey, subjectAttributes })";

export const REQUEST_TEXT: string = `evaluate(): expected an object, got a string: ${REQUEST_FORM}`;

export const NO_FLAG_KEY_TEXT: string = `evaluate(): the request has no flagKey: ${REQUEST_FORM}`;

export const OBJECT_FLAG_TEXT =
  "flag key is an object: write (flagKey, subjectKey, attributes, defaultValue)";

/** Text for actions whose names are lost. */
export const ACTIONS_TEXT =
  "actions are a list of objects, which have no names: pass an object such as { nike: { price: 3 } }, or a list of names";

/** Text for actions that are a `Set` or a `Map`. */
export const ITERABLE_ACTIONS_TEXT =
  "actions are a Set or a Map, whose elements are not read: pass [...names], or Object.fromEntries(actions)";

const BANDIT_CALL = "write getBanditAction(flagKey, subjectKey, attributes, actions, default)";

const BEST_CALL = "write getBestAction(flagKey, attributes, actions, defaultAction)";

/** The methods that take actions. */
export type BanditGetter = "getBanditAction" | "getBestAction";

const CALLS: Readonly<Record<BanditGetter, string>> = {
  getBanditAction: BANDIT_CALL,
  getBestAction: BEST_CALL,
};

/** Text for actions of which only some have attributes by kind. */
export const MIXED_ACTIONS_TEXT =
  "getBanditAction(): some actions have numericAttributes and categoricalAttributes, so those of the others are read as flat, too: pass all in one form";

/** Text for a call of which the last argument is missing. */
const missingText = (call: string): string =>
  `the actions or the default value are missing: ${call}`;

/** Text for the default value of a bandit. `null`: it may be meant. */
export function banditDefaultText(given: unknown, getter: BanditGetter): string | null {
  if (given === undefined) return missingText(CALLS[getter]);
  return defaultTypeText(given, "string", getter);
}

/** Text for actions whose attributes are not objects. */
export const SCALAR_ACTIONS_TEXT =
  "getBanditAction(): an action has no attributes: pass an object such as { nike: { price: 3 } }, or a list of names";

/** Text for attributes in the place of the actions. */
export const SWAPPED_BANDIT_TEXT: string = `the attributes and the actions are swapped: ${BANDIT_CALL}`;

/** Text for a flag without a bandit, or whose bandit has no model. */
export function noBanditText(name: string, hasModels: boolean): string {
  const way = hasModels
    ? "banditsConfiguration does not contain it; pass the models that were published with these flags"
    : "pass it as banditsConfiguration";
  return `flag "${name}" has no bandit model, so no action is chosen: ${way}, or use getStringAssignment if the flag has no bandit`;
}

/** Text for actions that are one string, whose indices would be the names of the actions. */
export function stringActionsText(
  actions: string,
  defaultValue: unknown,
  getter: BanditGetter,
): string {
  if (defaultValue === undefined) return missingText(CALLS[getter]);
  if (typeof defaultValue === "object")
    return `the actions and the default value are swapped: ${CALLS[getter]}`;
  const names = actions.split(",").map((it) => `"${keyName(it.trim())}"`);
  return `actions are a string, whose characters would be the actions: pass [${names.join(", ")}]`;
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

export const UNREAD_KEY_TEXT =
  "exposed(): nothing logged, because the flag key is not a string: call it once for each key";

/** Text for a second argument of `exposed`, such as a variation. */
export function exposedText(name: string): string {
  return `exposed() logs the assigned variation and ignores other arguments: write exposed("${name}")`;
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
  const kind = typeof key === "function" ? "a function" : "an object";
  return `subject key is ${kind}, so all subjects share the key "${keyName(key).slice(0, 40)}": pass a string such as user.id`;
}

export function attributesText(
  attributes: unknown,
  isForBandit: boolean,
  isForSubject: boolean,
): string {
  if (isPromise(attributes)) return "attributes are a promise: await it, and pass the object";
  const kind = Array.isArray(attributes)
    ? "list"
    : attributes instanceof Map
      ? "Map"
      : typeof attributes;
  const fact = `attributes are a ${kind}`;
  if (isForBandit) return `${fact}: ${BANDIT_CALL}`;
  if (typeof attributes === "function") return `${fact}: call it, and pass the object it returns`;
  const isObject = typeof attributes === "object";
  const rest = isObject || isForSubject ? "" : ", and after it the default value";
  return `${fact}, which no condition can use: pass an object such as { country: "DK" }${rest}`;
}

/** Text for an attribute that a flag hashes but the subject does not have. */
export function unhashedText(name: string, attribute: string, attributes: object): string {
  return `flag "${name}" is split by the attribute "${attribute}", but the subject does not have it: no variation is assigned; pass it in the attributes (the subject has ${namesOf(attributes)}), or split by another attribute`;
}

/** Text for an attribute with a structure that the dialect's rules cannot read. */
export function nestedText(flag: string, attribute: string, value: unknown): string {
  const what = isPromise(value)
    ? "a promise: await it"
    : value instanceof Date
      ? "a date, which no condition matches: pass date.getTime() or date.toISOString()"
      : Array.isArray(value)
        ? "a list, which rules compare as one string: pass a string, or an attribute for each element"
        : 'an object, and rules cannot read its members: pass each member as its own attribute, such as { country: "DK" }';
  return `flag "${flag}": the attribute "${attribute}" is ${what}; default returned`;
}

/** Text for a numeric attribute of a bandit's subject that is a string. */
export function numeralText(flag: string, attribute: string): string {
  return `the bandit of flag "${flag}" ignores numericAttributes.${attribute}, which is a string: pass Number(…)`;
}

/** Text for an attribute of a bandit's subject that is among those of the other kind. */
export function otherKindText(flag: string, attribute: string, kind: string): string {
  return `the bandit of flag "${flag}" reads the attribute "${attribute}" from ${kind}: pass it there`;
}

/** Text for an attribute of a bandit's subject that is an object. */
export function nestedSubjectText(flag: string, attribute: string, value: unknown): string {
  if (isPromise(value)) {
    return `the bandit of flag "${flag}" cannot read the attribute "${attribute}", a promise: await it`;
  }
  return `the bandit of flag "${flag}" cannot read members of the attribute "${attribute}": pass both numericAttributes and categoricalAttributes, or one flat object`;
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
