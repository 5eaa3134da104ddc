import { isInPart, isLong } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { checkProvider } from "./check-provider.js";
import { DIALECT_NAMES } from "./ground.js";

describe.each(DIALECT_NAMES.filter((_, i) => isInPart(i, 3)))(
  "generated calls of the provider over %s",
  (name) => {
    it("get the native client's results, except where the protocol cannot express them", async () => {
      expect(await checkProvider(name, isLong ? 30 : 10)).toEqual(
        expect.arrayContaining(["STATIC", "TARGETING_MATCH", "UNKNOWN", "FLAG_NOT_FOUND"]),
      );
    });
  },
);
