import { DecodeError } from "../errors/errors.js";
import type { Payload, PayloadSet } from "../model/configuration.js";
import type { Steps } from "../model/steps.js";
import { KeyMemory } from "../payload/flag-keys.js";
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

/** Reads the bodies of payload sets. */
export interface Bodies {
  /** @throws DecodeError if there are no flags, or they are unusable. */
  flagsOf(payloads: PayloadSet): Steps<ParsedFlags>;
  /** @throws DecodeError if they are unusable. */
  modelsOf(payloads: PayloadSet): Steps<BanditModels>;
}

// A body is read when its endpoint has answered and again when it is compiled, maybe by another object: it is parsed once.
const flagsByBytes = new WeakMap<Uint8Array, ParsedFlags>();
const modelsByBytes = new WeakMap<Uint8Array, BanditModels>();

/** Creates {@link Bodies}, which remember the keys of the last flags. */
export function createBodies(): Bodies {
  const memory = new KeyMemory();
  return {
    *flagsOf(payloads) {
      const payload = payloads.find(({ part }) => part === FLAGS);
      if (payload === undefined) throw new DecodeError("$", "is missing", { part: FLAGS });
      return yield* decodedOnce(flagsByBytes, payload, (bytes) => decodeFlags(bytes, memory));
    },
    *modelsOf(payloads) {
      const payload = payloads.find(({ part }) => part === BANDITS);
      if (payload === undefined) return NO_BANDIT_MODELS;
      return yield* decodedOnce(modelsByBytes, payload, decodeModels);
    },
  };
}

function* decodeFlags(bytes: Uint8Array, memory: KeyMemory): Steps<ParsedFlags> {
  const document = yield* readFlags(bytes, FLAGS_PLACE, memory);
  const body = decodeFlagsBody(document);
  return { body, banditReferences: decodeBanditReferences(body.root) };
}

// biome-ignore lint/correctness/useYield: models are decoded in one step
function* decodeModels(bytes: Uint8Array): Steps<BanditModels> {
  return decodeBanditModels(parseJson(bytes, "$"));
}

function* decodedOnce<T>(
  known: WeakMap<Uint8Array, T>,
  { bytes, part }: Payload,
  decode: (bytes: Uint8Array) => Steps<T>,
): Steps<T> {
  const hit = known.get(bytes);
  if (hit !== undefined) return hit;
  try {
    const decoded = yield* decode(bytes);
    known.set(bytes, decoded);
    return decoded;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new DecodeError(error.path, error.problem, { cause: error.cause, part });
  }
}
