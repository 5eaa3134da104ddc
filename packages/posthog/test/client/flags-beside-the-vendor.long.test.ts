// Also all scenarios.
import "./flags-beside-the-vendor.test.js";
import { seedOr } from "@sortition/dialect-kit/differential";
import { describe, it } from "vitest";
import {
  expectSameFor,
  expectSameForGenerated,
  ODD_ANSWERS,
  silenceConsole,
} from "./flags-beside-the-vendor.js";

silenceConsole();

describe("flags of the class equal the vendor's", () => {
  it.each(ODD_ANSWERS)("for an odd response: %s", expectSameFor);

  const seed = seedOr(20_251_123);

  it(`with 60 generated sets of definitions (SORTITION_SEED=${seed})`, async () => {
    await expectSameForGenerated(seed, 60);
  });
});
