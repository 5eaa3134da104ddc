/** A stack frame in the form in which it is sent. */
export interface Frame {
  filename?: string | undefined;
  module?: string | undefined;
  function: string;
  lineno?: number | undefined;
  colno?: number | undefined;
  in_app: boolean;
  platform: "node:javascript";
  /** Id of the bundled chunk, with which the server finds its source map. */
  chunk_id?: string | undefined;
  pre_context?: readonly string[];
  context_line?: string;
  post_context?: readonly string[];
  code_variables?: Readonly<Record<string, number | string>>;
}

/** Rules that determine which frames belong to the application. */
export interface InAppRules {
  /** Folder with the application's files. If `null`, every file outside of packages and the platform belongs to it. */
  readonly projectRoot: string | null;
  /** Names of packages, or prefixes of paths, that also belong to it. They take precedence over `projectRoot`. */
  readonly inAppModules: readonly string[];
}

/** Returns whether a file belongs to the application. */
export function isInApp(filename: string, isNative: boolean, rules: InAppRules): boolean {
  const { projectRoot, inAppModules } = rules;
  if (inAppModules.some((it) => filename.startsWith(it) || isOfPackage(filename, it))) return true;
  if (isNative || !isFile(filename) || filename.includes("node_modules/")) return false;
  return projectRoot === null || isWithin(filename, projectRoot);
}

/** Returns whether a name is an absolute path, a relative path with a leading dot, or a URL, but not `node:fs`. */
function isFile(filename: string): boolean {
  return filename === "" || /^(?:\/|[A-Z]:|\.|[a-zA-Z][a-zA-Z0-9.\-+]*:\/\/)/.test(filename);
}

function isOfPackage(filename: string, name: string): boolean {
  return filename.includes(`node_modules/${name}/`);
}

function isWithin(filename: string, folder: string): boolean {
  return `${filename}/`.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
