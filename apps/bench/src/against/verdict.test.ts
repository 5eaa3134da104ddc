import { describe, expect, it } from "vitest";
import { judge } from "./verdict.js";

/** 15 rounds around a figure; `widths` are the shares by which rounds differ from it. */
function around(figure: number, widths: readonly number[] = [0]): readonly number[] {
  return Array.from({ length: 15 }, (_, i) => figure * (1 + (widths[i % widths.length] ?? 0)));
}

type Figures = number | readonly number[];

/** Rounds of our build, the control and the other one; a number stands for 15 that are equal. */
const roundsOf = (...figures: readonly [Figures, Figures, Figures]) => {
  const [ours, control, theirs] = figures.map((it) => (typeof it === "number" ? around(it) : it));
  return { ours: ours ?? [], control: control ?? [], theirs: theirs ?? [] };
};

/** Three of 15 rounds take longer. */
const disturbed = (figure: number, longer: number) => [
  ...around(figure).slice(3),
  ...[longer, longer, longer],
];

describe("judge", () => {
  it.each<readonly [kind: string, rounds: Parameters<typeof roundsOf>, because: string]>([
    ["within", [100, 100, 100], "nothing differs"],
    ["within", [102, 102, 100], "it is at the limit"],
    ["above", [102.1, 102.1, 100], "it is above it"],
    ["within", [100, 100, 200], "ours is faster"],
    ["too noisy", [130, 131.4, 100], "the control takes longer"],
    ["too noisy", [130, 128.6, 100], "the control takes less time"],
    ["too noisy", [103, around(103, [0, 0.04, -0.04]), 100], "the medians agree by chance"],
    ["above", [106, around(106, [0, 0.04, -0.04]), 100], "the other build differs by more"],
    ["above", [disturbed(130, 260), 130, disturbed(100, 900)], "few rounds were disturbed"],
    ["within", [0, 0, 0], "neither allocates"],
    ["above", [8, 8, 0], "the other does not allocate"],
    ["within", [0, 0, 8], "ours does not allocate"],
    ["above", [[700], [700], [650]], "a size needs one round"],
  ])("is %s of %j, because %s", (kind, rounds) => {
    expect(judge({ rounds: roundsOf(...rounds), lostShare: 0 }, 1.02)).toMatchObject({ kind });
  });

  it.each([
    { lostShare: 0.25, kind: "above", because: "the machine has a core to spare" },
    { lostShare: 0.3, kind: "too noisy", because: "other programs took the core" },
  ])(
    "is $kind if the core was lost in $lostShare of the looks, because $because",
    ({ lostShare, kind }) => {
      const rounds = roundsOf(130, 130, 100);
      expect(judge({ rounds, lostShare }, 1.02).kind).toBe(kind);
    },
  );

  it("gives the figures that it rests on", () => {
    const rounds = roundsOf(110, around(111, [0, 0.01, -0.01]), 100);
    const { medians, ratio, control, spread } = judge({ rounds, lostShare: 0.1 }, 1.02);
    expect(medians).toEqual({ ours: 110, control: 111, theirs: 100 });
    expect(ratio).toBeCloseTo(1.1);
    expect(control).toBeCloseTo(111 / 110);
    expect(spread).toBeCloseTo((111 * 1.01) / 110);
  });

  it("allows the control more in rounds if the limit allows more", () => {
    const rounds = roundsOf(100, around(100, [0, 0.03, -0.03]), 100);
    expect(judge({ rounds, lostShare: 0 }, 1.02).kind).toBe("too noisy");
    expect(judge({ rounds, lostShare: 0 }, 1.05).kind).toBe("within");
  });
});
