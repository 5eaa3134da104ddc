import { afterEach, describe, expect, it } from "vitest";
import { areEqualBytes } from "./bytes.js";

describe.each(["with", "without"])("areEqualBytes %s the host's help", (help) => {
  const { Buffer } = globalThis;
  afterEach(() => {
    globalThis.Buffer = Buffer;
  });

  it.each([0, 1, 127, 128, 1_000])(
    "compares ranges of %i bytes, and nothing outside them",
    (length) => {
      const a = new Uint8Array(length + 3).fill(7);
      const b = new Uint8Array(length + 5).fill(7);
      a.set([1, 2], 0);
      b.set([3, 4, 5], 0);
      a[length + 2] = 9;
      if (help === "without") Reflect.deleteProperty(globalThis, "Buffer");
      expect(areEqualBytes(a, 2, b, 3, length)).toBe(true);
      if (length === 0) return;
      b[length + 2] = 8;
      expect(areEqualBytes(a, 2, b, 3, length)).toBe(false);
    },
  );
});
