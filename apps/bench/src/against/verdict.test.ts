import { describe, expect, it } from "vitest";
import { judge } from "./verdict.js";

/** 15 rounds around a figure; `widths` are the shares by which rounds differ from it. */
function around(figure: number, widths: readonly number[] = [0]): readonly number[] {
  return Array.from({ length: 15 }, (_, i) => figure * (1 + (widths[i % widths.length] ?? 0)));
}

const same = (figure: number): readonly number[] => around(figure);

describe("judge", () => {
  it.each([
    {
      ours: same(100),
      control: same(100),
      theirs: same(100),
      kind: "within",
      because: "nothing differs",
    },
    {
      ours: same(102),
      control: same(102),
      theirs: same(100),
      kind: "within",
      because: "it is at the limit",
    },
    {
      ours: same(102.1),
      control: same(102.1),
      theirs: same(100),
      kind: "above",
      because: "it is above it",
    },
    {
      ours: same(100),
      control: same(100),
      theirs: same(200),
      kind: "within",
      because: "ours is faster",
    },
    {
      ours: same(130),
      control: same(131.4),
      theirs: same(100),
      kind: "too noisy",
      because: "the control takes longer",
    },
    {
      ours: same(130),
      control: same(128.6),
      theirs: same(100),
      kind: "too noisy",
      because: "the control takes less time",
    },
    {
      ours: same(103),
      control: around(103, [0, 0.04, -0.04]),
      theirs: same(100),
      kind: "too noisy",
      because: "the medians of the control agree by chance",
    },
    {
      ours: same(106),
      control: around(106, [0, 0.04, -0.04]),
      theirs: same(100),
      kind: "above",
      because: "the control differs by less than the other build",
    },
    {
      ours: [...same(130).slice(3), 260, 260, 260],
      control: same(130),
      theirs: [...same(100).slice(3), 900, 900, 900],
      kind: "above",
      because: "few rounds were disturbed",
    },
    {
      ours: same(0),
      control: same(0),
      theirs: same(0),
      kind: "within",
      because: "neither allocates",
    },
    {
      ours: same(8),
      control: same(8),
      theirs: same(0),
      kind: "above",
      because: "the other does not allocate",
    },
    {
      ours: same(0),
      control: same(0),
      theirs: same(8),
      kind: "within",
      because: "ours does not allocate",
    },
    {
      ours: [700],
      control: [700],
      theirs: [650],
      kind: "above",
      because: "a size needs one round",
    },
  ])("is $kind, because $because", ({ kind, ...rounds }) => {
    expect(judge({ rounds, lostShare: 0 }, 1.02)).toMatchObject({ kind });
  });

  it.each([
    { lostShare: 0.25, kind: "above", because: "the machine has a core to spare" },
    { lostShare: 0.3, kind: "too noisy", because: "other programs took the core" },
  ])(
    "is $kind if the core was lost in $lostShare of the looks, because $because",
    ({ lostShare, kind }) => {
      const rounds = { ours: same(130), control: same(130), theirs: same(100) };
      expect(judge({ rounds, lostShare }, 1.02).kind).toBe(kind);
    },
  );

  it("gives the figures that it rests on", () => {
    const rounds = { ours: same(110), control: around(111, [0, 0.01, -0.01]), theirs: same(100) };
    const { medians, ratio, control, spread } = judge({ rounds, lostShare: 0.1 }, 1.02);
    expect(medians).toEqual({ ours: 110, control: 111, theirs: 100 });
    expect(ratio).toBeCloseTo(1.1);
    expect(control).toBeCloseTo(111 / 110);
    expect(spread).toBeCloseTo((111 * 1.01) / 110);
  });

  it("allows the control more in rounds if the limit allows more", () => {
    const rounds = { ours: same(100), control: around(100, [0, 0.03, -0.03]), theirs: same(100) };
    expect(judge({ rounds, lostShare: 0 }, 1.02).kind).toBe("too noisy");
    expect(judge({ rounds, lostShare: 0 }, 1.05).kind).toBe("within");
  });
});
