import { rounded, tooLarge } from "../evaluate/exact-json.js";
import { objectIn } from "../evaluate/object-cell.js";
import { type JsonObject, RequestError, ShapeError, unexpected } from "../evaluate/request.js";
import { parseIsoTime } from "../evaluate/time.js";
import type { ColumnMap } from "./column-map.js";
import { eventTimeOf, isLoggedTime, laterTimeOf } from "./event-time.js";
import type { ExposureRow, LoggedChoice } from "./exposure-row.js";
import { OWN_EVENTS, type Preset } from "./preset.js";
import { presetOf } from "./presets.js";
import type { SeenColumns } from "./seen-columns.js";
import type { SkippedEvents } from "./skipped-events.js";
import { type AttributeReading, tableAttributes } from "./table-attributes.js";
import { amplitudeEvents } from "./vendors/amplitude.js";
import {
  countColumnProblem,
  experimentTable,
  flagColumnProblem,
  missingColumnProblem,
} from "./vendors/experiment.js";

/** How rows are converted to exposures. */
export interface ExposureReading extends AttributeReading {
  /** `null` detects the preset of each row. */
  readonly preset: Preset | null;
  /** Overrides columns of the preset, or replaces it; `null` without `--map`. */
  readonly map: ColumnMap | null;
  /** The time zone of times that name none. `null` rejects such times. */
  readonly zone: string | null;
  /** The dialect of the configuration. */
  readonly dialect: string;
  /** Records the columns of the rows. */
  readonly seen: SeenColumns;
  /** Records the rows that are not exposures. */
  readonly skipped: SkippedEvents;
}

/**
 * Reads the exposures of a row. Only Amplitude's assignments have several.
 *
 * @returns nothing for other rows, such as page views.
 * @throws RequestError that names the missing or invalid member.
 */
export function readExposures(row: JsonObject, reading: ExposureReading): readonly ExposureRow[] {
  const { dialect, map } = reading;
  if (map !== null && reading.preset === null) {
    reading.seen.note(row, null);
    refuseMissingColumns(row, map);
    const event = map.apply(row, {});
    return [withValue(exposureOf(event, null, reading), event)];
  }
  const preset = reading.preset ?? presetOf(row);
  reading.seen.note(row, preset);
  if (preset === null) {
    const columns = Object.keys(row).slice(0, 12).join(", ");
    const unknown = `unknown format: the row has ${columns}. Name its columns with --map flag=COLUMN,subject=COLUMN,variation=COLUMN,time=COLUMN`;
    throw new ShapeError(
      flagColumnProblem(row) ?? countColumnProblem(row) ?? missingColumnProblem(row) ?? unknown,
    );
  }
  const events = preset.unwrap(row);
  if (events.length === 0) reading.skipped.note(row, preset);
  if (events.length > 0 && preset.dialect !== null && preset.dialect !== dialect) {
    throw new ShapeError(
      `an event from ${preset.dialect}, but the configuration is for ${dialect}`,
    );
  }
  return events.map((given) => {
    const event = map === null ? given : map.apply(row, given);
    const problem = preset === experimentTable ? missingColumnProblem(row, event) : null;
    if (problem !== null) throw new ShapeError(problem);
    const exposure = exposureOf(event, preset, reading);
    return map === null ? exposure : withValue(exposure, event);
  });
}

/** Adds the value that `--map` reads instead of a variation's key. */
function withValue(exposure: ExposureRow, { variationValue }: JsonObject): ExposureRow {
  return variationValue === undefined ? exposure : { ...exposure, variationValue };
}

/** Rejects rows without a required column of `--map`. Rows of the same shape fail in the same way. */
function refuseMissingColumns(row: JsonObject, map: ColumnMap): void {
  for (const target of map.hasCounts ? ["flag", "count"] : ["flag", "subject", "time"]) {
    const column = map.columnMissing(row, target);
    if (column === null) continue;
    throw new ShapeError(`the ${target}'s column ${JSON.stringify(column)} is missing`);
  }
}

function exposureOf(
  event: JsonObject,
  preset: Preset | null,
  reading: ExposureReading,
): ExposureRow {
  const { isOfAssignments, zone } = preset ?? OWN_EVENTS;
  const choice = choiceOf(event);
  const count = reading.map?.hasCounts ? countOf(event["count"]) : null;
  const timeMs = timeOf(event["timestamp"], count !== null, zone ?? reading.zone);
  const laterMs = laterTimeOf(event["timestamp"], timeMs, zone ?? reading.zone);
  const messageId = textOf(event["messageId"], "messageId") ?? textOf(event["eventId"], "eventId");
  const flag = flagOf(event, preset);
  const subject = count === null ? required(event["subject"], "subject") : "";
  return {
    flag,
    subject,
    // Only vendors' events can be anonymous. Other rows may have an unrelated column with this name.
    isAnonymous: isOfAssignments && event["isAnonymous"] === true,
    person: textOf(event["person"], "person") || null,
    attributes: isOfTable(event, preset, reading)
      ? tableAttributes(attributesOf(event, choice), subject, reading, reading.seen)
      : attributesOf(event, choice),
    variation: textOf(
      event["variationIndex"] ?? event["variationKey"] ?? event["variation"],
      "variation",
    ),
    allocation: textOf(event["allocation"], "allocation"),
    experiment: textOf(event["experiment"], "experiment"),
    timeMs,
    ...(laterMs === null ? {} : { laterMs }),
    messageId,
    rowId: messageId === null ? rowIdOf(event["rowId"], preset) : null,
    isIndex: isIndexIn(event, preset),
    isForced: isForced(event),
    isSticky: isYes(event["stickyBucketUsed"]),
    isParticipant: isYes(event["inExperiment"]) || (isNo(event["inExperiment"]) ? false : null),
    isAssignment: isOfAssignments,
    ...(typeof event["subjectColumn"] === "string" &&
    (preset === experimentTable || reading.map !== null)
      ? { subjectColumn: event["subjectColumn"] }
      : {}),
    ...(preset === amplitudeEvents && event["segment"] !== undefined
      ? { segment: textOf(event["segment"], "segment") }
      : {}),
    count,
    choice,
  };
}

