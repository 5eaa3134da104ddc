import { describe, expect, it } from "vitest";
import { checkHistory } from "./checker.js";
import type { History, Served, Stored, WorkerHistory } from "./history.js";

/** `[version, revision]`, in order of time. */
type Steps = readonly (readonly [version: number | null, revision: number | null])[];

function servedIn(steps: Steps): Served[] {
  return steps.map(([version, revision], i) => ({ atMs: i, version, echo: version, revision }));
}

function worker(id: string, steps: Steps, role: string | null = "follower"): WorkerHistory {
  const final = role === null ? null : { role };
  return { id, served: servedIn(steps), faults: [], final };
}

function stored(...states: (readonly [revision: number, fence: number, sha?: string] | null)[]) {
  return states.map((state, i): Stored => {
    if (state === null) return { atMs: i, config: null };
    const [revision, fence, sha = `sha of ${revision}`] = state;
    return { atMs: i, config: { revision, fence, sha } };
  });
}

const LEADER = worker(
  "leader",
  [
    [null, null],
    [1, 10],
    [2, 20],
    [3, 30],
  ],
  "leader",
);
const GOOD: History = {
  workers: [
    LEADER,
    worker("follower", [
      [1, 10],
      [2, null],
      [3, 30],
    ]),
    // Killed early.
    worker("victim", [[1, 10]], null),
  ],
  stored: stored(null, [10, 1], [20, 1], null, [20, 1], [30, 2]),
  finalVersion: 3,
  soleRole: "leader",
};

function withWorker(steps: Steps, changes: Partial<WorkerHistory> = {}): History {
  return { ...GOOD, workers: [LEADER, { ...worker("w", steps), ...changes }] };
}

describe("checkHistory", () => {
  it("accepts a correct run", () => {
    expect(checkHistory(GOOD)).toEqual([]);
  });

  it("reports content that goes back", () => {
    const direct = withWorker([
      [2, 20],
      [1, null],
      [3, 30],
    ]);
    expect(checkHistory(direct)).toEqual(["w: content went back, 2 > 1"]);
  });

  it("reports content that goes back after other content was served", () => {
    const steps: Steps = [
      [2, 20],
      [2, null],
      [1, 25],
      [3, 30],
    ];
    expect(checkHistory(withWorker(steps))).toEqual(["w: content went back, 2 > 1"]);
  });

  it("reports a revision that goes back", () => {
    const steps: Steps = [
      [2, 20],
      [2, 19],
      [3, 30],
    ];
    expect(checkHistory(withWorker(steps))).toEqual(["w: revision went back, 20 > 19"]);
  });

  it("reports a revision that goes back after directly fetched content", () => {
    const steps: Steps = [
      [2, 20],
      [2, null],
      [2, 19],
      [3, 30],
    ];
    expect(checkHistory(withWorker(steps))).toEqual(["w: revision went back, 20 > 19"]);
  });

  it("reports a lost configuration", () => {
    const steps: Steps = [
      [2, 20],
      [null, null],
      [3, 30],
    ];
    expect(checkHistory(withWorker(steps))).toEqual(["w: lost its configuration"]);
  });

  it("reports mixed content", () => {
    const mixed = { atMs: 0, version: 2, echo: 1, revision: 20 };
    const history = withWorker([], { served: [mixed, ...servedIn([[3, 30]])] });
    expect(checkHistory(history)).toEqual(["w: mixed content, version 2 with echo 1"]);
  });

  it("reports two contents of one revision, in workers and in Redis", () => {
    const steps: Steps = [
      [1, 20],
      [3, 30],
    ];
    expect(checkHistory(withWorker(steps))).toEqual(["w: revision 20 with version 1, elsewhere 2"]);
    const states = stored([10, 1, "a"], [10, 1, "b"]);
    expect(checkHistory({ ...GOOD, stored: states })).toEqual([
      "Redis: revision 10 has two contents",
    ]);
  });

  it("reports a publish with a lower fence, even after Redis was empty", () => {
    const violation = "Redis: a publish with the lower fence 1 was taken";
    expect(checkHistory({ ...GOOD, stored: stored([10, 2], [20, 1]) })).toEqual([violation]);
    expect(checkHistory({ ...GOOD, stored: stored([10, 2], null, [20, 1]) })).toEqual([violation]);
  });

  it("reports that Redis goes back, unless it was emptied", () => {
    const states = stored([10, 1], [20, 1], [10, 1], [20, 1]);
    expect(checkHistory({ ...GOOD, stored: states })).toEqual([
      "Redis: revision went back, 20 > 10",
    ]);
    const emptied = stored([10, 1], [20, 1], null, [10, 1], [20, 1]);
    expect(checkHistory({ ...GOOD, stored: emptied })).toEqual([]);
  });

  it("reports that Redis goes back, unless other data has replaced its data", () => {
    const from = (...data: readonly string[]): Stored[] =>
      stored([10, 1], [20, 1], [10, 1], [20, 1]).map((state, i) => ({
        ...state,
        data: data[i] ?? "",
      }));
    const violation = "Redis: revision went back, 20 > 10";
    // A replica without the last write was promoted, at any time.
    expect(checkHistory({ ...GOOD, stored: from("a", "a", "b", "b") })).toEqual([]);
    expect(checkHistory({ ...GOOD, stored: from("a", "a", "a", "a") })).toEqual([violation]);
    expect(checkHistory({ ...GOOD, stored: from("a", "b", "b", "b") })).toEqual([violation]);
    expect(checkHistory({ ...GOOD, stored: from("a", "a", "a", "b") })).toEqual([violation]);
  });

  it("reports a worker that lacks the last change", () => {
    const history = { ...GOOD, soleRole: null, workers: [LEADER, worker("w", [[2, 20]])] };
    expect(checkHistory(history)).toEqual(["w: ends with 2, not 3"]);
    const empty = { ...history, workers: [LEADER, worker("w", [])] };
    expect(checkHistory(empty)).toEqual(["w: ends with null, not 3"]);
  });

  it("reports workers that end with different revisions", () => {
    expect(checkHistory(withWorker([[3, null]]))).toEqual([
      "the workers end with different revisions: 30, null",
    ]);
  });

  it("reports that no worker leads, and that two lead", () => {
    const nobody = { ...GOOD, workers: [worker("w", [[3, 30]])] };
    expect(checkHistory(nobody)).toEqual(["0 workers end as leader"]);
    const two = { ...GOOD, workers: [LEADER, worker("w", [[3, 30]], "leader")] };
    expect(checkHistory(two)).toEqual(["2 workers end as leader"]);
    expect(checkHistory({ ...nobody, soleRole: null })).toEqual([]);
  });

  it("reports faults that a process reported", () => {
    const history = withWorker([[3, 30]], { faults: ["unhandled rejection: x"] });
    expect(checkHistory(history)).toEqual(["w: unhandled rejection: x"]);
  });
});
