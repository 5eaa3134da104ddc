import { describe, expect, it } from "vitest";
import { sha256, sha256Modulo, sha256Prefix } from "./sha256.js";
import { encodeUtf8 } from "./utf8.js";

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

describe("sha256", () => {
  it.each([
    {
      text: "",
      hash: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      because: "nothing is padded too",
    },
    {
      text: "abc",
      hash: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      because: "it is the one-block example of FIPS 180-4",
    },
    {
      text: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      hash: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
      because: "it is the two-block example of FIPS 180-4",
    },
  ])("hashes $text, because $because", ({ text, hash }) => {
    expect(hex(sha256(encodeUtf8(text)))).toBe(hash);
  });

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

  it("treats a lone surrogate as U+FFFD", () => {
    expect(sha256Modulo("a\ud800", 10_000)).toBe(sha256Modulo("a\ufffd", 10_000));
  });

  it("equals the hash of the whole string", () => {
    const whole = sha256Modulo("a\ud83d\ude00b", 10_000);
    expect(sha256Modulo("\ude00b", 10_000, sha256Prefix("a\ud83d"))).toBe(whole);
  });
});
