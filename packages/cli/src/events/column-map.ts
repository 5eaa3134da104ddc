import { UsageError } from "../errors.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";
import { nearText } from "../near.js";

/** What `--map` can name, by the member of our own shape. */
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
  readonly column: string;
  readonly path: readonly string[];
  isSeen: boolean;
}

/** Puts columns of any names where our own shape has them. */
export class ColumnMap {
  readonly #mapped: readonly Mapped[];

  /**
   * @param text - `TARGET=COLUMN,…`; a column of nested JSON is a path with dots.
   * @throws UsageError
   */
  constructor(text: string) {
    this.#mapped = text.split(",").map((part) => {
      const [target = "", column = ""] = part.split("=").map((it) => it.trim());
      const isKnown = TARGETS.has(target) || (target.startsWith(ATTRIBUTE) && target !== ATTRIBUTE);
      if (column === "") throw new UsageError(`--map: expected NAME=COLUMN, e.g. ${EXAMPLE}`);
      if (!isKnown) {
        const near = nearText(target, TARGETS.keys());
        const names = [...TARGETS.keys(), `${ATTRIBUTE}NAME`].join(", ");
        throw new UsageError(
          `--map: ${JSON.stringify(target)} is unknown${near}; there are ${names}`,
        );
      }
      return { target, column, path: column.split("."), isSeen: false };
    });
    const targets = this.#mapped.map(({ target }) => target);
    const again = targets.find((target, i) => targets.indexOf(target) !== i);
    if (again !== undefined) throw new UsageError(`--map: ${again} is given twice`);
  }

  /**
   * A row in our own shape.
   *
   * @param base - what the row is without the map.
   */
  apply(row: JsonObject, base: JsonObject): JsonObject {
    const event: Record<string, unknown> = { ...base };
    const attributes: Record<string, unknown> = {};
    for (const mapped of this.#mapped) {
      const value = valueAt(row, mapped);
      if (value === undefined) continue;
      mapped.isSeen = true;
      // The key that is given is one of its own.
      if (mapped.target === "subject") event["isAnonymous"] = false;
      if (mapped.target.startsWith(ATTRIBUTE)) {
        if (value !== null) attributes[mapped.target.slice(ATTRIBUTE.length)] = value;
      } else event[TARGETS.get(mapped.target) as string] = value; // checked when it was read
    }
    const given = event["subjectAttributes"] ?? {};
    // What is no object is refused where the event is read.
    if (isJsonObject(given)) event["subjectAttributes"] = { ...given, ...attributes };
    return event;
  }

  /** Whether a row stands for a number of subjects. */
  get hasCounts(): boolean {
    return this.#mapped.some(({ target }) => target === "count");
  }

  /** Which columns the rows had so far. */
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
}

/** A column of this very name comes before a path. */
function valueAt(row: JsonObject, { column, path }: Mapped): unknown {
  if (Object.hasOwn(row, column)) return row[column];
  let value: unknown = row;
  for (const name of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
