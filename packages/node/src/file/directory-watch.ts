import type { FSWatcher } from "node:fs";
import { dirname } from "node:path";
import type { Clock, Diagnostics } from "@sortition/core/internal";
import { systemCodeOf } from "../http/system-code.js";

export interface DirectoryWatchOptions {
  /** Time without events before the callback runs, in ms. */
  readonly debounceMs: number;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
}

/**
 * Watches the directories of some files, and calls back once after a burst of events.
 *
 * It watches directories and reacts to any name in them. A rename replaces the inode that a watch
 * of the file would be attached to, and a swap of links (as for a ConfigMap) reports the link's
 * directory, not the file.
 *
 * @returns a function that ends the watch.
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
  /**
   * The system has no watches left (ENOSPC, EMFILE), or the directory is missing. Checks at
   * intervals continue.
   */
  const report = (cause: unknown): void => {
    const facts = { code: "SORTITION_FILE", systemCode: systemCodeOf(cause) };
    diagnostics.warn("file source cannot watch", facts);
  };
  const watchers: FSWatcher[] = [];
  // Not imported, because `node:fs` loads streams, which costs every program more than a
  // millisecond.
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
