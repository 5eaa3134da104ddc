import type { AllocationDescription, WindowDescription } from "../description.js";
import { shareText } from "../text/values.js";
import { jsonType } from "./json-type.js";
import type { TypedFlag } from "./typed-flag.js";

const MAX_ALLOCATIONS = 3;
const MAX_TEXT = 200;

/** Describes a flag in one line: its kind, shares, windows and issues. */
export function flagComment({ description, getters, issues }: TypedFlag): string {
  const { allocations, isEnabled } = description;
  const used = allocations.filter(({ splits }) => splits.length > 0);
  const shown = used.slice(0, MAX_ALLOCATIONS).map(allocationText);
  if (used.length > shown.length) shown.push(`${used.length - shown.length} more`);
  const values = getters.filter(
    ({ type, values }) => type === "json" && jsonType(values) === "unknown",
  );
  return [
    `${isEnabled ? "" : "Disabled. "}${kindOf(used)}${shown.length === 0 ? "" : `: ${shown.join("; ")}`}.`,
    ...values.map((it) => `Values: ${it.values.map((value) => JSON.stringify(value)).join(", ")}.`),
    ...issues.map(({ message }) => `Issue: ${message}.`),
  ]
    .map(shortened)
    .join(" ");
}

function kindOf(allocations: readonly AllocationDescription[]): string {
  const shares = allocations.map(({ traffic }) => [...(traffic?.byVariation.values() ?? [])]);
  if (shares.some((it) => it.filter((share) => share > 0).length > 1)) return "Experiment";
  const isPartial = allocations.some(({ traffic }) => (traffic?.unassigned ?? 0) > 0);
  return isPartial ? "Roll-out" : "Switch";
}

function allocationText({ rules, splits, traffic, window }: AllocationDescription): string {
  const shares =
    traffic === null
      ? [...new Set(splits.map(({ variation }) => variation))]
      : [...traffic.byVariation].map(([key, share]) => `${shareText(share)} ${key}`);
  const where = rules.length === 0 ? "" : " where a rule matches";
  return `${shares.join(", ")}${where}${windowText(window)}`;
}

function windowText(window: WindowDescription | null): string {
  if (window === null) return "";
  const { endAtMs, startAtMs } = window;
  const from = startAtMs === null ? "" : ` from ${new Date(startAtMs).toISOString()}`;
  return endAtMs === null ? from : `${from} until ${new Date(endAtMs).toISOString()}`;
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length > MAX_TEXT ? `${characters.slice(0, MAX_TEXT).join("")}…` : text;
}
