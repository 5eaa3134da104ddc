/** One frame of a stack, as it is sent. */
export interface Frame {
  filename?: string | undefined;
  module?: string | undefined;
  function: string;
  lineno?: number | undefined;
  colno?: number | undefined;
  in_app: boolean;
  platform: "node:javascript";
  /** Of the bundle that the file is, for the server to find its source map. */
  chunk_id?: string | undefined;
  pre_context?: readonly string[];
  context_line?: string;
  post_context?: readonly string[];
  code_variables?: Readonly<Record<string, number | string>>;
}

/** Which frames are the application's own code. */
export interface InAppRules {
  /** Folder of the application's files; `null`: every file outside of packages and of the platform is one. */
  readonly projectRoot: string | null;
  /** Names of packages, or prefixes of paths, that count as well. They win over `projectRoot`. */
  readonly inAppModules: readonly string[];
}

/** Whether a file is part of the application. */
export function isInApp(filename: string, isNative: boolean, rules: InAppRules): boolean {
  const { projectRoot, inAppModules } = rules;
  if (inAppModules.some((it) => filename.startsWith(it) || isOfPackage(filename, it))) return true;
  if (isNative || !isFile(filename) || filename.includes("node_modules/")) return false;
  return projectRoot === null || isWithin(filename, projectRoot);
}

/** Matches absolute paths, relative paths that begin with a dot, and URLs, but not `node:fs`. */
function isFile(filename: string): boolean {
  return filename === "" || /^(?:\/|[A-Z]:|\.|[a-zA-Z][a-zA-Z0-9.\-+]*:\/\/)/.test(filename);
}

function isOfPackage(filename: string, name: string): boolean {
  return filename.includes(`node_modules/${name}/`);
}

function isWithin(filename: string, folder: string): boolean {
  return `${filename}/`.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
