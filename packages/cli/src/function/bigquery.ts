import type { FunctionFile, FunctionSource } from "./source.js";
import { ARGUMENTS, type ArgumentType, type FunctionName, sqlText } from "./statement.js";

const TYPES: Readonly<Record<ArgumentType, string>> = {
  text: "STRING",
  object: "JSON",
  // BigQuery's JavaScript functions do not support INT64.
  number: "FLOAT64",
};

/**
 * Returns the files for BigQuery: a library for Cloud Storage, and two statements that refer to it.
 *
 * @param prefix - the validated prefix of the function names, including the dataset.
 * @param libraryUri - the validated URI of the library in Cloud Storage.
 */
export function bigqueryFiles(
  source: FunctionSource,
  prefix: string,
  libraryUri: string,
): readonly FunctionFile[] {
  const { about, configuration, global, library } = source;
  const script = [
    ...about.map((line) => `// ${line}`),
    library,
    `var ${global} = SortitionLibrary.prepare(${configuration});`,
  ];
  return [
    { name: "library.js", text: `${script.join("\n")}\n` },
    { name: "assign.sql", text: statement(source, "assign", prefix, libraryUri) },
    { name: "replay.sql", text: statement(source, "replay", prefix, libraryUri) },
  ];
}

function statement(
  { about, global }: FunctionSource,
  name: FunctionName,
  prefix: string,
  libraryUri: string,
): string {
  const names = ARGUMENTS[name].map(([argument]) => argument);
  return `${about.map((line) => `-- ${line}\n`).join("")}CREATE OR REPLACE FUNCTION \`${prefix}_${name}\`(
  ${ARGUMENTS[name].map(([argument, type]) => `${argument} ${TYPES[type]}`).join(",\n  ")}
)
RETURNS JSON
DETERMINISTIC
LANGUAGE js
OPTIONS (
  library = ['${libraryUri}'],
  description = ${sqlText(about.join("; "))}
)
AS r"""
return ${global}.${name}(${names.join(", ")});
""";
`;
}
