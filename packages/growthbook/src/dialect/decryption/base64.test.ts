import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { decodeBase64 } from "./base64.js";

describe("decodeBase64", () => {
  it.each([0, 1, 2, 3, 4, 5, 255, 196_607, 196_608, 196_609, 500_000])(
    "decodes %i bytes",
    async (count) => {
      const bytes = randomBytes(count);
      const decoded = await decodeBase64(bytes.toString("base64"));
      expect(Buffer.compare(new Uint8Array(decoded), bytes)).toBe(0);
    },
  );

  it.each(["", "YQ", "YQ==", "YWI=", "YWI", " Y W J j\n", "YWJj", "+/+/"])(
    "accepts %j like atob",
    async (text) => {
      const decoded = Buffer.from(await decodeBase64(text)).toString("latin1");
      expect(decoded).toBe(atob(text));
    },
  );

  it.each(["Y", "YWJ-", "Y=Jj", "=", "YWJj=", "YWJ\u0100", "YWI==", "Y\u00e4Jj"])(
    "rejects %j like atob",
    async (text) => {
      expect(() => atob(text)).toThrow();
      await expect(decodeBase64(text)).rejects.toThrow();
    },
  );
});
