import { describe, expect, it } from "vitest";
import { compile, errorsOf } from "../snippets/compile.ts";
import { snippets } from "../snippets/snippet.ts";

describe("TypeScript in the documentation", () => {
  it("compiles with the packed declarations", () => {
    const program = compile(snippets);
    const files = program.getSourceFiles().map(({ fileName }) => fileName);
    expect(files.filter((file) => /packages\/[^/]+\/src\//.test(file))).toEqual([]);
    expect(files.filter((file) => /packages\/[^/]+\/dist\//.test(file)).length).toBeGreaterThan(20);
    const errors = snippets.flatMap((snippet) =>
      errorsOf(program, snippet).map((message) => `${snippet.place}: ${message}`),
    );
    expect(errors).toEqual([]);
  });
});
