import { UsageError } from "../errors.js";
import { objectIn } from "../evaluate/object-cell.js";
import type { JsonObject } from "../evaluate/request.js";
import { nearText } from "../near.js";
import { ATTRIBUTE_TYPES, type AttributeType, cellAs } from "./attribute-type.js";

/** The names of `--map`, with the member of our own events that each one sets. */
const TARGETS: ReadonlyMap<string, string> = new Map([
  ["flag", "featureFlag"],
  ["subject", "subject"],
  ["variation", "variation"],
  ["allocation", "allocation"],
  ["experiment", "experiment"],
  ["time", "timestamp"],
  ["id", "messageId"],
  ["attributes", "subjectAttributes"],
  ["forced", "forced"],
  ["sticky", "stickyBucketUsed"],
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
  /** Of an attribute; `null`: as the row has it. */
  readonly type: AttributeType | null;
  readonly column: string;
  readonly path: readonly string[];
  isSeen: boolean;
}

/** Puts columns of any names where our own shape has them. */
export class ColumnMap {
  /** As it was typed. */
  readonly text: string;
  readonly #mapped: readonly Mapped[];

  /**
   * @param text - `TARGET=COLUMN,…`; a column of nested JSON is a path with dots.
   * @throws UsageError
   */
  constructor(text: string) {
    this.text = text;
    this.#mapped = text.split(",").map(mappedBy);
    const targets = this.#mapped.map(({ target }) => target);
    const again = targets.find((target, i) => targets.indexOf(target) !== i);
    if (again !== undefined) throw new UsageError(`--map: ${again} is given twice`);
  }

  /**
   * A row in our own shape.
   *
   * @param base - what the row is without the map.
   * @throws RequestError for a cell that does not fit the type of its attribute.
   */
  apply(row: JsonObject, base: JsonObject): JsonObject {
    const event: Record<string, unknown> = { ...base };
    const attributes: Record<string, unknown> = {};
    for (const mapped of this.#mapped) {
      const cell = valueAt(row, mapped);
      if (cell === undefined) continue;
      mapped.isSeen = true;
      // The mapped column contains a subject key.
      if (mapped.target === "subject") event["isAnonymous"] = false;
      if (mapped.target.startsWith(ATTRIBUTE)) {
        const { column, type } = mapped;
        const value = type === null ? cell : cellAs(type, cell, column);
        if (value !== null) attributes[mapped.target.slice(ATTRIBUTE.length)] = value;
      } else event[TARGETS.get(mapped.target) as string] = cell; // checked when it was read
    }
    if (Object.keys(attributes).length === 0) return event;
    const given = objectIn(event["subjectAttributes"] ?? {});
    // Anything else is refused where the event is read.
    if (given !== null) event["subjectAttributes"] = { ...given, ...attributes };
    return event;
  }

  /** Whether each row contains a number of subjects. */
  get hasCounts(): boolean {
    return this.#has("count");
  }

  /** Whether it names attributes, as columns of a table. */
  get hasAttributes(): boolean {
    return this.#mapped.some(({ target }) => /^attributes(?:\.|$)/.test(target));
  }

  /** Attributes whose type is given. */
  get typedAttributes(): readonly string[] {
    const typed = this.#mapped.filter(({ type }) => type !== null);
    return typed.map(({ target }) => target.slice(ATTRIBUTE.length));
  }

  /** The columns by their targets. */
  get columns(): ReadonlyMap<string, string> {
    return new Map(this.#mapped.map(({ column, target }) => [target, column]));
  }

  /** @throws UsageError unless it names all that rows of no known export need. */
  checkComplete(): void {
    const needed = this.hasCounts ? ["flag"] : ["flag", "subject", "time"];
    const missing = needed.filter((target) => !this.#has(target));
    if (missing.length === 0) return;
    throw new UsageError(
      `--map: it names no ${missing.join(", no ")}; give them, e.g. ${EXAMPLE}; or add --preset experiment (or another one) for the columns that it names`,
    );
  }

  /** @throws UsageError unless it names a subject, and else only attributes. */
  checkSubjects(): void {
    const other = this.#mapped.find(
      ({ target }) => !/^(?:subject|attributes(?:\..*)?)$/.test(target),
    );
    if (this.#has("subject") && other === undefined) return;
    const problem = other === undefined ? "it names no subject" : `${other.target} is not read`;
    throw new UsageError(
      `--map: ${problem}; diff reads subject, attributes (JSON) and attributes.NAME, e.g. subject=user_id,attributes.plan=plan`,
    );
  }

  /**
   * Checks the columns before the rows are read.
   *
   * @param header - of the only file.
   * @throws UsageError that names the columns which it does not have.
   */
  checkHeader(header: readonly string[]): void {
    const unknown = this.#mapped.filter(({ column, path: [first = ""] }) => {
      return !header.includes(column) && !header.includes(first);
    });
    if (unknown.length === 0) return;
    const names = unknown.map(({ column }) => JSON.stringify(column) + nearText(column, header));
    throw new UsageError(`--map: no column ${names.join(", ")}; there are ${header.join(", ")}`);
  }

  /** The column of a target that a row does not have; `null`: it has it, or none is given. */
  columnMissing(row: JsonObject, target: string): string | null {
    const mapped = this.#mapped.find((it) => it.target === target);
    return mapped === undefined || valueAt(row, mapped) !== undefined ? null : mapped.column;
  }

  /** For each column, whether a row had it so far. */
  get seen(): readonly boolean[] {
    return this.#mapped.map(({ isSeen }) => isSeen);
  }

  /** Notes that other rows had these columns. */
  noteSeen(seen: readonly boolean[]): void {
    for (const [i, mapped] of this.#mapped.entries()) mapped.isSeen ||= seen[i] === true;
  }

  /** @throws UsageError that names the columns which no row had. */
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
    const near = nearText(target, TARGETS.keys());
    const names = [...TARGETS.keys(), `${ATTRIBUTE}NAME`].join(", ");
    throw new UsageError(`--map: ${JSON.stringify(target)} is unknown${near}; there are ${names}`);
  }
  return { target, type, column, path: column.split("."), isSeen: false };
}

/** `attributes.age:number`: only attributes have a type, behind the last colon. */
function typedTarget(given: string): Pick<Mapped, "target" | "type"> {
  const colon = given.lastIndexOf(":");
  if (colon === -1) return { target: given, type: null };
  const [target, name] = [given.slice(0, colon), given.slice(colon + 1)];
  const type = ATTRIBUTE_TYPES.find((it) => it === name);
  if (type !== undefined && target.startsWith(ATTRIBUTE)) return { target, type };
  const names = ATTRIBUTE_TYPES.join(", ");
  throw new UsageError(
    type === undefined
      ? `--map ${given}: ${JSON.stringify(name)} is not a type${nearText(name, ATTRIBUTE_TYPES)}; there are ${names}, e.g. attributes.age:number=age`
      : `--map ${given}: only attributes have a type, e.g. attributes.age:number=age`,
  );
}

/** A column of this very name comes before a path. */
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
