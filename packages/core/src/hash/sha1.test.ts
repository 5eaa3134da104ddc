import { describe, expect, it } from "vitest";
import { sha1Prefix, sha1Uint60 } from "./sha1.js";

describe("sha1Uint60", () => {
  it.each(["", "a", "é", "\ud83d", "x".repeat(60)])(
    "equals that with a suffix after %j",
    (text) => {
      for (const suffix of ["variant", "\ude00", ""]) {
        const whole = sha1Uint60(`flag.${text}${suffix}`);
        expect(sha1Uint60(text, sha1Prefix("flag."), suffix)).toBe(whole);
      }
    },
  );
});
