import type { Dialect, Payload, PayloadSet } from "@sortition/core/internal";
import type { Content } from "../codec/content.js";
import { encodeHashes, encodeName } from "../codec/part-names.js";
import { encodeBytes, type StoredBytes } from "../codec/stored-bytes.js";
import type { ScriptValue } from "../scripts/script.js";
import { RELEASE } from "../version.js";
import { FORMAT, type Publication } from "./protocol.js";

/** The stored and omitted parts of a content. */
export interface StoredParts {
  readonly stored: PayloadSet;
  /** Hashes of optional parts that exceed the size limit. */
  readonly omitted: ReadonlyMap<string, string>;
}

/** A content divided into the parts that may be stored and the others. */
export interface Storable extends StoredParts {
  /** A required part that exceeds the size limit, so that nothing is published. */
  readonly tooLarge: string | null;
}

/** Divides a content by the size limit of stored parts. */
export function storableOf(
  { hashes, payloads }: Content,
  { endpoints }: Pick<Dialect, "endpoints">,
  maxPayloadBytes: number,
): Storable {
  const omitted = new Map<string, string>();
  let tooLarge: string | null = null;
  const stored = payloads.filter((payload) => {
    const { bytes, part } = payload;
    if (bytes.length <= maxPayloadBytes) return true;
    if (isOptional(payload, endpoints)) omitted.set(part, hashes.get(part) ?? "");
    else tooLarge ??= part;
    return false;
  });
  return { stored, omitted, tooLarge };
}

/** Copies on disk do not record whether a part is optional. Parts that the dialect itself requests are required. */
function isOptional({ from, isOptional, part }: Payload, endpoints: Dialect["endpoints"]): boolean {
  if (isOptional === true || from === "network") return isOptional === true;
  return !endpoints.some((endpoint) => endpoint.part === part);
}

/** Facts about a publisher. */
export interface Publisher {
  readonly scope: string;
  readonly dialect: string;
  readonly compressFromBytes: number;
}

/** Fields of one content. Each part is encoded when it is needed. */
export class Publishing {
  readonly hashes: ReadonlyMap<string, string>;
  readonly #content: Content;
  readonly #storable: StoredParts;
  readonly #publisher: Publisher;
  readonly #encoded = new Map<string, StoredBytes>();

  constructor(content: Content, storable: StoredParts, publisher: Publisher) {
    this.#content = content;
    this.#storable = storable;
    this.#publisher = publisher;
    this.hashes = new Map(
      storable.stored.map(({ part }) => [part, content.hashes.get(part) ?? ""]),
    );
  }

  /** Total size of the encoded parts. */
  get sizeBytes(): number {
    let size = 0;
    for (const { bytes } of this.#encoded.values()) size += bytes.length;
    return size;
  }

  /** A publication without fields, to ask which parts are needed. */
  get question(): Publication {
    return { hashes: this.hashes, fields: [] };
  }

  /** Returns the head and the named parts. */
  async give(names: readonly string[]): Promise<Publication> {
    const { dialect, scope, compressFromBytes } = this.#publisher;
    const { omitted, stored } = this.#storable;
    const fields: ScriptValue[] = [
      ...["scope", scope, "dialect", dialect, "fmt", FORMAT, "by", RELEASE.version],
      ...["parts", stored.map(({ part }) => encodeName(part)).join(",")],
      ...["omitted", encodeHashes(omitted)],
    ];
    for (const payload of stored) {
      const { bytes, part } = payload;
      fields.push(...partFields(payload, this.#content.hashes.get(part) ?? ""));
      if (!names.includes(part)) continue;
      const encoded = this.#encoded.get(part) ?? (await encodeBytes(bytes, compressFromBytes));
      this.#encoded.set(part, encoded);
      const name = encodeName(part);
      fields.push(`enc:${name}`, encoded.encoding, `size:${name}`, bytes.length);
      fields.push(`part:${name}`, encoded.bytes);
    }
    return { hashes: this.hashes, fields };
  }
}

/** Returns the fields and values of one part in a publication. */
function partFields(
  {
    etag,
    fetchedAtMs,
    hasStream,
    part,
  }: Pick<Payload, "etag" | "fetchedAtMs" | "hasStream" | "part">,
  hash: string,
): readonly ScriptValue[] {
  const name = encodeName(part);
  const stream = hasStream === true ? [`stream:${name}`, 1] : [];
  return [
    `sha:${name}`,
    hash,
    `etag:${name}`,
    etag ?? "",
    `fetched:${name}`,
    fetchedAtMs,
    ...stream,
  ];
}
