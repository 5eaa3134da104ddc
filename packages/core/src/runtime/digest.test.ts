import { afterEach, describe, expect, it } from "vitest";
import { concatenated } from "../hash/concatenated.js";
import { sha256 } from "../hash/sha256.js";
import { digestAtOnce, hostDigest } from "./digest.js";

describe("hostDigest and digestAtOnce", () => {
  const { crypto } = globalThis;
  const { getBuiltinModule } = process;
  const setHost = (module: typeof getBuiltinModule | undefined, webCrypto: unknown): void => {
    Object.defineProperty(process, "getBuiltinModule", { value: module, configurable: true });
    Object.defineProperty(globalThis, "crypto", { value: webCrypto, configurable: true });
  };
  const refuse = (): never => {
    throw new Error("not supported");
  };
  afterEach(() => setHost(getBuiltinModule, crypto));

  it.each([
    { module: getBuiltinModule, webCrypto: crypto, host: "Node" },
    { module: undefined, webCrypto: crypto, host: "a host with Web Crypto" },
    { module: () => undefined, webCrypto: crypto, host: "a Node without node:crypto" },
    { module: refuse, webCrypto: crypto, host: "Next's edge runtime, whose function throws" },
    { module: undefined, webCrypto: undefined, host: "a host with nothing" },
  ])("are SHA-256 over all chunks on $host", async ({ module, webCrypto }) => {
    setHost(module as typeof getBuiltinModule, webCrypto);
    for (const sizes of [[], [0], [5], [1, 70_000, 0, 3]]) {
      const chunks = sizes.map((size) => new Uint8Array(size).fill(size));
      const expected = sha256(concatenated(chunks));
      expect(await hostDigest(...chunks)).toEqual(expected);
      expect(digestAtOnce(chunks)).toEqual(expected);
    }
  });
});
