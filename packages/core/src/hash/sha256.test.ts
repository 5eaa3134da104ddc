import { describe, expect, it } from "vitest";
import { sha256, sha256Modulo } from "./sha256.js";
import { encodeUtf8 } from "./utf8.js";

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

describe("sha256", () => {
  it("hashes a million letters as FIPS 180-4 specifies", () => {
    expect(hex(sha256(new Uint8Array(1_000_000).fill(0x61)))).toBe(
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    );
  });

  it("hashes only the bytes of a view", () => {
    const around = encodeUtf8("xxabcxx");
    expect(sha256(around.subarray(2, 5))).toEqual(sha256(encodeUtf8("abc")));
  });
});

describe("sha256Modulo", () => {
  it.each([
    { modulus: 10_000, remainder: 74, because: "the hash of abc begins with ba7816bf8f01cfea" },
    { modulus: 1, remainder: 0, because: "any number is divisible by 1" },
    { modulus: 2 ** 26, remainder: 0x301cfea, because: "these are the last 26 of the 64 bits" },
  ])("is $remainder for abc and $modulus, because $because", ({ modulus, remainder }) => {
    expect(sha256Modulo("abc", modulus)).toBe(remainder);
  });
});
