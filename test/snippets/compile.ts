import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { pathsOfEntries, workspaceFolders } from "../../scripts/pages.mjs";
import { root } from "../markdown.js";
import type { Snippet } from "./snippet.js";

/** Returns the virtual file from which imports are resolved. */
const fileOf = ({ home, place }: Snippet): string =>
  join(root, home, `${place.replaceAll(/\W+/g, "-")}.mts`);

/** Returns the declarations of each entry of each package, by specifier (`@sortition/core/dialect`). */
function declarationsByEntry(): Record<string, string[]> {
  const entries = workspaceFolders().flatMap((folder) => {
    const { name, exports = {} } = JSON.parse(
      readFileSync(join(root, folder, "package.json"), "utf8"),
    );
    return pathsOfEntries(exports)
      .filter((path) => exports[path].import !== undefined)
      .map((path) => ({
        entry: name + path.slice(1),
        file: join(root, folder, exports[path].import.types),
      }));
  });
  return Object.fromEntries(entries.map(({ entry, file }) => [entry, [file]]));
}

/** Compiles all snippets in one program, with strict settings. */
export function compile(snippets: readonly Snippet[]): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
    paths: declarationsByEntry(),
  };
  const texts = new Map(snippets.map((snippet) => [fileOf(snippet), snippet.text]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.getCurrentDirectory = () => root;
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  return ts.createProgram([...texts.keys()], options, host);
}

export function errorsOf(program: ts.Program, snippet: Snippet): readonly string[] {
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(fileOf(snippet)))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
