import { isInPart, isLong } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { checkAnswers } from "./check-answers.js";
import { DIALECT_NAMES } from "./ground.js";
import { protocolSchemas } from "./schema.js";

const checkSchema = protocolSchemas();

describe.each(DIALECT_NAMES.filter((_, i) => isInPart(i, 1)))("generated calls over %s", (name) => {
  it("get the native client's results, in the protocol's format", async (context) => {
    if (checkSchema === null) return context.skip();
    expect(await checkAnswers(name, isLong ? 15 : 3, checkSchema)).toEqual(
      expect.arrayContaining(["STATIC", "TARGETING_MATCH", "UNKNOWN DEFAULT", "FLAG_NOT_FOUND"]),
    );
  });
});
