import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Snippet {
  /** For example `packages/node/README.md:12`. */
  readonly place: string;
  /** A file that does not exist, beside the README, so that imports are found from there. */
  readonly file: string;
  readonly text: string;
}

const packageFolders = ["packages", "apps"].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
);

/** The blocks fenced as `ts`; whoever reads them will paste them, so they must compile as they stand. */
function snippetsOf(folder: string): readonly Snippet[] {
  const readme = join(root, folder, "README.md");
  if (!existsSync(readme)) return [];
  const markdown = readFileSync(readme, "utf8");
  return [...markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => {
    const line = markdown.slice(0, match.index).split("\n").length;
    return {
      place: join(folder, `README.md:${line}`),
      file: join(root, folder, `README.${line}.mts`),
      text: match[1]!,
    };
  });
}

/** `@sortition/core/dialect` → its built declarations, for each entry of each package. */
function declarationsByEntry(): Record<string, string[]> {
  const entries = packageFolders.flatMap((folder) => {
    const { name, exports = {} } = JSON.parse(
      readFileSync(join(root, folder, "package.json"), "utf8"),
    );
    return Object.entries<{ import?: { types: string } }>(exports).flatMap(([path, target]) =>
      target.import === undefined
        ? []
        : [{ entry: name + path.slice(1), file: join(root, folder, target.import.types) }],
    );
  });
  return Object.fromEntries(entries.map(({ entry, file }) => [entry, [file]]));
}

/** Compiles all snippets in one program, as a user with strict settings would. */
function compile(snippets: readonly Snippet[]): ts.Program {
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
  const texts = new Map(snippets.map(({ file, text }) => [file, text]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.getCurrentDirectory = () => root;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  return ts.createProgram([...texts.keys()], options, host);
}

function errorsOf(program: ts.Program, snippet: Snippet): readonly string[] {
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(snippet.file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("TypeScript in the READMEs", () => {
  const snippets = [".", ...packageFolders].flatMap(snippetsOf);
  const program = compile(snippets);

  it.each(snippets)("$place compiles", (snippet) => {
    expect(errorsOf(program, snippet)).toEqual([]);
  });

  it("would not pass with a mistake in it", () => {
    const wrong = {
      place: "",
      file: join(root, "README.0.mts"),
      text: 'import { no } from "@sortition/core";\nconst x: number = "one";\n',
    };
    expect(errorsOf(compile([wrong]), wrong)).toHaveLength(2);
  });
});
