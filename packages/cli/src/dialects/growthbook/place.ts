import { isJsonObject } from "../../evaluate/request.js";
import { type PlaceOfCondition, type Range, rangesPlace, resultsPlace } from "../place.js";

const FEATURE = "feature ";

/** The place of a namespace, a filter, or a prerequisite that requires one value. */
export const growthbookPlace: PlaceOfCondition = ({ attribute, expected, operator }) => {
  if (operator === "namespace" && Array.isArray(expected)) {
    const [id, start, end] = expected as readonly unknown[];
    const ranges = rangesIn([[start, end]]);
    return ranges === null
      ? null
      : rangesPlace(`namespace ${String(id)} of ${attribute}`, ranges, 1);
  }
  if (operator === "filter" && isJsonObject(expected)) {
    const { hashVersion = 2, ranges: raw, seed } = expected;
    const ranges = rangesIn(raw);
    const space = `filter ${String(seed)} of ${attribute}, version ${String(hashVersion)}`;
    return ranges === null ? null : rangesPlace(space, ranges, 1);
  }
  if (operator !== "prerequisite" || !isJsonObject(expected)) return null;
  const { value, ...more } = expected;
  if (typeof value !== "string" || Object.keys(more).length > 0) return null;
  return resultsPlace(attribute.slice(FEATURE.length), [value]);
};

function rangesIn(raw: unknown): readonly Range[] | null {
  if (!Array.isArray(raw)) return null;
  const ranges = raw.map((it: unknown) => {
    const [start, end] = Array.isArray(it) ? (it as readonly unknown[]) : [];
    return typeof start === "number" && typeof end === "number" ? { start, end } : null;
  });
  return ranges.includes(null) ? null : (ranges as readonly Range[]); // see the condition
}
