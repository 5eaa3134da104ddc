import type { HashedUnit } from "@sortition/core/dialect";
import { hashKey, type KeyHash, NO_KEY } from "../keys/key-hash.js";
import { KeyTable } from "../keys/key-table.js";
import { countText } from "../text/values.js";
import type { HashedValue } from "./flag-side.js";

/**
 * Counts what is hashed on both sides of a split. The hash places units, so shares are compared by units and not by
 * subjects, of whom any number may have the same unit.
 */
export class UnitCounts {
  /** What OLD and NEW hash. */
  readonly units: readonly [HashedUnit, HashedUnit];
  /** Number of units by the values that they get. The key is the JSON of both canonical texts. */
  readonly values: Map<string, number> = new Map();
  /** The keys are pairs of the numbers of both units. */
  readonly #pairs = new KeyTable();
  readonly #old = new KeyTable();
  readonly #now = new KeyTable();
  readonly #hash: KeyHash = { ...NO_KEY };

  private constructor(units: readonly [HashedUnit, HashedUnit]) {
    this.units = units;
  }

  /** Returns `null` if both sides hash the subject's key, which each subject has for itself. */
  static of(old: HashedValue | null, now: HashedValue | null): UnitCounts | null {
    if (old === null || now === null) return null;
    const isKey = [old, now].every(({ unit }) => unit.attributes.length === 0);
    return isKey ? null : new UnitCounts([old.unit, now.unit]);
  }

  /** Numbers of different units of both sides. */
  get sizes(): readonly [number, number] {
    return [this.#old.size, this.#now.size];
  }

  /** Whether subjects with the same unit on one side have the same unit on the other side. */
  get areSame(): boolean {
    const { size } = this.#pairs;
    return size > 0 && size === this.#old.size && size === this.#now.size;
  }

  add(old: HashedValue | null, now: HashedValue | null, values: string): void {
    const was = this.#numberIn(this.#old, old);
    const is = this.#numberIn(this.#now, now);
    if (was === null || is === null) return;
    const { size } = this.#pairs;
    const isNew = this.#pairs.numberOf(was, is) === size;
    if (isNew) this.values.set(values, (this.values.get(values) ?? 0) + 1);
  }

  /** Numbers a unit; `null` if the subject lacks it. */
  #numberIn(units: KeyTable, hashed: HashedValue | null): number | null {
    if (hashed === null || hashed.value === null) return null;
    hashKey(hashed.value, NO_KEY, this.#hash);
    return units.numberOf(this.#hash.low, this.#hash.high);
  }
}

/** Says what both sides hash: `OLD hashes deviceId (20 values), NEW hashes user (4,000 values)`. */
export function unitsText({ sizes: [was, is], units: [old, now] }: UnitCounts): string {
  const [before, after] = [countText(was, "value"), countText(is, "value")];
  return `OLD hashes ${old.name} (${before}), NEW hashes ${now.name} (${after})`;
}
