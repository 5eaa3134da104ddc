import type { Payload, PayloadItems, PayloadSet } from "../model/configuration.js";
import type { Steps } from "../model/steps.js";
import { areEqualBytes } from "../runtime/bytes.js";
import { runAtOnce } from "../runtime/slices.js";

const STEP_BYTES = 65_536;
const ITEMS_PER_STEP = 1_024;

/** Whether two sets have the same parts with the same bytes. Etags are ignored. The comparison is not sliced. */
export function areSamePayloads(a: PayloadSet, b: PayloadSet): boolean {
  return runAtOnce(comparePayloads(a, b));
}

/** Like {@link areSamePayloads}, in steps. Compares bytes instead of hashes, because it ends at the first difference. */
export function* comparePayloads(a: PayloadSet, b: PayloadSet): Steps<boolean> {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (const payload of a) {
    const other = b.find(({ part }) => part === payload.part);
    if (other === undefined || !(yield* haveSameContent(payload, other))) return false;
  }
  return true;
}

function haveSameContent(a: Payload, b: Payload): Steps<boolean> {
  // Reading the bytes would create them. The order of items is ignored.
  return a.items !== undefined && b.items !== undefined
    ? haveSameItems(a.items, b.items)
    : haveSameBytes(a.bytes, b.bytes);
}

function* haveSameItems(a: PayloadItems, b: PayloadItems): Steps<boolean> {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  let seen = 0;
  for (const name of names) {
    const [mine, its] = [a[name], b[name]];
    if (mine === its) continue;
    if (mine?.size !== its?.size) return false;
    for (const [key, json] of mine ?? []) {
      if (its?.get(key) !== json) return false;
      if (++seen % ITEMS_PER_STEP === 0) yield;
    }
  }
  return true;
}

function* haveSameBytes(a: Uint8Array, b: Uint8Array): Steps<boolean> {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let offset = 0; offset < a.length; offset += STEP_BYTES) {
    const length = Math.min(STEP_BYTES, a.length - offset);
    if (!areEqualBytes(a, offset, b, offset, length)) return false;
    yield;
  }
  return true;
}
