import { firstFilled, objectIn } from "../../evaluate/object-cell.js";
import { isJsonObject, type JsonObject } from "../../evaluate/request.js";
import { nearText } from "../../near.js";
import { OWN_EVENTS, objectColumnOf, type Preset } from "../preset.js";

/** A column, with its documented names, the most common first. */
interface Column {
  /** Name of the column in `--map` and in messages. */
  readonly target: string;
  /** Member of the event that the column sets. */
  readonly member: string;
  readonly names: readonly string[];
  /** All spellings of these names in warehouses and events. */
  readonly spellings: readonly string[];
}

const EXPERIMENT = column("experiment", "experiment", [
  ...["experiment_id", "experiment_key", "experiment_name", "experiment"],
]);
const VARIATION = column("variation", "variation", [
  ...["variation_id", "variation", "variant_id", "variant_name", "variant", "group_id", "group"],
  "treatment",
]);
const TIME = column("time", "timestamp", ["timestamp", "ts", "ts_assigned", "received_at"]);
const SUBJECT = column("subject", "subject", [
  ...["user_id", "anonymous_id", "device_id", "account_id", "subject"],
]);
const USER = column("subject", "subject", ["user_id"]);
const ANONYMOUS = column("subject", "subject", ["anonymous_id"]);
/** Sorted so that the column that is rarest in other tables comes first. */
const COLUMNS: readonly Column[] = [EXPERIMENT, VARIATION, TIME, SUBJECT];
const FLAG = column("flag", "featureFlag", ["feature_flag"]);
const ALLOCATION = column("allocation", "allocation", ["allocation"]);
const ATTRIBUTES = column("attributes", "subjectAttributes", ["subject_attributes", "attributes"]);
/** The column `id`. It may identify the row or something else, such as the user. */
const ID = column("id", "rowId", ["id"]);
/** Columns that are read if a table has them. */
const FURTHER: readonly Column[] = [FLAG, ALLOCATION, ATTRIBUTES, ID];

/** Names of GrowthBook's event in its plugin and in its examples for Segment and other tools. */
const VIEWED: readonly unknown[] = ["Experiment Viewed", "experiment_viewed"];

/** A table of experiments and their subjects in the format of warehouse-native vendors, or GrowthBook's event. */
export const experimentTable: Preset = {
  name: "experiment",
  ...OWN_EVENTS,
  shows: (row) =>
    viewedProperties(row) !== null || COLUMNS.every((it) => spellingIn(row, it) !== undefined),
  unwrap(row) {
    const properties = viewedProperties(row);
    if (properties === null) return [{ ...tableEvent(row), ...furtherMembers(row) }];
    const { hashAttribute, hashValue } = properties;
    return [
      {
        ...tableEvent({ ...row, ...properties }),
        subject: firstFilled(
          ...[hashValue, row["userId"], row["user_id"], row["anonymousId"], row["anonymous_id"]],
        ),
        ...(typeof hashAttribute === "string"
          ? { subjectAttributes: { [hashAttribute]: hashValue } }
          : {}),
        timestamp: cellOf(row, TIME),
        messageId: row["messageId"] ?? null,
      },
    ];
  },
};

/**
 * Describes the missing column and suggests a similar one.
 *
 * @param event - the members that were found.
 * @returns `null` if no column is missing, or if so many are missing that the row is probably not from such a table.
 */
export function missingColumnProblem(
  row: JsonObject,
  event: JsonObject = tableEvent(row),
): string | null {
  const missing = COLUMNS.filter(({ member }) => event[member] === undefined);
  const [first] = missing;
  if (first === undefined || missing.length > COLUMNS.length / 2) return null;
  const columns = Object.keys(row);
  const near = first.names.map((name) => nearText(name, columns)).find((text) => text !== "");
  const names = first.names.join(", ");
  const by = `--preset experiment --map ${first.target}=COLUMN`;
  return `no column for the ${first.target} (${names})${near ?? ""}; the row has ${columns.join(", ")}. Name the column with ${by}`;
}

/** Columns with numbers of subjects. */
const COUNT_NAMES: readonly string[] = ["count", "n", "subjects", "users", "num_users", "total"];

