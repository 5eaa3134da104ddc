import { isJsonObject, type JsonObject } from "../evaluate/request.js";

/** Where an export keeps the members of an event. */
export interface Preset {
  /**
   * The event in our own shape.
   *
   * @returns `null` for a row that is not an exposure, such as a page view.
   */
  unwrap(row: JsonObject): JsonObject | null;
  /** Whether a row appears to be of this export. */
  shows(row: JsonObject): boolean;
}

/** A column of Snowplow's that contains an event of ours, with the version of its schema. */
const SNOWPLOW_COLUMN = /^unstruct_event_.*_(?:assignment|bandit_action)_\d+(?:_\d+_\d+)?$/;

const track: Preset = {
  shows: ({ properties }) => isJsonObject(properties),
  unwrap(row) {
    const { messageId, originalTimestamp, properties, timestamp } = row;
    if (!isJsonObject(properties) || !isExposure(properties)) return null;
    return {
      subject: row["userId"] ?? row["anonymousId"],
      timestamp: timestamp ?? originalTimestamp,
      messageId: messageId ?? null,
      ...properties,
    };
  },
};

const sortition: Preset = { shows: isExposure, unwrap: (row) => (isExposure(row) ? row : null) };

const snowplow: Preset = {
  shows: (row) => snowplowData(row) !== null || Object.hasOwn(row, "event_id"),
  unwrap(row) {
    const data = snowplowData(row);
    if (data === null) return null;
    const event = camelCased(data);
    if (!isExposure(event)) return null;
    return {
      subject: row["user_id"],
      timestamp: row["derived_tstamp"] ?? row["collector_tstamp"],
      messageId: row["event_id"] ?? null,
      ...event,
    };
  },
};

/** Exports by name. The loggers of this project write the members of an event under their own names. */
export const PRESETS: ReadonlyMap<string, Preset> = new Map([
  ["sortition", sortition],
  ["segment", track],
  ["rudderstack", track],
  ["snowplow", snowplow],
]);

/** The export that a row appears to be of; `null`: none. */
export function presetOf(row: JsonObject): Preset | null {
  for (const preset of PRESETS.values()) if (preset.shows(row)) return preset;
  return null;
}

function isExposure(row: JsonObject): boolean {
  return Object.hasOwn(row, "featureFlag") || Object.hasOwn(row, "banditKey");
}

function snowplowData(row: JsonObject): JsonObject | null {
  const raw = row["unstruct_event"];
  const outer = isJsonObject(raw) ? raw["data"] : null;
  const inner = isJsonObject(outer) ? outer["data"] : null;
  if (isJsonObject(inner)) return inner;
  for (const [name, value] of Object.entries(row)) {
    if (!SNOWPLOW_COLUMN.test(name)) continue;
    const [data] = Array.isArray(value) ? value : [value];
    if (isJsonObject(data)) return data;
  }
  return null;
}

/** Some loaders of Snowplow write names with underscores. The names of attributes stay. */
function camelCased(data: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
