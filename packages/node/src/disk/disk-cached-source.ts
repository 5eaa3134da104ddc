import { join } from "node:path";
import {
  type ConfigurationSource,
  markRelease,
  messageOf,
  OptionError,
} from "@sortition/core/internal";
import { abandonable, closedOutcome } from "../source/refresh.js";
import { RELEASE } from "../version.js";
import type { DiskCachedRun } from "./disk-cached-run.js";
import { checkDiskCache, type DiskCacheOptions } from "./options.js";

const SCOPE_LENGTH = 16;

/** A subscription, with a copy on disk or without. */
type Run = Pick<DiskCachedRun, "begun" | "end" | "hasEnded">;

/**
 * A source for one client that first offers the copy of an earlier process, then delegates to the inner
 * source and keeps a copy of its configurations for the next process.
 *
 * @throws OptionError for an unknown option or a bad value, and if there is no origin to keep a copy of.
 * @see docs/spec/lifecycle.md §1.5 and §2
 */
export function diskCachedSource(
  inner: ConfigurationSource | undefined,
  options: DiskCacheOptions,
): ConfigurationSource {
  checkDiskCache(options);
  const scope = inner?.scope;
  if (inner === undefined || scope === undefined) {
    throw new OptionError("diskCache", "there is no server whose configuration could be kept");
  }
  /** Of the last subscription that has begun; `null` before. */
  let run: DiskCachedRun | null = null;
  /** `null`: nothing was subscribed. The run is `null` if the subscription ended before there was one. */
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
      // Few programs keep a copy, so this is not loaded with the package.
      const begin = async (): Promise<Run | null> => {
        const { DiskCachedRun } = await import("./disk-cached-run.js");
        if (hasEnded) return null;
        run = new DiskCachedRun(parts);
        return run;
      };
      /** Without its code there is no copy, but there are flags. */
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
      // The inner source may not be subscribed yet: wait for it.
      const refreshing = starting.then(async (current) => {
        await current?.begun;
        return current === null || current.hasEnded ? closedOutcome() : inner.refresh({ signal });
      });
      return abandonable(refreshing, signal);
    },
  };
  return markRelease(source, RELEASE);
}
