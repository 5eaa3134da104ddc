import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import type { LoggerHarness } from "./harness.js";

/** Fault 20 of docs/spec/loggers.md §5, types: the built declarations fit those of the real library. */
export function itHasTypes(harness: LoggerHarness): void {
  it.each(["mts", "cts"])(
    "loggers §5 fault 20: type-checks in a .%s with strict settings",
    (extension) => {
      const file = join(harness.cwd, `usage.${extension}`);
      const options: ts.CompilerOptions = {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: true,
        noEmit: true,
        types: ["node"],
      };
      const host = ts.createCompilerHost(options);
      const { readFile, fileExists } = host;
      host.getCurrentDirectory = () => harness.cwd;
      host.fileExists = (name) => name === file || fileExists(name);
      host.readFile = (name) => (name === file ? harness.usage : readFile(name));
      const program = ts.createProgram([file], options, host);
      const problems = ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
      expect(problems).toEqual([]);
    },
  );
}
