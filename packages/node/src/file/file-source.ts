import { resolve } from "node:path";
import {
  booleanOption,
  type ConfigurationSource,
  integerOptions,
  markRelease,
  OptionError,
  rejectUnknownOptions,
} from "@sortition/core/internal";
import { sharedRun } from "../source/shared-run.js";
import { RELEASE } from "../version.js";
import { FileFollower } from "./file-follower.js";

/** Paths of the configuration files, one per part. */
export interface ConfigurationFiles {
  readonly flags: string;
  readonly bandits?: string | undefined;
}

/** How a {@link fileSource} detects changes. */
export interface FileSourceOptions {
  /** Whether to watch the file system. Default: true. */
  readonly watch?: boolean | undefined;
  /** Time without file events before the files are read, 0 to 86,400,000 ms. Default: 100. */
  readonly debounceMs?: number | undefined;
  /** Time between two checks, because events can get lost: 100 to 86,400,000 ms. Default: 5,000. */
  readonly checkIntervalMs?: number | undefined;
}

const DAY_MS = 86_400_000;
const RULES = { debounceMs: [0, DAY_MS, 100], checkIntervalMs: [100, DAY_MS, 5_000] } as const;

/**
 * Creates a source that reads a configuration from disk and follows its changes: atomic renames,
 * swapped links (as Kubernetes does for a ConfigMap), and files that are written in place, which
 * are served once they are complete. Clients that are given the same source share one watch.
 *
 * @param files - the flags file, or one file for each part.
 * @throws OptionError if an option is unknown or invalid.
 */
export function fileSource(
  files: string | ConfigurationFiles,
  options: FileSourceOptions = {},
): ConfigurationSource {
  rejectUnknownOptions(options, ["watch", "debounceMs", "checkIntervalMs"]);
  const paths = pathsOf(files);
  const isWatched = booleanOption("watch", options.watch, true);
  const { checkIntervalMs, debounceMs } = integerOptions(options, RULES);
  const source: ConfigurationSource = {
    kind: "file",
    intervalMs: checkIntervalMs,
    dialect: null,
    ...sharedRun(
      (ports) => new FileFollower({ paths, isWatched, debounceMs, checkIntervalMs, ports }),
    ),
  };
  return markRelease(source, RELEASE);
}

function pathsOf(files: string | ConfigurationFiles): ReadonlyMap<string, string> {
  const byPart: unknown = typeof files === "string" ? { flags: files } : files;
  if (typeof byPart !== "object" || byPart === null || "path" in byPart) {
    throw new OptionError("files", 'expected paths: write fileSource("flags.json")');
  }
  rejectUnknownOptions(byPart, ["flags", "bandits"], "files");
  const paths = new Map<string, string>();
  for (const [part, path] of Object.entries(byPart)) {
    if (path === undefined) continue;
    if (typeof path !== "string" || path === "") {
      throw new OptionError(`files.${part}`, "expected a path");
    }
    // Resolved now, because the working directory may change later.
    paths.set(part, resolve(path));
  }
  if (!paths.has("flags")) throw new OptionError("files.flags", "expected a path");
  return paths;
}
