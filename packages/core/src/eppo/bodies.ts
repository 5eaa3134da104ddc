import { DecodeError } from "../errors/errors.js";
import { inPart } from "../errors/in-part.js";
import type { PayloadSet } from "../model/configuration.js";
import type { Steps } from "../model/steps.js";
import type { KeyMemory } from "../payload/flag-keys.js";
import { parseJson } from "../payload/parse-json.js";
import type { FlagsPlace } from "../payload/raw-flags.js";
import { readFlags } from "../payload/read-flags.js";
import {
  type BanditModels,
  decodeBanditModels,
  decodeBanditReferences,
  NO_BANDIT_MODELS,
} from "./bandit/decode.js";
import type { BanditReference } from "./bandit/wire.js";
import { refuseDatadog } from "./datadog.js";
import { decodeFlagsBody } from "./decode.js";
import type { FlagsBody } from "./wire.js";

export const FLAGS = "flags";
export const BANDITS = "bandits";
/** Where the flags of a UFC body are. */
export const FLAGS_PLACE: FlagsPlace = { member: "flags", shape: "map" };

export interface ParsedFlags {
  readonly body: FlagsBody;
  readonly banditReferences: readonly BanditReference[];
}

// The origin reads a body when it is received, and a client reads it again when it compiles it, possibly with another
// dialect object. The cache makes sure that it is parsed only once.
const flagsByBytes = new WeakMap<Uint8Array, ParsedFlags>();
const modelsByBytes = new WeakMap<Uint8Array, BanditModels>();

/**
 * Reads the flags of a payload set.
 *
 * @param memory - keys of the flags in the previous payload.
 * @throws DecodeError if there are no flags, or they are unusable.
 */
export function* flagsOf(payloads: PayloadSet, memory: KeyMemory): Steps<ParsedFlags> {
  const decode = (bytes: Uint8Array): Steps<ParsedFlags> => decodeFlags(bytes, memory);
  const flags = yield* decodedOnce(flagsByBytes, payloads, FLAGS, decode);
  if (flags === null) throw new DecodeError("$", "is missing", { part: FLAGS });
  return flags;
}

/**
 * Reads the bandit models of a payload set.
 *
 * @throws DecodeError if they are unusable.
 */
export function* modelsOf(payloads: PayloadSet): Steps<BanditModels> {
  return (yield* decodedOnce(modelsByBytes, payloads, BANDITS, decodeModels)) ?? NO_BANDIT_MODELS;
}

function* decodeFlags(bytes: Uint8Array, memory: KeyMemory): Steps<ParsedFlags> {
  const document = yield* readFlags(bytes, FLAGS_PLACE, memory);
  yield* refuseDatadog(document, FLAGS_PLACE);
  const body = decodeFlagsBody(document);
  return { body, banditReferences: decodeBanditReferences(body.root) };
}

// biome-ignore lint/correctness/useYield: models are decoded in one step
function* decodeModels(bytes: Uint8Array): Steps<BanditModels> {
  return decodeBanditModels(parseJson(bytes, "$"));
}

/** Returns `null` if the set has no such part. */
function* decodedOnce<T>(
  known: WeakMap<Uint8Array, T>,
  payloads: PayloadSet,
  part: string,
  decode: (bytes: Uint8Array) => Steps<T>,
): Steps<T | null> {
  const bytes = payloads.find((it) => it.part === part)?.bytes;
  if (bytes === undefined) return null;
  const hit = known.get(bytes);
  if (hit !== undefined) return hit;
  try {
    const decoded = yield* decode(bytes);
    known.set(bytes, decoded);
    return decoded;
  } catch (error) {
    throw inPart(error, part);
  }
}
