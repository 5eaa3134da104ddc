import { describe, expect, it, vi } from "vitest";
import { createBandit } from "../src/eppo/bandit/evaluate.js";

const blocks = vi.hoisted(() => ({ count: 0 }));
vi.mock("../src/hash/md5-block.js", async (original) => {
  const block = await original<typeof import("../src/hash/md5-block.js")>();
  const compress = (): void => {
    blocks.count += 1;
    block.compress();
  };
  return { ...block, compress };
});

describe("choosing a bandit action", () => {
  const bandit = createBandit({
    banditKey: "b",
    modelVersion: "v1",
    gamma: 1,
    defaultActionScore: 0,
    actionProbabilityFloor: 0,
    coefficients: new Map(),
  });
  const hashesOf = (actionCount: number): number => {
    const names = Array.from({ length: actionCount }, (_, i) => `action-${i}`);
    blocks.count = 0;
    bandit.choose("flag", "alice", {}, names);
    return blocks.count; // keys this short need one block each
  };

  it.each([
    { actions: 2, hashes: 3 },
    { actions: 10, hashes: 11 },
    { actions: 100, hashes: 101 },
  ])("hashes each of $actions actions once, and the subject once", ({ actions, hashes }) => {
    expect(hashesOf(actions)).toBe(hashes);
  });

  it("does not hash a single action", () => {
    expect(hashesOf(1)).toBe(1);
  });
});
