import { describe, expect, it } from "vitest";
import { decodeBase64 } from "./base64.js";

describe("decodeBase64", () => {
  it.each([
    { encoded: "", text: "", because: "it is empty" },
    { encoded: "Zg==", text: "f", because: "one byte is padded by two" },
    { encoded: "Zm8=", text: "fo", because: "two bytes are padded by one" },
    { encoded: "Zm9v", text: "foo", because: "three bytes need no padding" },
    { encoded: "Zm8", text: "fo", because: "padding may be missing" },
    { encoded: " Z\nm8=", text: "fo", because: "white space is ignored" },
    { encoded: "w6nwn5iA", text: "é😀", because: "the bytes are UTF-8" },
    { encoded: "Pz8_", text: "???", because: "the URL-safe alphabet is supported" },
    { encoded: "/w==", text: "\ufffd", because: "the byte is not UTF-8" },
  ])("decodes $encoded to $text, because $because", ({ encoded, text }) => {
    expect(decodeBase64(encoded)).toBe(text);
  });

  it("refuses a single character that is left over", () => {
    expect(() => decodeBase64("Zm9vZ")).toThrow(RangeError);
  });
});
