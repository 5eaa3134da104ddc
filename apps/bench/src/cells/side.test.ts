import { describe, expect, it } from "vitest";
import { CELLS } from "./catalogue.js";
import { sideOf } from "./side.js";

describe("sideOf", () => {
  it("finds the vendors' packages among the participants of all cells", () => {
    const names = CELLS.flatMap(({ participants }) => participants.map(({ name }) => name));
    const vendors = names.filter((name) => sideOf(name) === "vendor");
    const packages = vendors.map((name) => name.replace(/(?:,| for|:| without| with).*/, ""));
    expect([...new Set(packages)].sort()).toEqual([
      "@amplitude/experiment-node-server",
      "@eppo/node-server-sdk",
      "@growthbook/growthbook",
      "posthog-node",
    ]);
  });

  it("finds one of our participants in every cell", () => {
    const others = CELLS.filter(
      ({ participants }) => !participants.some(({ name }) => sideOf(name) === "ours"),
    );
    expect(others).toEqual([]);
  });
});