/** Describes how to read rows with numbers of subjects; `null` for other rows. */
export function countColumnProblem(row: JsonObject): string | null {
  const count = COUNT_NAMES.find((name) => Object.hasOwn(row, name));
  if (count === undefined || spellingIn(row, SUBJECT) !== undefined) return null;
  const flag = FLAG_NAMES.find((name) => Object.hasOwn(row, name)) ?? "COLUMN";
  const map = `flag=${flag},variation=${spellingIn(row, VARIATION) ?? "COLUMN"},count=${count}`;
  return `unknown format. If ${count} is a number of subjects, use srm with --map ${map}`;
}

/** Columns for a flag, which rows without an experiment may have. */
const FLAG_NAMES: readonly string[] = ["flag", "flag_key", "flagKey", "feature", "feature_key"];

/** Describes how to read rows that have a flag instead of an experiment; `null` for other rows. */
export function flagColumnProblem(row: JsonObject): string | null {
  const flag = FLAG_NAMES.find((name) => Object.hasOwn(row, name));
  const columns = [SUBJECT, VARIATION, TIME].map((it) => [it.target, spellingIn(row, it)] as const);
  if (flag === undefined || columns.some(([, name]) => name === undefined)) return null;
  const pairs = [["flag", flag], ...columns].map((pair) => pair.join("="));
  return `unknown format. Name its columns with --map ${pairs.join(",")}`;
}

/**
 * Returns the columns that each target of `--map` is read from. Only the subject may have two: the anonymous id is
 * used if the user id is empty.
 */
export function experimentColumns(
  names: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const nameOf = ({ spellings }: Column): string | undefined =>
    spellings.find((spelling) => names.includes(spelling));
  const columns = new Map<string, readonly string[]>();
  for (const column of [...COLUMNS, ...FURTHER]) {
    const name = nameOf(column);
    if (name !== undefined) columns.set(column.target, [name]);
  }
  const [user, anonymous] = [USER, ANONYMOUS].map(nameOf);
  if (user !== undefined && anonymous !== undefined) columns.set("subject", [user, anonymous]);
  return columns;
}

/** The optional columns of a table. Empty cells, and attributes that are not an object, are left out. */
function furtherMembers(row: JsonObject): JsonObject {
  const members: Record<string, unknown> = {};
  for (const column of FURTHER) {
    const cell = cellOf(row, column);
    const value = column === ATTRIBUTES ? objectIn(cell) : cell;
    if (value !== undefined && value !== null && value !== "") members[column.member] = value;
  }
  return members;
}

/** Returns the user id or, as in Segment, the anonymous id if the user id is empty. */
function subjectIn(row: JsonObject): unknown {
  const cell = cellOf(row, SUBJECT);
  return spellingIn(row, USER) === undefined ? cell : firstFilled(cell, cellOf(row, ANONYMOUS));
}

/** The column that {@link subjectIn} reads. */
function subjectColumnIn(row: JsonObject): string | undefined {
  const isAnonymous = spellingIn(row, USER) !== undefined && subjectIn(row) !== cellOf(row, USER);
  return spellingIn(row, isAnonymous ? ANONYMOUS : SUBJECT);
}

function tableEvent(row: JsonObject): JsonObject {
  return {
    subject: subjectIn(row),
    subjectColumn: subjectColumnIn(row),
    timestamp: cellOf(row, TIME),
    experiment: cellOf(row, EXPERIMENT),
    variation: cellOf(row, VARIATION),
  };
}

function viewedProperties(row: JsonObject): JsonObject | null {
  if (!VIEWED.includes(row["event"] ?? row["event_name"])) return null;
  const properties = isJsonObject(row["properties"])
    ? row["properties"]
    : objectColumnOf(row, "properties_json");
  const isKnown = [EXPERIMENT, VARIATION].every((it) => spellingIn(properties, it) !== undefined);
  return isKnown ? properties : null;
}

function cellOf(row: JsonObject, column: Column): unknown {
  const spelling = spellingIn(row, column);
  return spelling === undefined ? undefined : row[spelling];
}

function spellingIn(row: JsonObject, { spellings }: Column): string | undefined {
  return spellings.find((name) => Object.hasOwn(row, name));
}

function column(target: string, member: string, names: readonly string[]): Column {
  const spellings = names.flatMap((name) => [name, name.toUpperCase(), camelCase(name)]);
  return { target, member, names, spellings };
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
