import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import type { LoggerHarness } from "./harness.js";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  // Omits the DOM library, which is half of all declarations.
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
  types: ["node"],
};

/**
 * Fault 20 of docs/spec/loggers.md §5: the package's types are compatible with those of the real
 * library. `npm run pack:smoke` checks them in the packed package.
 */
export function itHasTypes(harness: LoggerHarness): void {
  it.sequential("loggers §5 fault 20: type-checks strictly, as an ES module and as CommonJS", () => {
    const files = ["mts", "cts"].map((extension) => join(harness.cwd, `usage.${extension}`));
    const host = ts.createCompilerHost(OPTIONS);
    const { readFile, fileExists } = host;
    host.getCurrentDirectory = () => harness.cwd;
    host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
    host.fileExists = (name) => files.includes(name) || fileExists(name);
    host.readFile = (name) => (files.includes(name) ? harness.usage : readFile(name));
    const program = ts.createProgram(files, OPTIONS, host);
    const problems = files
      .flatMap((name) => ts.getPreEmitDiagnostics(program, program.getSourceFile(name)))
      .map(({ file, messageText }) => [
        file?.fileName,
        ts.flattenDiagnosticMessageText(messageText, "\n"),
      ]);
    expect(problems).toEqual([]);
  });
}
