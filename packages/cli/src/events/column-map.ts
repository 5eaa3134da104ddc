import { UsageError } from "../errors.js";
import { jsonIn, objectIn } from "../evaluate/object-cell.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";
import { nearText } from "../near.js";
import { ATTRIBUTE_TYPES, type AttributeType, cellAs } from "./attribute-type.js";

/** The names that `--map` accepts, with the member of our events that each one sets. */
const TARGETS: ReadonlyMap<string, string> = new Map([
  ["flag", "featureFlag"],
  ["subject", "subject"],
  ["variation", "variation"],
  ["variation:value", "variationValue"],
  ["variation:key", "variationKey"],
  ["variation:index", "variationIndex"],
  ["allocation", "allocation"],
  ["experiment", "experiment"],
  ["time", "timestamp"],
  ["id", "messageId"],
  ["attributes", "subjectAttributes"],
  ["forced", "forced"],
  ["sticky", "stickyBucketUsed"],
  ["in-experiment", "inExperiment"],
  ["person", "person"],
  ["bandit", "banditKey"],
  ["model", "modelVersion"],
  ["action", "action"],
  ["probability", "actionProbability"],
  ["actions", "actions"],
  ["count", "count"],
]);

const ATTRIBUTE = "attributes.";
const EXAMPLE = "flag=feature,subject=user_id,variation=variant,time=ts,attributes.plan=plan";

interface Mapped {
  readonly target: string;
  /** The type to convert an attribute to; `null` keeps the type from the row. */
  readonly type: AttributeType | null;
  readonly column: string;
  readonly path: readonly string[];
  isSeen: boolean;
}

/** Maps the columns of a row to the members of our events. */
export class ColumnMap {
  readonly #mapped: readonly Mapped[];

  /**
   * @param text - `TARGET=COLUMN,…`. A column may be a path with dots into nested JSON.
   * @throws UsageError
   */
  constructor(text: string) {
    this.#mapped = text.split(",").map(mappedBy);
    const targets = this.#mapped.map(({ target }) => target);
    const again = targets.find((target, i) => targets.indexOf(target) !== i);
    if (again !== undefined) throw new UsageError(`--map: ${again} is given twice`);
  }

  /**
   * Creates a map of columns of subjects.
   *
   * @throws UsageError if the map lacks the subject, or names anything other than the subject and attributes.
   */
  static ofSubjects(text: string): ColumnMap {
    const map = new ColumnMap(text);
    map.#checkSubjects();
    return map;
  }

  /**
   * Converts a row to one of our events.
   *
   * @param base - the event that is read from the row without the map.
   * @throws RequestError for a cell that does not have the type of its attribute.
   */
  apply(row: JsonObject, base: JsonObject): JsonObject {
    const event: Record<string, unknown> = { ...base };
    const attributes: Record<string, unknown> = {};
    for (const mapped of this.#mapped) {
      const cell = valueAt(row, mapped);
      if (cell === undefined) continue;
      mapped.isSeen = true;
      // The mapped column contains a subject key.
      if (mapped.target === "subject") {
        Object.assign(event, { isAnonymous: false, subjectColumn: mapped.path.at(-1) });
      }
      if (mapped.target.startsWith(ATTRIBUTE)) {
        const { column, type } = mapped;
        const value = type === null ? jsonIn(cell) : cellAs(type, cell, column);
        if (value !== null) attributes[mapped.target.slice(ATTRIBUTE.length)] = value;
      } else event[TARGETS.get(mapped.target) as string] = cell; // checked when it was read
    }
    if (Object.keys(attributes).length === 0) return event;
    const given = objectIn(event["subjectAttributes"] ?? {});
    // Any other value is rejected when the event is read.
    if (given !== null)
      event["subjectAttributes"] = withPaths({ ...given, ...attributes }, attributes);
    return event;
  }

  /** Whether each row contains a number of subjects. */
  get hasCounts(): boolean {
    return this.#has("count");
  }

  /** Whether the map names attributes. */
  get hasAttributes(): boolean {
    return this.#mapped.some(({ target }) => /^attributes(?:\.|$)/.test(target));
  }

  /** Returns the columns that are not read as the attribute of the same name. */
  unreadOf(names: readonly string[]): readonly string[] {
    return names.filter((name) => !this.#has(`${ATTRIBUTE}${name}`));
  }

  /** Names of the attributes with a type. */
  get typedAttributes(): readonly string[] {
    const typed = this.#mapped.filter(({ type }) => type !== null);
    return typed.map(({ target }) => target.slice(ATTRIBUTE.length));
  }

  /** Names of the attributes without a type. */
  get untypedAttributes(): readonly string[] {
    const untyped = this.#mapped.filter(
      ({ target, type }) => type === null && target.startsWith(ATTRIBUTE),
    );
    return untyped.map(({ target }) => target.slice(ATTRIBUTE.length));
  }

