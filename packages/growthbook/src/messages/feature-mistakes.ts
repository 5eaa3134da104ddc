import { nearestName } from "@sortition/core/internal";
import type { UserContext } from "../events/user-context.js";
import type { FeatureDefinitions } from "../model/payload.js";
import type { MistakeReport, Reports } from "./reports.js";

/** An instance that does not have the requested feature. */
export interface Instance {
  /** Name of the instance's variable in messages. */
  readonly name: "gb" | "client";
  readonly features: FeatureDefinitions | undefined;
  /** Whether a payload was set, even an empty one. */
  readonly isReady: boolean;
  /** Whether its features were dropped. */
  readonly isDestroyed: boolean;
}

/** Reports that the requested feature does not exist. */
export function reportMissing(key: unknown, instance: Instance, reports: Reports): void {
  if (typeof key !== "string" || key === "") {
    reports.mistake("invalid feature key", key, () => ({ message: invalidKeyText(key) }));
  } else if (instance.isDestroyed) {
    reports.mistake("evaluated after destroy", key, (feature) => ({
      message: `feature "${feature}" evaluated after ${instance.name}.destroy(): fallback returned; destroy it when nothing uses it any more`,
      facts: { feature },
    }));
  } else if (!instance.isReady) {
    reports.mistake("evaluated before ready", key, (feature) => ({
      message: `feature "${feature}" evaluated before features were loaded: fallback returned; await ${instance.name}.init() first`,
      facts: { feature },
    }));
  } else {
    reports.mistake("unknown feature", key, (feature) => unknownFeature(feature, instance));
  }
}

function unknownFeature(feature: string, { features, name }: Instance): MistakeReport {
  const keys = Object.keys(features ?? {});
  if (keys.includes(feature)) {
    const message = `feature "${feature}" is empty in the payload: fallback returned; is the payload complete?`;
    return { message, facts: { feature } };
  }
  const nearest = nearestName(feature, keys, Math.floor(feature.length / 3));
  if (nearest !== null) {
    const message = `no such feature "${feature}", did you mean "${nearest}"?`;
    return { message, facts: { feature, nearest } };
  }
  const count = keys.length;
  const there =
    features === undefined
      ? `no features are loaded: see { success, error } of ${name}.init(), or pass the whole body { features } as payload`
      : `the payload has ${count} ${count === 1 ? "feature" : "features"}, is it for the right environment?`;
  return {
    message: `no such feature "${feature}": fallback returned; ${there}`,
    facts: { feature },
  };
}

function invalidKeyText(key: unknown): string {
  if (key instanceof Promise) return "feature key is a promise: await it, and pass the string";
  const what =
    key === "" ? "empty" : key == null ? `${key}` : `of type ${typeof key}, not a string`;
  return `feature key is ${what}: fallback returned; pass the key of a feature`;
}

/**
 * Returns whether conditions can use the attributes. JavaScript callers may pass any value. `null` and `undefined` mean
 * no attributes.
 */
export function isAttributes(attributes: unknown): boolean {
  if (attributes === undefined) return true;
  return typeof attributes === "object" && !(attributes instanceof Promise);
}

/** Reports attributes that no condition can use. */
export function reportAttributes(attributes: unknown, reports: Reports): void {
  const isPromise = attributes instanceof Promise;
  reports.mistake("invalid attributes", isPromise ? "promise" : typeof attributes, (type) => ({
    message: isPromise
      ? "attributes are a promise: await it, and pass the object"
      : `attributes are a ${type}, which no condition can use: pass an object such as { id: user.id }`,
  }));
}

/**
 * Reports a user context whose attributes are unusable, or are missing although it has an `id`.
 *
 * @param user - JavaScript callers may pass any value.
 * @returns the user context, or an empty one.
 */
export function checkUser(user: UserContext, reports: Reports): UserContext {
  if (typeof user !== "object" || user === null) {
    const type = user == null ? `${user}` : `of type ${typeof user}`;
    reports.mistake("invalid user context", type, (what) => ({
      message: `the user context is ${what}: pass { attributes: { id: … } }`,
    }));
    return {};
  }
  const { attributes } = user;
  if (!isAttributes(attributes)) reportAttributes(attributes, reports);
  else if ("id" in user) {
    reports.mistake("attributes as user context", "id", () => ({
      message: "the user context has an id, but no attributes: pass { attributes: { id: … } }",
    }));
  }
  return user;
}

/**
 * Returns the map of values by feature key. Reports anything else, and returns `null`.
 *
 * @param given - JavaScript callers may pass any value.
 */
export function forcedFeaturesOf(
  given: ReadonlyMap<string, unknown>,
  reports: Reports,
): ReadonlyMap<string, unknown> | null {
  if (typeof given.has === "function" && typeof given.get === "function") return given;
  const what =
    typeof given === "object"
      ? Array.isArray(given)
        ? "an array"
        : "an object"
      : `a ${typeof given}`;
  reports.mistake("invalid forced features", what, () => ({
    message: `forced features are ${what}: pass a Map such as new Map([["checkout", true]])`,
  }));
  return null;
}
