import { isJsonObject, type JsonObject } from "../../evaluate/request.js";
import {
  objectOf,
  objectsIn,
  type ReducedPayload,
  type ReductionInput,
  refusal,
  withDependencies,
} from "../reduction.js";
import { decrypted } from "./decrypted.js";
import { decryptionKey } from "./decryption-key.js";

const STICKY = "a warehouse has no sticky buckets (fallbackAttribute, minBucketVersion)";

export function reduceGrowthbook({ asked, option, root: file }: ReductionInput): ReducedPayload {
  const root = decrypted(objectOf(file), decryptionKey(option));
  const all = isJsonObject(root["features"]) ? root["features"] : {};
  const flags = withDependencies(new Map(Object.entries(all)), asked, parentsOf);
  for (const [key, flag] of flags) {
    for (const rule of rulesOf(flag)) if (isSticky(rule)) throw refusal(key, STICKY);
  }
  const { experiments: _, features: __, savedGroups, ...rest } = root;
  return {
    parts: {
      flags: {
        ...rest,
        features: Object.fromEntries(flags),
        ...(isJsonObject(savedGroups)
          ? { savedGroups: usedGroups(savedGroups, [...flags.values()]) }
          : {}),
      },
    },
    flags,
  };
}

function rulesOf(flag: unknown): readonly JsonObject[] {
  const rules = isJsonObject(flag) ? flag["rules"] : [];
  return Array.isArray(rules) ? rules.filter((it) => isJsonObject(it)) : [];
}

function isSticky({
  disableStickyBucketing,
  fallbackAttribute,
  minBucketVersion,
}: JsonObject): boolean {
  return !disableStickyBucketing && (Boolean(fallbackAttribute) || Number(minBucketVersion) > 0);
}

function parentsOf(flag: unknown): readonly string[] {
  return rulesOf(flag).flatMap(({ parentConditions }) =>
    Array.isArray(parentConditions)
      ? parentConditions.flatMap((it: unknown) => (isJsonObject(it) ? [String(it["id"])] : []))
      : [],
  );
}

/** Returns the saved groups whose ids occur in the flags or in the conditions of other used groups. */
function usedGroups(groups: JsonObject, flags: readonly unknown[]): JsonObject {
  const used = new Map<string, unknown>();
  const open: unknown[] = [...flags];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    for (const object of objectsIn(value)) {
      for (const id of Object.values(object)) {
        if (typeof id !== "string" || used.has(id) || !Object.hasOwn(groups, id)) continue;
        used.set(id, groups[id]);
        open.push(groups[id]);
      }
    }
  }
  return Object.fromEntries(used);
}
