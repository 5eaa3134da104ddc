import type { V2 } from "./v1.js";

/** A payload with a gate for each target, `g0` and so on, which compares the field `x` with it. */
export function gatesFor(operator: string, targets: readonly unknown[]): V2 {
  const members = { type: "user_field", operator, field: "x", idType: "userID" };
  const rule = { name: "r", id: "r", salt: "r", idType: "userID", passPercentage: 100 };
  const spec = { type: "feature_gate", entity: "feature_gate", idType: "userID", salt: "s" };
  const conditions = targets.map((targetValue, i) => {
    return [String(i), { ...members, targetValue, additionalValues: {} }] as const;
  });
  const gates = targets.map((_, i) => {
    const rules = [{ ...rule, conditions: [String(i)], returnValue: true }];
    return [`g${i}`, { ...spec, enabled: true, defaultValue: false, rules }] as const;
  });
  return {
    feature_gates: Object.fromEntries(gates),
    ...{ dynamic_configs: {}, layer_configs: {}, experiment_to_layer: {} },
    ...{ has_updates: true, time: 1 },
    condition_map: Object.fromEntries(conditions),
  };
}
