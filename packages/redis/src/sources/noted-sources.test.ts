import { describe, expect, it } from "vitest";
import { mixedSources, notedSources } from "./noted-sources.js";

const NOW_MS = 1_800_000_000_000;
const MINUTE_MS = 60_000;

/** @param minutes - since when, and when last, in minutes before now. */
function noted(minutes: Readonly<Record<string, readonly [since: number, seen: number]>>) {
  return notedSources(
    Object.entries(minutes).map(([source, [since, seen]]) => {
      return [source, `${NOW_MS - since * MINUTE_MS} ${NOW_MS - seen * MINUTE_MS}`];
    }),
  );
}

describe("mixedSources", () => {
  it.each<{
    given: Parameters<typeof noted>[0];
    mixed: readonly string[];
    because: string;
  }>([
    { given: {}, mixed: [], because: "nobody uses the namespace" },
    { given: { a: [900, 0] }, mixed: [], because: "there is one source" },
    { given: { a: [900, 0], b: [9, 0] }, mixed: [], because: "a rolling deployment takes a while" },
    { given: { a: [900, 0], b: [11, 0.5] }, mixed: ["a", "b"], because: "both stay" },
    { given: { a: [900, 3], b: [13, 0] }, mixed: [], because: "the deployment has ended" },
    { given: { a: [900, 2], b: [11, 0] }, mixed: [], because: "they overlapped for 9 minutes" },
    {
      given: { a: [900, 0], b: [5, 0], c: [20, 0] },
      mixed: ["a", "c"],
      because: "b has just been deployed",
    },
    { given: { a: [900, 0], b: [-1, 0] }, mixed: [], because: "Redis's clock was set back" },
  ])("returns $mixed of $given, because $because", ({ given, mixed }) => {
    expect(mixedSources(noted(given), NOW_MS)).toEqual(mixed);
  });
});

describe("notedSources", () => {
  it("sorts by the last note, and ignores what is no note", () => {
    const fields = [
      ["a", "1 5"],
      ["b", "2 9"],
      ["c", "x"],
    ] as const;
    expect(notedSources(fields)).toEqual([
      { source: "b", sinceMs: 2, seenMs: 9 },
      { source: "a", sinceMs: 1, seenMs: 5 },
    ]);
  });
});
