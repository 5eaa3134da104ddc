import { dirname, isAbsolute, posix, relative, sep } from "node:path";
import type { Frame } from "./frame.js";

const isWindows = sep === "\\";

/** Sets the module of each frame, and makes paths relative to the working directory. */
export function nameFrames(frames: readonly Frame[]): void {
  const base = unixPath(process.argv[1] ? dirname(process.argv[1]) : process.cwd());
  for (const frame of frames) {
    if (frame.filename === undefined) continue;
    frame.module = moduleOf(unixPath(frame.filename), base);
    if (!isAbsolute(frame.filename)) continue;
    frame.filename = relative(process.cwd(), frame.filename).replaceAll(sep, "/");
  }
}

function unixPath(path: string): string {
  return isWindows ? path.replace(/^[A-Z]:/, "").replaceAll("\\", "/") : path;
}

/** Returns `package.folder:file` for a file in a package, or `folder:file` for a file of the program. */
function moduleOf(path: string, base: string): string {
  const { dir, base: file, ext } = posix.parse(path);
  const name = decoded(/^\.[mc]?js$/.test(ext) ? file.slice(0, -ext.length) : file);
  const packages = dir.lastIndexOf("/node_modules");
  if (packages >= 0) {
    return `${dir.slice(packages + "/node_modules/".length).replaceAll("/", ".")}:${name}`;
  }
  if (!dir.startsWith(base)) return name;
  const folder = dir.slice(base.length + 1).replaceAll("/", ".");
  return folder === "" ? name : `${folder}:${name}`;
}

/** Decodes a part of a URL. A malformed one stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
