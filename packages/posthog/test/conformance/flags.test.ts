import { describe, expect, it } from "vitest";
import { clientOf, evaluate, type LocalRequest } from "../ours.js";
import { hasData, readData } from "./data.js";

interface FlagCase {
  readonly id: string;
  readonly definitions: string;
  readonly request: LocalRequest & { readonly deviceId?: string };
  readonly now?: string;
  readonly expected: { readonly node: { value?: unknown; payload?: unknown; unresolved?: string } };
}

interface FlagData {
  readonly definitions: Readonly<Record<string, object>>;
  readonly cases: readonly FlagCase[];
}

interface ConsistencyData {
  readonly flag: { readonly key: string };
  readonly results: readonly unknown[];
}

describe.skipIf(!hasData)("the vendor's whole flags", () => {
  const { cases, definitions } = hasData
    ? readData<FlagData>("local-evaluation")
    : { cases: [], definitions: {} };

  it("are 311 with 125 sets of definitions", () => {
    expect(cases.length).toBe(311);
    expect(Object.keys(definitions).length).toBe(125);
  });

  it.each(cases)("$id", ({ definitions: name, expected, now, request }) => {
    const clock = now === undefined ? {} : { now: () => Date.parse(now) };
    const { deviceId, personProperties, ...rest } = request;
    const device = deviceId === undefined ? {} : { $device_id: deviceId };
    const outcome = evaluate(clientOf(definitions[name], clock), {
      ...rest,
      personProperties: { ...personProperties, ...device },
    });
    const { node } = expected;
    if (node.unresolved !== undefined) expect(outcome).toEqual({ unresolved: node.unresolved });
    else expect(outcome).toMatchObject(node);
    expect(Object.hasOwn(outcome, "payload")).toBe(Object.hasOwn(node, "payload"));
  });
});

describe.skipIf(!hasData).each(["consistency-simple", "consistency-multivariate"])("%s", (name) => {
  it("assigns the vendor's value to 1,000 users", () => {
    const { flag, results } = readData<ConsistencyData>(name);
    expect(results.length).toBe(1_000);
    const client = clientOf({ flags: [flag], group_type_mapping: {}, cohorts: {} });
    const values = results.map((_, i) => {
      const outcome = evaluate(client, { flag: flag.key, distinctId: `distinct_id_${i}` });
      return "value" in outcome ? outcome.value : outcome;
    });
    expect(values).toEqual(results);
  });
});
