import { objectIn } from "../evaluate/object-cell.js";
import { type JsonObject, RequestError, ShapeError, unexpected } from "../evaluate/request.js";
import { parseIsoTime } from "../evaluate/time.js";
import type { ColumnMap } from "./column-map.js";
import { eventTimeOf, isLoggedTime } from "./event-time.js";
import type { ExposureRow, LoggedChoice } from "./exposure-row.js";
import { OWN_EVENTS, type Preset } from "./preset.js";
import { presetOf } from "./presets.js";
import type { SeenColumns } from "./seen-columns.js";
import { type AttributeReading, tableAttributes } from "./table-attributes.js";
import { experimentTable, missingColumnProblem } from "./vendors/experiment.js";

/** How rows become exposures. */
export interface ExposureReading extends AttributeReading {
  /** `null` detects the preset of each row. */
  readonly preset: Preset | null;
  /** Replaces members of the preset, or reads rows without one; `null` if `--map` is not given. */
  readonly map: ColumnMap | null;
  /** The zone of times without one; `null`: these are refused. */
  readonly zone: string | null;
  /** The dialect of the configuration. */
  readonly dialect: string;
  /** Notes the columns of the rows. */
  readonly seen: SeenColumns;
}

/**
 * Reads the exposures of a row. Only Amplitude's assignments have several.
 *
 * @returns nothing for a row that is something else, such as a page view.
 * @throws RequestError that names what is missing or wrong.
 */
export function readExposures(row: JsonObject, reading: ExposureReading): readonly ExposureRow[] {
  const { dialect, map } = reading;
  if (map !== null && reading.preset === null) {
    reading.seen.note(row, null);
    refuseMissingColumns(row, map);
    return [exposureOf(map.apply(row, {}), null, reading)];
  }
  const preset = reading.preset ?? presetOf(row);
  reading.seen.note(row, preset);
  if (preset === null) {
    const unknown = "it shows no known export; say which columns there are by --map";
    throw new ShapeError(missingColumnProblem(row) ?? unknown);
  }
  const events = preset.unwrap(row);
  if (events.length > 0 && preset.dialect !== null && preset.dialect !== dialect) {
    throw new ShapeError(`an event of ${preset.dialect}, and the configuration is of ${dialect}`);
  }
  return events.map((given) => {
    const event = map === null ? given : map.apply(row, given);
    const problem = preset === experimentTable ? missingColumnProblem(row, event) : null;
    if (problem !== null) throw new ShapeError(problem);
    return exposureOf(event, preset, reading);
  });
}

/** Refuses rows without a column of `--map` that every row needs: no row of this shape can be read. */
function refuseMissingColumns(row: JsonObject, map: ColumnMap): void {
  for (const target of map.hasCounts ? ["flag", "count"] : ["flag", "subject", "time"]) {
    const column = map.columnMissing(row, target);
    if (column === null) continue;
    throw new ShapeError(`it has no column ${JSON.stringify(column)}, which is its ${target}`);
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
  const messageId = textOf(event["messageId"], "messageId") ?? textOf(event["eventId"], "eventId");
  return {
    flag: flagOf(event, preset),
    subject: count === null ? required(event["subject"], "subject") : "",
    // Only a vendor's event is anonymous: other rows can have a column of this name.
    isAnonymous: isOfAssignments && event["isAnonymous"] === true,
    attributes: isOfTable(event, preset, reading)
      ? tableAttributes(attributesOf(event, choice), reading, reading.seen)
      : attributesOf(event, choice),
    variation: textOf(event["variation"], "variation"),
    allocation: textOf(event["allocation"], "allocation"),
    experiment: textOf(event["experiment"], "experiment"),
    timeMs,
    messageId,
    rowId: messageId === null ? rowIdOf(event["rowId"], preset) : null,
    mayHaveIndex: preset === experimentTable,
    isForced: isForced(event),
    isSticky: isYes(event["stickyBucketUsed"]),
    isAssignment: isOfAssignments,
    count,
    choice,
  };
}

/** The number of subjects in a row of counts, which CSV has as text. */
function countOf(given: unknown): number {
  const count = typeof given === "string" && /^\d+$/.test(given) ? Number(given) : given;
  if (Number.isSafeInteger(count) && (count as number) >= 0) return count as number; // just checked
  throw unexpected("count", "a whole number of subjects", given);
}

/** A row of counts may have a day in place of a time, or none. */
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
    probability: probability as number | null, // a finite one
    actions: objectIn(actions),
  };
}

/** Attributes of a bandit's action are split by kind. */
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
  // Events of loggers that went through a database have its times.
  return preset.hasLoggedTimes && !isLoggedTime(event["timestamp"]);
}

/** Other exports have no such column. One that cannot be a key is none. */
function rowIdOf(given: unknown, preset: Preset | null): string | null {
  if (preset !== experimentTable) return null;
  return typeof given === "string" || Number.isSafeInteger(given) ? String(given) : null;
}

/** Whether the event says that the variation was forced instead of assigned by a split. */
function isForced(event: JsonObject): boolean {
  const { allocation, forced, hashUsed, variation } = event;
  return isYes(forced) || isNo(hashUsed) || allocation === `override-${variation}`;
}

/** As JSON, CSV and the databases that export it write it. */
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
 * A number in a column is a key, too.
 *
 * @throws RequestError for an integer that was rounded when it was read: it would be another key.
 */
function textOf(value: unknown, name: string): string | null {
  if (typeof value === "string") return value;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new RequestError(name, "a number that is too large to be read exactly; write a string");
  }
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}
