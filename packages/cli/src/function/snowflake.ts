import type { FunctionFile, FunctionSource } from "./source.js";
import { ARGUMENTS, type ArgumentType, type FunctionName, sqlText } from "./statement.js";

const TYPES: Readonly<Record<ArgumentType, string>> = {
  text: "VARCHAR",
  object: "VARIANT",
  number: "DOUBLE",
};

/**
 * Two statements for Snowflake, with the library inside. Snowflake evaluates a body for each row, so the engine is
 * prepared once and kept in a global.
 *
 * @param prefix - of the names of the functions, with database and schema if given; checked.
 */
export function snowflakeFiles(source: FunctionSource, prefix: string): readonly FunctionFile[] {
  return [
    { name: "assign.sql", text: statement(source, "assign", prefix) },
    { name: "replay.sql", text: statement(source, "replay", prefix) },
  ];
}

function statement(source: FunctionSource, name: FunctionName, prefix: string): string {
  const { about, configuration, global, library } = source;
  // A body sees its arguments in capitals.
  const names = ARGUMENTS[name].map(([argument]) => argument.toUpperCase());
  return `${about.map((line) => `-- ${line}\n`).join("")}CREATE OR REPLACE FUNCTION ${prefix}_${name}(
  ${ARGUMENTS[name].map(([argument, type]) => `${argument} ${TYPES[type]}`).join(",\n  ")}
)
RETURNS VARIANT
LANGUAGE JAVASCRIPT
IMMUTABLE
COMMENT = ${sqlText(about.join("; "))}
AS $$
if (typeof ${global} === "undefined") {
${library}
${global} = SortitionLibrary.prepare(${configuration});
}
return ${global}.${name}(${names.join(", ")});
$$;
`;
}
