import { describe, expect, it } from "vitest";
import { PartQueue } from "./part-queue.js";

describe("PartQueue", () => {
  it("takes parts in the order of the input, and waits only if it has to keep too many", async () => {
    const taken: string[] = [];
    const parts = new PartQueue<string>((part) => void taken.push(part));
    let resolve: (part: string) => void = () => {};
    parts.add("first");
    parts.add(
      new Promise((done) => {
        resolve = done;
      }),
    );
    parts.add("third");
    await parts.advance(2);
    expect(taken).toEqual(["first"]);
    const all = parts.advance(1);
    resolve("second");
    await all;
    expect(taken).toEqual(["first", "second", "third"]);
  });

  it("rejects with the error of the first failed part when it reaches that part", async () => {
    const taken: string[] = [];
    const parts = new PartQueue<string>((part) => void taken.push(part));
    parts.add(Promise.resolve("first"));
    parts.add(Promise.reject(new Error("second")));
    parts.add(Promise.reject(new Error("third")));
    await expect(parts.advance(0)).rejects.toThrow("second");
    expect(taken).toEqual(["first"]);
  });
});
