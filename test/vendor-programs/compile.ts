import { dirname, join } from "node:path";
import ts from "typescript";
import { movedText, VENDOR_PROGRAMS } from "./programs.ts";

const packages = join(import.meta.dirname, "../../packages");

const OPTIONS: ts.CompilerOptions = {
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ["node"],
};

/** Virtual files of the moved programs, next to the original ones. */
export const MOVED: ReadonlyMap<string, string> = new Map(
  VENDOR_PROGRAMS.map((program) => [
    join(dirname(program.path), `${program.name}-moved.ts`),
    movedText(program),
  ]),
);

/** Compiles programs, and returns the errors. */
export function errorsIn(
  roots: readonly string[],
  { isStrict }: { readonly isStrict: boolean },
): readonly string[] {
  const options = { ...OPTIONS, strict: isStrict };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  const withMoved: ts.CompilerHost = {
    ...host,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    fileExists: (path) => MOVED.has(path) || fileExists(path),
    readFile: (path) => MOVED.get(path) ?? readFile(path),
    getSourceFile: (path, target) => {
      const text = MOVED.get(path) ?? readFile(path);
      return text === undefined ? undefined : ts.createSourceFile(path, text, target);
    },
  };
  const program = ts.createProgram(roots, options, withMoved);
  const errors = roots.flatMap((path) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  });
  return errors.map(({ file, messageText, start = 0 }) => {
    const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
    const message = ts.flattenDiagnosticMessageText(messageText, " ");
    return `${file?.fileName.slice(packages.length)}:${line} ${message}`;
  });
}
