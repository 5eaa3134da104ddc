import { describe, expect, it, vi } from "vitest";
import { Configuration, createClient } from "../../test/eppo-client.js";
import { exposureCounters } from "../client/client-internals.js";
import type { Client } from "./client.js";
import { muteEvaluator } from "./client-internals.js";
import { CoreClient } from "./core-client.js";
import type { EvaluationRequest } from "./evaluation/evaluation-request.js";
import type { CallObserver } from "./evaluation/observed-call.js";
import { requestOf } from "./evaluation/observed-call.js";
import { partsOf } from "./mark.js";

function observed(client: Client<object>, observer: CallObserver): Client<object> {
  const parts = partsOf<object>(client)!;
  return new CoreClient({ ...parts, evaluator: parts.evaluator.observedBy(observer) });
}

function muted(client: Client<object>): Client<object> {
  const parts = partsOf<object>(client)!;
  const exposures = parts.exposures.mute();
  return new CoreClient({
    ...parts,
    exposures,
    evaluator: muteEvaluator({ ...parts, exposures: { mute: () => exposures } as never }),
  });
}

const flag = (key: string, more: object = {}): object => ({
  key,
  enabled: true,
  variationType: "STRING",
  variations: { on: { key: "on", value: "yes" } },
  totalShards: 1,
  allocations: [{ key: "a", doLog: true, splits: [{ variationKey: "on", shards: [] }] }],
  ...more,
});

const initialConfiguration = Configuration.from({
  flagsConfiguration: JSON.stringify({
    format: "SERVER",
    flags: { f: flag("f"), broken: flag("broken", { allocations: 5 }) },
  }),
});

function setUp() {
  const warn = vi.fn();
  const events: string[] = [];
  const onEvaluation = vi.fn();
  const client = createClient({
    initialConfiguration,
    onEvaluation,
    assignmentLogger: { logAssignment: ({ subject }) => void events.push(subject) },
    diagnostics: { debug() {}, info() {}, warn, error() {} },
  });
  return { client, events, onEvaluation, warn };
}

describe("an observer of calls", () => {
  it("sees the request, so that it can be repeated elsewhere", () => {
    const { client, events, onEvaluation } = setUp();
    const requests: EvaluationRequest[] = [];
    const values: unknown[] = [];
    const other = muted(client);
    const copy = observed(client, (call, _evaluation, result) => {
      const request = requestOf(call, result);
      requests.push(request);
      values.push(result.value, other.evaluate(request).value);
    });
    const attributes = { country: "DK" };
    copy.getStringAssignment("f", "alice", attributes, "mine");
    copy.getBooleanAssignmentDetails("f", "bob", null, false);
    copy.evaluate({ flagKey: "absent", subjectKey: "carl", defaultValue: 5, isBulk: true });
    const common = { extras: null, isBulk: false };
    expect(requests).toEqual([
      {
        ...common,
        flagKey: "f",
        subjectKey: "alice",
        subjectAttributes: attributes,
        expectedType: "string",
        defaultValue: "mine",
      },
      {
        ...common,
        flagKey: "f",
        subjectKey: "bob",
        subjectAttributes: {},
        expectedType: "boolean",
        defaultValue: false,
      },
      {
        ...common,
        flagKey: "absent",
        subjectKey: "carl",
        subjectAttributes: {},
        expectedType: null,
        defaultValue: 5,
        isBulk: true,
      },
    ]);
    expect(values).toEqual(["yes", "yes", false, false, 5, 5]);
    expect(requests[0]?.subjectAttributes).toBe(attributes);
    expect(events).toEqual(["alice"]);
    expect(onEvaluation).toHaveBeenCalledTimes(3);
  });

  it("sees calls of bandits, and no calls of the client that it was not added to", () => {
    const { client } = setUp();
    const seen: unknown[] = [];
    const copy = observed(client, (call, evaluation, { action }) => {
      seen.push([call.flagKey, evaluation.kind, action]);
    });
    copy.getBanditAction("f", "alice", {}, ["shoe"], "mine");
    copy.getStringAssignment("f", "alice", {}, "mine");
    client.getStringAssignment("f", "alice", {}, "mine");
    expect(seen).toEqual([
      ["f", "assigned", null],
      ["f", "assigned", undefined],
    ]);
  });
});

describe("a mute client", () => {
  it("returns the values of its client, and has no effect on logs, counters, diagnostics and observers", () => {
    const { client, events, onEvaluation, warn } = setUp();
    client.setIsGracefulMode(false);
    const before = client.status.counters;
    const mute = muted(client);
    for (const key of ["f", "broken", "absent", ""]) {
      mute.getStringAssignment(key, "alice", {}, "mine");
      mute.getIntegerAssignmentDetails(key, "alice", [] as never, 1);
      mute.getBanditAction(key, "", { nested: {} } as never, ["shoe"], "mine");
    }
    expect(mute.getStringAssignment("f", "alice", {}, "mine")).toBe("yes");
    expect(mute.getPrecomputedConfiguration("alice", 5n as never)).toContain("alice");
    expect(client.status.counters).toEqual(before);
    expect([events, onEvaluation.mock.calls, warn.mock.calls]).toEqual([[], [], []]);
    expect(exposureCounters(mute).refused.off).toBeGreaterThan(0);
  });

  it("does not change what its client has deduplicated", () => {
    const { client, events } = setUp();
    muted(client).getStringAssignment("f", "alice", {}, "mine");
    client.getStringAssignment("f", "alice", {}, "mine");
    muted(client).getStringAssignment("f", "alice", {}, "mine");
    client.getStringAssignment("f", "alice", {}, "mine");
    expect(events).toEqual(["alice"]);
    expect(exposureCounters(client)).toMatchObject({ accepted: 1, deduplicated: 1 });
  });
});
