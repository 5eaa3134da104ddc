import { readFile, rename, writeFile } from "node:fs/promises";
import { FileError } from "../errors.js";
import { systemProblem, writeProblem } from "../evaluate/payload-file.js";

/**
 * Reads a file as text.
 *
 * @returns `null` if the file does not exist.
 * @throws FileError if it cannot be read.
 */
export async function readIfThere(name: string, path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new FileError(`${name}: ${systemProblem(error)}`);
  }
}

/**
 * Replaces a file atomically.
 *
 * @throws FileError
 */
export async function replaceFile(name: string, path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, path);
  } catch (error) {
    throw new FileError(`${name}: ${writeProblem(error)}`);
  }
}
