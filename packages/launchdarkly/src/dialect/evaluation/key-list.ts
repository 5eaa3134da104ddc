import {
  attempt,
  type Decoded,
  DecodeError,
  expectArray,
  type Report,
} from "@sortition/core/dialect";
import { kindOf } from "../context/kind-of.js";
import { present } from "../json-values.js";
import { membersOf } from "../members.js";

/** Keys of contexts of one kind. */
export interface KeyList {
  readonly kind: string;
  readonly keys: Decoded<ReadonlySet<unknown>>;
}

/** @throws DecodeError if it is `null`. */
export function readKeyList(raw: unknown, path: string, report: Report): KeyList {
  const { contextKind, values } = membersOf(raw, path, report);
  return { kind: kindOf(contextKind), keys: readKeys(present(values), `${path}.values`, report) };
}

/** Reads a list of keys. The type of a key is not checked. */
export function readKeys(raw: unknown, path: string, report: Report): KeyList["keys"] {
  return attempt(() => new Set(expectArray(raw, path)), report);
}

/** @throws the error of the list, if there is a key to look for. */
export function isListed(key: string, { keys }: KeyList): boolean {
  if (keys instanceof DecodeError) throw keys;
  return keys.has(key);
}
