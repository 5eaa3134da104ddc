import { describe, it } from "vitest";
import { expectPlantedFound } from "./planted-found.js";

describe("replay by a history of three revisions", () => {
  it("finds each planted fault, and invents none", async () => {
    await expectPlantedFound(4_000, 20);
  });
});
