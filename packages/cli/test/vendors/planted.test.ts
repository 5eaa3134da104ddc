import { isLong, isWhole } from "@sortition/test-kit";
import { describe, it } from "vitest";
import { expectPlantedFound, shapesOf } from "./planted-found.js";
import { VENDORS } from "./vendor-events.js";

const CASES = VENDORS.flatMap((vendor, i) =>
  shapesOf(vendor)
    .filter((_, j, { length }) => isWhole || j === i % length)
    .map((shape) => ({ vendor, shape })),
);

describe("replay of events from the vendors' own SDKs", () => {
  it.each(CASES)(
    "finds each planted fault of $vendor.name in $shape.name, and reports no others",
    async ({ shape, vendor }) => {
      await expectPlantedFound(
        vendor,
        shape,
        isLong ? { events: 20_000, ofEach: 200 } : { events: 500, ofEach: 5 },
      );
    },
  );
});
