import { objectIn } from "../evaluate/object-cell.js";
import type { JsonObject } from "../evaluate/request.js";

/** Where an export keeps the members of an event. */
export interface Preset {
  /** The name for `--preset`. */
  readonly name: string;
  /** The dialect whose flags are in the export; `null` for any dialect. */
  readonly dialect: string | null;
  /**
   * Whether its events contain every result of a flag, even if the vendor's configuration logs no exposure. A variation of
   * `null` then means that the flag assigned none.
   */
  readonly isOfAssignments: boolean;
  /** Whether loggers wrote the events, with ISO 8601 times. A time in another format was written by a database. */
  readonly hasLoggedTimes: boolean;
  /** The documented zone of times without one; `null` to use `--zone`. */
  readonly zone: string | null;
  /**
   * Returns the events of a row, with the member names of our own loggers.
   *
   * @returns nothing for a row that is not an exposure, such as a page view.
   */
  unwrap(row: JsonObject): readonly JsonObject[];
  /** Whether a row appears to be of this export. */
  shows(row: JsonObject): boolean;
}

/** The properties of events that our own loggers wrote. */
export const OWN_EVENTS: Pick<Preset, "dialect" | "isOfAssignments" | "hasLoggedTimes" | "zone"> = {
  dialect: null,
  isOfAssignments: false,
  hasLoggedTimes: true,
  zone: null,
};

/** Returns a column by its name, which Snowflake writes in upper case. */
export function columnOf(row: JsonObject, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : row[name.toUpperCase()];
}

/** Returns a column that contains an object, which some warehouses write as a string; empty if there is none. */
export function objectColumnOf(row: JsonObject, name: string): JsonObject {
  return objectIn(columnOf(row, name)) ?? {};
}
