// Writes tables of options from interfaces and their TSDoc comments.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./pages.mjs";

/** First line of each table. */
export const OPTIONS_HEAD = "| option | default | meaning |";

/**
 * Returns a row for each option of an interface, except inherited ones.
 *
 * @param {string} file - relative to the root.
 * @param {string} name - name of the interface.
 * @param {string} prefix - what precedes the names of its options, such as `timings.`.
 */
export function optionRows(file, name, prefix = "") {
  const text = readFileSync(join(root, file), "utf8");
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = statements.find((it) => ts.isInterfaceDeclaration(it) && it.name.text === name);
  if (found === undefined) throw new Error(`${file} has no interface ${name}`);
  return found.members.filter(ts.isPropertySignature).map((member) => {
    const option = `${prefix}${member.name.getText()}`;
    const comment = member.jsDoc?.map((it) => ts.getTextOfJSDocComment(it.comment)).join(" ");
    if (!comment) throw new Error(`${file}: ${option} has no comment`);
    return [`\`${option}\``, ...cellsOf(comment)];
  });
}

/** First line of the table of several loggers' options. */
export const LOGGER_OPTIONS_HEAD = "| option | loggers | default | meaning |";

/**
 * Returns a row for each option, with the loggers that have it.
 *
 * @param {readonly (readonly [string, string, string])[]} interfaces - loggers, file and name of each interface.
 */
export function loggerOptionRows(interfaces) {
  const rows = new Map();
  for (const [loggers, file, name] of interfaces) {
    for (const [option, ...cells] of optionRows(file, name)) {
      const key = [option, ...cells].join("\n");
      const known = rows.get(key)?.[1];
      rows.set(key, [option, known === undefined ? loggers : `${known}, ${loggers}`, ...cells]);
    }
  }
  return [...rows.values()];
}

/** Returns the default value and the meaning of an option. */
function cellsOf(comment) {
  const line = comment
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\{@link (\w+)\}/g, "`$1`")
    .replaceAll(/(?<=\d) (?=\d{3}\b)/g, ",")
    .replaceAll("|", "\\|");
  const [sentence = "", value = ""] = /(?<=^| )Default: (.*?)\.(?= |$)/.exec(line) ?? [];
  return [value, line.replace(sentence, "").trim().replaceAll("  ", " ")];
}