/** See {@link ExposureRow.isIndex}. */
function isIndexIn(event: JsonObject, preset: Preset | null): boolean | null {
  if (event["variationIndex"] !== undefined) return true;
  if (event["variationKey"] !== undefined) return false;
  return preset === experimentTable || preset === null ? null : false;
}

/** Reads the number of subjects in a row of counts, which is a string in CSV. */
function countOf(given: unknown): number {
  const count = typeof given === "string" && /^\d+$/.test(given) ? Number(given) : given;
  if (Number.isSafeInteger(count) && (count as number) >= 0) return count as number; // just checked
  throw unexpected("count", "a non-negative integer", given);
}

/** Reads the time. A row of counts may have a day instead, or no time. */
function timeOf(given: unknown, isCounted: boolean, zone: string | null): number {
  if (isCounted && (given === undefined || given === null || given === "")) return Number.NaN;
  const isDay = isCounted && typeof given === "string" && /^\d{4}-\d\d-\d\d$/.test(given);
  const timeMs = isDay ? parseIsoTime(given) : eventTimeOf(given, zone);
  if (typeof timeMs === "number") return timeMs;
  throw new RequestError("timestamp", timeMs ?? `not a day: ${given}`);
}

function flagOf(event: JsonObject, preset: Preset | null): string | null {
  if (Object.hasOwn(event, "featureFlag")) return required(event["featureFlag"], "featureFlag");
  if (preset !== experimentTable) return required(event["flagKey"], "flagKey");
  required(event["experiment"], "experiment");
  return null;
}

function choiceOf(event: JsonObject): LoggedChoice | null {
  const action = textOf(event["action"], "action");
  if (action === null) return null;
  const { actionProbability: given, actions } = event;
  const probability = typeof given === "string" ? Number(given) : (given ?? null);
  if (probability !== null && !Number.isFinite(probability)) {
    throw unexpected("actionProbability", "a number", given);
  }
  return {
    action,
    banditKey: textOf(event["banditKey"], "banditKey"),
    modelVersion: textOf(event["modelVersion"], "modelVersion"),
    probability: probability as number | null, // finite
    actions: roundedIn(actions),
  };
}

/** Reads an object whose numbers are only compared. */
function roundedIn(value: unknown): JsonObject | null {
  const object = objectIn(value);
  return object === null ? null : rounded(object);
}

/** Reads the subject's attributes. Events of bandits separate numeric and categorical attributes. */
function attributesOf(event: JsonObject, choice: LoggedChoice | null): JsonObject {
  const { subjectAttributes: given } = event;
  const attributes = objectIn(given);
  if (attributes !== null) return attributes;
  if (given !== undefined && given !== null && given !== "") {
    throw unexpected("subjectAttributes", "an object", given);
  }
  if (choice === null) return {};
  const { subjectCategoricalAttributes, subjectNumericAttributes } = event;
  return { ...objectIn(subjectNumericAttributes), ...objectIn(subjectCategoricalAttributes) };
}

/** Whether attributes were read from columns, where a missing attribute is `null` and types may be lost. */
function isOfTable(event: JsonObject, preset: Preset | null, { map }: ExposureReading): boolean {
  if (preset === null || preset === experimentTable || map?.hasAttributes) return true;
  // If events of our loggers have times in another format, a database wrote them.
  return preset.hasLoggedTimes && !isLoggedTime(event["timestamp"]);
}

/** Returns the row's id, which only experiment tables have; `null` for a value that cannot be a key. */
function rowIdOf(given: unknown, preset: Preset | null): string | null {
  if (preset !== experimentTable) return null;
  return typeof given === "string" || Number.isSafeInteger(given) ? String(given) : null;
}

/** Whether the event shows that the variation was forced instead of assigned by a split. */
function isForced(event: JsonObject): boolean {
  const { allocation, forced, hashUsed, variation } = event;
  return isYes(forced) || isNo(hashUsed) || allocation === `override-${variation}`;
}

/** Accepts the notations of JSON, CSV and databases. */
function isYes(value: unknown): boolean {
  return value !== undefined && /^(?:true|t|yes|1)$/i.test(String(value));
}

function isNo(value: unknown): boolean {
  return value !== undefined && /^(?:false|f|no|0)$/i.test(String(value));
}

function required(value: unknown, name: string): string {
  const text = textOf(value, name);
  if (text !== null && text !== "") return text;
  throw unexpected(name, "a non-empty string", value);
}

/**
 * Returns a value as a string. Numbers are valid keys.
 *
 * @throws RequestError for an integer that is too large to be exact, because its key would be wrong.
 */
export function textOf(value: unknown, name: string): string | null {
  if (typeof value === "string") return value;
  const isLarge = Number.isInteger(value) && !Number.isSafeInteger(value);
  if (isLarge || typeof value === "bigint") throw tooLarge(name);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}
