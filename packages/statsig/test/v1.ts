type Members = Readonly<Record<string, unknown>>;

/** A payload of version 2. */
export interface V2 extends Members {
  readonly feature_gates: Readonly<Record<string, Members>>;
  readonly dynamic_configs: Readonly<Record<string, Members>>;
  readonly layer_configs: Readonly<Record<string, Members>>;
  readonly condition_map: Readonly<Record<string, Members>>;
}

/**
 * Converts a payload to version 1, as the vendor's server writes it: lists instead of maps, conditions inside of rules, and
 * `passPercentage: 0` in rules that turn a gate off.
 */
export function toV1(payload: V2): Members {
  const {
    condition_map: conditions,
    experiment_to_layer: _,
    response_format: __,
    ...rest
  } = payload;
  const listed = (specs: Readonly<Record<string, Members>>) =>
    Object.entries(specs).map(([name, spec]) => ({
      ...spec,
      name,
      rules: rulesOf(spec, conditions),
    }));
  return {
    ...rest,
    feature_gates: listed(payload.feature_gates),
    dynamic_configs: listed(payload.dynamic_configs),
    layer_configs: listed(payload.layer_configs),
  };
}

function rulesOf({ rules }: Members, conditions: V2["condition_map"]): unknown {
  if (!Array.isArray(rules)) return rules;
  return rules.map((rule: Members) => ({
    ...rule,
    ...(rule["returnValue"] === false ? { passPercentage: 0, returnValue: true } : {}),
    conditions: (rule["conditions"] as readonly string[]).map((it) => inline(conditions[it] ?? {})),
  }));
}

/** Members of a list may be the keys of an object in version 2. */
function inline(condition: Members): Members {
  const { targetValue: target } = condition;
  const isMap = typeof target === "object" && target !== null && !Array.isArray(target);
  return isMap ? { ...condition, targetValue: Object.keys(target) } : condition;
}
