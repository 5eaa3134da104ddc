import {
  DecodeError,
  type FlagsDocument,
  type FlagsPlace,
  isJsonObject,
  type JsonObject,
  readFlags,
  type Steps,
} from "@sortition/core/dialect";
import { type KeyMemory, unwrap } from "@sortition/core/dialect-internal";
import type { UfcDocument } from "@sortition/core/eppo";

/** Resource type in responses of Datadog's server. */
const RESOURCE_TYPE = "universal-flag-configuration";
const BARE: FlagsPlace = { member: "flags", shape: "map" };
/** Only used in error paths: the inner document is read like a bare one. */
const IN_ENVELOPE: FlagsPlace = { member: "data.attributes.flags", shape: "map" };

/**
 * Reads a configuration, either bare or in the JSON:API envelope of Datadog's server.
 *
 * @throws DecodeError if the document is not such a configuration.
 */
export function* readDocument(bytes: Uint8Array, memory: KeyMemory): Steps<UfcDocument> {
  if (isBinary(bytes))
    throw new DecodeError("$", "expected JSON, got binary data, such as protobuf");
  const wrapped = unwrap(bytes, ["data", "attributes"], "flags");
  if (wrapped !== null) checkEnvelope(wrapped.envelope);
  const document = yield* readFlags(wrapped?.bytes ?? bytes, BARE, memory);
  const { flags, root } = document;
  if (isJsonObject(root) && (root["format"] === "PRECOMPUTED" || root["obfuscated"] === true)) {
    throw precomputed(wrapped === null ? "$" : "$.data.attributes");
  }
  if (flags !== null) yield* refuseOthers(document);
  return { document, place: wrapped === null ? BARE : IN_ENVELOPE };
}

/** Whether the first 256 bytes contain a control character that JSON does not allow. */
function isBinary(bytes: Uint8Array): boolean {
  return bytes
    .subarray(0, 256)
    .some((it) => it < 0x20 && it !== 0x09 && it !== 0x0a && it !== 0x0d);
}

function checkEnvelope(envelope: unknown): void {
  const { data } = envelope as { readonly data: JsonObject }; // exists, because the inner document was found in it
  const { type } = data;
  if (type === RESOURCE_TYPE) return;
  if (typeof type === "string" && type.startsWith("precomputed")) throw precomputed("$.data");
  throw new DecodeError("$.data.type", `expected ${RESOURCE_TYPE}`);
}

function precomputed(path: string): DecodeError {
  return new DecodeError(
    path,
    "a precomputed configuration contains the results for one subject; use a rules-based, server-side configuration",
  );
}

/**
 * Refuses Eppo flags and precomputed flags. The first flag that reveals its format decides.
 *
 * @throws DecodeError for flags of another format.
 */
function* refuseOthers({ flags }: FlagsDocument): Steps<void> {
  for (const key of flags?.keys ?? []) {
    const flag = readOr(flags as NonNullable<typeof flags>, key);
    yield;
    if (!isJsonObject(flag)) continue;
    if (!Object.hasOwn(flag, "allocations") && Object.hasOwn(flag, "variationValue")) {
      throw precomputed("$.flags");
    }
    const shards = shardsOf(flag);
    if (shards.length === 0) continue;
    if (shards.some((it) => Object.hasOwn(it, "totalShards"))) return;
    if (!Object.hasOwn(flag, "totalShards")) continue;
    throw new DecodeError(
      "$.flags",
      "a configuration of Eppo, not of Datadog: totalShards is in its flags (use eppo() from @sortition/core/eppo)",
    );
  }
}

/** Returns a flag, or `undefined` if its content is not JSON, which is reported as an issue of that flag. */
function readOr(flags: NonNullable<FlagsDocument["flags"]>, key: string): unknown {
  try {
    return flags.read(key, "$");
  } catch {
    return undefined;
  }
}

function shardsOf(flag: JsonObject): readonly JsonObject[] {
  const splits = listIn(flag, "allocations").flatMap((it) => listIn(it, "splits"));
  return splits.flatMap((it) => listIn(it, "shards")).filter(isJsonObject);
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = isJsonObject(value) ? value[name] : null;
  return Array.isArray(list) ? list : [];
}
