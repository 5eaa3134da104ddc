import { describe, expect, it } from "vitest";
import type { Recorder } from "../model/recorder.js";
import type { FlagDescription } from "./description.js";
import { Recording } from "./recording.js";

const condition = { attribute: "country", operator: "in", expected: ["DK"], problem: null };
const space = { salt: "s", totalShards: 10 };
const shard = { ...space, ranges: [{ start: 0, end: 5 }], problem: null };

/** An allocation with a rule of two conditions, and two splits. */
const FLAG: FlagDescription = {
  ...{ key: "flag", valueType: "boolean", isEnabled: true, isHashed: false, followsRanges: true },
  ...{ variations: [], problem: null },
  allocations: [
    {
      key: "a",
      rules: [{ conditions: [condition, condition], problem: null }],
      splits: [
        { variation: "on", shards: [shard], problem: null },
        { variation: "off", shards: [{ ...shard, salt: "t" }], problem: null },
      ],
      ...{ window: null, unit: null, traffic: null, participants: null, holdout: null },
      isLogged: true,
    },
  ],
};

function explained(
  record: (recorder: Recorder) => void,
  options: ConstructorParameters<typeof Recording>[1] = {},
) {
  const recording = new Recording((holds: boolean | null) => {
    return { outcome: holds === null ? "error" : holds ? "holds" : "fails", reason: "" };
  }, options);
  record(recording);
  const [allocation] = recording.explain(FLAG).allocations;
  const { outcome, rules, splits } = allocation ?? { rules: [], splits: [] };
  return {
    outcome,
    rule: rules.map((rule) => [rule.outcome, ...rule.conditions.map((it) => it.outcome)]).join(),
    splits: splits.map((it) => [it.outcome, ...it.shards.map((of) => of.outcome)].join()),
  };
}

const test = (recorder: Recorder, index: number, holds: boolean) =>
  recorder.condition({ allocation: "a", rule: 0, index }, "DK", () => holds);
const NO_SPLIT = ["not-reached,not-reached", "not-reached,not-reached"];

describe("Recording", () => {
  it("leaves out an allocation that was not tried", () => {
    const it = explained((recorder) => test(recorder, 0, true));
    const rule = "not-reached,not-reached,not-reached";
    expect(it).toEqual({ outcome: "not-reached", rule, splits: NO_SPLIT });
  });

  it("finds out whether a rule or the splits excluded the subject", () => {
    const missed = (second: boolean) =>
      explained((recorder) => {
        test(recorder, 0, true);
        test(recorder, 1, second);
        recorder.shard("a", space, 7);
        recorder.tried("a", false);
      });
    expect(missed(false)).toEqual({
      outcome: "no-rule-holds",
      rule: "fails,holds,fails",
      splits: NO_SPLIT,
    });
    // The second split hashes with a salt that was not needed.
    expect(missed(true)).toEqual({
      outcome: "no-split-matches",
      rule: "holds,holds,holds",
      splits: ["fails,fails", "fails,not-reached"],
    });
  });

  it("applies an allocation of which one rule applies", () => {
    const it = explained((recorder) => {
      recorder.tried("a", false);
      recorder.tried("a", true);
      recorder.shard("a", space, 4);
      recorder.tried("a", false);
    });
    expect([it.outcome, it.splits[0]]).toEqual(["applies", "holds,holds"]);
  });

  it("skips the splits after the first one that matches, if they are tried in order", () => {
    const inBoth = (recorder: Recorder): void => {
      recorder.tried("0", true);
      recorder.shard("0", { totalShards: 10 }, 4);
    };
    const splits = (endsAtMatch: boolean) =>
      explained(inBoth, { byIndex: true, endsAtMatch }).splits;
    expect(splits(false)).toEqual(["holds,holds", "holds,holds"]);
    expect(splits(true)).toEqual(["holds,holds", "not-reached,not-reached"]);
  });

  it("takes over whether a shard is in the ranges", () => {
    const split = (shard: number, isIn?: boolean) =>
      explained((recorder) => {
        recorder.tried("a", true);
        recorder.shard("a", space, shard, isIn);
      }).splits[0];
    expect(split(5)).toBe("fails,fails");
    expect(split(5, true)).toBe("holds,holds");
    expect(split(Number.NaN)).toBe("fails,fails");
  });

  it("passes on the error of a condition", () => {
    const it = explained((recorder) => {
      const fail = () => {
        throw new Error("odd");
      };
      const place = { allocation: "a", rule: 0, index: 0 };
      expect(() => recorder.condition(place, "DK", fail)).toThrow("odd");
    });
    expect(it).toEqual({
      outcome: "error",
      rule: "error,error,not-reached",
      splits: NO_SPLIT,
    });
  });
});
