import { count } from "../text/values.js";
import type { ReadingOptions } from "./event-options.js";
import type { ExposureReading } from "./read-exposure.js";
import { experimentColumns, experimentTable } from "./vendors/experiment.js";

/** What else is known of the columns when all rows are read. */
export interface ReadColumns {
  readonly options: ReadingOptions;
  readonly reading: ExposureReading;
  /** How many rows have the `id` of an unlike row, so that it is not read; 0: it is. */
  readonly unlikeIds: number;
  /** How many exposures lack an attribute that a rule read. */
  readonly missing: ReadonlyMap<string, number>;
}

/** Says once what the rows of a table were read as, and which attributes are missing. Each line is one message. */
export function columnReport(read: ReadColumns): readonly string[] {
  const { reading, unlikeIds } = read;
  return [
    ...tableReport(reading, unlikeIds > 0 ? ["id"] : []),
    ...idLines(unlikeIds),
    ...convertedLines(reading),
    ...missingLines(read),
  ];
}

/**
 * Says what the rows of a table were read as, and which columns were ignored; nothing for other rows.
 *
 * @param unread - targets that the command does not read.
 */
export function tableReport(
  { map, seen }: ExposureReading,
  unread: readonly string[],
): readonly string[] {
  const { names, preset } = seen.part;
  if (preset !== experimentTable.name) return [];
  const columns = new Map([...experimentColumns(names), ...(map?.columns ?? [])]);
  for (const target of unread) columns.delete(target);
  const used = new Set([...columns.values()].flatMap((column) => [column, column.split(".")[0]]));
  const ignored = names.filter((name) => !used.has(name));
  const pairs = [...columns].map(([target, column]) => `${target}=${column}`);
  const rest = ignored.length === 0 ? "" : `; ignored: ${ignored.join(", ")}`;
  return [`read as a table of experiments (--preset experiment): ${pairs.join(", ")}${rest}`];
}

function idLines(unlikeIds: number): readonly string[] {
  if (unlikeIds === 0) return [];
  return [
    `the column id is ignored, because ${count(unlikeIds)} rows repeat the id of a row with another subject, ` +
      "experiment or time: it may be the user's; if it is the event's, add --map id=id",
  ];
}

/** Names the attributes that were converted to the type that rules compare with. */
export function convertedLines({ seen }: Pick<ExposureReading, "seen">): readonly string[] {
  const converted = [...seen.part.converted].map(([attribute, type]) => `${attribute} to ${type}s`);
  if (converted.length === 0) return [];
  return [
    `strings of attributes were converted to the type that the rules compare with: ${converted.join(", ")}; ` +
      "to keep them, give the type, e.g. --map attributes.NAME:string=COLUMN",
  ];
}

function missingLines({ missing, options, reading }: ReadColumns): readonly string[] {
  if (missing.size === 0) return [];
  const { names, preset } = reading.seen.part;
  const found = new Map<string, string>();
  const lines = [...missing]
    .sort(([, a], [, b]) => b - a)
    .map(([attribute, n]) => {
      // Amplitude's: a column is a user property, too.
      const name = attribute.replace(/^user_properties\./, "");
      const column = columnNamed(name, names);
      if (column !== undefined) found.set(name, column);
      const place = column === undefined ? "" : ` (there is a column ${column})`;
      return `  ${count(n)} lack ${attribute}${place}`;
    });
  const more = [...found].map(([attribute, column]) => `attributes.${attribute}=${column}`);
  const isNew = options.preset === undefined && options.map === undefined && preset !== null;
  const map = [...(options.map === undefined ? [] : [options.map]), ...more].join(",");
  return [
    "these exposures were not judged, because they lack an attribute that a rule reads:",
    ...lines,
    ...(more.length === 0
      ? []
      : [`to read it, give ${isNew ? `--preset ${preset} ` : ""}--map ${map}`]),
  ];
}

function columnNamed(attribute: string, names: readonly string[]): string | undefined {
  const lower = attribute.toLowerCase();
  return names.find((it) => it === attribute) ?? names.find((it) => it.toLowerCase() === lower);
}
