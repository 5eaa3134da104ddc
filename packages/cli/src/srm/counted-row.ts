import { attributeValue } from "../events/attribute-value.js";
import type { ExposureRow } from "../events/exposure-row.js";
import type { ExperimentName } from "./experiment-name.js";
import type { PeriodPlace } from "./periods.js";

/** What is counted of an exposure. */
export interface CountedRow {
  readonly name: ExperimentName;
  /** See {@link PeriodPlace.period}. */
  readonly period: number | null;
  readonly variation: string;
  /** What to count by: the subject or, for a row of counts, everything that distinguishes it from other rows. */
  readonly key: string;
  readonly timeMs: number;
  readonly messageId: string | null;
  /** Number of subjects, which is 1 unless the rows contain counts. */
  readonly count: number;
  /** Values of the requested attributes. */
  readonly values: readonly string[];
}

/** Shown if the subject has no value. */
const NO_VALUE = "(none)";

/**
 * Returns what to count of an exposure; `null` if it is not counted.
 *
 * @param asked - attributes whose values to keep.
 * @param placeOf - returns the experiment and the period of a row; `null` if it has no experiment.
 */
export function countedRow(
  exposure: ExposureRow,
  asked: readonly string[],
  placeOf: (exposure: ExposureRow) => PeriodPlace | null,
): CountedRow | null {
  const { attributes, choice, count, messageId, timeMs, variation } = exposure;
  // The assignment that led to an action is a separate event.
  if (choice !== null || variation === null || exposure.isForced) return null;
  const place = placeOf(exposure);
  if (place === null) return null;
  return {
    name: place.name,
    period: place.period,
    variation,
    key:
      count === null
        ? (place.unit ?? exposure.subject)
        : JSON.stringify([variation, timeMs, attributes]),
    timeMs,
    messageId,
    count: count ?? 1,
    values: asked.map((name) => valueText(attributeValue(attributes, name))),
  };
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return NO_VALUE;
  return typeof value === "string" ? value : JSON.stringify(value);
}
