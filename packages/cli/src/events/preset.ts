import { objectIn } from "../evaluate/object-cell.js";
import type { JsonObject } from "../evaluate/request.js";

/** Where an export keeps the members of an event. */
export interface Preset {
  /** What `--preset` calls it. */
  readonly name: string;
  /** The dialect whose configurations its flags are of; `null`: any. */
  readonly dialect: string | null;
  /**
   * Whether its events name what a flag gave, also where the vendor's configuration logs no exposure: `null` is then
   * the variation of a subject whom the flag gives none.
   */
  readonly isOfAssignments: boolean;
  /** Whether loggers wrote the events, with times in ISO 8601: any other time was written by a database. */
  readonly hasLoggedTimes: boolean;
  /** Of times without a zone, where the vendor documents it; `null`: the one of `--zone`. */
  readonly zone: string | null;
  /**
   * The events of a row in our own shape.
   *
   * @returns nothing for a row that is not an exposure, such as a page view.
   */
  unwrap(row: JsonObject): readonly JsonObject[];
  /** Whether a row appears to be of this export. */
  shows(row: JsonObject): boolean;
}

/** Of events that this project's loggers wrote. */
export const OWN_EVENTS: Pick<Preset, "dialect" | "isOfAssignments" | "hasLoggedTimes" | "zone"> = {
  dialect: null,
  isOfAssignments: false,
  hasLoggedTimes: true,
  zone: null,
};

/** A column by its name, which Snowflake writes in capitals. */
export function columnOf(row: JsonObject, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : row[name.toUpperCase()];
}

/** A column with an object, which some warehouses write as a string; empty if there is none. */
export function objectColumnOf(row: JsonObject, name: string): JsonObject {
  return objectIn(columnOf(row, name)) ?? {};
}
