import { access, constants, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { AbortSignalLike, DiskState, SourceContext } from "@sortition/core/internal";
import { systemCodeOf } from "../http/system-code.js";
import { type Copy, encodeCopy } from "./copy.js";
import { createFolder } from "./create-folder.js";
import { diskProblem } from "./disk-problem.js";
import { renameInUse } from "./rename.js";

/**
 * Age at which temporary files are removed. They are left behind by a process that ends during a
 * write.
 */
const LEFTOVER_AGE_MS = 3_600_000;
const TEMPORARY = ".tmp";
const FOLDER_MODE = 0o700;
/** Minimum time between two writes, because a stream may change a large configuration every moment. */
const PAUSE_MS = 5_000;

/** Payloads, and the time at which their origin confirmed them. */
export type Saved = Pick<Copy, "payloads" | "savedAtMs">;

/**
 * Keeps one copy of the latest configuration on disk. Writes a temporary file and renames it, so
 * that the file is always complete: the previous copy or the new one.
 *
 * @see docs/spec/lifecycle.md §1.5
 */
export class CopyWriter {
  readonly #path: string;
  readonly #context: SourceContext;
  readonly #controller = new AbortController();
  /** Chains tasks, so that they run one at a time. */
  #tasks: Promise<void> = Promise.resolve();
  /** The payloads to write next. Newer payloads replace them. */
  #waiting: Saved | null = null;
  /** Whether the waiting payloads differ from the file, as far as this process knows. */
  #isChanged = false;
  #state: DiskState = "ok";
  #writtenAtMs = Number.NEGATIVE_INFINITY;
  /** `null` unless a write waits for the end of the pause. */
  #cancelTimer: (() => void) | null = null;

  constructor(path: string, context: SourceContext) {
    this.#path = path;
    this.#context = context;
  }

  get state(): DiskState {
    return this.#state;
  }

  /**
   * Creates the directory in the background and reports if it cannot be used. Removes temporary
   * files of previous processes.
   */
  prepare(): void {
    this.#tasks = this.#tasks.then(() => this.#prepare()).catch((cause) => this.#fail(cause));
  }

  /** Writes a copy in the background, at most once in 5 s, and reports errors. */
  write(saved: Saved): void {
    this.#isChanged = true;
    this.keep(saved);
  }

  /** Like {@link write}, but only if the last write failed or the file was removed. */
  keep(saved: Saved): void {
    const isScheduled = this.#waiting !== null;
    this.#waiting = saved;
    if (isScheduled) return;
    const { clock } = this.#context;
    const pauseMs = this.#writtenAtMs + PAUSE_MS - clock.monotonicMs();
    if (pauseMs <= 0) this.#writeNow();
    else {
      const write = (): void => this.#writeNow();
      this.#cancelTimer = clock.setTimer(write, pauseMs, { holdsProcess: false });
    }
  }

  /**
   * Resolves when all writes have ended and no temporary file is left.
   *
   * @param pending - settles when nothing more will be written.
   * @param signal - cancels writes that have not ended.
   */
  async end(pending: Promise<unknown>, signal: AbortSignalLike): Promise<void> {
    const cancel = (): void => this.#controller.abort();
    signal.addEventListener("abort", cancel);
    if (signal.aborted) cancel();
    await pending;
    if (this.#cancelTimer !== null) this.#writeNow();
    await this.#tasks;
    signal.removeEventListener("abort", cancel);
  }

  #writeNow(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#tasks = this.#tasks.then(() => this.#writeWaiting());
  }

  async #writeWaiting(): Promise<void> {
    const saved = this.#waiting;
    const isChanged = this.#isChanged;
    this.#waiting = null;
    this.#isChanged = false;
    if (saved === null || this.#controller.signal.aborted) return;
    if (!isChanged && this.#state === "ok" && (await this.#isPresent())) return;
    const id = Buffer.from(crypto.getRandomValues(new Uint8Array(6))).toString("hex");
    const temporary = `${this.#path}.${process.pid}.${id}${TEMPORARY}`;
    this.#writtenAtMs = this.#context.clock.monotonicMs();
    try {
      await createFolder(dirname(this.#path), FOLDER_MODE);
      await this.#writeTo(temporary, saved);
      this.#controller.signal.throwIfAborted();
      await renameInUse(() => rename(temporary, this.#path), this.#context.clock);
      this.#state = "ok";
      // This only lets the rename survive a power failure, and some file systems do not support it.
      await syncFolder(dirname(this.#path)).catch(() => {});
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => {});
      this.#writtenAtMs = Number.NEGATIVE_INFINITY;
      if (!this.#controller.signal.aborted) this.#fail(cause);
    }
  }

  async #writeTo(temporary: string, saved: Saved): Promise<void> {
    const { dialect, digest } = this.#context;
    const chunks = await encodeCopy({ dialect: dialect.name, ...saved }, digest);
    const { signal } = this.#controller;
    const handle = await open(temporary, "wx", 0o600);
    try {
      for (const chunk of chunks) await handle.writeFile(chunk, { signal });
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Another error than a missing file is left to the next write. */
  async #isPresent(): Promise<boolean> {
    return await stat(this.#path).then(
      () => true,
      (cause) => systemCodeOf(cause) !== "ENOENT",
    );
  }

  #fail(cause: unknown): void {
    // Each outage is reported once.
    if (this.#state === "failing") return;
    this.#state = "failing";
    this.#context.diagnostics.warn("disk cache not written", {
      code: "SORTITION_DISK_CACHE",
      systemCode: systemCodeOf(cause),
      reason: diskProblem(cause, "write"),
    });
  }

  async #prepare(): Promise<void> {
    const folder = dirname(this.#path);
    await createFolder(folder, FOLDER_MODE);
    await access(folder, constants.W_OK);
    const ownNames = `${basename(this.#path)}.`;
    for (const name of await readdir(folder).catch(() => [])) {
      if (!name.startsWith(ownNames) || !name.endsWith(TEMPORARY)) continue;
      // Another process may have removed or renamed the file in the meantime.
      await this.#removeLeftover(join(folder, name)).catch(() => {});
    }
  }

  async #removeLeftover(path: string): Promise<void> {
    const ageMs = this.#context.clock.now() - (await stat(path)).mtimeMs;
    if (ageMs > LEFTOVER_AGE_MS) await rm(path, { force: true });
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
