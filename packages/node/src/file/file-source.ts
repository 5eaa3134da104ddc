import { resolve } from "node:path";
import {
  boolean,
  type ConfigurationSource,
  explainedOn,
  integer,
  markRelease,
  OptionError,
  type Readers,
  readOptions,
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

const READERS = () =>
  ({
    watch: boolean(true),
    debounceMs: integer(0, DAY_MS, 100),
    checkIntervalMs: integer(100, DAY_MS, 5_000),
  }) satisfies Readers<FileSourceOptions>;

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
  const {
    checkIntervalMs,
    debounceMs,
    watch: isWatched,
  } = readOptions(READERS(), options, undefined, explainedOn("/reference/client.md"));
  const paths = pathsOf(files);
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
  if (typeof files === "string" && /^https?:/.test(files)) {
    const problem = "is an address: write pollingSource(httpOrigin({ apiKey, baseUrl }))";
    throw new OptionError("files", problem);
  }
  if (typeof files === "string" && /^\s*[[{]/.test(files)) {
    const form = "initialConfiguration: Configuration.from({ flagsConfiguration })";
    throw new OptionError("files", `is JSON, not a path: for content, pass ${form}`);
  }
  const isOther = byPart instanceof URL || Array.isArray(byPart);
  if (typeof byPart !== "object" || byPart === null || "path" in byPart || isOther) {
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
