import type { ValueType } from "@sortition/core/dialect";
import { UsageError } from "../errors.js";
import { payloadFault, readPayloadFile } from "../evaluate/payload-file.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";
import { ColumnMap } from "../events/column-map.js";
import { nearText } from "../near.js";

/** Maps names and values of OLD to those of NEW. */
export interface VendorMap {
  /** Shown in messages: `--map FILE`. */
  readonly name: string;
  /** The attribute whose value is the subject's key in NEW; `null` if the key is the same. */
  readonly subject: string | null;
  /** Names of attributes in NEW, by their names in OLD. */
  readonly attributes: ReadonlyMap<string, string>;
  /** The columns of subjects; `null`: the columns of the dialects. */
  readonly columns: ColumnMap | null;
  /** The code's default values by the keys of flags; empty without a manifest. */
  readonly defaults: ReadonlyMap<string, unknown>;
  /** Flags by their keys in OLD; `null` leaves a flag out. */
  readonly flags: ReadonlyMap<string, MappedFlag | null>;
}

/** A flag of NEW that replaces a flag of OLD. */
export interface MappedFlag {
  readonly newKey: string;
  /** Values of OLD and their replacements in NEW. */
  readonly values: readonly (readonly [unknown, unknown])[];
  /** The type to request both flags as; `null` if it follows from the values. */
  readonly type: ValueType | null;
  /** The code's default value; `undefined` if not given, in which case it equals no value. */
  readonly defaultValue: unknown;
}

/** The map used without a file: flags with equal keys are compared. */
export const NO_MAP: VendorMap = {
  name: "--map FILE",
  subject: null,
  attributes: new Map(),
  columns: null,
  defaults: new Map(),
  flags: new Map(),
};

const MEMBERS: readonly string[] = ["subject", "attributes", "columns", "flags"];
const FLAG_MEMBERS: readonly string[] = ["new", "values", "type", "default"];
const TYPES: readonly ValueType[] = ["boolean", "string", "integer", "numeric", "json"];

/** @throws FileError if the file cannot be read, UsageError that names the invalid member. */
export async function readVendorMap(path: string): Promise<VendorMap> {
  const file = await readPayloadFile("--map", path);
  let root: unknown;
  try {
    root = JSON.parse(file.bytes.toString("utf8"));
  } catch (error) {
    throw payloadFault(file, error);
  }
  return new MapReader(file.name).read(root);
}

class MapReader {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  read(root: unknown): VendorMap {
    const { attributes = {}, columns, flags = {}, subject } = this.#object("", root, MEMBERS);
    return {
      name: this.#name,
      subject: subject === undefined ? null : this.#text("subject", subject),
      columns: columns === undefined ? null : ColumnMap.ofSubjects(this.#text("columns", columns)),
      attributes: new Map(
        this.#members("attributes", attributes).map(([name, it]) => {
          return [name, this.#text(`attributes.${name}`, it)];
        }),
      ),
      defaults: new Map(),
      flags: new Map(
        this.#members("flags", flags).map(([key, it]) => [key, this.#flag(`flags.${key}`, it)]),
      ),
    };
  }

  #flag(path: string, value: unknown): MappedFlag | null {
    if (value === null) return null;
    const unmapped = { values: [], type: null, defaultValue: undefined };
    if (typeof value === "string") return { ...unmapped, newKey: this.#text(path, value) };
    if (!isJsonObject(value)) throw this.#unexpected(path, "a key, an object or null", value);
    const { default: defaultValue, new: newKey, type, values = [] } = value;
    this.#object(path, value, FLAG_MEMBERS);
    if (!Array.isArray(values)) throw this.#unexpected(`${path}.values`, "a list", values);
    return {
      newKey: this.#text(`${path}.new`, newKey),
      values: values.map((pair: unknown, i) => {
        if (Array.isArray(pair) && pair.length === 2) return [pair[0], pair[1]] as const;
        throw this.#unexpected(`${path}.values[${i}]`, "a pair such as [1, 2]", pair);
      }),
      type: type === undefined ? null : this.#type(`${path}.type`, type),
      defaultValue,
    };
  }

  #type(path: string, value: unknown): ValueType {
    const type = TYPES.find((it) => it === value);
    if (type !== undefined) return type;
    throw this.#unexpected(path, `one of ${TYPES.join(", ")}`, value);
  }

  #members(path: string, value: unknown): readonly [string, unknown][] {
    if (isJsonObject(value)) return Object.entries(value);
    throw this.#unexpected(path, "an object", value);
  }

  #object(path: string, value: unknown, known: readonly string[]): JsonObject {
    const members = this.#members(path, value);
    const unknown = members.find(([name]) => !known.includes(name))?.[0];
    if (unknown === undefined) return value as JsonObject; // see `#members`
    const place = path === "" ? unknown : `${path}.${unknown}`;
    const expected = `expected one of ${known.join(", ")}`;
    throw new UsageError(
      `${this.#name}: ${place} is unknown${nearText(unknown, known)}; ${expected}`,
    );
  }

  #text(path: string, value: unknown): string {
    if (typeof value === "string" && value !== "") return value;
    throw this.#unexpected(path, "a non-empty string", value);
  }

  #unexpected(path: string, expected: string, received: unknown): UsageError {
    const text = JSON.stringify(received) ?? "nothing";
    const place = path === "" ? "" : `${path}: `;
    return new UsageError(`${this.#name}: ${place}expected ${expected}, received ${text}`);
  }
}
