import { shellWord } from "../text/shell-word.js";
import { count } from "../text/values.js";
import type { ReadingOptions } from "./event-options.js";
import type { ExposureReading } from "./read-exposure.js";
import { experimentColumns, experimentTable } from "./vendors/experiment.js";

/** The columns that were found in the rows, and the attributes that were missing. */
export interface ReadColumns {
  readonly options: ReadingOptions;
  readonly reading: ExposureReading;
  /** Number of rows that repeat the `id` of a different row. If it is not 0, the column is ignored. */
  readonly unlikeIds: number;
  /** Number of exposures that lack an attribute that a rule read, by attribute. */
  readonly missing: ReadonlyMap<string, number>;
}

/** Describes how the rows of a table were read, and which attributes are missing. Each line is one message. */
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
 * Describes how the rows of a table were read, and which columns were ignored. Returns nothing for other rows.
 *
 * @param unread - targets that the command does not read.
 */
export function tableReport(
  { map, seen }: ExposureReading,
  unread: readonly string[],
): readonly string[] {
  const { names, preset } = seen;
  if (preset !== experimentTable.name) return [];
  const given = [...(map?.columns ?? [])].map(([target, column]) => [target, [column]] as const);
  const columns = new Map([...experimentColumns(names), ...given]);
  for (const target of unread) columns.delete(target);
  // GrowthBook's events have these columns in their properties instead.
  if (!columns.has("experiment") || !columns.has("variation")) return [];
  const used = new Set([...columns.values()].flat().flatMap((it) => [it, it.split(".")[0]]));
  const ignored = names.filter((name) => !used.has(name));
  const pairs = [...columns].map(([target, read]) => `${target}=${read.join(" or ")}`);
  // The column of pandas' index has no name.
  const rest =
    ignored.length === 0 ? "" : `; ignored: ${ignored.map((name) => name || '""').join(", ")}`;
  return [`read as an experiment table (--preset experiment): ${pairs.join(", ")}${rest}`];
}

function idLines(unlikeIds: number): readonly string[] {
  if (unlikeIds === 0) return [];
  return [
    `the column id is ignored, because ${count(unlikeIds)} rows repeat the id of a row with another subject, ` +
      "experiment or time, so it may identify the user. If it identifies the event, add --map id=id",
  ];
}

/** Names the attributes that were converted to the type that rules compare with. */
export function convertedLines({ seen }: Pick<ExposureReading, "seen">): readonly string[] {
  const converted = [...seen.converted].map(([attribute, type]) => `${attribute} to ${type}s`);
  if (converted.length === 0) return [];
  return [
    `string attributes were converted to the type that the rules compare with: ${converted.join(", ")}. ` +
      "To keep strings, specify the type, e.g. --map attributes.NAME:string=COLUMN",
  ];
}

function missingLines({ missing, options, reading }: ReadColumns): readonly string[] {
  if (missing.size === 0) return [];
  const found = new Map<string, string>();
  const lines = [...missing]
    .sort(([, a], [, b]) => b - a)
    .map(([attribute, n]) => {
      // In Amplitude's dialect, a column is also a user property.
      const name = attribute.replace(/^user_properties\./, "");
      const mapped = reading.map?.columns.get(`attributes.${name}`);
      const column = mapped === undefined ? columnNamed(name, reading) : undefined;
      const inside = column === undefined ? columnsInside(name, reading) : [];
      if (column !== undefined) found.set(name, column);
      for (const it of inside) found.set(it, it);
      const columns = column === undefined ? inside : [column];
      const noun = columns.length === 1 ? "a column" : "the columns";
      const place = columns.length === 0 ? "" : ` (the rows have ${noun} ${columns.join(", ")})`;
      const isEmpty = mapped === undefined ? "" : ` (the column ${mapped} is empty)`;
      return `  ${count(n)} ${n === 1 ? "lacks" : "lack"} ${attribute}${place}${isEmpty}`;
    });
  const noun = found.size === 1 ? "it" : "them";
  const more = [...found].map(attributeColumn);
  return [
    "exposures that were not judged because they lack an attribute that a rule reads:",
    ...lines,
    ...(found.size === 0 ? [] : [`to read ${noun}, use ${mapOptions(more, options, reading)}`]),
  ];
}

/** Suggests the options that read an attribute from the column of that name; empty if there is no such column. */
export function columnHint(
  attribute: string,
  { options, reading }: Pick<ReadColumns, "options" | "reading">,
): string {
  const column = columnNamed(attribute, reading);
  if (column === undefined) return "";
  const map = mapOptions([attributeColumn([attribute, column])], options, reading);
  return `. The rows have a column ${column}. To read it, use ${map}`;
}

/** Suggests the options that read the values of variations; empty if rows name variations by their keys. */
export function valueLines(
  problem: string | null,
  { options, reading }: Pick<ReadColumns, "options" | "reading">,
): readonly string[] {
  if (problem === null) return [];
  const map = variationOptions("variation:value", { options, reading });
  return [`${problem}. If the rows contain values, use ${map}`];
}

/** Returns command-line options that read variations as this target of `--map` from their column. */
export function variationOptions(
  target: string,
  { options, reading }: Pick<ReadColumns, "options" | "reading">,
): string {
  const { names } = reading.seen;
  const column = experimentColumns(names).get("variation")?.[0] ?? "COLUMN";
  const own = options.map?.replace(/(^|,)\s*variation\s*=/, `$1${target}=`);
  const isMapped = own !== undefined && own !== options.map;
  const map = isMapped
    ? `--map ${shellWord(own)}`
    : mapOptions([`${target}=${column}`], options, reading);
  const preset = isMapped && options.preset !== undefined ? `--preset ${options.preset} ` : "";
  return `${preset}${map}`;
}

function attributeColumn([attribute, column]: readonly [string, string]): string {
  return `attributes.${attribute}=${column}`;
}

/** Returns command-line options that also read these columns, such as `id=id`. */
function mapOptions(
  more: readonly string[],
  options: ReadingOptions,
  { seen: { preset } }: Pick<ExposureReading, "seen">,
): string {
  const isNew = options.preset === undefined && options.map === undefined && preset !== null;
  const map = [...(options.map === undefined ? [] : [options.map]), ...more].join(",");
  return `${isNew ? `--preset ${preset} ` : ""}--map ${shellWord(map)}`;
}

function columnNamed(
  attribute: string,
  { seen }: Pick<ExposureReading, "seen">,
): string | undefined {
  const { names } = seen;
  const lower = attribute.toLowerCase();
  return names.find((it) => it === attribute) ?? names.find((it) => it.toLowerCase() === lower);
}

/** Columns with parts of an attribute, such as `org.key` for `org`, that `--map` does not read. */
function columnsInside(
  attribute: string,
  { map, seen }: Pick<ExposureReading, "map" | "seen">,
): readonly string[] {
  const mapped = new Set(map?.columns.keys());
  return seen.names.filter(
    (it) => it.startsWith(`${attribute}.`) && !mapped.has(`attributes.${it}`),
  );
}
