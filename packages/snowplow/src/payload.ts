/** Name-value pairs of one event, as the collector gets them. */
export type Payload = Record<string, unknown>;

/** A JSON that says which schema it follows. */
export interface SelfDescribingJson {
  readonly schema: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A part of a payload that waits to be encoded, under one key if it is encoded, else under the other. */
interface KeyedJson {
  readonly keyIfEncoded: string;
  readonly keyIfNotEncoded: string;
  readonly json: object;
}

type JsonProcessor = (
  builder: SelfDescribingPayload,
  jsons: KeyedJson[],
  entities: SelfDescribingJson[],
) => void;

const UNSTRUCTURED = "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0";

/**
 * The payload of a self-describing event, with the methods that a tracker, its plugins and its global
 * contexts call. It is our own so that a tracker of the user's works without a second copy of the
 * library, and so that the event keeps its id and its subject, which a tracker would overwrite.
 */
export class SelfDescribingPayload {
  readonly #pairs: Payload = {};
  readonly #fixed: ReadonlyMap<string, string>;
  readonly #jsons: KeyedJson[] = [];
  readonly #waiting: KeyedJson[] = [];
  readonly #entities: SelfDescribingJson[] = [];
  #processor: JsonProcessor | undefined;

  /**
   * @param event - the event's schema and data.
   * @param ids - `eid` and `uid`; both stay as they are.
   */
  constructor(event: SelfDescribingJson, ids: { readonly eid: string; readonly uid: string }) {
    this.#fixed = new Map(Object.entries(ids));
    for (const [key, value] of this.#fixed) this.#pairs[key] = value;
    this.add("e", "ue");
    this.addJson("ue_px", "ue_pr", { schema: UNSTRUCTURED, data: event });
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

  /** Sets a JSON that is encoded when the payload is built. An empty one is left out. */
  addJson(keyIfEncoded: string, keyIfNotEncoded: string, json: object | undefined): void {
    if (json === undefined || Object.keys(json).length === 0) return;
    const keyed = { keyIfEncoded, keyIfNotEncoded, json };
    this.#jsons.push(keyed);
    this.#waiting.push(keyed);
  }

  /** Adds a context. */
  addContextEntity(entity: SelfDescribingJson): void {
    this.#entities.push(entity);
  }

  /** The pairs as they are now. */
  getPayload(): Payload {
    return this.#pairs;
  }

  /** Every JSON that was set. */
  getJson(): readonly KeyedJson[] {
    return this.#jsons;
  }

  /** Sets what encodes the JSONs; the tracker does so. */
  withJsonProcessor(processor: JsonProcessor): void {
    this.#processor = processor;
  }

  /** Encodes what waits, and returns the pairs: the same object each time. */
  build(): Payload {
    this.#processor?.(this, this.#waiting, this.#entities);
    return this.#pairs;
  }
}
