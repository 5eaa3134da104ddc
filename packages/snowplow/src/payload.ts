/** Name-value pairs of one event, as the collector receives them. */
export type Payload = Record<string, unknown>;

/** JSON data with the URI of its schema. */
export interface SelfDescribingJson {
  readonly schema: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** JSON of a payload before encoding, with its key for either form. */
interface KeyedJson {
  readonly keyIfEncoded: string;
  readonly keyIfNotEncoded: string;
  readonly json: object;
}

type JsonProcessor = (
  builder: EventPayload,
  jsons: KeyedJson[],
  entities: SelfDescribingJson[],
) => void;

const UNSTRUCTURED = "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0";

/**
 * The payload of an event, with the methods that a tracker, its plugins and its global contexts call. It is our own
 * class, so that a user's tracker needs no second copy of the library, and so that the event keeps its id and its
 * subject, which a tracker would overwrite.
 */
export class EventPayload {
  readonly #pairs: Payload = {};
  readonly #fixed: ReadonlyMap<string, string>;
  readonly #jsons: KeyedJson[] = [];
  readonly #pending: KeyedJson[] = [];
  readonly #entities: SelfDescribingJson[] = [];
  #processor: JsonProcessor | undefined;

  /**
   * @param event - the schema and data of a self-describing event, or the pairs of a structured one.
   * @param ids - `eid` and `uid`, which cannot be replaced later.
   */
  constructor(
    event: SelfDescribingJson | Payload,
    ids: { readonly eid: string; readonly uid: string },
  ) {
    this.#fixed = new Map(Object.entries(ids));
    for (const [key, value] of this.#fixed) this.#pairs[key] = value;
    if ("schema" in event) {
      this.add("e", "ue");
      this.addJson("ue_px", "ue_pr", { schema: UNSTRUCTURED, data: event });
    } else this.addDict(event);
  }

  /** Sets a pair, unless its value is empty or its key is fixed. */
  add(key: string, value: unknown): void {
    if (value === undefined || value === null || value === "" || this.#fixed.has(key)) return;
    this.#pairs[key] = value;
  }

  /** Sets several pairs. */
  addDict(pairs: Payload): void {
    for (const [key, value] of Object.entries(pairs)) this.add(key, value);
  }

  /** Sets JSON that is encoded when the payload is built. Empty JSON is ignored. */
  addJson(keyIfEncoded: string, keyIfNotEncoded: string, json: object | undefined): void {
    if (json === undefined || Object.keys(json).length === 0) return;
    const keyed = { keyIfEncoded, keyIfNotEncoded, json };
    this.#jsons.push(keyed);
    this.#pending.push(keyed);
  }

  addContextEntity(entity: SelfDescribingJson): void {
    this.#entities.push(entity);
  }

  /** Returns the current pairs. */
  getPayload(): Payload {
    return this.#pairs;
  }

  /** Returns all JSON that was set. */
  getJson(): readonly KeyedJson[] {
    return this.#jsons;
  }

  /** Sets the encoder of the JSON. The tracker calls this. */
  withJsonProcessor(processor: JsonProcessor): void {
    this.#processor = processor;
  }

  /** Encodes the JSON and returns the pairs. Every call returns the same object. */
  build(): Payload {
    this.#processor?.(this, this.#pending, this.#entities);
    return this.#pairs;
  }
}
