import type { AllocationDescription, WindowDescription } from "./description.js";

/** The variations that the allocations of a flag assign. */
export interface AssignedVariations {
  readonly keys: ReadonlySet<string>;
  /** Whether every subject gets one of them at any time, and no earlier part can fail. */
  readonly isForAll: boolean;
}

/**
 * Returns the variations of all allocations up to the first one that every subject passes.
 *
 * @param nowMs - windows that ended before this time are ignored. `null`: no window is ignored.
 */
export function assignedVariations(
  allocations: readonly AllocationDescription[],
  nowMs: number | null,
): AssignedVariations {
  const keys = new Set<string>();
  let canFail = false;
  for (const allocation of allocations) {
    const { rules, splits, traffic, window } = allocation;
    if (nowMs !== null && window !== null && (window.endAtMs ?? nowMs) < nowMs) continue;
    canFail ||= hasProblem(allocation);
    for (const { variation } of splits) {
      if (traffic === null || (traffic.byVariation.get(variation) ?? 0) > 0) keys.add(variation);
    }
    const isOpen = window === null || isOpenFromNowOn(window, nowMs);
    const passesAll =
      rules.length === 0 ||
      rules.some(({ conditions, problem }) => conditions.length === 0 && problem === null);
    if (isOpen && passesAll && traffic?.unassigned === 0) return { keys, isForAll: !canFail };
  }
  return { keys, isForAll: false };
}

function isOpenFromNowOn({ endAtMs, startAtMs }: WindowDescription, nowMs: number | null): boolean {
  return nowMs !== null && endAtMs === null && (startAtMs ?? nowMs) <= nowMs;
}

function hasProblem({ rules, splits }: AllocationDescription): boolean {
  const parts = [...rules, ...rules.flatMap(({ conditions }) => conditions), ...splits];
  return [...parts, ...splits.flatMap(({ shards }) => shards)].some(
    ({ problem }) => problem !== null,
  );
}
