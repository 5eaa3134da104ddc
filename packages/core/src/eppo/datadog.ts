import { isJsonObject, type JsonObject } from "../conditions/decode.js";
import { DecodeError } from "../errors/errors.js";
import type { Steps } from "../model/steps.js";
import { flagPath } from "../payload/flag-path.js";
import type { FlagsDocument, FlagsPlace, RawFlags } from "../payload/raw-flags.js";

/** Type of the resource in a response of Datadog's server. */
const RESOURCE_TYPE = "universal-flag-configuration";
const PROBLEM =
  "a configuration of Datadog, not of Eppo (use datadog() from @sortition/datadog/dialect)";

/**
 * Rejects a Datadog configuration. Its format is based on Eppo's, but `totalShards` is in each shard instead of the
 * flag. If it were read as Eppo's, no subject would be in any shard, and each percentage split would serve the default.
 *
 * @throws DecodeError for a response of Datadog's server, and for the first flag of that shape.
 */
export function* refuseDatadog({ flags, root }: FlagsDocument, place: FlagsPlace): Steps<void> {
  const data = isJsonObject(root) ? root["data"] : undefined;
  if (isJsonObject(data) && data["type"] === RESOURCE_TYPE) {
    throw new DecodeError("$.data", `${PROBLEM}: its type is ${RESOURCE_TYPE}`);
  }
  if (flags === null) return;
  // Each flag of Eppo has a total, so the first flag decides.
  for (const key of flags.keys) {
    const path = flagPath(place, key);
    const flag = readOr(flags, key, path);
    if (!isJsonObject(flag)) continue;
    if (Object.hasOwn(flag, "totalShards")) return;
    if (!hasTotalsInShards(flag)) {
      yield;
      continue;
    }
    throw new DecodeError(path, `${PROBLEM}: totalShards is in its shards`);
  }
}

/** Reads a flag. Returns `undefined` if its content is not JSON, which is an issue of that flag. */
function readOr(flags: RawFlags, key: string, path: string): unknown {
  try {
    return flags.read(key, path);
  } catch {
    return undefined;
  }
}

function hasTotalsInShards(flag: JsonObject): boolean {
  const splits = listIn(flag, "allocations").flatMap((it) => listIn(it, "splits"));
  const shards = splits.flatMap((it) => listIn(it, "shards"));
  return shards.some((it) => isJsonObject(it) && Object.hasOwn(it, "totalShards"));
}

function listIn(value: unknown, member: string): readonly unknown[] {
  const list = isJsonObject(value) ? value[member] : null;
  return Array.isArray(list) ? list : [];
}
