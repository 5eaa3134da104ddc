import { join } from "node:path";
import {
  type ConfigurationSource,
  markRelease,
  messageOf,
  OptionError,
} from "@sortition/core/internal";
import { closedOutcome } from "../source/refresh.js";
import { untilAborted } from "../source/until-aborted.js";
import { RELEASE } from "../version.js";
import type { DiskCachedRun } from "./disk-cached-run.js";
import { checkDiskCache, type DiskCacheOptions } from "./options.js";

const SCOPE_LENGTH = 16;

/** A subscription with or without a disk copy. */
type Run = Pick<DiskCachedRun, "begun" | "end" | "hasEnded">;

/**
 * Creates a source for one client. It first offers the copy of an earlier process, then delegates
 * to the inner source and keeps a copy of its configurations for the next process.
 *
 * @throws OptionError if an option is unknown or invalid, or if there is no origin to keep a copy
 * of.
 * @see docs/spec/lifecycle.md §1.5 and §2
 */
export function diskCachedSource(
  inner: ConfigurationSource | undefined,
  options: DiskCacheOptions,
): ConfigurationSource {
  checkDiskCache(options);
  const scope = inner?.scope;
  if (inner === undefined || scope === undefined) {
    throw new OptionError("diskCache", "there is no server whose configuration could be stored");
  }
  /** The run of the last subscription that has begun. `null` before that. */
  let run: DiskCachedRun | null = null;
  /**
   * `null` if nothing was subscribed. Resolves to `null` if the subscription ended before its run
   * began.
   */
  let starting: Promise<Run | null> | null = null;
  const source: ConfigurationSource = {
    kind: inner.kind,
    intervalMs: inner.intervalMs,
    requestTimeoutMs: inner.requestTimeoutMs,
    dialect: inner.dialect,
    scope,

    get disk() {
      return run?.writer.state ?? "ok";
    },

    get stream() {
      return inner.stream;
    },

    get lateHint() {
      return inner.lateHint;
    },

    subscribe(sink, context) {
      const name = encodeURIComponent(context.dialect.name);
      const file = `sortition-${name}-${scope.slice(0, SCOPE_LENGTH)}.cache`;
      const path = join(options.directory, file);
      const parts = { inner, path, maxAgeMs: options.maxAgeMs, sink, context };
      let hasEnded = false;
      let begun: Run | null = null;
      // Loaded on demand, because few programs keep a copy.
      const begin = async (): Promise<Run | null> => {
        const { DiskCachedRun } = await import("./disk-cached-run.js");
        if (hasEnded) return null;
        run = new DiskCachedRun(parts);
        return run;
      };
      /** If the code cannot be loaded, the client still gets flags, only without a copy. */
      const beginWithout = (cause: unknown): Run | null => {
        if (hasEnded) return null;
        const facts = { code: "SORTITION_DISK_CACHE", reason: messageOf(cause) };
        context.diagnostics.warn("disk cache ignored", facts);
        const { end } = inner.subscribe(sink, context);
        return {
          begun: Promise.resolve(),
          end,
          get hasEnded() {
            return hasEnded;
          },
        };
      };
      const beginning = begin()
        .catch(beginWithout)
        .then((it) => (begun = it));
      starting = beginning;
      return {
        async end(how) {
          hasEnded = true;
          await (begun ?? (await beginning))?.end(how);
        },
      };
    },

    async refresh({ signal }) {
      if (starting === null) return closedOutcome();
      // Waits for the inner source, which may not be subscribed yet.
      const refreshing = starting.then(async (current) => {
        await current?.begun;
        return current === null || current.hasEnded ? closedOutcome() : inner.refresh({ signal });
      });
      return untilAborted(refreshing, signal, closedOutcome);
    },
  };
  return markRelease(source, RELEASE);
}
