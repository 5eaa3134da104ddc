import { describe, expect, it } from "vitest";
import { nearestName } from "./nearest-name.js";

describe("nearestName", () => {
  it.each([
    ["teir", "tier"],
    ["tire", "tier"],
    ["iter", "tier"],
    ["tie", "tier"],
    ["tierx", "tier"],
    ["TIER", "tier"],
  ])("finds a name that is one edit away from %s", (name, nearest) => {
    expect(nearestName(name, ["plan", "tier"], 1)).toBe(nearest);
  });

  it.each(["reit", "trei", "ti"])("finds nothing that is two edits away from %s", (name) => {
    expect(nearestName(name, ["plan", "tier"], 1)).toBeNull();
  });
});
