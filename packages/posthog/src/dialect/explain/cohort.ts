import {
  type ConditionDescription,
  type Configuration,
  isJsonObject,
} from "@sortition/core/dialect";
import type { PosthogConfiguration } from "../configuration.js";
import { describeFilter } from "./describe.js";

/** Maximum number of conditions to list. */
const MAX_CONDITIONS = 1_000;

/**
 * Lists the property conditions that define a cohort, without the groups that join them. Empty for a cohort that only
 * the server knows.
 *
 * @param configuration - of this dialect.
 */
export function cohortConditions(
  configuration: Configuration,
  id: unknown,
): readonly ConditionDescription[] {
  const own = configuration as PosthogConfiguration; // see above
  const found: ConditionDescription[] = [];
  const visited = new Set<string>();
  const left: unknown[] = [{ type: "cohort", value: id }];
  while (left.length > 0 && found.length < MAX_CONDITIONS) {
    const wire = left.pop();
    if (!isJsonObject(wire)) continue;
    const { type, value, values } = wire;
    if (Array.isArray(values)) {
      for (const it of (values as readonly unknown[]).slice(0, MAX_CONDITIONS).reverse()) {
        left.push(it);
      }
    } else if (type === "cohort") {
      const key = String(value);
      if (!visited.has(key)) left.push(own.cohortWire(key));
      visited.add(key);
    } else if (type !== "flag") {
      found.push(describeFilter(wire));
    }
  }
  return found;
}
