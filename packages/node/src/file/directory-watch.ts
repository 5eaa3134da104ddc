import type { FSWatcher } from "node:fs";
import { dirname } from "node:path";
import type { Clock, Diagnostics } from "@sortition/core";
import { systemCodeOf } from "../source/system-code.js";

/** What a {@link watchDirectories} needs. */
export interface DirectoryWatchOptions {
  /** How long the file system must be quiet before it is told, ms. */
  readonly debounceMs: number;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
}

/**
 * Listens to the directories of some files, and calls back when they have been quiet for a moment.
 *
 * Directories, and any name in them: a rename replaces the inode that a watch of the file would hang
 * on, and a swap of links (a ConfigMap's) names the link's directory, never the file.
 *
 * @returns ends it.
 */
export function watchDirectories(
  paths: readonly string[],
  { debounceMs, clock, diagnostics }: DirectoryWatchOptions,
  onChange: () => void,
): () => void {
  let cancelDebounce = (): void => {};
  const noteChange = (): void => {
    cancelDebounce();
    cancelDebounce = clock.setTimer(onChange, debounceMs, { holdsProcess: false });
  };
  /** The system has no watch left (ENOSPC, EMFILE), or the directory is missing: the interval has to do. */
  const report = (cause: unknown): void => {
    const facts = { code: "SORTITION_FILE", systemCode: systemCodeOf(cause) };
    diagnostics.warn("file source cannot watch", facts);
  };
  const watchers: FSWatcher[] = [];
  // Not imported: that would load all kinds of streams, which costs each program more than a millisecond.
  const { watch } = process.getBuiltinModule("node:fs");
  for (const directory of new Set(paths.map((path) => dirname(path)))) {
    try {
      const watcher = watch(directory, { persistent: false }, noteChange);
      watchers.push(watcher);
      watcher.on("error", (cause) => {
        watcher.close();
        report(cause);
      });
    } catch (cause) {
      report(cause);
    }
  }
  return () => {
    cancelDebounce();
    for (const watcher of watchers) watcher.close();
  };
}
