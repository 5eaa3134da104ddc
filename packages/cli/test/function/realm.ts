import { createContext, Script } from "node:vm";
import type { FunctionName } from "../../src/function/statement.js";

/** Removes language features that were added since 2019 and that warehouses may lack, and APIs of platforms. */
const REMOVED = `
  delete globalThis.console;
  delete globalThis.WebAssembly;
  delete globalThis.Intl;
  for (const name of ["BigInt", "WeakRef", "FinalizationRegistry", "AggregateError", "Iterator"]) {
    delete globalThis[name];
  }
  delete Object.hasOwn;
  delete Object.groupBy;
  for (const { prototype } of [Array, String, Uint8Array]) {
    for (const name of ["at", "findLast", "findLastIndex", "toSorted", "toSpliced", "with", "replaceAll", "matchAll"]) {
      delete prototype[name];
    }
  }
  Date.now = () => { throw new Error("there is no clock"); };
  globalThis.parsedLengths = [];
  const parse = JSON.parse;
  JSON.parse = (text, ...more) => {
    parsedLengths.push(text.length);
    return parse(text, ...more);
  };
  delete globalThis.globalThis;
`;

/** Calls the generated functions for each row, like a warehouse. */
export interface Warehouse {
  /** @param rows - the arguments of each row, in order. */
  call(name: FunctionName, rows: readonly (readonly unknown[])[]): readonly unknown[];
  /** Like {@link call}, but compiles the body for each row. */
  callAnew(name: FunctionName, rows: readonly (readonly unknown[])[]): readonly unknown[];
  /** Returns the lengths of all strings that were parsed as JSON in the realm. */
  parsedLengths(): readonly number[];
}

/** Returns the body between `opening` and `closing`, each of which occurs once. */
export function bodyOf(statement: string, opening: string, closing: string): string {
  const parts = statement.split(opening);
  const [body, ...rest] = (parts[1] ?? "").split(closing);
  const ends = opening === closing ? parts.length === 3 : parts.length === 2 && rest.length === 1;
  if (!ends || body === undefined) throw new Error("there is not exactly one body");
  return body;
}

export function bigquery(files: ReadonlyMap<string, string>): Warehouse {
  const context = bareRealm();
  new Script(files.get("library.js") ?? "").runInContext(context);
  return warehouse(context, files, (statement) => bodyOf(statement, 'r"""\n', '""";'), false);
}

export function snowflake(files: ReadonlyMap<string, string>): Warehouse {
  return warehouse(bareRealm(), files, (statement) => bodyOf(statement, "$$", "$$"), true);
}

function bareRealm(): object {
  const context = createContext(Object.create(null));
  new Script(REMOVED).runInContext(context);
  return context;
}

function warehouse(
  context: object,
  files: ReadonlyMap<string, string>,
  cut: (statement: string) => string,
  isCapital: boolean,
): Warehouse {
  // Rows and results are passed as JSON, so that the functions only get objects of their own realm.
  const once = new Script(
    "(names, body, rows) => { const it = new Function(...names, body); return JSON.stringify(JSON.parse(rows).map((row) => it(...row))); }",
  ).runInContext(context);
  const anew = new Script(
    "(names, body, rows) => JSON.stringify(JSON.parse(rows).map((row) => new Function(...names, body)(...row)))",
  ).runInContext(context);
  const caller =
    (run: typeof once): Warehouse["call"] =>
    (name, rows) => {
      const statement = files.get(`${name}.sql`) ?? "";
      const [, list = ""] = /\(\n([\s\S]*?)\n\)/.exec(statement) ?? [];
      const names = list.split(",").map((it) => it.trim().split(" ")[0] ?? "");
      const seen = isCapital ? names.map((it) => it.toUpperCase()) : names;
      return JSON.parse(run(seen, cut(statement), JSON.stringify(rows)));
    };
  return {
    call: caller(once),
    callAnew: caller(anew),
    parsedLengths: () => new Script("parsedLengths").runInContext(context),
  };
}
