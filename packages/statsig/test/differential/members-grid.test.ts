// Each member of a flag and of a rule is missing or has another type in one flag, beside the vendor's SDK.
import { isDeepStrictEqual } from "node:util";
import { expect, it } from "vitest";
import { clientOf, evaluate, type Kind, type Sdk } from "../ours.js";
import { toV1, type V2 } from "../v1.js";
import { vendorOf } from "../vendor.js";

type Members = Readonly<Record<string, unknown>>;

const RULE: Members = {
  ...{ name: "r", id: "r", salt: "r", idType: "userID", passPercentage: 100, conditions: ["dk"] },
  ...{ groupName: "g", isExperimentGroup: true, configDelegate: null, samplingRate: null },
};
const SPEC: Members = {
  ...{ type: "dynamic_config", entity: "dynamic_config", salt: "s", enabled: true },
  ...{ idType: "userID", isActive: true, hasSharedParams: false, useNewLayerEval: false },
  ...{ forwardAllExposures: false, checksum: "1", version: 1, targetAppIDs: ["a"] },
  explicitParameters: ["a"],
};
const CONDITION: Members = {
  ...{ type: "user_field", field: "country", operator: "any", targetValue: ["DK"] },
  ...{ idType: "userID", additionalValues: {} },
};
const VALUES: Readonly<Record<Kind, readonly [returned: unknown, fallback: unknown]>> = {
  gate: [true, false],
  config: [{ a: 1 }, { a: 0 }],
  layer: [{ a: 1 }, { a: 0 }],
};
const SECTIONS = {
  gate: "feature_gates",
  config: "dynamic_configs",
  layer: "layer_configs",
} as const;

const ODD = [
  ...[undefined, null, true, 5, 1.5, -1, 2 ** 32, 1e30, "x", [], [5], ["x"], {}],
] as const;

function changesOf(members: Members): readonly [name: string, changed: Members][] {
  return Object.keys(members).flatMap((member) =>
    ODD.map((value): [string, Members] => [
      `${member} ${JSON.stringify(value)}`,
      { ...members, [member]: value },
    ]),
  );
}

function specsOf(kind: Kind): Readonly<Record<string, Members>> {
  const [returnValue, defaultValue] = VALUES[kind];
  const rule = { ...RULE, returnValue };
  const spec = { ...SPEC, defaultValue, rules: [rule] };
  return Object.fromEntries([
    ...changesOf(spec).map(([name, it]) => [`spec ${name}`, it]),
    ...changesOf(rule).map(([name, it]) => [`rule ${name}`, { ...spec, rules: [it] }]),
  ]);
}

/** What the legacy SDK returns as it is in the payload, and what makes it reject the payload. */
const NOT_COMPARED: Readonly<Record<Sdk, RegExp>> = {
  core: /^$/,
  legacy: /^spec rules|^rule (id|groupName|conditions) /,
};

it.each<Sdk>(["core", "legacy"])(
  "reads flags as the SDK does, whose members are odd: %s",
  async (sdk) => {
    const kinds = Object.keys(SECTIONS) as Kind[];
    const payload = {
      ...{ has_updates: true, time: 1, experiment_to_layer: {}, condition_map: { dk: CONDITION } },
      ...Object.fromEntries(
        kinds.map((kind) => [
          SECTIONS[kind],
          Object.fromEntries(
            Object.entries(specsOf(kind)).filter(([name]) => !NOT_COMPARED[sdk].test(name)),
          ),
        ]),
      ),
    } as unknown as V2;
    const given = sdk === "core" ? payload : toV1(payload);
    const [client, vendor] = [clientOf(sdk, given), await vendorOf(sdk, given)];
    const user = { userID: "u", country: "DK" };
    const compared = kinds.flatMap((kind) =>
      Object.keys(payload[SECTIONS[kind]]).map((name) => {
        const { reason: _, ...ours } = evaluate(client, kind, name, user);
        const theirs = vendor.evaluate(kind, name, user);
        // A gate's result has no group.
        return {
          name: `${kind}: ${name}`,
          ours: { ...ours, groupName: kind === "gate" ? null : ours.groupName },
          theirs,
        };
      }),
    );
    await vendor.close();
    expect(compared.filter(({ ours, theirs }) => !isDeepStrictEqual(ours, theirs))).toEqual([]);
    // The grid must contain both flags that the SDK reads and flags that it rejects.
    const rejected = compared.filter(({ theirs }) => theirs.ruleID === "").length;
    expect([rejected > 100, compared.length - rejected > 100]).toEqual([sdk === "core", true]);
  },
);

it.each(changesOf(CONDITION).filter(([name]) => !/^(targetValue|operator) /.test(name)))(
  "a condition that the core SDK rejects is unsupported: %s",
  async (_, condition) => {
    const rule = { ...RULE, returnValue: true };
    const gate = { ...SPEC, defaultValue: false, rules: [rule] };
    const payload = {
      ...{ has_updates: true, time: 1, experiment_to_layer: {}, condition_map: { dk: condition } },
      ...{ feature_gates: { gate }, dynamic_configs: {}, layer_configs: {} },
    };
    const user = { userID: "u", country: "DK" };
    const vendor = await vendorOf("core", payload);
    const theirs = vendor.evaluate("gate", "gate", user);
    await vendor.close();
    const { reason, value } = evaluate(clientOf("core", payload), "gate", "gate", user);
    // The SDK rejects the whole payload.
    if (theirs.ruleID === "") expect([value, reason]).toEqual([false, "unsupported"]);
    else expect(value).toBe(theirs.value);
  },
);
