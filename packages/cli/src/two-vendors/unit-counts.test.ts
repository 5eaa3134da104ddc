import { describe, expect, it } from "vitest";
import type { HashedValue } from "./flag-side.js";
import { UnitCounts, unitsText } from "./unit-counts.js";

function hashed(name: string, value: string | null): HashedValue {
  return { unit: { name, attributes: name === "user" ? [] : [name] }, value };
}

/** Counts pairs of a device and a user. */
function counted(pairs: readonly (readonly [string | null, string | null])[]): UnitCounts {
  const counts = UnitCounts.of(hashed("device", ""), hashed("user", ""));
  if (counts === null) throw new Error("a unit is not the key");
  for (const [device, user] of pairs) {
    counts.add(hashed("device", device), hashed("user", user), '["a","b"]');
  }
  return counts;
}

describe("UnitCounts", () => {
  it.each([
    {
      because: "each device has one user",
      pairs: [
        ["d1", "u1"],
        ["d2", "u2"],
        ["d1", "u1"],
      ],
      areSame: true,
      units: 2,
    },
    {
      because: "a device has two users",
      pairs: [
        ["d1", "u1"],
        ["d1", "u2"],
      ],
      areSame: false,
      units: 2,
    },
    {
      because: "a user has two devices",
      pairs: [
        ["d1", "u1"],
        ["d2", "u1"],
      ],
      areSame: false,
      units: 2,
    },
    {
      because: "no subject has both",
      pairs: [
        ["d1", null],
        [null, "u1"],
      ],
      areSame: false,
      units: 0,
    },
  ] as const)(
    "finds that units are the same: $areSame, because $because",
    ({ areSame, pairs, units }) => {
      const counts = counted(pairs);
      expect(counts.areSame).toBe(areSame);
      expect(counts.values.get('["a","b"]') ?? 0).toBe(units);
    },
  );

  it("counts nothing if both sides hash the subject's key", () => {
    expect(UnitCounts.of(hashed("user", "a"), hashed("user", "a"))).toBeNull();
  });

  it("says what both sides hash", () => {
    const counts = counted([
      ["d1", "u1"],
      ["d1", "u2"],
    ]);
    expect(unitsText(counts)).toBe("OLD hashes device (1 value), NEW hashes user (2 values)");
  });
});
