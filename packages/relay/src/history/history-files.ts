import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Diagnostics } from "@sortition/core";
import { isJsonObject, type JsonObject } from "@sortition/core/dialect";
import { messageOf } from "@sortition/core/internal";
import type { ChangeKind } from "../explain/compare-revisions.js";
import type { SeenRevision } from "./history.js";
import type { KeptPart } from "./kept-revision.js";

const FORMAT_VERSION = 1;
const SUFFIX = ".history";
const TEMPORARY = ".tmp";
const NEWLINE = 0x0a;

/**
 * The history of one environment on disk, with one file for each revision. Only the operating-system user that runs the relay
 * can read the files.
 */
export class HistoryFiles {
  readonly #folder: string;
  readonly #dialect: string;
  readonly #diagnostics: Diagnostics;
  /** Whether the last write failed. Each outage is reported once. */
  #isFailing = false;

  /** @param directory - directory of the disk cache. The environment gets a folder in it. */
  constructor(
    directory: string,
    environment: string,
    { dialect, diagnostics }: { readonly dialect: string; readonly diagnostics: Diagnostics },
  ) {
    this.#folder = join(directory, `history-${environment}`);
    this.#dialect = dialect;
    this.#diagnostics = diagnostics;
  }

  /** Reads the revisions of earlier processes, the oldest first. Damaged files are reported and removed. Never rejects. */
  async read(): Promise<readonly SeenRevision[]> {
    const names = await readdir(this.#folder).catch(() => []); // the folder does not exist before the first write
    const revisions: SeenRevision[] = [];
    let damaged = 0;
    for (const name of names.sort()) {
      try {
        if (!name.endsWith(SUFFIX)) throw new Error("unfinished write");
        revisions.push(decode(await readFile(join(this.#folder, name)), this.#dialect));
      } catch {
        if (name.endsWith(SUFFIX)) damaged += 1;
        await rm(join(this.#folder, name), { force: true }).catch(() => {});
      }
    }
    if (damaged > 0) this.#diagnostics.warn("removed unusable history files", { count: damaged });
    return revisions;
  }

  /** Writes a revision. A failure is reported, and the revision stays in memory only. */
  async write(revision: SeenRevision): Promise<void> {
    const path = join(this.#folder, nameOf(revision));
    const temporary = `${path}.${randomBytes(6).toString("hex")}${TEMPORARY}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const handle = await open(temporary, "wx", 0o600);
      try {
        for (const chunk of encode(revision, this.#dialect)) await handle.writeFile(chunk);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, path);
      this.#isFailing = false;
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      this.#fail(error);
    }
  }

  /** Removes the files of all other revisions. */
  async removeOthers(kept: readonly SeenRevision[]): Promise<void> {
    const names = new Set(kept.map(nameOf));
    const present = await readdir(this.#folder).catch(() => []); // nothing was written yet
    for (const name of present) {
      if (!names.has(name)) await rm(join(this.#folder, name), { force: true }).catch(() => {});
    }
  }

  #fail(error: unknown): void {
    if (!this.#isFailing) {
      const { code = messageOf(error) } = error as NodeJS.ErrnoException; // a system code
      this.#diagnostics.warn("history not written", { reason: code });
    }
    this.#isFailing = true;
  }
}

/** File names sort by time. */
function nameOf({ revision, seenAtMs }: SeenRevision): string {
  return `${String(seenAtMs).padStart(15, "0")}-${revision}${SUFFIX}`;
}

/** Encodes a revision as one line of JSON, followed by the compressed parts. */
function encode(seen: SeenRevision, dialect: string): readonly Uint8Array[] {
  const { changes, described, parts, publishedAtMs, revision, seenAtMs } = seen;
  const header = {
    sortition: FORMAT_VERSION,
    dialect,
    revision,
    seenAtMs,
    publishedAtMs,
    changes: changes === null ? null : [...changes],
    described,
    parts: parts.map(({ gzipped, ...part }) => ({ ...part, bytes: gzipped.length })),
    sha256: digestOf(parts.map(({ gzipped }) => gzipped)),
  };
  return [Buffer.from(`${JSON.stringify(header)}\n`), ...parts.map(({ gzipped }) => gzipped)];
}

/** @throws Error if the file is damaged or belongs to another dialect. */
function decode(file: Buffer, dialect: string): SeenRevision {
  const end = file.indexOf(NEWLINE);
  const header: unknown = JSON.parse(file.subarray(0, Math.max(0, end)).toString("utf8"));
  if (!isHeader(header) || header.dialect !== dialect) throw new Error("unknown format");
  const { changes, described = [], parts, publishedAtMs, revision, seenAtMs, sha256 } = header;
  let offset = end + 1;
  const kept = parts.map(({ bytes, ...part }): KeptPart => {
    const gzipped = file.subarray(offset, offset + bytes);
    offset += bytes;
    return { ...part, gzipped };
  });
  const isWhole = offset === file.length && digestOf(kept.map((it) => it.gzipped)) === sha256;
  if (!isWhole) throw new Error("damaged");
  return {
    ...{ revision, seenAtMs, publishedAtMs, described, parts: kept },
    changes: changes === null ? null : new Map(changes),
  };
}

interface Header extends Omit<SeenRevision, "changes" | "described" | "parts"> {
  readonly dialect: string;
  readonly changes: readonly (readonly [string, ChangeKind])[] | null;
  /** Missing in files of early versions. */
  readonly described?: SeenRevision["described"];
  readonly parts: readonly (Omit<KeptPart, "gzipped"> & { readonly bytes: number })[];
  readonly sha256: string;
}

/** The digest covers the parts, and the header is written with them, so a file of this version has all members. */
function isHeader(value: unknown): value is Header {
  return isJsonObject(value) && (value as JsonObject)["sortition"] === FORMAT_VERSION;
}

function digestOf(chunks: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
}
