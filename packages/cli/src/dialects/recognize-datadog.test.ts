import { describe, expect, it } from "vitest";
import { otherDialect, recognizeDialect } from "./recognize.js";

const shard = { salt: "s", totalShards: 10_000, ranges: [] };
const plain = {
  key: "a",
  allocations: [{ key: "all", splits: [{ variationKey: "on", shards: [] }] }],
};
const sharded = { key: "b", allocations: [{ key: "all", splits: [{ shards: [shard] }] }] };
const ofEppo = { ...plain, totalShards: 10_000 };

const otherOf = (root: object, name: string): string | null =>
  otherDialect(
    { name: "f", bytes: Buffer.from(JSON.stringify(root)) } as Parameters<typeof otherDialect>[0],
    name,
  );

describe("recognizeDialect for a Datadog configuration whose first flag has no shards", () => {
  it("uses the first flag with shards", () => {
    expect(recognizeDialect({ flags: { a: plain, b: sharded } })).toBe("datadog");
    expect(recognizeDialect({ flags: { a: ofEppo, b: sharded } })).toBe("eppo");
  });

  it("accepts the given dialect if no flag has shards", () => {
    expect(otherOf({ flags: { a: plain } }, "datadog")).toBeNull();
    expect(otherOf({ flags: { a: ofEppo } }, "datadog")).toBe("eppo");
    expect(otherOf({ flags: { b: sharded } }, "eppo")).toBe("datadog");
  });
});
