import type { FunctionFile, FunctionSource } from "./source.js";
import { ARGUMENTS, type ArgumentType, type FunctionName, sqlText } from "./statement.js";

const TYPES: Readonly<Record<ArgumentType, string>> = {
  text: "VARCHAR",
  object: "VARIANT",
  number: "DOUBLE",
};

/**
 * Returns two statements for Snowflake that contain the library. Snowflake evaluates the body for each row, so the
 * engine is prepared once and kept in a global.
 *
 * @param prefix - the validated prefix of the function names, optionally with database and schema.
 */
export function snowflakeFiles(source: FunctionSource, prefix: string): readonly FunctionFile[] {
  return [
    { name: "assign.sql", text: statement(source, "assign", prefix) },
    { name: "replay.sql", text: statement(source, "replay", prefix) },
  ];
}

function statement(source: FunctionSource, name: FunctionName, prefix: string): string {
  const { about, configuration, global, library } = source;
  // Snowflake passes arguments under upper-case names.
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
