import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { LocalEvaluationClient } from "../../src/index.js";
import { flagOf } from "../client/local/flags.js";

const FLAGS = 1_000;
const SEGMENTS = 20;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapBytes(): number {
  for (let i = 0; i < 4; i++) collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe("bootstrap", () => {
  it("is kept as the bytes of its JSON before the first evaluation, and not as objects", () => {
    const segments = Array.from({ length: SEGMENTS }, () => ({ conditions: [], variant: "on" }));
    const flags = Array.from({ length: FLAGS }, (_, i) => {
      const flag = flagOf(`flag-${i}`);
      return [flag["key"], { ...flag, segments: [...segments, { variant: "on" }] }];
    });
    const text = JSON.stringify(Object.fromEntries(flags));
    const bare = heapBytes();
    const objects = JSON.parse(text);
    const before = heapBytes();
    const objectsBytes = before - bare;
    const client = new LocalEvaluationClient("key", { bootstrap: JSON.parse(text) });
    // The bytes are outside of the heap.
    expect(heapBytes() - before).toBeLessThan(objectsBytes / 2);
    expect(Object.keys(client.evaluateV2({ user_id: "alice" }))).toEqual(Object.keys(objects));
  });
});