  /** Columns by target. */
  get columns(): ReadonlyMap<string, string> {
    return new Map(this.#mapped.map(({ column, target }) => [target, column]));
  }

  /** @throws UsageError if the map lacks a column that rows without a preset need. */
  checkComplete(): void {
    const needed = this.hasCounts ? ["flag"] : ["flag", "subject", "time"];
    const missing = needed.filter((target) => !this.#has(target));
    // Without a variation, each exposure would be counted as wrong.
    const variations = [...TARGETS.keys()].filter((it) => /^(?:variation|action$)/.test(it));
    if (!variations.some((it) => this.#has(it))) missing.push("variation");
    // Indexes count the variations of an experiment.
    if (this.#has("variation:index") && !this.#has("experiment")) missing.push("experiment");
    if (missing.length === 0) return;
    throw new UsageError(
      `--map: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing. Add ${missing.length === 1 ? "it" : "them"}, e.g. ${EXAMPLE}, or add --preset NAME for the columns of a known export`,
    );
  }

  #checkSubjects(): void {
    const other = this.#mapped.find(
      ({ target }) => !/^(?:subject|attributes(?:\..*)?)$/.test(target),
    );
    if (this.#has("subject") && other === undefined) return;
    const problem =
      other === undefined ? "subject is missing" : `${other.target} is not used by diff`;
    throw new UsageError(
      `--map: ${problem}; expected subject, attributes (JSON) and attributes.NAME, e.g. subject=user_id,attributes.plan=plan`,
    );
  }

  /**
   * Checks the columns before the rows are read.
   *
   * @param header - the header of the only file.
   * @throws UsageError that names the columns that the header lacks.
   */
  checkHeader(header: readonly string[]): void {
    const unknown = this.#mapped.filter(({ column, path: [first = ""] }) => {
      return !header.includes(column) && !header.includes(first);
    });
    if (unknown.length === 0) return;
    const names = unknown.map(({ column }) => JSON.stringify(column) + nearText(column, header));
    throw new UsageError(
      `--map: unknown column ${names.join(", ")}; the file has ${header.join(", ")}`,
    );
  }

  /** Returns the column of a target if a row lacks it; `null` if the row has it or the map does not name it. */
  columnMissing(row: JsonObject, target: string): string | null {
    const mapped = this.#mapped.find((it) => it.target === target);
    return mapped === undefined || valueAt(row, mapped) !== undefined ? null : mapped.column;
  }

  /** @throws UsageError that names the columns that no row had. */
  checkSeen(): void {
    const unseen = this.#mapped.filter(({ isSeen }) => !isSeen).map(({ column }) => column);
    if (unseen.length === 0) return;
    throw new UsageError(`--map: no row has ${unseen.map((it) => JSON.stringify(it)).join(", ")}`);
  }

  #has(target: string): boolean {
    return this.#mapped.some((it) => it.target === target);
  }
}

/** @throws UsageError */
function mappedBy(part: string): Mapped {
  const [given = "", column = ""] = part.split("=").map((it) => it.trim());
  if (column === "") throw new UsageError(`--map: expected NAME=COLUMN, e.g. ${EXAMPLE}`);
  const { target, type } = typedTarget(given);
  const isKnown = TARGETS.has(target) || (target.startsWith(ATTRIBUTE) && target !== ATTRIBUTE);
  if (!isKnown) {
    const near = TARGETS.has(column)
      ? `: write ${column}=${target}`
      : nearText(target, TARGETS.keys());
    const names = [...TARGETS.keys(), `${ATTRIBUTE}NAME`].join(", ");
    throw new UsageError(`--map: ${JSON.stringify(target)} is unknown${near}; expected ${names}`);
  }
  return { target, type, column, path: column.split("."), isSeen: false };
}

/** Splits a name such as `attributes.age:number` at its last colon. Only attributes have a type. */
function typedTarget(given: string): Pick<Mapped, "target" | "type"> {
  const colon = given.lastIndexOf(":");
  if (colon === -1 || TARGETS.has(given)) return { target: given, type: null };
  const [target, name] = [given.slice(0, colon), given.slice(colon + 1)];
  const type = ATTRIBUTE_TYPES.find((it) => it === name);
  if (type !== undefined && target.startsWith(ATTRIBUTE)) return { target, type };
  const names = ATTRIBUTE_TYPES.join(", ");
  throw new UsageError(
    type === undefined
      ? `--map ${given}: ${JSON.stringify(name)} is not a type${nearText(name, ATTRIBUTE_TYPES)}; expected ${names}, e.g. attributes.age:number=age`
      : `--map ${given}: only attributes can have a type, e.g. attributes.age:number=age`,
  );
}

/** Also nests the attributes whose names have dots, because a column does not show whether a name or a path was meant. */
function withPaths(all: JsonObject, mapped: JsonObject): JsonObject {
  return Object.entries(mapped).reduce(
    (object, [name, value]) =>
      name.includes(".") ? nested(object, name.split("."), value) : object,
    all,
  );
}

/** Sets the value at a path, unless the path leads into a value that is no object. */
function nested(
  object: JsonObject,
  [name = "", ...rest]: readonly string[],
  value: unknown,
): JsonObject {
  if (rest.length === 0) return { ...object, [name]: value };
  const inner = Object.hasOwn(object, name) ? object[name] : {};
  return isJsonObject(inner) ? { ...object, [name]: nested(inner, rest, value) } : object;
}

/** A column with exactly this name takes precedence over a path. */
function valueAt(row: JsonObject, { column, path }: Mapped): unknown {
  if (Object.hasOwn(row, column)) return row[column];
  let value: unknown = row;
  for (const name of path) {
    const object = objectIn(value);
    if (object === null || !Object.hasOwn(object, name)) return undefined;
    value = object[name];
  }
  return value;
}
