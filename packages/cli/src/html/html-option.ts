import { writeFile } from "node:fs/promises";
import { FileError } from "../errors.js";
import { writeProblem } from "../evaluate/payload-file.js";
import type { CommandOption } from "../help/command-help.js";

export const HTML_OPTION: CommandOption = {
  name: "html",
  value: "FILE",
  help: ["also write a self-contained HTML page"],
};

/** @throws FileError */
export async function writePage(path: string, html: string): Promise<void> {
  try {
    await writeFile(path, html);
  } catch (error) {
    throw new FileError(`--html ${path}: ${writeProblem(error)}`);
  }
}
