import { randomBytes } from "node:crypto";
import { isInPart } from "@sortition/test-kit";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { SealOptions } from "./keys.js";
import { open, seal } from "./token.js";

const NOW_MS = 1_800_000_000_000;
const newSecret = (): string => randomBytes(32).toString("base64url");
const OPTIONS: SealOptions = { audience: "shop-production", secrets: [newSecret()] };
const FORGED = { refused: "forged" };

const sealed = (content: unknown, options = OPTIONS): Promise<string> =>
  seal(content, "exposures", options, NOW_MS + 60_000);
const opened = (token: unknown, options = OPTIONS, nowMs = NOW_MS) =>
  open(token, "exposures", options, nowMs);

const replaced = (text: string, i: number, by: string): string =>
  text.slice(0, i) + by + text.slice(i + 1);

describe("a token", () => {
  it("returns what was sealed, of any JSON", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (content) => {
        const json = JSON.parse(JSON.stringify(content));
        expect(await opened(await sealed(content))).toMatchObject({ content: json });
      }),
    );
  });

  it("is refused after any change of one character", async () => {
    const token = await sealed({ subject: "alice", flags: ["checkout", "search"] });
    const alphabet = [
      ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\0é",
    ];
    const accepted: string[] = [];
    for (let i = 0; i < token.length; i++) {
      for (const [j, character] of alphabet.entries()) {
        if (character === token[i] || !isInPart(i, j)) continue;
        const changed = replaced(token, i, character);
        if (!("refused" in (await opened(changed)))) accepted.push(changed);
      }
    }
    expect(accepted).toEqual([]);
  });

  it("is refused after any insertion, deletion or exchange", async () => {
    const token = await sealed(["checkout"]);
    const edits = fc.tuple(
      fc.nat(token.length),
      fc.nat(token.length),
      fc.string({ unit: "grapheme" }),
    );
    await fc.assert(
      fc.asyncProperty(edits, async ([from, to, text]) => {
        const changed = token.slice(0, Math.min(from, to)) + text + token.slice(Math.max(from, to));
        if (changed !== token) expect(await opened(changed)).toHaveProperty("refused");
      }),
    );
  });

  it("is forged for another secret, purpose or audience", async () => {
    const token = await sealed("content");
    expect(await opened(token, { ...OPTIONS, secrets: [newSecret()] })).toEqual(FORGED);
    expect(await opened(token, { ...OPTIONS, audience: "shop-staging" })).toEqual(FORGED);
    expect(await open(token, "overrides", OPTIONS, NOW_MS)).toEqual(FORGED);
  });

  it("opens with each secret of a list, and is sealed with the first", async () => {
    const [first = "", second = ""] = [newSecret(), newSecret()];
    const both = { ...OPTIONS, secrets: [undefined, first, second] };
    const old = await sealed("old", { ...OPTIONS, secrets: [second] });
    expect(await opened(old, both)).toMatchObject({ content: "old" });
    const now = await sealed("new", both);
    expect(await opened(now, { ...OPTIONS, secrets: [first] })).toMatchObject({ content: "new" });
    expect(await opened(now, { ...OPTIONS, secrets: [second] })).toEqual(FORGED);
  });

  it("expires", async () => {
    const token = await sealed("content");
    expect(await opened(token, OPTIONS, NOW_MS + 59_999)).toHaveProperty("content");
    expect(await opened(token, OPTIONS, NOW_MS + 60_000)).toEqual({ refused: "expired" });
  });

  it("is malformed unless it is text of at most 8 kB with a version", async () => {
    const long = `1.${"A".repeat(8_191)}`;
    for (const token of ["", "1.", "1.AAAA", "2.AAAA", long, "1.A", null, 7, {}, ["1."]]) {
      expect(await opened(token)).toEqual({ refused: "malformed" });
    }
    expect(await opened(long.slice(0, 8_192))).toEqual(FORGED);
  });

  it("opens in Next's edge runtime, which compresses nothing, unless Node compressed it", async () => {
    const long = "compressible ".repeat(500);
    const rows = [
      { purpose: "exposures", content: "short", opens: { refused: "compressed" } },
      { purpose: "overrides", content: "short", opens: { content: "short" } },
      { purpose: "overrides", content: long, opens: { refused: "compressed" } },
    ] as const;
    const ofNode = await Promise.all(
      rows.map(({ content, purpose }) => seal(content, purpose, OPTIONS, NOW_MS + 60_000)),
    );
    onTestFinished(() => void vi.restoreAllMocks());
    onTestFinished(() => void vi.unstubAllGlobals());
    const fail = (): never => {
      throw new Error("A Node.js API is used, which is not supported in the Edge Runtime.");
    };
    vi.spyOn(process, "getBuiltinModule").mockImplementation(fail);
    for (const name of ["CompressionStream", "DecompressionStream"]) vi.stubGlobal(name, fail);
    for (const [i, { opens, purpose }] of rows.entries()) {
      expect(await open(ofNode[i], purpose, OPTIONS, NOW_MS)).toMatchObject(opens);
    }
    const ofEdge = await sealed("alice");
    expect(await opened(ofEdge)).toMatchObject({ content: "alice" });
    vi.restoreAllMocks();
    expect(await opened(ofEdge)).toMatchObject({ content: "alice" });
  });
});

describe("keys", () => {
  const given = (options: unknown) => sealed("content", options as SealOptions);

  it("of a missing or short secret, or without an audience, are one sentence", async () => {
    const { audience, secrets } = OPTIONS;
    await expect(given({ audience, secrets: [undefined] })).rejects.toThrow(
      /^secrets: expected a list with at least one secret; is the environment variable set\?/,
    );
    await expect(given({ audience, secrets: "text" })).rejects.toThrow(
      "secrets: expected a list, got a string: write [secret]",
    );
    for (const missing of [undefined, null, []]) {
      await expect(given({ audience, secrets: missing })).rejects.toThrow(
        /^secrets: expected a list/,
      );
    }
    await expect(given({ audience, secrets: ["c2hvcnQ"] })).rejects.toThrow(
      /^secrets: expected at least 32 random bytes in base64url, but one has 5; create one with: node -p/,
    );
    const cut = "was changed or cut off, because its last character does not fit";
    for (const [odd, problem] of [
      ["", "has 0"],
      ["not base64url!", "is not base64url"],
      [7, "is not base64url"],
      [{}, "is not base64url"],
      [`${"A".repeat(42)}B`, cut],
      ["A".repeat(41), cut],
    ] as const) {
      await expect(given({ audience, secrets: [odd] })).rejects.toThrow(
        `expected at least 32 random bytes in base64url, but one ${problem}; create`,
      );
    }
    for (const odd of [undefined, "", 7]) {
      await expect(given({ audience: odd, secrets })).rejects.toThrow(/^audience: expected a name/);
    }
  });
});
