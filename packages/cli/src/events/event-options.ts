import { DOCUMENTATION_URL } from "@sortition/core/internal";
import type { Arguments } from "../arguments.js";
import type { ConfigurationOptions } from "../configuration-options.js";
import { UsageError } from "../errors.js";
import type { CommandOption } from "../help/command-help.js";
import { type WantedFlags, wantedFlagsOf } from "../judge/wanted-flags.js";
import { nearText } from "../near.js";
import { SEPARATOR_OPTION, type Separator, separatorNamed } from "../rows/separator.js";
import { count } from "../text/values.js";
import { ColumnMap } from "./column-map.js";
import { isZone } from "./event-time.js";
import type { Preset } from "./preset.js";
import { PRESETS } from "./presets.js";
import type { ExposureReading } from "./read-exposure.js";
import { SeenColumns } from "./seen-columns.js";
import { SkippedEvents } from "./skipped-events.js";
import { UNCHANGED } from "./table-attributes.js";

/** Options of the commands that read exposures. */
export const EVENT_OPTIONS: readonly CommandOption[] = [
  {
    name: "preset",
    value: "NAME",
    help: [
      `the format of the rows: ${[...PRESETS.keys()].join(", ")}`,
      "(default: detected for each row)",
    ],
  },
  {
    name: "map",
    value: "NAME=COLUMN,…",
    help: [
      "the columns of rows in another format: flag, subject, variation (or variation:value for its value,",
      "variation:index for its index, variation:key for its key only), time, allocation, experiment, id,",
      "attributes (JSON) or attributes.NAME, forced, sticky, in-experiment (whether the subject takes part),",
      "person (PostHog's id of the person), bandit, model, action, probability, actions, count (srm: the",
      "number of distinct subjects). attributes.NAME:TYPE converts an attribute to string, number, boolean",
      "or json. With --preset, name only the columns that differ from the preset",
    ],
  },
  SEPARATOR_OPTION,
  {
    name: "flags",
    value: "NAMES",
    help: ["read only the rows of these flags, e.g. checkout,search-* (* matches any characters)"],
  },
  {
    name: "zone",
    value: "ZONE",
    help: [
      "the zone of times without one: UTC, an offset such as +02:00, or a name such as Europe/Berlin",
      "(default: reject such times)",
    ],
  },
];

/** Notes below the options in the help. */
export const EVENT_NOTES: readonly string[] = [
  "EVENTS are files or folders of NDJSON, or of CSV with a header. They may be compressed with gzip, and are",
  "read in the given order as one input. - reads stdin.",
  `Guide: ${DOCUMENTATION_URL}/guides/before-and-after.md`,
  `Formats of rows and of --json: ${DOCUMENTATION_URL}/reference/cli-formats.md`,
];

/** The options that determine how rows become exposures, as given on the command line. */
export interface ReadingOptions {
  readonly preset: string | undefined;
  readonly map: string | undefined;
  readonly zone: string | undefined;
  /** The dialect of the configuration. */
  readonly dialect: string;
}

/** The files with events, and how their rows become exposures. */
export interface EventsOptions {
  /** Paths of files and folders, or `["-"]` for stdin. */
  readonly eventsPaths: readonly string[];
  /** Name of the input in messages. */
  readonly eventsName: string;
  readonly separator: Separator | null;
  /** The flags whose rows the analysis uses; `null`: all flags. */
  readonly flags: WantedFlags | null;
  readonly reading: ExposureReading;
  /** The options that `reading` was created from. */
  readonly readingOptions: ReadingOptions;
}

/** @throws UsageError */
export function eventsOptionsOf(options: ConfigurationOptions & Arguments): EventsOptions {
  const { configPath, dialect, given, positionals } = options;
  const eventsPaths = eventsPathsOf(positionals, configPath);
  const [preset, map, zone] = [given.get("preset"), given.get("map"), given.get("zone")];
  const readingOptions = { preset, map, zone, dialect: dialect.name };
  const [first = "", ...others] = eventsPaths;
  const more = others.length === 0 ? "" : ` and ${count(others.length)} more`;
  const separator = separatorNamed(given.get("separator"));
  return {
    eventsPaths,
    eventsName: first === "-" ? "stdin" : `${first}${more}`,
    separator,
    flags: wantedFlagsOf(given),
    reading: readingOf(readingOptions),
    readingOptions,
  };
}

/** @throws UsageError */
function readingOf({ dialect, map, preset, zone: given }: ReadingOptions): ExposureReading {
  const zone = given ?? null;
  if (zone !== null && !isZone(zone)) {
    throw new UsageError(
      `--zone: expected UTC, an offset such as +02:00 or a name such as Europe/Berlin, got ${zone}`,
    );
  }
  return {
    preset: presetNamed(preset, dialect),
    map: map === undefined ? null : mapOf(map, preset !== undefined),
    zone: zone === "Z" ? "UTC" : zone,
    dialect,
    ...UNCHANGED,
    seen: new SeenColumns(),
    skipped: new SkippedEvents(),
  };
}

function mapOf(text: string, hasPreset: boolean): ColumnMap {
  const map = new ColumnMap(text);
  if (!hasPreset) map.checkComplete();
  return map;
}

function presetNamed(name: string | undefined, dialect: string): Preset | null {
  if (name === undefined) return null;
  const preset = PRESETS.get(name);
  if (preset !== undefined) {
    if (preset.dialect === null || preset.dialect === dialect) return preset;
    throw new UsageError(`--preset ${name} does not fit a configuration for ${dialect}`);
  }
  const names = [...PRESETS.keys()];
  throw new UsageError(
    `--preset: ${JSON.stringify(name)} is unknown${nearText(name, names)}; expected ${names.join(", ")}`,
  );
}

/** @throws UsageError */
function eventsPathsOf(positionals: readonly string[], configPath: string): readonly string[] {
  if (positionals.length === 0) {
    throw new UsageError("EVENTS is missing. Pass files or folders, or - for stdin");
  }
  if (!positionals.includes("-")) return positionals;
  if (positionals.length > 1) throw new UsageError("-: stdin cannot be combined with files");
  if (configPath === "-")
    throw new UsageError("--config -: only one input can be stdin, so pass the events as a file");
  return positionals;
}
