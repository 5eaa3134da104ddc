import { isLong } from "@sortition/test-kit";
import { describe, it } from "vitest";
import { expectPlantedFound } from "./planted-found.js";

describe("replay with a history of three revisions", () => {
  it("finds each planted fault, and reports no others", async () => {
    await (isLong ? expectPlantedFound(200_000, 1_000) : expectPlantedFound(4_000, 20));
  });
});
