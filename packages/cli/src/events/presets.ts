import { firstFilled, objectIn } from "../evaluate/object-cell.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";
import { OWN_EVENTS, type Preset } from "./preset.js";
import { amplitudeEvents } from "./vendors/amplitude.js";
import { experimentTable } from "./vendors/experiment.js";
import { posthogEvents } from "./vendors/posthog.js";

/** A Snowplow column with one of our events. Its name ends with the version of the schema. */
const SNOWPLOW_COLUMN = /^unstruct_event_.*_(?:assignment|bandit_action)_\d+(?:_\d+_\d+)?$/;

const track: Omit<Preset, "name"> = {
  ...OWN_EVENTS,
  shows: ({ properties }) => isJsonObject(properties),
  unwrap(row) {
    const { messageId, originalTimestamp, timestamp } = row;
    const properties = objectIn(row["properties"]);
    if (properties === null || !isExposure(properties)) return [];
    return [
      {
        subject: firstFilled(row["userId"], row["anonymousId"]),
        timestamp: timestamp ?? originalTimestamp,
        messageId: messageId ?? null,
        ...properties,
      },
    ];
  },
};

const sortition: Preset = {
  name: "sortition",
  ...OWN_EVENTS,
  shows: isExposure,
  unwrap: (row) => (isExposure(row) ? [row] : []),
};

const snowplow: Preset = {
  name: "snowplow",
  ...OWN_EVENTS,
  shows: (row) => snowplowData(row) !== null || Object.hasOwn(row, "event_id"),
  unwrap(row) {
    const data = snowplowData(row);
    if (data === null) return [];
    const event = camelCased(data);
    if (!isExposure(event)) return [];
    return [
      {
        subject: row["user_id"],
        timestamp: row["derived_tstamp"] ?? row["collector_tstamp"],
        messageId: row["event_id"] ?? null,
        ...event,
      },
    ];
  },
};

/** Presets by name, in the order in which they are tried for a row. */
export const PRESETS: ReadonlyMap<string, Preset> = new Map(
  [
    ...[sortition, experimentTable, posthogEvents, amplitudeEvents],
    { ...track, name: "segment" },
    { ...track, name: "rudderstack" },
    snowplow,
  ].map((preset) => [preset.name, preset]),
);

/** Returns the first preset that a row matches; `null` if there is none. */
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

/** Converts names with underscores, which some Snowplow loaders write. Names of attributes do not change. */
function camelCased(data: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
