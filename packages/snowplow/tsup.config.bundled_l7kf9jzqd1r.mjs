// ../../config/build/library.ts
import { readFileSync as readFileSync2, rmSync, writeFileSync } from "node:fs";
import { resolve as resolve2 } from "node:path";
import { minify } from "terser";
import { defineConfig } from "tsup";

// ../../config/lua-text.ts
function luaText(source) {
  const lines = source.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("--")).join("\n");
}

// ../../config/build/finish.ts
import ts from "typescript";

function finish(code) {
  const file = ts.createSourceFile("bundle.js", code, ts.ScriptTarget.ESNext, true);
  const assigned = assignedNames(file);
  const exported = plainExports(file, assigned);
  const edits = [
    ...constants(file, assigned),
    ...classNames(file, assigned),
    ...(exported?.edits ?? []),
  ];
  return `${applied(edits, code)}${exported?.text ?? ""}`;
}
function* constants(file, assigned) {
  for (const statement of topVariables(file)) {
    const { declarationList } = statement;
    const isConstant = declarationList.declarations.every(({ initializer, name }) => {
      const names = [...namesIn(name)];
      return (
        initializer !== void 0 &&
        names.every((it) => !assigned.has(it)) && // An `enum` reads its own name before it has a value.
        !readsAtOnce(initializer, new Set(names))
      );
    });
    const start = declarationList.getStart();
    if (isConstant) yield { start, end: start + "var".length, text: "const" };
  }
}
function* classNames(file, assigned) {
  for (const { declarationList } of topVariables(file)) {
    for (const { initializer, name: variable } of declarationList.declarations) {
      if (!ts.isIdentifier(variable) || initializer === void 0) continue;
      if (!ts.isClassExpression(initializer) || assigned.has(variable.text)) continue;
      const name = variable.text;
      const alias = initializer.name;
      const inner = bindingsBelow(initializer);
      if (inner.has(name)) continue;
      if (alias === void 0) {
        const end = initializer.getStart() + "class".length;
        yield { start: end, end, text: ` ${name}` };
      } else if (alias.text.replace(/\d*$/, "") === `_${name}` && !inner.has(alias.text)) {
        yield { start: alias.getStart(), end: alias.end, text: name };
        for (const reference of referencesBelow(initializer, alias.text)) {
          const isShort = ts.isShorthandPropertyAssignment(reference.parent);
          const text = isShort ? `${alias.text}: ${name}` : name;
          yield { start: reference.getStart(), end: reference.end, text };
        }
      }
    }
  }
}
function plainExports(file, assigned) {
  const printed = file.statements.map((statement) => statement.getText());
  const at = printed.findIndex((text) => /^module\.exports = __toCommonJS\(\w+\);$/.test(text));
  const [target, call, assignment] = file.statements.slice(Math.max(0, at - 2), at + 1);
  if (at < 2 || !target || !call || !assignment) return null;
  const getters = exportedGetters(call);
  if (getters === null || !/^var \w+ = \{\};$/.test(target.getText())) return null;
  const properties = [];
  for (const getter of getters) {
    if (!ts.isPropertyAssignment(getter) || !ts.isArrowFunction(getter.initializer)) return null;
    const { body } = getter.initializer;
    if (ts.isIdentifier(body) && assigned.has(body.text)) return null;
    properties.push(`  ${getter.name.getText()}: ${body.getText()}`);
  }
  return {
    edits: [target, call, assignment].map((statement) => ({
      start: statement.getStart(),
      end: statement.end,
      text: statement.getText().replace(/.+/g, ""),
    })),
    text: `
module.exports = {
${properties.join(",\n")}
};
`,
  };
}
function exportedGetters(statement) {
  if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) {
    return null;
  }
  const { arguments: passed, expression: callee } = statement.expression;
  const getters = passed[1];
  if (callee.getText() !== "__export" || getters === void 0) return null;
  return ts.isObjectLiteralExpression(getters) ? getters.properties : null;
}
function topVariables({ statements }) {
  return statements
    .filter((it) => ts.isVariableStatement(it))
    .filter(({ declarationList: { flags } }) => (flags & ts.NodeFlags.BlockScoped) === 0);
}
function assignedNames(file) {
  const assigned = /* @__PURE__ */ new Set();
  const declared = /* @__PURE__ */ new Set();
  for (const node of nodesBelow(file)) {
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
      for (const name of targetsIn(node.left)) assigned.add(name);
    } else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      const { operator } = node;
      const isStep =
        operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
      if (isStep) for (const name of targetsIn(node.operand)) assigned.add(name);
    } else if (ts.isForInStatement(node) || ts.isForOfStatement(node)) {
      const { initializer } = node;
      const names = ts.isVariableDeclarationList(initializer)
        ? initializer.declarations.flatMap(({ name }) => [...namesIn(name)])
        : targetsIn(initializer);
      for (const name of names) assigned.add(name);
    } else {
      for (const name of declaredInModule(node)) {
        if (declared.has(name)) assigned.add(name);
        declared.add(name);
      }
    }
  }
  return assigned;
}
function isAssignment(operator) {
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
}
function declaredInModule(node) {
  if (ts.isVariableDeclaration(node)) return isInModuleScope(node) ? namesIn(node.name) : [];
  if (!ts.isFunctionDeclaration(node) || node.name === void 0) return [];
  return ts.isSourceFile(node.parent) ? [node.name.text] : [];
}
function isInModuleScope(declaration) {
  for (let node = declaration.parent; node !== void 0; node = node.parent) {
    if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) return false;
  }
  return true;
}
function* targetsIn(target) {
  if (ts.isIdentifier(target)) yield target.text;
  else if (ts.isParenthesizedExpression(target)) yield* targetsIn(target.expression);
  else if (ts.isSpreadElement(target) || ts.isSpreadAssignment(target)) {
    yield* targetsIn(target.expression);
  } else if (ts.isBinaryExpression(target)) yield* targetsIn(target.left);
  else if (ts.isArrayLiteralExpression(target)) {
    for (const element of target.elements) yield* targetsIn(element);
  } else if (ts.isObjectLiteralExpression(target)) {
    for (const property of target.properties) yield* targetsIn(property);
  } else if (ts.isPropertyAssignment(target)) yield* targetsIn(target.initializer);
  else if (ts.isShorthandPropertyAssignment(target)) yield target.name.text;
}
function* namesIn(name) {
  if (ts.isIdentifier(name)) yield name.text;
  else for (const it of name.elements) if (ts.isBindingElement(it)) yield* namesIn(it.name);
}
function bindingsBelow(owner) {
  const bound = /* @__PURE__ */ new Set();
  for (const node of nodesBelow(owner)) {
    if (ts.isVariableDeclaration(node) || ts.isParameter(node)) {
      for (const name of namesIn(node.name)) bound.add(name);
    } else if (
      (ts.isFunctionLike(node) || ts.isClassLike(node)) &&
      node.name !== void 0 &&
      ts.isIdentifier(node.name) &&
      !ts.isMethodDeclaration(node) &&
      !ts.isAccessor(node)
    ) {
      bound.add(node.name.text);
    }
  }
  return bound;
}
function* referencesBelow(owner, name) {
  for (const node of nodesBelow(owner)) {
    if (node !== owner.name && ts.isIdentifier(node) && node.text === name && isReference(node)) {
      yield node;
    }
  }
}
function isReference(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isMetaProperty(parent)) {
    return parent.name !== node;
  }
  if (ts.isBindingElement(parent)) return parent.propertyName !== node;
  if (ts.isPropertyAssignment(parent) || ts.isClassElement(parent) || ts.isAccessor(parent)) {
    return parent.name !== node;
  }
  if (ts.isMethodDeclaration(parent)) return parent.name !== node;
  return !(
    ts.isLabeledStatement(parent) ||
    ts.isBreakStatement(parent) ||
    ts.isContinueStatement(parent)
  );
}
function readsAtOnce(expression, names) {
  if (ts.isIdentifier(expression)) return names.has(expression.text) && isReference(expression);
  if (ts.isFunctionLike(expression)) return false;
  return ts.forEachChild(expression, (child) => readsAtOnce(child, names) || void 0) ?? false;
}
function nodesBelow(node) {
  const found = [];
  const visit = (child) => {
    found.push(child);
    ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return found;
}
function applied(edits, code) {
  const parts = [];
  let done = 0;
  for (const { end, start, text } of [...edits].sort(byPlace)) {
    if (start < done) continue;
    parts.push(code.slice(done, start), text);
    done = end;
  }
  return `${parts.join("")}${code.slice(done)}`;
}
function byPlace(a, b) {
  return a.start - b.start || b.end - a.end;
}

// ../../config/build/inner-files.ts
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

var root = resolve("src");
var FROM = /^(?:import|export) \{([^}]*)\} from "(\.[^"]+)\.js"/gm;
function readGraph() {
  const graph = /* @__PURE__ */ new Map();
  for (const file of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
    const imports = [...readFileSync(join(root, file), "utf8").matchAll(FROM)].map(
      ([, list = "", from = ""]) => ({
        module: join(file, "..", from),
        names: list
          .split(",")
          .map((name) => name.trim().replace(/ as .*/, ""))
          .filter((name) => name !== "" && !name.startsWith("type ")),
      }),
    );
    graph.set(
      file.replace(/\.ts$/, ""),
      imports.filter(({ names }) => names.length > 0),
    );
  }
  return graph;
}
function ownersOf(graph, entries, innerFileOf) {
  const reachedBy = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    const reached = /* @__PURE__ */ new Set([entry]);
    for (const module of reached)
      for (const imported of graph.get(module) ?? []) reached.add(imported.module);
    for (const module of reached) reachedBy.set(module, [...(reachedBy.get(module) ?? []), entry]);
  }
  return new Map(
    [...reachedBy].map(([module, [only = "", ...others]]) => [
      module,
      entries.includes(module) ? module : others.length === 0 ? only : innerFileOf(module),
    ]),
  );
}
function checkOrder(graph, owners, entries) {
  const inner = new Set([...owners.values()].filter((file) => !entries.includes(file)));
  for (const start of inner) {
    const reached = /* @__PURE__ */ new Set();
    const follow = (file) => {
      for (const imported of filesImportedBy(file, graph, owners)) {
        if (reached.has(imported) || !inner.has(imported)) continue;
        reached.add(imported);
        follow(imported);
      }
    };
    follow(start);
    if (reached.has(start)) throw new Error(`The inner file "${start}" imports itself by another`);
  }
}
function filesImportedBy(file, graph, owners) {
  const imported = /* @__PURE__ */ new Set();
  for (const [importer, owner] of owners)
    for (const { module } of owner === file ? (graph.get(importer) ?? []) : []) {
      const other = owners.get(module);
      if (other !== void 0 && other !== file) imported.add(other);
    }
  return imported;
}
function namesTaken(by, from, graph, owners) {
  const taken = /* @__PURE__ */ new Map();
  for (const [importer, owner] of owners)
    for (const { module, names } of graph.get(importer) ?? [])
      if (owner !== from && (by ?? owner) === owner && owners.get(module) === from)
        taken.set(module, /* @__PURE__ */ new Set([...(taken.get(module) ?? []), ...names]));
  return taken;
}
function innerEntry(taken) {
  return {
    name: "inner-entry",
    setup(build) {
      const contents = reexports(taken);
      build.onLoad({ filter: /^/, namespace: "inner" }, () => ({ contents, resolveDir: root }));
      build.onResolve({ filter: /^/ }, ({ kind, path }) =>
        kind === "entry-point" ? { path, namespace: "inner" } : void 0,
      );
    },
  };
}
function otherFiles(file, graph, owners) {
  return {
    name: "other-files",
    setup(build) {
      const extension = build.initialOptions.format === "cjs" ? "cjs" : "js";
      build.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir, namespace }) => {
        if (kind === "entry-point" || !join(resolveDir, "/").startsWith(join(root, "/"))) {
          return void 0;
        }
        if (namespace === "other") return { path, external: true, sideEffects: false };
        const owner = owners.get(
          join(resolveDir, path)
            .slice(root.length + 1)
            .replace(/\.js$/, ""),
        );
        if (owner === void 0 && path.endsWith(".js"))
          return {
            errors: [{ text: `${path}: not imported as \`import { \u2026 } from "\u2026.js"\`` }],
          };
        if (owner === void 0 || owner === file) return void 0;
        return { path: owner, namespace: "other", sideEffects: false };
      });
      build.onLoad({ filter: /^/, namespace: "other" }, ({ path }) => {
        const names = [...namesTaken(file, path, graph, owners).values()].flatMap((of) => [...of]);
        const contents = `export { ${[...new Set(names)].join(", ")} } from "./${path}.${extension}";`;
        return { contents, resolveDir: root };
      });
    },
  };
}
function reexports(taken) {
  return [...taken]
    .map(
      ([module, names]) => `export { ${[...names].join(", ")} } from "./${module}.js";
`,
    )
    .join("");
}

// ../../config/build/library.ts
var isFull = process.env["SORTITION_BUILD"] !== "scripts";
var base = {
  format: ["esm", "cjs"],
  target: "node20",
  splitting: false,
  removeNodeProtocol: false,
  skipNodeModulesBundle: true,
  sourcemap: true,
  outExtension: ({ format }) => ({ js: format === "esm" ? ".js" : ".cjs" }),
  plugins: [finished(isFull)],
  esbuildOptions(options, { format }) {
    if (format === "cjs") {
      options.supported = { ...options.supported, "dynamic-import": false };
      options.define = { ...options.define, "import.meta.url": "undefined" };
    }
    options.sourcesContent = format === "esm";
  },
};
function finished(isSmall) {
  return {
    name: "finished",
    async renderChunk(bundled, { map: before, path }) {
      const code = finish(bundled);
      if (!isSmall) return { code };
      const { code: small = "", map } = await minify(
        { [path]: code },
        {
          module: path.endsWith(".js"),
          toplevel: true,
          // A caller into which terser inlines a function may become too large for V8 to inline.
          compress: { inline: 1, reduce_funcs: false },
          keep_classnames: true,
          format: { semicolons: false, preserve_annotations: true, max_line_len: 2e3 },
          // Without the map before, tsup would name this machine's path as a source.
          sourceMap: { content: typeof before === "string" ? before : JSON.stringify(before) },
        },
      );
      return { code: small, map };
    },
  };
}
function library({
  entries = ["index"],
  innerFileOf = () => "shared",
  isReadable = false,
  augmentations = {},
  bundled = [],
} = {}) {
  rmSync("dist", { recursive: true, force: true });
  const graph = readGraph();
  const owners = ownersOf(graph, entries, innerFileOf);
  checkOrder(graph, owners, entries);
  const files = new Set(owners.values());
  return defineConfig([
    ...(isFull ? [declarations(entries, bundled)] : []),
    ...[...files].map((file) => ({
      ...base,
      sourcemap: !isReadable,
      plugins: [finished(isFull && !isReadable)],
      noExternal: bundled.map((folder) => `@sortition/${folder}`),
      entry: { [file]: `src/${entries.includes(file) ? file : entries[0]}.ts` },
      esbuildPlugins: [
        ...(entries.includes(file) ? [] : [innerEntry(namesTaken(null, file, graph, owners))]),
        otherFiles(file, graph, owners),
        sourcesOf(bundled),
        luaScripts(),
        withoutComments(),
        failOnWarning(),
      ],
      async onSuccess() {
        if (!entries.includes(file)) return;
        const declared = `export * from "${isFull ? `./${file}.cjs` : `../src/${file}.js`}";
`;
        writeFileSync(`dist/${file}.d.ts`, declared + (isFull ? (augmentations[file] ?? "") : ""));
        if (!isFull) writeFileSync(`dist/${file}.d.cts`, declared);
      },
    })),
  ]);
}
function declarations(entries, bundled) {
  return {
    entry: entries.map((entry) => `src/${entry}.ts`),
    format: ["cjs"],
    dts: {
      only: true,
      compilerOptions: {
        noCheck: true,
        stripInternal: true,
        // tsup sets `baseUrl`, which TypeScript 6 refuses without this.
        ignoreDeprecations: "6.0",
        // The declarations of a file that is reached by a path are copied; those of a package are not.
        paths: Object.fromEntries(
          bundled.flatMap((folder) => [
            [`@sortition/${folder}`, [`../${folder}/src/index.ts`]],
            [`@sortition/${folder}/*`, [`../${folder}/src/*.ts`]],
          ]),
        ),
      },
    },
  };
}
function sourcesOf(folders) {
  return {
    name: "sources",
    setup(build) {
      build.onResolve({ filter: /^@sortition\// }, ({ path }) => {
        const [, folder = "", entry = "index"] = path.split("/");
        if (!folders.includes(folder)) return void 0;
        return { path: resolve2("..", folder, "src", `${entry}.ts`), sideEffects: false };
      });
    },
  };
}
function luaScripts() {
  return {
    name: "lua-scripts",
    setup(build) {
      build.onLoad({ filter: /\.lua$/ }, ({ path }) => ({
        contents: `export default String.raw\`${luaText(readFileSync2(path, "utf8"))}\`;`,
        loader: "js",
      }));
    },
  };
}
function withoutComments() {
  const comments = /^[ \t]*(?:\/\*\*[\s\S]*?\*\/|\/\/.*)$/gm;
  return {
    name: "without-comments",
    setup(build) {
      build.onLoad({ filter: /\.ts$/, namespace: "file" }, ({ path }) => ({
        contents: readFileSync2(path, "utf8").replace(comments, (it) => it.replace(/[^\n]+/g, "")),
        loader: "ts",
      }));
    },
  };
}
function failOnWarning() {
  return {
    name: "fail-on-warning",
    setup(build) {
      build.onEnd(({ warnings }) => ({ errors: warnings }));
    },
  };
}

// tsup.config.ts
var tsup_config_default = library();

export { tsup_config_default as default };
//# sourceMappingURL=data:application/json;base64,ewogICJ2ZXJzaW9uIjogMywKICAic291cmNlcyI6IFsiLi4vLi4vY29uZmlnL2J1aWxkL2xpYnJhcnkudHMiLCAiLi4vLi4vY29uZmlnL2x1YS10ZXh0LnRzIiwgIi4uLy4uL2NvbmZpZy9idWlsZC9maW5pc2gudHMiLCAiLi4vLi4vY29uZmlnL2J1aWxkL2lubmVyLWZpbGVzLnRzIiwgInRzdXAuY29uZmlnLnRzIl0sCiAgInNvdXJjZXNDb250ZW50IjogWyJjb25zdCBfX2luamVjdGVkX2ZpbGVuYW1lX18gPSBcIi93b3JrL3ctbmV4dC9jb25maWcvYnVpbGQvbGlicmFyeS50c1wiO2NvbnN0IF9faW5qZWN0ZWRfZGlybmFtZV9fID0gXCIvd29yay93LW5leHQvY29uZmlnL2J1aWxkXCI7Y29uc3QgX19pbmplY3RlZF9pbXBvcnRfbWV0YV91cmxfXyA9IFwiZmlsZTovLy93b3JrL3ctbmV4dC9jb25maWcvYnVpbGQvbGlicmFyeS50c1wiO2ltcG9ydCB7IHJlYWRGaWxlU3luYywgcm1TeW5jLCB3cml0ZUZpbGVTeW5jIH0gZnJvbSBcIm5vZGU6ZnNcIjtcbmltcG9ydCB7IHJlc29sdmUgfSBmcm9tIFwibm9kZTpwYXRoXCI7XG5pbXBvcnQgdHlwZSB7IFBsdWdpbiB9IGZyb20gXCJlc2J1aWxkXCI7XG5pbXBvcnQgeyBtaW5pZnkgfSBmcm9tIFwidGVyc2VyXCI7XG5pbXBvcnQgeyBkZWZpbmVDb25maWcsIHR5cGUgT3B0aW9ucyB9IGZyb20gXCJ0c3VwXCI7XG5pbXBvcnQgeyBsdWFUZXh0IH0gZnJvbSBcIi4uL2x1YS10ZXh0LnRzXCI7XG5pbXBvcnQgeyBmaW5pc2ggfSBmcm9tIFwiLi9maW5pc2gudHNcIjtcbmltcG9ydCB7XG4gIGNoZWNrT3JkZXIsXG4gIGlubmVyRW50cnksXG4gIG5hbWVzVGFrZW4sXG4gIG90aGVyRmlsZXMsXG4gIG93bmVyc09mLFxuICByZWFkR3JhcGgsXG59IGZyb20gXCIuL2lubmVyLWZpbGVzLnRzXCI7XG5cbi8qKlxuICogYFNPUlRJVElPTl9CVUlMRD1zY3JpcHRzYCBidWlsZHMgd2hhdCB0aGUgZGVtbywgdGhlIGV4YW1wbGVzIGFuZCB0aGUgdGVzdHMgcnVuOiB0aGUgc2FtZSBmaWxlcywgYnV0IHJlYWRhYmxlLCBhbmQgaW5cbiAqIHBsYWNlIG9mIHRoZSBkZWNsYXJhdGlvbnMgZmlsZXMgdGhhdCBsZWFkIHRvIHRoZSBzb3VyY2VzLlxuICovXG5jb25zdCBpc0Z1bGwgPSBwcm9jZXNzLmVudltcIlNPUlRJVElPTl9CVUlMRFwiXSAhPT0gXCJzY3JpcHRzXCI7XG5cbmNvbnN0IGJhc2U6IE9wdGlvbnMgPSB7XG4gIGZvcm1hdDogW1wiZXNtXCIsIFwiY2pzXCJdLFxuICB0YXJnZXQ6IFwibm9kZTIwXCIsXG4gIHNwbGl0dGluZzogZmFsc2UsXG4gIHJlbW92ZU5vZGVQcm90b2NvbDogZmFsc2UsXG4gIHNraXBOb2RlTW9kdWxlc0J1bmRsZTogdHJ1ZSxcbiAgc291cmNlbWFwOiB0cnVlLFxuICBvdXRFeHRlbnNpb246ICh7IGZvcm1hdCB9KSA9PiAoeyBqczogZm9ybWF0ID09PSBcImVzbVwiID8gXCIuanNcIiA6IFwiLmNqc1wiIH0pLFxuICBwbHVnaW5zOiBbZmluaXNoZWQoaXNGdWxsKV0sXG4gIGVzYnVpbGRPcHRpb25zKG9wdGlvbnMsIHsgZm9ybWF0IH0pIHtcbiAgICAvLyBKZXN0IHJ1bnMgQ29tbW9uSlMgaW4gYSBjb250ZXh0IHdpdGhvdXQgYGltcG9ydCgpYC5cbiAgICBpZiAoZm9ybWF0ID09PSBcImNqc1wiKSB7XG4gICAgICBvcHRpb25zLnN1cHBvcnRlZCA9IHsgLi4ub3B0aW9ucy5zdXBwb3J0ZWQsIFwiZHluYW1pYy1pbXBvcnRcIjogZmFsc2UgfTtcbiAgICAgIC8vIFRoZXJlIGlzIGBfX2ZpbGVuYW1lYCBpbnN0ZWFkLlxuICAgICAgb3B0aW9ucy5kZWZpbmUgPSB7IC4uLm9wdGlvbnMuZGVmaW5lLCBcImltcG9ydC5tZXRhLnVybFwiOiBcInVuZGVmaW5lZFwiIH07XG4gICAgfVxuICAgIC8vIFRoZSBjb250ZW50IG9mIHRoZSBzb3VyY2VzIGlzIHB1Ymxpc2hlZCBvbmNlOyBib3RoIG1hcHMgaGF2ZSBmaWxlLCBsaW5lIGFuZCBuYW1lLlxuICAgIG9wdGlvbnMuc291cmNlc0NvbnRlbnQgPSBmb3JtYXQgPT09IFwiZXNtXCI7XG4gIH0sXG59O1xuXG4vKiogdHN1cCdzIG93biBgbWluaWZ5OiBcInRlcnNlclwiYCBsb3NlcyBgXCJ1c2Ugc3RyaWN0XCJgIGFuZCBrZWVwcyB0aGUgc291cmNlIG1hcCBvZiB0aGUgY29kZSBiZWZvcmUuICovXG5mdW5jdGlvbiBmaW5pc2hlZChpc1NtYWxsOiBib29sZWFuKTogTm9uTnVsbGFibGU8T3B0aW9uc1tcInBsdWdpbnNcIl0+W251bWJlcl0ge1xuICByZXR1cm4ge1xuICAgIG5hbWU6IFwiZmluaXNoZWRcIixcbiAgICBhc3luYyByZW5kZXJDaHVuayhidW5kbGVkLCB7IG1hcDogYmVmb3JlLCBwYXRoIH0pIHtcbiAgICAgIGNvbnN0IGNvZGUgPSBmaW5pc2goYnVuZGxlZCk7XG4gICAgICBpZiAoIWlzU21hbGwpIHJldHVybiB7IGNvZGUgfTtcbiAgICAgIGNvbnN0IHsgY29kZTogc21hbGwgPSBcIlwiLCBtYXAgfSA9IGF3YWl0IG1pbmlmeShcbiAgICAgICAgeyBbcGF0aF06IGNvZGUgfSxcbiAgICAgICAge1xuICAgICAgICAgIG1vZHVsZTogcGF0aC5lbmRzV2l0aChcIi5qc1wiKSxcbiAgICAgICAgICB0b3BsZXZlbDogdHJ1ZSxcbiAgICAgICAgICAvLyBBIGNhbGxlciBpbnRvIHdoaWNoIHRlcnNlciBpbmxpbmVzIGEgZnVuY3Rpb24gbWF5IGJlY29tZSB0b28gbGFyZ2UgZm9yIFY4IHRvIGlubGluZS5cbiAgICAgICAgICBjb21wcmVzczogeyBpbmxpbmU6IDEsIHJlZHVjZV9mdW5jczogZmFsc2UgfSxcbiAgICAgICAgICBrZWVwX2NsYXNzbmFtZXM6IHRydWUsXG4gICAgICAgICAgZm9ybWF0OiB7IHNlbWljb2xvbnM6IGZhbHNlLCBwcmVzZXJ2ZV9hbm5vdGF0aW9uczogdHJ1ZSwgbWF4X2xpbmVfbGVuOiAyMDAwIH0sXG4gICAgICAgICAgLy8gV2l0aG91dCB0aGUgbWFwIGJlZm9yZSwgdHN1cCB3b3VsZCBuYW1lIHRoaXMgbWFjaGluZSdzIHBhdGggYXMgYSBzb3VyY2UuXG4gICAgICAgICAgc291cmNlTWFwOiB7IGNvbnRlbnQ6IHR5cGVvZiBiZWZvcmUgPT09IFwic3RyaW5nXCIgPyBiZWZvcmUgOiBKU09OLnN0cmluZ2lmeShiZWZvcmUpIH0sXG4gICAgICAgIH0sXG4gICAgICApO1xuICAgICAgcmV0dXJuIHsgY29kZTogc21hbGwsIG1hcDogbWFwIGFzIHN0cmluZyB9O1xuICAgIH0sXG4gIH07XG59XG5cbmludGVyZmFjZSBMaWJyYXJ5IHtcbiAgLyoqIE5hbWVzIG9mIGZpbGVzIGluIGBzcmNgIHRoYXQgdXNlcnMgaW1wb3J0LiAqL1xuICByZWFkb25seSBlbnRyaWVzPzogcmVhZG9ubHkgc3RyaW5nW107XG4gIC8qKiBUaGUgaW5uZXIgZmlsZSBvZiBhIG1vZHVsZSB0aGF0IHNldmVyYWwgZW50cmllcyByZWFjaCwgZ2l2ZW4gaXRzIHBhdGggaW4gYHNyY2AuICovXG4gIHJlYWRvbmx5IGlubmVyRmlsZU9mPzogKG1vZHVsZTogc3RyaW5nKSA9PiBzdHJpbmc7XG4gIC8qKlxuICAgKiBXaGV0aGVyIGl0cyBjb2RlIGlzIHB1Ymxpc2hlZCBhcyBpdCBpcyByZWFkLCB3aXRob3V0IHNvdXJjZSBtYXBzOiBmb3IgYSBwYWNrYWdlIHRoYXQgb25seSB0ZXN0cyBsb2FkLiBEZWZhdWx0OiBmYWxzZS5cbiAgICovXG4gIHJlYWRvbmx5IGlzUmVhZGFibGU/OiBib29sZWFuO1xuICAvKipcbiAgICogV2hhdCB0aGUgZGVjbGFyYXRpb25zIG9mIGFuIGVudHJ5J3MgRVMgbW9kdWxlIHNheSBiZXNpZGVzOiBhbiBhdWdtZW50YXRpb24gb2YgYSBtb2R1bGUgbWVyZ2VzIHdpdGggdGhlIGRlY2xhcmF0aW9ucyB0aGF0XG4gICAqIHRoZSBzYW1lIGtpbmQgb2YgaW1wb3J0IGZpbmRzLCBhbmQgYWxsIG90aGVycyBhcmUgd3JpdHRlbiBmb3IgQ29tbW9uSlMuXG4gICAqL1xuICByZWFkb25seSBhdWdtZW50YXRpb25zPzogUmVhZG9ubHk8UmVjb3JkPHN0cmluZywgc3RyaW5nPj47XG4gIC8qKiBGb2xkZXJzIG9mIHBhY2thZ2VzIHdob3NlIHNvdXJjZXMgYmVjb21lIHBhcnQgb2YgdGhpcyBvbmUuIEEgc2luZ2xlIG1vZHVsZSBvZiB0aGlzIHBhY2thZ2UgaW1wb3J0cyBlYWNoIG9mIHRoZWlycy4gKi9cbiAgcmVhZG9ubHkgYnVuZGxlZD86IHJlYWRvbmx5IHN0cmluZ1tdO1xufVxuXG4vKipcbiAqIEhvdyBhIHByb2dyYW0gaXMgYnVpbHQ6IEVTTSB0aGF0IE5vZGUgcnVucy4gSXQgaXMgbm90IGltcG9ydGVkLCBzbyBpdCBoYXMgbm8gZGVjbGFyYXRpb25zLlxuICpcbiAqIEBwYXJhbSBlbnRyaWVzIC0gbmFtZXMgb2YgZmlsZXMgaW4gYHNyY2A7IG1vZHVsZXMgb2Ygc2V2ZXJhbCBlbnRyaWVzIGFyZSBpbiBjaHVua3MuXG4gKiBAcGFyYW0gc291cmNlc0luTWFwcyAtIHdoZXRoZXIgc291cmNlIG1hcHMgaGF2ZSB0aGUgY29udGVudCBvZiB0aGUgc291cmNlcywgYmVzaWRlIGZpbGUsIGxpbmUgYW5kIG5hbWUuXG4gKi9cbmV4cG9ydCBmdW5jdGlvbiBwcm9ncmFtKFxuICBlbnRyaWVzOiByZWFkb25seSBzdHJpbmdbXSA9IFtcIm1haW5cIl0sXG4gIHsgc291cmNlc0luTWFwcyA9IHRydWUgfTogeyByZWFkb25seSBzb3VyY2VzSW5NYXBzPzogYm9vbGVhbiB9ID0ge30sXG4pOiBSZXR1cm5UeXBlPHR5cGVvZiBkZWZpbmVDb25maWc+IHtcbiAgcmV0dXJuIGRlZmluZUNvbmZpZyh7XG4gICAgLi4uYmFzZSxcbiAgICBlc2J1aWxkT3B0aW9ucyhvcHRpb25zKSB7XG4gICAgICBvcHRpb25zLnNvdXJjZXNDb250ZW50ID0gc291cmNlc0luTWFwcztcbiAgICB9LFxuICAgIGZvcm1hdDogW1wiZXNtXCJdLFxuICAgIGVudHJ5OiBPYmplY3QuZnJvbUVudHJpZXMoZW50cmllcy5tYXAoKGVudHJ5KSA9PiBbZW50cnksIGBzcmMvJHtlbnRyeX0udHNgXSkpLFxuICAgIHNwbGl0dGluZzogdHJ1ZSxcbiAgICAvLyBBIHBhY2thZ2Ugb2Ygc291cmNlcywgd2hpY2ggcHJvZ3JhbXMgdGhhdCBzdGFydCBzZXJ2ZXJzIGltcG9ydCB0b28uIFdoZW4gaXQgY2hhbmdlcyB0dXJibyBidWlsZHMgZXZlcnl0aGluZyBhZ2FpbixcbiAgICAvLyBiZWNhdXNlIHRoZSB3b3Jrc3BhY2UgaXRzZWxmIGRlcGVuZHMgb24gaXQuXG4gICAgbm9FeHRlcm5hbDogW1wiQHNvcnRpdGlvbi90ZXN0LWtpdFwiXSxcbiAgICBjbGVhbjogdHJ1ZSxcbiAgICBwbHVnaW5zOiBbXSxcbiAgICBlc2J1aWxkUGx1Z2luczogW2ZhaWxPbldhcm5pbmcoKV0sXG4gIH0pO1xufVxuXG4vKiogSG93IGEgcHVibGlzaGVkIHBhY2thZ2UgaXMgYnVpbHQuIE1vZHVsZXMgb2Ygc2V2ZXJhbCBlbnRyaWVzIGFyZSBpbiBvbmUgaW5uZXIgZmlsZSwgb3IgaW4gYSBmZXcuICovXG5leHBvcnQgZnVuY3Rpb24gbGlicmFyeSh7XG4gIGVudHJpZXMgPSBbXCJpbmRleFwiXSxcbiAgaW5uZXJGaWxlT2YgPSAoKSA9PiBcInNoYXJlZFwiLFxuICBpc1JlYWRhYmxlID0gZmFsc2UsXG4gIGF1Z21lbnRhdGlvbnMgPSB7fSxcbiAgYnVuZGxlZCA9IFtdLFxufTogTGlicmFyeSA9IHt9KTogUmV0dXJuVHlwZTx0eXBlb2YgZGVmaW5lQ29uZmlnPiB7XG4gIC8vIEZpbGVzIG9mIGFuIGVhcmxpZXIgYnVpbGQgd291bGQgYmUgcHVibGlzaGVkIHRvby5cbiAgcm1TeW5jKFwiZGlzdFwiLCB7IHJlY3Vyc2l2ZTogdHJ1ZSwgZm9yY2U6IHRydWUgfSk7XG4gIGNvbnN0IGdyYXBoID0gcmVhZEdyYXBoKCk7XG4gIGNvbnN0IG93bmVycyA9IG93bmVyc09mKGdyYXBoLCBlbnRyaWVzLCBpbm5lckZpbGVPZik7XG4gIGNoZWNrT3JkZXIoZ3JhcGgsIG93bmVycywgZW50cmllcyk7XG4gIGNvbnN0IGZpbGVzID0gbmV3IFNldChvd25lcnMudmFsdWVzKCkpO1xuICByZXR1cm4gZGVmaW5lQ29uZmlnKFtcbiAgICAuLi4oaXNGdWxsID8gW2RlY2xhcmF0aW9ucyhlbnRyaWVzLCBidW5kbGVkKV0gOiBbXSksXG4gICAgLi4uWy4uLmZpbGVzXS5tYXAoKGZpbGUpID0+ICh7XG4gICAgICAuLi5iYXNlLFxuICAgICAgc291cmNlbWFwOiAhaXNSZWFkYWJsZSxcbiAgICAgIHBsdWdpbnM6IFtmaW5pc2hlZChpc0Z1bGwgJiYgIWlzUmVhZGFibGUpXSxcbiAgICAgIG5vRXh0ZXJuYWw6IGJ1bmRsZWQubWFwKChmb2xkZXIpID0+IGBAc29ydGl0aW9uLyR7Zm9sZGVyfWApLFxuICAgICAgZW50cnk6IHsgW2ZpbGVdOiBgc3JjLyR7ZW50cmllcy5pbmNsdWRlcyhmaWxlKSA/IGZpbGUgOiBlbnRyaWVzWzBdfS50c2AgfSxcbiAgICAgIGVzYnVpbGRQbHVnaW5zOiBbXG4gICAgICAgIC4uLihlbnRyaWVzLmluY2x1ZGVzKGZpbGUpID8gW10gOiBbaW5uZXJFbnRyeShuYW1lc1Rha2VuKG51bGwsIGZpbGUsIGdyYXBoLCBvd25lcnMpKV0pLFxuICAgICAgICBvdGhlckZpbGVzKGZpbGUsIGdyYXBoLCBvd25lcnMpLFxuICAgICAgICBzb3VyY2VzT2YoYnVuZGxlZCksXG4gICAgICAgIGx1YVNjcmlwdHMoKSxcbiAgICAgICAgd2l0aG91dENvbW1lbnRzKCksXG4gICAgICAgIGZhaWxPbldhcm5pbmcoKSxcbiAgICAgIF0sXG4gICAgICBhc3luYyBvblN1Y2Nlc3MoKSB7XG4gICAgICAgIGlmICghZW50cmllcy5pbmNsdWRlcyhmaWxlKSkgcmV0dXJuO1xuICAgICAgICBjb25zdCBkZWNsYXJlZCA9IGBleHBvcnQgKiBmcm9tIFwiJHtpc0Z1bGwgPyBgLi8ke2ZpbGV9LmNqc2AgOiBgLi4vc3JjLyR7ZmlsZX0uanNgfVwiO1xcbmA7XG4gICAgICAgIHdyaXRlRmlsZVN5bmMoYGRpc3QvJHtmaWxlfS5kLnRzYCwgZGVjbGFyZWQgKyAoaXNGdWxsID8gKGF1Z21lbnRhdGlvbnNbZmlsZV0gPz8gXCJcIikgOiBcIlwiKSk7XG4gICAgICAgIGlmICghaXNGdWxsKSB3cml0ZUZpbGVTeW5jKGBkaXN0LyR7ZmlsZX0uZC5jdHNgLCBkZWNsYXJlZCk7XG4gICAgICB9LFxuICAgIH0pKSxcbiAgXSk7XG59XG5cbi8qKlxuICogRGVjbGFyYXRpb25zIGFyZSB3cml0dGVuIG9uY2UsIGZvciBDb21tb25KUy4gVGhvc2Ugb2YgdGhlIEVTIG1vZHVsZXMgcmUtZXhwb3J0IHRoZW0gKGBvblN1Y2Nlc3NgIG9mIHRoZSBlbnRyaWVzKS5cbiAqIFNvdXJjZXMgYXJlIHdyaXR0ZW4gZm9yIGBpc29sYXRlZERlY2xhcmF0aW9uc2A6IHRoZWlyIGRlY2xhcmF0aW9ucyBmb2xsb3cgZnJvbSBlYWNoIGZpbGUgYWxvbmUsIHNvIG5vdGhpbmcgaXMgY2hlY2tlZCBoZXJlXG4gKiAoYG5wbSBydW4gdHlwZWNoZWNrYCBkb2VzKSwgYW5kIG5vdGhpbmcgaXMgbmVlZGVkIGZyb20gdGhlIHBhY2thZ2VzIHRoYXQgYSBzb3VyY2UgaW1wb3J0cy5cbiAqL1xuZnVuY3Rpb24gZGVjbGFyYXRpb25zKGVudHJpZXM6IHJlYWRvbmx5IHN0cmluZ1tdLCBidW5kbGVkOiByZWFkb25seSBzdHJpbmdbXSk6IE9wdGlvbnMge1xuICByZXR1cm4ge1xuICAgIGVudHJ5OiBlbnRyaWVzLm1hcCgoZW50cnkpID0+IGBzcmMvJHtlbnRyeX0udHNgKSxcbiAgICBmb3JtYXQ6IFtcImNqc1wiXSxcbiAgICBkdHM6IHtcbiAgICAgIG9ubHk6IHRydWUsXG4gICAgICBjb21waWxlck9wdGlvbnM6IHtcbiAgICAgICAgbm9DaGVjazogdHJ1ZSxcbiAgICAgICAgc3RyaXBJbnRlcm5hbDogdHJ1ZSxcbiAgICAgICAgLy8gdHN1cCBzZXRzIGBiYXNlVXJsYCwgd2hpY2ggVHlwZVNjcmlwdCA2IHJlZnVzZXMgd2l0aG91dCB0aGlzLlxuICAgICAgICBpZ25vcmVEZXByZWNhdGlvbnM6IFwiNi4wXCIsXG4gICAgICAgIC8vIFRoZSBkZWNsYXJhdGlvbnMgb2YgYSBmaWxlIHRoYXQgaXMgcmVhY2hlZCBieSBhIHBhdGggYXJlIGNvcGllZDsgdGhvc2Ugb2YgYSBwYWNrYWdlIGFyZSBub3QuXG4gICAgICAgIHBhdGhzOiBPYmplY3QuZnJvbUVudHJpZXMoXG4gICAgICAgICAgYnVuZGxlZC5mbGF0TWFwKChmb2xkZXIpID0+IFtcbiAgICAgICAgICAgIFtgQHNvcnRpdGlvbi8ke2ZvbGRlcn1gLCBbYC4uLyR7Zm9sZGVyfS9zcmMvaW5kZXgudHNgXV0sXG4gICAgICAgICAgICBbYEBzb3J0aXRpb24vJHtmb2xkZXJ9LypgLCBbYC4uLyR7Zm9sZGVyfS9zcmMvKi50c2BdXSxcbiAgICAgICAgICBdKSxcbiAgICAgICAgKSxcbiAgICAgIH0sXG4gICAgfSxcbiAgfTtcbn1cblxuLyoqIEltcG9ydHMgb2YgYnVuZGxlZCBwYWNrYWdlcyBsZWFkIHRvIHRoZWlyIHNvdXJjZXM6IGEgYnVpbGQgd2FpdHMgZm9yIG5vIG90aGVyIG9uZS4gKi9cbmZ1bmN0aW9uIHNvdXJjZXNPZihmb2xkZXJzOiByZWFkb25seSBzdHJpbmdbXSk6IFBsdWdpbiB7XG4gIHJldHVybiB7XG4gICAgbmFtZTogXCJzb3VyY2VzXCIsXG4gICAgc2V0dXAoYnVpbGQpIHtcbiAgICAgIGJ1aWxkLm9uUmVzb2x2ZSh7IGZpbHRlcjogL15Ac29ydGl0aW9uXFwvLyB9LCAoeyBwYXRoIH0pID0+IHtcbiAgICAgICAgY29uc3QgWywgZm9sZGVyID0gXCJcIiwgZW50cnkgPSBcImluZGV4XCJdID0gcGF0aC5zcGxpdChcIi9cIik7XG4gICAgICAgIGlmICghZm9sZGVycy5pbmNsdWRlcyhmb2xkZXIpKSByZXR1cm4gdW5kZWZpbmVkO1xuICAgICAgICByZXR1cm4geyBwYXRoOiByZXNvbHZlKFwiLi5cIiwgZm9sZGVyLCBcInNyY1wiLCBgJHtlbnRyeX0udHNgKSwgc2lkZUVmZmVjdHM6IGZhbHNlIH07XG4gICAgICB9KTtcbiAgICB9LFxuICB9O1xufVxuXG4vKiogRW1iZWRzIEx1YSBzY3JpcHRzIGFzIHN0cmluZ3M6IG5vdGhpbmcgaXMgcmVhZCBmcm9tIGRpc2sgYXQgcnVuIHRpbWUuICovXG5mdW5jdGlvbiBsdWFTY3JpcHRzKCk6IFBsdWdpbiB7XG4gIHJldHVybiB7XG4gICAgbmFtZTogXCJsdWEtc2NyaXB0c1wiLFxuICAgIHNldHVwKGJ1aWxkKSB7XG4gICAgICAvLyBXaXRoIGl0cyBsaW5lIGJyZWFrcywgd2hpY2ggbWluaWZpZXJzIGtlZXAgaW4gYSB0YWdnZWQgdGVtcGxhdGUgYWxvbmU6IE5vZGUgcHJpbnRzIHRoZSB3aG9sZSBzb3VyY2VcbiAgICAgIC8vIGxpbmUgb2YgYW4gdW5jYXVnaHQgZXJyb3IuXG4gICAgICBidWlsZC5vbkxvYWQoeyBmaWx0ZXI6IC9cXC5sdWEkLyB9LCAoeyBwYXRoIH0pID0+ICh7XG4gICAgICAgIGNvbnRlbnRzOiBgZXhwb3J0IGRlZmF1bHQgU3RyaW5nLnJhd1xcYCR7bHVhVGV4dChyZWFkRmlsZVN5bmMocGF0aCwgXCJ1dGY4XCIpKX1cXGA7YCxcbiAgICAgICAgbG9hZGVyOiBcImpzXCIsXG4gICAgICB9KSk7XG4gICAgfSxcbiAgfTtcbn1cblxuLyoqIExlYXZlcyBsaW5lcyBlbXB0eSB0aGF0IGFyZSBjb21tZW50cyBhbG9uZSwgc28gdGhhdCB0aGUgc291cmNlcyBpbiBzb3VyY2UgbWFwcyBhcmUgc21hbGxlciwgd2l0aCB0aGUgc2FtZSBsaW5lIG51bWJlcnMuICovXG5mdW5jdGlvbiB3aXRob3V0Q29tbWVudHMoKTogUGx1Z2luIHtcbiAgY29uc3QgY29tbWVudHMgPSAvXlsgXFx0XSooPzpcXC9cXCpcXCpbXFxzXFxTXSo/XFwqXFwvfFxcL1xcLy4qKSQvZ207XG4gIHJldHVybiB7XG4gICAgbmFtZTogXCJ3aXRob3V0LWNvbW1lbnRzXCIsXG4gICAgc2V0dXAoYnVpbGQpIHtcbiAgICAgIGJ1aWxkLm9uTG9hZCh7IGZpbHRlcjogL1xcLnRzJC8sIG5hbWVzcGFjZTogXCJmaWxlXCIgfSwgKHsgcGF0aCB9KSA9PiAoe1xuICAgICAgICBjb250ZW50czogcmVhZEZpbGVTeW5jKHBhdGgsIFwidXRmOFwiKS5yZXBsYWNlKGNvbW1lbnRzLCAoaXQpID0+IGl0LnJlcGxhY2UoL1teXFxuXSsvZywgXCJcIikpLFxuICAgICAgICBsb2FkZXI6IFwidHNcIixcbiAgICAgIH0pKTtcbiAgICB9LFxuICB9O1xufVxuXG4vKiogTWFrZXMgZWFjaCB3YXJuaW5nIGFuIGVycm9yLiAqL1xuZnVuY3Rpb24gZmFpbE9uV2FybmluZygpOiBQbHVnaW4ge1xuICByZXR1cm4ge1xuICAgIG5hbWU6IFwiZmFpbC1vbi13YXJuaW5nXCIsXG4gICAgc2V0dXAoYnVpbGQpIHtcbiAgICAgIGJ1aWxkLm9uRW5kKCh7IHdhcm5pbmdzIH0pID0+ICh7IGVycm9yczogd2FybmluZ3MgfSkpO1xuICAgIH0sXG4gIH07XG59XG4iLCAiY29uc3QgX19pbmplY3RlZF9maWxlbmFtZV9fID0gXCIvd29yay93LW5leHQvY29uZmlnL2x1YS10ZXh0LnRzXCI7Y29uc3QgX19pbmplY3RlZF9kaXJuYW1lX18gPSBcIi93b3JrL3ctbmV4dC9jb25maWdcIjtjb25zdCBfX2luamVjdGVkX2ltcG9ydF9tZXRhX3VybF9fID0gXCJmaWxlOi8vL3dvcmsvdy1uZXh0L2NvbmZpZy9sdWEtdGV4dC50c1wiOy8qKlxuICogVGhlIHRleHQgb2YgYSBMdWEgc2NyaXB0IGFzIGl0IGlzIGVtYmVkZGVkOiB3aXRob3V0IGNvbW1lbnRzLCBpbmRlbnRhdGlvbiBhbmQgYmxhbmsgbGluZXMuIENvbW1lbnRzIG11c3RcbiAqIHN0YW5kIG9uIGxpbmVzIG9mIHRoZWlyIG93biwgc28gdGhhdCBhIHN0cmluZyB0aGF0IGNvbnRhaW5zIGAtLWAgc3RheXMgd2hhdCBpdCBpcy5cbiAqL1xuZXhwb3J0IGZ1bmN0aW9uIGx1YVRleHQoc291cmNlOiBzdHJpbmcpOiBzdHJpbmcge1xuICBjb25zdCBsaW5lcyA9IHNvdXJjZS5zcGxpdChcIlxcblwiKS5tYXAoKGxpbmUpID0+IGxpbmUudHJpbSgpKTtcbiAgcmV0dXJuIGxpbmVzLmZpbHRlcigobGluZSkgPT4gbGluZSAhPT0gXCJcIiAmJiAhbGluZS5zdGFydHNXaXRoKFwiLS1cIikpLmpvaW4oXCJcXG5cIik7XG59XG4iLCAiY29uc3QgX19pbmplY3RlZF9maWxlbmFtZV9fID0gXCIvd29yay93LW5leHQvY29uZmlnL2J1aWxkL2ZpbmlzaC50c1wiO2NvbnN0IF9faW5qZWN0ZWRfZGlybmFtZV9fID0gXCIvd29yay93LW5leHQvY29uZmlnL2J1aWxkXCI7Y29uc3QgX19pbmplY3RlZF9pbXBvcnRfbWV0YV91cmxfXyA9IFwiZmlsZTovLy93b3JrL3ctbmV4dC9jb25maWcvYnVpbGQvZmluaXNoLnRzXCI7aW1wb3J0IHRzIGZyb20gXCJ0eXBlc2NyaXB0XCI7XG5cbi8qKiBSZXBsYWNlcyBhIHJhbmdlIG9mIHRoZSBjb2RlLiAqL1xuaW50ZXJmYWNlIEVkaXQge1xuICByZWFkb25seSBzdGFydDogbnVtYmVyO1xuICByZWFkb25seSBlbmQ6IG51bWJlcjtcbiAgcmVhZG9ubHkgdGV4dDogc3RyaW5nO1xufVxuXG4vKipcbiAqIEdpdmVzIGEgYnVuZGxlIG9mIGVzYnVpbGQncyBiYWNrIHdoYXQgZXNidWlsZCB0b29rIGZyb20gdGhlIHNvdXJjZXM6IGNvbnN0YW50cywgbmFtZXMgb2YgY2xhc3NlcywgYW5kIGV4cG9ydHMgdGhhdCBhcmVcbiAqIHBsYWluIHByb3BlcnRpZXMuIFdoYXQgd291bGQgYmVoYXZlIGluIGFub3RoZXIgd2F5IHN0YXlzIGFzIGl0IGlzLiBObyBsaW5lIGlzIGFkZGVkIGJlZm9yZSB0aGUgbGFzdCBvciB0YWtlbiBhd2F5LCBzaW5jZSBhXG4gKiBzb3VyY2UgbWFwIGJlbG9uZ3MgdG8gdGhlIGJ1bmRsZS5cbiAqL1xuZXhwb3J0IGZ1bmN0aW9uIGZpbmlzaChjb2RlOiBzdHJpbmcpOiBzdHJpbmcge1xuICBjb25zdCBmaWxlID0gdHMuY3JlYXRlU291cmNlRmlsZShcImJ1bmRsZS5qc1wiLCBjb2RlLCB0cy5TY3JpcHRUYXJnZXQuRVNOZXh0LCB0cnVlKTtcbiAgY29uc3QgYXNzaWduZWQgPSBhc3NpZ25lZE5hbWVzKGZpbGUpO1xuICBjb25zdCBleHBvcnRlZCA9IHBsYWluRXhwb3J0cyhmaWxlLCBhc3NpZ25lZCk7XG4gIGNvbnN0IGVkaXRzID0gW1xuICAgIC4uLmNvbnN0YW50cyhmaWxlLCBhc3NpZ25lZCksXG4gICAgLi4uY2xhc3NOYW1lcyhmaWxlLCBhc3NpZ25lZCksXG4gICAgLi4uKGV4cG9ydGVkPy5lZGl0cyA/PyBbXSksXG4gIF07XG4gIHJldHVybiBgJHthcHBsaWVkKGVkaXRzLCBjb2RlKX0ke2V4cG9ydGVkPy50ZXh0ID8/IFwiXCJ9YDtcbn1cblxuLyoqXG4gKiBlc2J1aWxkIHR1cm5zIGBjb25zdGAgYXQgdGhlIHRvcCBvZiBhIG1vZHVsZSBpbnRvIGB2YXJgLiBWOCBjb21waWxlcyB0aGUgY29udGVudCBvZiBhIGNvbnN0YW50IGludG8gdGhlXG4gKiBjb2RlIHRoYXQgdXNlcyBpdCwgc28gdGhhdCBhbiBldmFsdWF0aW9uIHRha2VzIDcgJSBsZXNzIHRpbWUgKE5vZGUgMjApLlxuICovXG5mdW5jdGlvbiogY29uc3RhbnRzKGZpbGU6IHRzLlNvdXJjZUZpbGUsIGFzc2lnbmVkOiBSZWFkb25seVNldDxzdHJpbmc+KTogSXRlcmFibGU8RWRpdD4ge1xuICBmb3IgKGNvbnN0IHN0YXRlbWVudCBvZiB0b3BWYXJpYWJsZXMoZmlsZSkpIHtcbiAgICBjb25zdCB7IGRlY2xhcmF0aW9uTGlzdCB9ID0gc3RhdGVtZW50O1xuICAgIGNvbnN0IGlzQ29uc3RhbnQgPSBkZWNsYXJhdGlvbkxpc3QuZGVjbGFyYXRpb25zLmV2ZXJ5KCh7IGluaXRpYWxpemVyLCBuYW1lIH0pID0+IHtcbiAgICAgIGNvbnN0IG5hbWVzID0gWy4uLm5hbWVzSW4obmFtZSldO1xuICAgICAgcmV0dXJuIChcbiAgICAgICAgaW5pdGlhbGl6ZXIgIT09IHVuZGVmaW5lZCAmJlxuICAgICAgICBuYW1lcy5ldmVyeSgoaXQpID0+ICFhc3NpZ25lZC5oYXMoaXQpKSAmJlxuICAgICAgICAvLyBBbiBgZW51bWAgcmVhZHMgaXRzIG93biBuYW1lIGJlZm9yZSBpdCBoYXMgYSB2YWx1ZS5cbiAgICAgICAgIXJlYWRzQXRPbmNlKGluaXRpYWxpemVyLCBuZXcgU2V0KG5hbWVzKSlcbiAgICAgICk7XG4gICAgfSk7XG4gICAgY29uc3Qgc3RhcnQgPSBkZWNsYXJhdGlvbkxpc3QuZ2V0U3RhcnQoKTtcbiAgICBpZiAoaXNDb25zdGFudCkgeWllbGQgeyBzdGFydCwgZW5kOiBzdGFydCArIFwidmFyXCIubGVuZ3RoLCB0ZXh0OiBcImNvbnN0XCIgfTtcbiAgfVxufVxuXG4vKiogZXNidWlsZCB0dXJucyBgY2xhc3MgWCB7YCBpbnRvIGB2YXIgWCA9IGNsYXNzIHtgIG9yIGB2YXIgWCA9IGNsYXNzIF9YIHtgLCBhbmQgdGVyc2VyIHRoZW4gcmVuYW1lcyBpdC4gKi9cbmZ1bmN0aW9uKiBjbGFzc05hbWVzKGZpbGU6IHRzLlNvdXJjZUZpbGUsIGFzc2lnbmVkOiBSZWFkb25seVNldDxzdHJpbmc+KTogSXRlcmFibGU8RWRpdD4ge1xuICBmb3IgKGNvbnN0IHsgZGVjbGFyYXRpb25MaXN0IH0gb2YgdG9wVmFyaWFibGVzKGZpbGUpKSB7XG4gICAgZm9yIChjb25zdCB7IGluaXRpYWxpemVyLCBuYW1lOiB2YXJpYWJsZSB9IG9mIGRlY2xhcmF0aW9uTGlzdC5kZWNsYXJhdGlvbnMpIHtcbiAgICAgIGlmICghdHMuaXNJZGVudGlmaWVyKHZhcmlhYmxlKSB8fCBpbml0aWFsaXplciA9PT0gdW5kZWZpbmVkKSBjb250aW51ZTtcbiAgICAgIGlmICghdHMuaXNDbGFzc0V4cHJlc3Npb24oaW5pdGlhbGl6ZXIpIHx8IGFzc2lnbmVkLmhhcyh2YXJpYWJsZS50ZXh0KSkgY29udGludWU7XG4gICAgICBjb25zdCBuYW1lID0gdmFyaWFibGUudGV4dDtcbiAgICAgIGNvbnN0IGFsaWFzID0gaW5pdGlhbGl6ZXIubmFtZTtcbiAgICAgIGNvbnN0IGlubmVyID0gYmluZGluZ3NCZWxvdyhpbml0aWFsaXplcik7XG4gICAgICBpZiAoaW5uZXIuaGFzKG5hbWUpKSBjb250aW51ZTtcbiAgICAgIGlmIChhbGlhcyA9PT0gdW5kZWZpbmVkKSB7XG4gICAgICAgIGNvbnN0IGVuZCA9IGluaXRpYWxpemVyLmdldFN0YXJ0KCkgKyBcImNsYXNzXCIubGVuZ3RoO1xuICAgICAgICB5aWVsZCB7IHN0YXJ0OiBlbmQsIGVuZCwgdGV4dDogYCAke25hbWV9YCB9O1xuICAgICAgfSBlbHNlIGlmIChhbGlhcy50ZXh0LnJlcGxhY2UoL1xcZCokLywgXCJcIikgPT09IGBfJHtuYW1lfWAgJiYgIWlubmVyLmhhcyhhbGlhcy50ZXh0KSkge1xuICAgICAgICB5aWVsZCB7IHN0YXJ0OiBhbGlhcy5nZXRTdGFydCgpLCBlbmQ6IGFsaWFzLmVuZCwgdGV4dDogbmFtZSB9O1xuICAgICAgICBmb3IgKGNvbnN0IHJlZmVyZW5jZSBvZiByZWZlcmVuY2VzQmVsb3coaW5pdGlhbGl6ZXIsIGFsaWFzLnRleHQpKSB7XG4gICAgICAgICAgY29uc3QgaXNTaG9ydCA9IHRzLmlzU2hvcnRoYW5kUHJvcGVydHlBc3NpZ25tZW50KHJlZmVyZW5jZS5wYXJlbnQpO1xuICAgICAgICAgIGNvbnN0IHRleHQgPSBpc1Nob3J0ID8gYCR7YWxpYXMudGV4dH06ICR7bmFtZX1gIDogbmFtZTtcbiAgICAgICAgICB5aWVsZCB7IHN0YXJ0OiByZWZlcmVuY2UuZ2V0U3RhcnQoKSwgZW5kOiByZWZlcmVuY2UuZW5kLCB0ZXh0IH07XG4gICAgICAgIH1cbiAgICAgIH1cbiAgICB9XG4gIH1cbn1cblxuaW50ZXJmYWNlIFBsYWluRXhwb3J0cyB7XG4gIHJlYWRvbmx5IGVkaXRzOiByZWFkb25seSBFZGl0W107XG4gIC8qKiBHb2VzIHRvIHRoZSBlbmQgb2YgdGhlIGNvZGUuICovXG4gIHJlYWRvbmx5IHRleHQ6IHN0cmluZztcbn1cblxuLyoqXG4gKiBlc2J1aWxkJ3MgQ29tbW9uSlMgZXhwb3J0cyBhcmUgZ2V0dGVycywgd2hpY2ggY29zdCB0aW1lIGluIGVhY2ggY2FsbCBmcm9tIGFub3RoZXIgZmlsZS4gYG51bGxgOiB0aGVyZSBhcmUgbm9uZSwgb3IgYVxuICogdmFyaWFibGUgdGhhdCBpcyBleHBvcnRlZCBtYXkgY2hhbmdlLlxuICovXG5mdW5jdGlvbiBwbGFpbkV4cG9ydHMoZmlsZTogdHMuU291cmNlRmlsZSwgYXNzaWduZWQ6IFJlYWRvbmx5U2V0PHN0cmluZz4pOiBQbGFpbkV4cG9ydHMgfCBudWxsIHtcbiAgY29uc3QgcHJpbnRlZCA9IGZpbGUuc3RhdGVtZW50cy5tYXAoKHN0YXRlbWVudCkgPT4gc3RhdGVtZW50LmdldFRleHQoKSk7XG4gIGNvbnN0IGF0ID0gcHJpbnRlZC5maW5kSW5kZXgoKHRleHQpID0+IC9ebW9kdWxlXFwuZXhwb3J0cyA9IF9fdG9Db21tb25KU1xcKFxcdytcXCk7JC8udGVzdCh0ZXh0KSk7XG4gIGNvbnN0IFt0YXJnZXQsIGNhbGwsIGFzc2lnbm1lbnRdID0gZmlsZS5zdGF0ZW1lbnRzLnNsaWNlKE1hdGgubWF4KDAsIGF0IC0gMiksIGF0ICsgMSk7XG4gIGlmIChhdCA8IDIgfHwgIXRhcmdldCB8fCAhY2FsbCB8fCAhYXNzaWdubWVudCkgcmV0dXJuIG51bGw7XG4gIGNvbnN0IGdldHRlcnMgPSBleHBvcnRlZEdldHRlcnMoY2FsbCk7XG4gIGlmIChnZXR0ZXJzID09PSBudWxsIHx8ICEvXnZhciBcXHcrID0gXFx7XFx9OyQvLnRlc3QodGFyZ2V0LmdldFRleHQoKSkpIHJldHVybiBudWxsO1xuICBjb25zdCBwcm9wZXJ0aWVzOiBzdHJpbmdbXSA9IFtdO1xuICBmb3IgKGNvbnN0IGdldHRlciBvZiBnZXR0ZXJzKSB7XG4gICAgaWYgKCF0cy5pc1Byb3BlcnR5QXNzaWdubWVudChnZXR0ZXIpIHx8ICF0cy5pc0Fycm93RnVuY3Rpb24oZ2V0dGVyLmluaXRpYWxpemVyKSkgcmV0dXJuIG51bGw7XG4gICAgY29uc3QgeyBib2R5IH0gPSBnZXR0ZXIuaW5pdGlhbGl6ZXI7XG4gICAgLy8gT3RoZXJzIGFyZSByZWFkIGZyb20gYW5vdGhlciBmaWxlLCB3aGljaCBpcyBjb21wbGV0ZSB3aGVuIHRoaXMgb25lIGJlZ2lucy5cbiAgICBpZiAodHMuaXNJZGVudGlmaWVyKGJvZHkpICYmIGFzc2lnbmVkLmhhcyhib2R5LnRleHQpKSByZXR1cm4gbnVsbDtcbiAgICBwcm9wZXJ0aWVzLnB1c2goYCAgJHtnZXR0ZXIubmFtZS5nZXRUZXh0KCl9OiAke2JvZHkuZ2V0VGV4dCgpfWApO1xuICB9XG4gIHJldHVybiB7XG4gICAgZWRpdHM6IFt0YXJnZXQsIGNhbGwsIGFzc2lnbm1lbnRdLm1hcCgoc3RhdGVtZW50KSA9PiAoe1xuICAgICAgc3RhcnQ6IHN0YXRlbWVudC5nZXRTdGFydCgpLFxuICAgICAgZW5kOiBzdGF0ZW1lbnQuZW5kLFxuICAgICAgdGV4dDogc3RhdGVtZW50LmdldFRleHQoKS5yZXBsYWNlKC8uKy9nLCBcIlwiKSxcbiAgICB9KSksXG4gICAgdGV4dDogYFxcbm1vZHVsZS5leHBvcnRzID0ge1xcbiR7cHJvcGVydGllcy5qb2luKFwiLFxcblwiKX1cXG59O1xcbmAsXG4gIH07XG59XG5cbi8qKiBUaGUgbWVtYmVycyBvZiBgX19leHBvcnQodGFyZ2V0LCB7IFx1MjAyNiB9KWA7IGBudWxsYCBmb3IgYW55IG90aGVyIHN0YXRlbWVudC4gKi9cbmZ1bmN0aW9uIGV4cG9ydGVkR2V0dGVycyhzdGF0ZW1lbnQ6IHRzLlN0YXRlbWVudCk6IHJlYWRvbmx5IHRzLk9iamVjdExpdGVyYWxFbGVtZW50TGlrZVtdIHwgbnVsbCB7XG4gIGlmICghdHMuaXNFeHByZXNzaW9uU3RhdGVtZW50KHN0YXRlbWVudCkgfHwgIXRzLmlzQ2FsbEV4cHJlc3Npb24oc3RhdGVtZW50LmV4cHJlc3Npb24pKSB7XG4gICAgcmV0dXJuIG51bGw7XG4gIH1cbiAgY29uc3QgeyBhcmd1bWVudHM6IHBhc3NlZCwgZXhwcmVzc2lvbjogY2FsbGVlIH0gPSBzdGF0ZW1lbnQuZXhwcmVzc2lvbjtcbiAgY29uc3QgZ2V0dGVycyA9IHBhc3NlZFsxXTtcbiAgaWYgKGNhbGxlZS5nZXRUZXh0KCkgIT09IFwiX19leHBvcnRcIiB8fCBnZXR0ZXJzID09PSB1bmRlZmluZWQpIHJldHVybiBudWxsO1xuICByZXR1cm4gdHMuaXNPYmplY3RMaXRlcmFsRXhwcmVzc2lvbihnZXR0ZXJzKSA/IGdldHRlcnMucHJvcGVydGllcyA6IG51bGw7XG59XG5cbi8qKiBTdGF0ZW1lbnRzIGB2YXIgXHUyMDI2YCBhdCB0aGUgdG9wIG9mIGEgbW9kdWxlLiAqL1xuZnVuY3Rpb24gdG9wVmFyaWFibGVzKHsgc3RhdGVtZW50cyB9OiB0cy5Tb3VyY2VGaWxlKTogcmVhZG9ubHkgdHMuVmFyaWFibGVTdGF0ZW1lbnRbXSB7XG4gIHJldHVybiBzdGF0ZW1lbnRzXG4gICAgLmZpbHRlcigoaXQpID0+IHRzLmlzVmFyaWFibGVTdGF0ZW1lbnQoaXQpKVxuICAgIC5maWx0ZXIoKHsgZGVjbGFyYXRpb25MaXN0OiB7IGZsYWdzIH0gfSkgPT4gKGZsYWdzICYgdHMuTm9kZUZsYWdzLkJsb2NrU2NvcGVkKSA9PT0gMCk7XG59XG5cbi8qKiBOYW1lcyB0aGF0IGFyZSBhc3NpZ25lZCBhbnl3aGVyZSBidXQgYnkgdGhlaXIgb25lIGRlY2xhcmF0aW9uLCBpbiB3aGF0ZXZlciBzY29wZS4gKi9cbmZ1bmN0aW9uIGFzc2lnbmVkTmFtZXMoZmlsZTogdHMuU291cmNlRmlsZSk6IFJlYWRvbmx5U2V0PHN0cmluZz4ge1xuICBjb25zdCBhc3NpZ25lZCA9IG5ldyBTZXQ8c3RyaW5nPigpO1xuICBjb25zdCBkZWNsYXJlZCA9IG5ldyBTZXQ8c3RyaW5nPigpO1xuICBmb3IgKGNvbnN0IG5vZGUgb2Ygbm9kZXNCZWxvdyhmaWxlKSkge1xuICAgIGlmICh0cy5pc0JpbmFyeUV4cHJlc3Npb24obm9kZSkgJiYgaXNBc3NpZ25tZW50KG5vZGUub3BlcmF0b3JUb2tlbi5raW5kKSkge1xuICAgICAgZm9yIChjb25zdCBuYW1lIG9mIHRhcmdldHNJbihub2RlLmxlZnQpKSBhc3NpZ25lZC5hZGQobmFtZSk7XG4gICAgfSBlbHNlIGlmICh0cy5pc1ByZWZpeFVuYXJ5RXhwcmVzc2lvbihub2RlKSB8fCB0cy5pc1Bvc3RmaXhVbmFyeUV4cHJlc3Npb24obm9kZSkpIHtcbiAgICAgIGNvbnN0IHsgb3BlcmF0b3IgfSA9IG5vZGU7XG4gICAgICBjb25zdCBpc1N0ZXAgPVxuICAgICAgICBvcGVyYXRvciA9PT0gdHMuU3ludGF4S2luZC5QbHVzUGx1c1Rva2VuIHx8IG9wZXJhdG9yID09PSB0cy5TeW50YXhLaW5kLk1pbnVzTWludXNUb2tlbjtcbiAgICAgIGlmIChpc1N0ZXApIGZvciAoY29uc3QgbmFtZSBvZiB0YXJnZXRzSW4obm9kZS5vcGVyYW5kKSkgYXNzaWduZWQuYWRkKG5hbWUpO1xuICAgIH0gZWxzZSBpZiAodHMuaXNGb3JJblN0YXRlbWVudChub2RlKSB8fCB0cy5pc0Zvck9mU3RhdGVtZW50KG5vZGUpKSB7XG4gICAgICBjb25zdCB7IGluaXRpYWxpemVyIH0gPSBub2RlO1xuICAgICAgY29uc3QgbmFtZXMgPSB0cy5pc1ZhcmlhYmxlRGVjbGFyYXRpb25MaXN0KGluaXRpYWxpemVyKVxuICAgICAgICA/IGluaXRpYWxpemVyLmRlY2xhcmF0aW9ucy5mbGF0TWFwKCh7IG5hbWUgfSkgPT4gWy4uLm5hbWVzSW4obmFtZSldKVxuICAgICAgICA6IHRhcmdldHNJbihpbml0aWFsaXplcik7XG4gICAgICBmb3IgKGNvbnN0IG5hbWUgb2YgbmFtZXMpIGFzc2lnbmVkLmFkZChuYW1lKTtcbiAgICB9IGVsc2Uge1xuICAgICAgZm9yIChjb25zdCBuYW1lIG9mIGRlY2xhcmVkSW5Nb2R1bGUobm9kZSkpIHtcbiAgICAgICAgaWYgKGRlY2xhcmVkLmhhcyhuYW1lKSkgYXNzaWduZWQuYWRkKG5hbWUpO1xuICAgICAgICBkZWNsYXJlZC5hZGQobmFtZSk7XG4gICAgICB9XG4gICAgfVxuICB9XG4gIHJldHVybiBhc3NpZ25lZDtcbn1cblxuZnVuY3Rpb24gaXNBc3NpZ25tZW50KG9wZXJhdG9yOiB0cy5TeW50YXhLaW5kKTogYm9vbGVhbiB7XG4gIHJldHVybiBvcGVyYXRvciA+PSB0cy5TeW50YXhLaW5kLkZpcnN0QXNzaWdubWVudCAmJiBvcGVyYXRvciA8PSB0cy5TeW50YXhLaW5kLkxhc3RBc3NpZ25tZW50O1xufVxuXG4vKiogTmFtZXMgdGhhdCBhIHZhcmlhYmxlIG9yIGEgZnVuY3Rpb24gb2YgdGhlIG1vZHVsZSBkZWNsYXJlcy4gKi9cbmZ1bmN0aW9uIGRlY2xhcmVkSW5Nb2R1bGUobm9kZTogdHMuTm9kZSk6IEl0ZXJhYmxlPHN0cmluZz4ge1xuICBpZiAodHMuaXNWYXJpYWJsZURlY2xhcmF0aW9uKG5vZGUpKSByZXR1cm4gaXNJbk1vZHVsZVNjb3BlKG5vZGUpID8gbmFtZXNJbihub2RlLm5hbWUpIDogW107XG4gIGlmICghdHMuaXNGdW5jdGlvbkRlY2xhcmF0aW9uKG5vZGUpIHx8IG5vZGUubmFtZSA9PT0gdW5kZWZpbmVkKSByZXR1cm4gW107XG4gIHJldHVybiB0cy5pc1NvdXJjZUZpbGUobm9kZS5wYXJlbnQpID8gW25vZGUubmFtZS50ZXh0XSA6IFtdO1xufVxuXG4vKiogV2hldGhlciBhIGB2YXJgIGJlbG9uZ3MgdG8gdGhlIG1vZHVsZTogbm8gZnVuY3Rpb24gaXMgYXJvdW5kIGl0LiAqL1xuZnVuY3Rpb24gaXNJbk1vZHVsZVNjb3BlKGRlY2xhcmF0aW9uOiB0cy5Ob2RlKTogYm9vbGVhbiB7XG4gIGZvciAobGV0IG5vZGUgPSBkZWNsYXJhdGlvbi5wYXJlbnQ7IG5vZGUgIT09IHVuZGVmaW5lZDsgbm9kZSA9IG5vZGUucGFyZW50KSB7XG4gICAgaWYgKHRzLmlzRnVuY3Rpb25MaWtlKG5vZGUpIHx8IHRzLmlzQ2xhc3NTdGF0aWNCbG9ja0RlY2xhcmF0aW9uKG5vZGUpKSByZXR1cm4gZmFsc2U7XG4gIH1cbiAgcmV0dXJuIHRydWU7XG59XG5cbi8qKiBOYW1lcyBvZiB2YXJpYWJsZXMgdGhhdCBhbiBhc3NpZ25tZW50IHRvIHRoaXMgZXhwcmVzc2lvbiBjaGFuZ2VzLiAqL1xuZnVuY3Rpb24qIHRhcmdldHNJbih0YXJnZXQ6IHRzLk5vZGUpOiBJdGVyYWJsZTxzdHJpbmc+IHtcbiAgaWYgKHRzLmlzSWRlbnRpZmllcih0YXJnZXQpKSB5aWVsZCB0YXJnZXQudGV4dDtcbiAgZWxzZSBpZiAodHMuaXNQYXJlbnRoZXNpemVkRXhwcmVzc2lvbih0YXJnZXQpKSB5aWVsZCogdGFyZ2V0c0luKHRhcmdldC5leHByZXNzaW9uKTtcbiAgZWxzZSBpZiAodHMuaXNTcHJlYWRFbGVtZW50KHRhcmdldCkgfHwgdHMuaXNTcHJlYWRBc3NpZ25tZW50KHRhcmdldCkpIHtcbiAgICB5aWVsZCogdGFyZ2V0c0luKHRhcmdldC5leHByZXNzaW9uKTtcbiAgfSBlbHNlIGlmICh0cy5pc0JpbmFyeUV4cHJlc3Npb24odGFyZ2V0KSkgeWllbGQqIHRhcmdldHNJbih0YXJnZXQubGVmdCk7XG4gIGVsc2UgaWYgKHRzLmlzQXJyYXlMaXRlcmFsRXhwcmVzc2lvbih0YXJnZXQpKSB7XG4gICAgZm9yIChjb25zdCBlbGVtZW50IG9mIHRhcmdldC5lbGVtZW50cykgeWllbGQqIHRhcmdldHNJbihlbGVtZW50KTtcbiAgfSBlbHNlIGlmICh0cy5pc09iamVjdExpdGVyYWxFeHByZXNzaW9uKHRhcmdldCkpIHtcbiAgICBmb3IgKGNvbnN0IHByb3BlcnR5IG9mIHRhcmdldC5wcm9wZXJ0aWVzKSB5aWVsZCogdGFyZ2V0c0luKHByb3BlcnR5KTtcbiAgfSBlbHNlIGlmICh0cy5pc1Byb3BlcnR5QXNzaWdubWVudCh0YXJnZXQpKSB5aWVsZCogdGFyZ2V0c0luKHRhcmdldC5pbml0aWFsaXplcik7XG4gIGVsc2UgaWYgKHRzLmlzU2hvcnRoYW5kUHJvcGVydHlBc3NpZ25tZW50KHRhcmdldCkpIHlpZWxkIHRhcmdldC5uYW1lLnRleHQ7XG59XG5cbi8qKiBOYW1lcyB0aGF0IGEgZGVjbGFyYXRpb24gYmluZHMuICovXG5mdW5jdGlvbiogbmFtZXNJbihuYW1lOiB0cy5CaW5kaW5nTmFtZSk6IEl0ZXJhYmxlPHN0cmluZz4ge1xuICBpZiAodHMuaXNJZGVudGlmaWVyKG5hbWUpKSB5aWVsZCBuYW1lLnRleHQ7XG4gIGVsc2UgZm9yIChjb25zdCBpdCBvZiBuYW1lLmVsZW1lbnRzKSBpZiAodHMuaXNCaW5kaW5nRWxlbWVudChpdCkpIHlpZWxkKiBuYW1lc0luKGl0Lm5hbWUpO1xufVxuXG4vKiogTmFtZXMgdGhhdCBhcmUgYm91bmQgYmVsb3cgYSBjbGFzcywgd2hhdGV2ZXIgdGhleSBhcmU6IHBhcmFtZXRlcnMsIHZhcmlhYmxlcywgZnVuY3Rpb25zLCBjbGFzc2VzLiAqL1xuZnVuY3Rpb24gYmluZGluZ3NCZWxvdyhvd25lcjogdHMuQ2xhc3NFeHByZXNzaW9uKTogUmVhZG9ubHlTZXQ8c3RyaW5nPiB7XG4gIGNvbnN0IGJvdW5kID0gbmV3IFNldDxzdHJpbmc+KCk7XG4gIGZvciAoY29uc3Qgbm9kZSBvZiBub2Rlc0JlbG93KG93bmVyKSkge1xuICAgIGlmICh0cy5pc1ZhcmlhYmxlRGVjbGFyYXRpb24obm9kZSkgfHwgdHMuaXNQYXJhbWV0ZXIobm9kZSkpIHtcbiAgICAgIGZvciAoY29uc3QgbmFtZSBvZiBuYW1lc0luKG5vZGUubmFtZSkpIGJvdW5kLmFkZChuYW1lKTtcbiAgICB9IGVsc2UgaWYgKFxuICAgICAgKHRzLmlzRnVuY3Rpb25MaWtlKG5vZGUpIHx8IHRzLmlzQ2xhc3NMaWtlKG5vZGUpKSAmJlxuICAgICAgbm9kZS5uYW1lICE9PSB1bmRlZmluZWQgJiZcbiAgICAgIHRzLmlzSWRlbnRpZmllcihub2RlLm5hbWUpICYmXG4gICAgICAhdHMuaXNNZXRob2REZWNsYXJhdGlvbihub2RlKSAmJlxuICAgICAgIXRzLmlzQWNjZXNzb3Iobm9kZSlcbiAgICApIHtcbiAgICAgIGJvdW5kLmFkZChub2RlLm5hbWUudGV4dCk7XG4gICAgfVxuICB9XG4gIHJldHVybiBib3VuZDtcbn1cblxuZnVuY3Rpb24qIHJlZmVyZW5jZXNCZWxvdyhvd25lcjogdHMuQ2xhc3NFeHByZXNzaW9uLCBuYW1lOiBzdHJpbmcpOiBJdGVyYWJsZTx0cy5JZGVudGlmaWVyPiB7XG4gIGZvciAoY29uc3Qgbm9kZSBvZiBub2Rlc0JlbG93KG93bmVyKSkge1xuICAgIGlmIChub2RlICE9PSBvd25lci5uYW1lICYmIHRzLmlzSWRlbnRpZmllcihub2RlKSAmJiBub2RlLnRleHQgPT09IG5hbWUgJiYgaXNSZWZlcmVuY2Uobm9kZSkpIHtcbiAgICAgIHlpZWxkIG5vZGU7XG4gICAgfVxuICB9XG59XG5cbi8qKiBXaGV0aGVyIGFuIGlkZW50aWZpZXIgc3RhbmRzIGZvciBhIHZhcmlhYmxlLCBhbmQgbm90IGZvciBhIHByb3BlcnR5IG9yIGEgbGFiZWwuICovXG5mdW5jdGlvbiBpc1JlZmVyZW5jZShub2RlOiB0cy5JZGVudGlmaWVyKTogYm9vbGVhbiB7XG4gIGNvbnN0IHsgcGFyZW50IH0gPSBub2RlO1xuICBpZiAodHMuaXNQcm9wZXJ0eUFjY2Vzc0V4cHJlc3Npb24ocGFyZW50KSB8fCB0cy5pc01ldGFQcm9wZXJ0eShwYXJlbnQpKSB7XG4gICAgcmV0dXJuIHBhcmVudC5uYW1lICE9PSBub2RlO1xuICB9XG4gIGlmICh0cy5pc0JpbmRpbmdFbGVtZW50KHBhcmVudCkpIHJldHVybiBwYXJlbnQucHJvcGVydHlOYW1lICE9PSBub2RlO1xuICBpZiAodHMuaXNQcm9wZXJ0eUFzc2lnbm1lbnQocGFyZW50KSB8fCB0cy5pc0NsYXNzRWxlbWVudChwYXJlbnQpIHx8IHRzLmlzQWNjZXNzb3IocGFyZW50KSkge1xuICAgIHJldHVybiBwYXJlbnQubmFtZSAhPT0gbm9kZTtcbiAgfVxuICBpZiAodHMuaXNNZXRob2REZWNsYXJhdGlvbihwYXJlbnQpKSByZXR1cm4gcGFyZW50Lm5hbWUgIT09IG5vZGU7XG4gIHJldHVybiAhKFxuICAgIHRzLmlzTGFiZWxlZFN0YXRlbWVudChwYXJlbnQpIHx8XG4gICAgdHMuaXNCcmVha1N0YXRlbWVudChwYXJlbnQpIHx8XG4gICAgdHMuaXNDb250aW51ZVN0YXRlbWVudChwYXJlbnQpXG4gICk7XG59XG5cbi8qKiBXaGV0aGVyIGFuIGV4cHJlc3Npb24gcmVhZHMgb25lIG9mIHRoZXNlIG5hbWVzIHdoZW4gaXQgaXMgZXZhbHVhdGVkLCBhbmQgbm90IG9ubHkgd2hlbiBhIGZ1bmN0aW9uIGlzIGNhbGxlZC4gKi9cbmZ1bmN0aW9uIHJlYWRzQXRPbmNlKGV4cHJlc3Npb246IHRzLk5vZGUsIG5hbWVzOiBSZWFkb25seVNldDxzdHJpbmc+KTogYm9vbGVhbiB7XG4gIGlmICh0cy5pc0lkZW50aWZpZXIoZXhwcmVzc2lvbikpIHJldHVybiBuYW1lcy5oYXMoZXhwcmVzc2lvbi50ZXh0KSAmJiBpc1JlZmVyZW5jZShleHByZXNzaW9uKTtcbiAgaWYgKHRzLmlzRnVuY3Rpb25MaWtlKGV4cHJlc3Npb24pKSByZXR1cm4gZmFsc2U7XG4gIHJldHVybiB0cy5mb3JFYWNoQ2hpbGQoZXhwcmVzc2lvbiwgKGNoaWxkKSA9PiByZWFkc0F0T25jZShjaGlsZCwgbmFtZXMpIHx8IHVuZGVmaW5lZCkgPz8gZmFsc2U7XG59XG5cbmZ1bmN0aW9uIG5vZGVzQmVsb3cobm9kZTogdHMuTm9kZSk6IHJlYWRvbmx5IHRzLk5vZGVbXSB7XG4gIGNvbnN0IGZvdW5kOiB0cy5Ob2RlW10gPSBbXTtcbiAgY29uc3QgdmlzaXQgPSAoY2hpbGQ6IHRzLk5vZGUpOiB2b2lkID0+IHtcbiAgICBmb3VuZC5wdXNoKGNoaWxkKTtcbiAgICB0cy5mb3JFYWNoQ2hpbGQoY2hpbGQsIHZpc2l0KTtcbiAgfTtcbiAgdHMuZm9yRWFjaENoaWxkKG5vZGUsIHZpc2l0KTtcbiAgcmV0dXJuIGZvdW5kO1xufVxuXG5mdW5jdGlvbiBhcHBsaWVkKGVkaXRzOiByZWFkb25seSBFZGl0W10sIGNvZGU6IHN0cmluZyk6IHN0cmluZyB7XG4gIGNvbnN0IHBhcnRzOiBzdHJpbmdbXSA9IFtdO1xuICBsZXQgZG9uZSA9IDA7XG4gIGZvciAoY29uc3QgeyBlbmQsIHN0YXJ0LCB0ZXh0IH0gb2YgWy4uLmVkaXRzXS5zb3J0KGJ5UGxhY2UpKSB7XG4gICAgaWYgKHN0YXJ0IDwgZG9uZSkgY29udGludWU7IC8vIGl0IGlzIGluIGEgcmFuZ2UgdGhhdCBpcyB0YWtlbiBhd2F5XG4gICAgcGFydHMucHVzaChjb2RlLnNsaWNlKGRvbmUsIHN0YXJ0KSwgdGV4dCk7XG4gICAgZG9uZSA9IGVuZDtcbiAgfVxuICByZXR1cm4gYCR7cGFydHMuam9pbihcIlwiKX0ke2NvZGUuc2xpY2UoZG9uZSl9YDtcbn1cblxuLyoqIE9mIHR3byB0aGF0IGJlZ2luIGF0IG9uZSBwbGFjZSB0aGUgbG9uZ2VyIGNvbWVzIGZpcnN0LiAqL1xuZnVuY3Rpb24gYnlQbGFjZShhOiBFZGl0LCBiOiBFZGl0KTogbnVtYmVyIHtcbiAgcmV0dXJuIGEuc3RhcnQgLSBiLnN0YXJ0IHx8IGIuZW5kIC0gYS5lbmQ7XG59XG4iLCAiY29uc3QgX19pbmplY3RlZF9maWxlbmFtZV9fID0gXCIvd29yay93LW5leHQvY29uZmlnL2J1aWxkL2lubmVyLWZpbGVzLnRzXCI7Y29uc3QgX19pbmplY3RlZF9kaXJuYW1lX18gPSBcIi93b3JrL3ctbmV4dC9jb25maWcvYnVpbGRcIjtjb25zdCBfX2luamVjdGVkX2ltcG9ydF9tZXRhX3VybF9fID0gXCJmaWxlOi8vL3dvcmsvdy1uZXh0L2NvbmZpZy9idWlsZC9pbm5lci1maWxlcy50c1wiO2ltcG9ydCB7IHJlYWRkaXJTeW5jLCByZWFkRmlsZVN5bmMgfSBmcm9tIFwibm9kZTpmc1wiO1xuaW1wb3J0IHsgam9pbiwgcmVzb2x2ZSB9IGZyb20gXCJub2RlOnBhdGhcIjtcbmltcG9ydCB0eXBlIHsgUGx1Z2luIH0gZnJvbSBcImVzYnVpbGRcIjtcblxuLyoqIE1vZHVsZSBcdTIxOTIgaXRzIHJ1bi10aW1lIGltcG9ydHM6IG1vZHVsZSBhbmQgbmFtZXMuICovXG50eXBlIEdyYXBoID0gTWFwPHN0cmluZywgeyByZWFkb25seSBtb2R1bGU6IHN0cmluZzsgcmVhZG9ubHkgbmFtZXM6IHJlYWRvbmx5IHN0cmluZ1tdIH1bXT47XG50eXBlIE93bmVycyA9IFJlYWRvbmx5TWFwPHN0cmluZywgc3RyaW5nPjtcbnR5cGUgTmFtZXMgPSBNYXA8c3RyaW5nLCBTZXQ8c3RyaW5nPj47XG5cbmNvbnN0IHJvb3QgPSByZXNvbHZlKFwic3JjXCIpO1xuY29uc3QgRlJPTSA9IC9eKD86aW1wb3J0fGV4cG9ydCkgXFx7KFtefV0qKVxcfSBmcm9tIFwiKFxcLlteXCJdKylcXC5qc1wiL2dtO1xuXG5leHBvcnQgZnVuY3Rpb24gcmVhZEdyYXBoKCk6IEdyYXBoIHtcbiAgY29uc3QgZ3JhcGg6IEdyYXBoID0gbmV3IE1hcCgpO1xuICBmb3IgKGNvbnN0IGZpbGUgb2YgcmVhZGRpclN5bmMocm9vdCwgeyByZWN1cnNpdmU6IHRydWUsIGVuY29kaW5nOiBcInV0ZjhcIiB9KSkge1xuICAgIGlmICghZmlsZS5lbmRzV2l0aChcIi50c1wiKSB8fCBmaWxlLmVuZHNXaXRoKFwiLnRlc3QudHNcIikpIGNvbnRpbnVlO1xuICAgIGNvbnN0IGltcG9ydHMgPSBbLi4ucmVhZEZpbGVTeW5jKGpvaW4ocm9vdCwgZmlsZSksIFwidXRmOFwiKS5tYXRjaEFsbChGUk9NKV0ubWFwKFxuICAgICAgKFssIGxpc3QgPSBcIlwiLCBmcm9tID0gXCJcIl0pID0+ICh7XG4gICAgICAgIG1vZHVsZTogam9pbihmaWxlLCBcIi4uXCIsIGZyb20pLFxuICAgICAgICBuYW1lczogbGlzdFxuICAgICAgICAgIC5zcGxpdChcIixcIilcbiAgICAgICAgICAubWFwKChuYW1lKSA9PiBuYW1lLnRyaW0oKS5yZXBsYWNlKC8gYXMgLiovLCBcIlwiKSlcbiAgICAgICAgICAuZmlsdGVyKChuYW1lKSA9PiBuYW1lICE9PSBcIlwiICYmICFuYW1lLnN0YXJ0c1dpdGgoXCJ0eXBlIFwiKSksXG4gICAgICB9KSxcbiAgICApO1xuICAgIGdyYXBoLnNldChcbiAgICAgIGZpbGUucmVwbGFjZSgvXFwudHMkLywgXCJcIiksXG4gICAgICBpbXBvcnRzLmZpbHRlcigoeyBuYW1lcyB9KSA9PiBuYW1lcy5sZW5ndGggPiAwKSxcbiAgICApO1xuICB9XG4gIHJldHVybiBncmFwaDtcbn1cblxuZXhwb3J0IGZ1bmN0aW9uIG93bmVyc09mKFxuICBncmFwaDogR3JhcGgsXG4gIGVudHJpZXM6IHJlYWRvbmx5IHN0cmluZ1tdLFxuICBpbm5lckZpbGVPZjogKG1vZHVsZTogc3RyaW5nKSA9PiBzdHJpbmcsXG4pOiBPd25lcnMge1xuICBjb25zdCByZWFjaGVkQnkgPSBuZXcgTWFwPHN0cmluZywgc3RyaW5nW10+KCk7XG4gIGZvciAoY29uc3QgZW50cnkgb2YgZW50cmllcykge1xuICAgIGNvbnN0IHJlYWNoZWQgPSBuZXcgU2V0KFtlbnRyeV0pO1xuICAgIGZvciAoY29uc3QgbW9kdWxlIG9mIHJlYWNoZWQpXG4gICAgICBmb3IgKGNvbnN0IGltcG9ydGVkIG9mIGdyYXBoLmdldChtb2R1bGUpID8/IFtdKSByZWFjaGVkLmFkZChpbXBvcnRlZC5tb2R1bGUpO1xuICAgIGZvciAoY29uc3QgbW9kdWxlIG9mIHJlYWNoZWQpIHJlYWNoZWRCeS5zZXQobW9kdWxlLCBbLi4uKHJlYWNoZWRCeS5nZXQobW9kdWxlKSA/PyBbXSksIGVudHJ5XSk7XG4gIH1cbiAgcmV0dXJuIG5ldyBNYXAoXG4gICAgWy4uLnJlYWNoZWRCeV0ubWFwKChbbW9kdWxlLCBbb25seSA9IFwiXCIsIC4uLm90aGVyc11dKSA9PiBbXG4gICAgICBtb2R1bGUsXG4gICAgICBlbnRyaWVzLmluY2x1ZGVzKG1vZHVsZSkgPyBtb2R1bGUgOiBvdGhlcnMubGVuZ3RoID09PSAwID8gb25seSA6IGlubmVyRmlsZU9mKG1vZHVsZSksXG4gICAgXSksXG4gICk7XG59XG5cbi8qKiBUaHJvd3MgaWYgaW5uZXIgZmlsZXMgaW1wb3J0IGVhY2ggb3RoZXIgaW4gYSBjaXJjbGU6IGluIENvbW1vbkpTIG9uZSBvZiB0aGVtIHdvdWxkIHNlZSBhbiBlbXB0eSBvYmplY3QuICovXG5leHBvcnQgZnVuY3Rpb24gY2hlY2tPcmRlcihncmFwaDogR3JhcGgsIG93bmVyczogT3duZXJzLCBlbnRyaWVzOiByZWFkb25seSBzdHJpbmdbXSk6IHZvaWQge1xuICBjb25zdCBpbm5lciA9IG5ldyBTZXQoWy4uLm93bmVycy52YWx1ZXMoKV0uZmlsdGVyKChmaWxlKSA9PiAhZW50cmllcy5pbmNsdWRlcyhmaWxlKSkpO1xuICBmb3IgKGNvbnN0IHN0YXJ0IG9mIGlubmVyKSB7XG4gICAgY29uc3QgcmVhY2hlZCA9IG5ldyBTZXQ8c3RyaW5nPigpO1xuICAgIGNvbnN0IGZvbGxvdyA9IChmaWxlOiBzdHJpbmcpOiB2b2lkID0+IHtcbiAgICAgIGZvciAoY29uc3QgaW1wb3J0ZWQgb2YgZmlsZXNJbXBvcnRlZEJ5KGZpbGUsIGdyYXBoLCBvd25lcnMpKSB7XG4gICAgICAgIGlmIChyZWFjaGVkLmhhcyhpbXBvcnRlZCkgfHwgIWlubmVyLmhhcyhpbXBvcnRlZCkpIGNvbnRpbnVlO1xuICAgICAgICByZWFjaGVkLmFkZChpbXBvcnRlZCk7XG4gICAgICAgIGZvbGxvdyhpbXBvcnRlZCk7XG4gICAgICB9XG4gICAgfTtcbiAgICBmb2xsb3coc3RhcnQpO1xuICAgIGlmIChyZWFjaGVkLmhhcyhzdGFydCkpIHRocm93IG5ldyBFcnJvcihgVGhlIGlubmVyIGZpbGUgXCIke3N0YXJ0fVwiIGltcG9ydHMgaXRzZWxmIGJ5IGFub3RoZXJgKTtcbiAgfVxufVxuXG5mdW5jdGlvbiBmaWxlc0ltcG9ydGVkQnkoZmlsZTogc3RyaW5nLCBncmFwaDogR3JhcGgsIG93bmVyczogT3duZXJzKTogUmVhZG9ubHlTZXQ8c3RyaW5nPiB7XG4gIGNvbnN0IGltcG9ydGVkID0gbmV3IFNldDxzdHJpbmc+KCk7XG4gIGZvciAoY29uc3QgW2ltcG9ydGVyLCBvd25lcl0gb2Ygb3duZXJzKVxuICAgIGZvciAoY29uc3QgeyBtb2R1bGUgfSBvZiBvd25lciA9PT0gZmlsZSA/IChncmFwaC5nZXQoaW1wb3J0ZXIpID8/IFtdKSA6IFtdKSB7XG4gICAgICBjb25zdCBvdGhlciA9IG93bmVycy5nZXQobW9kdWxlKTtcbiAgICAgIGlmIChvdGhlciAhPT0gdW5kZWZpbmVkICYmIG90aGVyICE9PSBmaWxlKSBpbXBvcnRlZC5hZGQob3RoZXIpO1xuICAgIH1cbiAgcmV0dXJuIGltcG9ydGVkO1xufVxuXG4vKiogUGVyIG1vZHVsZSBvZiB0aGUgZmlsZSBgZnJvbWA6IHRoZSBuYW1lcyB0aGF0IGBieWAgaW1wb3J0cywgb3IgYW55IG90aGVyIGZpbGUuICovXG5leHBvcnQgZnVuY3Rpb24gbmFtZXNUYWtlbihieTogc3RyaW5nIHwgbnVsbCwgZnJvbTogc3RyaW5nLCBncmFwaDogR3JhcGgsIG93bmVyczogT3duZXJzKTogTmFtZXMge1xuICBjb25zdCB0YWtlbjogTmFtZXMgPSBuZXcgTWFwKCk7XG4gIGZvciAoY29uc3QgW2ltcG9ydGVyLCBvd25lcl0gb2Ygb3duZXJzKVxuICAgIGZvciAoY29uc3QgeyBtb2R1bGUsIG5hbWVzIH0gb2YgZ3JhcGguZ2V0KGltcG9ydGVyKSA/PyBbXSlcbiAgICAgIGlmIChvd25lciAhPT0gZnJvbSAmJiAoYnkgPz8gb3duZXIpID09PSBvd25lciAmJiBvd25lcnMuZ2V0KG1vZHVsZSkgPT09IGZyb20pXG4gICAgICAgIHRha2VuLnNldChtb2R1bGUsIG5ldyBTZXQoWy4uLih0YWtlbi5nZXQobW9kdWxlKSA/PyBbXSksIC4uLm5hbWVzXSkpO1xuICByZXR1cm4gdGFrZW47XG59XG5cbi8qKiBBbiBpbm5lciBmaWxlIGV4cG9ydHMgb25seSB0aGUgbmFtZXMgdGhhdCBvdGhlciBmaWxlcyBpbXBvcnQgZnJvbSBpdC4gKi9cbmV4cG9ydCBmdW5jdGlvbiBpbm5lckVudHJ5KHRha2VuOiBOYW1lcyk6IFBsdWdpbiB7XG4gIHJldHVybiB7XG4gICAgbmFtZTogXCJpbm5lci1lbnRyeVwiLFxuICAgIHNldHVwKGJ1aWxkKSB7XG4gICAgICBjb25zdCBjb250ZW50cyA9IHJlZXhwb3J0cyh0YWtlbik7XG4gICAgICBidWlsZC5vbkxvYWQoeyBmaWx0ZXI6IC9eLywgbmFtZXNwYWNlOiBcImlubmVyXCIgfSwgKCkgPT4gKHsgY29udGVudHMsIHJlc29sdmVEaXI6IHJvb3QgfSkpO1xuICAgICAgYnVpbGQub25SZXNvbHZlKHsgZmlsdGVyOiAvXi8gfSwgKHsga2luZCwgcGF0aCB9KSA9PlxuICAgICAgICBraW5kID09PSBcImVudHJ5LXBvaW50XCIgPyB7IHBhdGgsIG5hbWVzcGFjZTogXCJpbm5lclwiIH0gOiB1bmRlZmluZWQsXG4gICAgICApO1xuICAgIH0sXG4gIH07XG59XG5cbi8qKiBJbXBvcnRzIG9mIG1vZHVsZXMgdGhhdCBhbm90aGVyIGZpbGUgY29udGFpbnMgYmVjb21lIG9uZSBpbXBvcnQgb2YgdGhhdCBmaWxlLiAqL1xuZXhwb3J0IGZ1bmN0aW9uIG90aGVyRmlsZXMoZmlsZTogc3RyaW5nLCBncmFwaDogR3JhcGgsIG93bmVyczogT3duZXJzKTogUGx1Z2luIHtcbiAgcmV0dXJuIHtcbiAgICBuYW1lOiBcIm90aGVyLWZpbGVzXCIsXG4gICAgc2V0dXAoYnVpbGQpIHtcbiAgICAgIGNvbnN0IGV4dGVuc2lvbiA9IGJ1aWxkLmluaXRpYWxPcHRpb25zLmZvcm1hdCA9PT0gXCJjanNcIiA/IFwiY2pzXCIgOiBcImpzXCI7XG4gICAgICBidWlsZC5vblJlc29sdmUoeyBmaWx0ZXI6IC9eXFwuXFwuP1xcLy8gfSwgKHsga2luZCwgcGF0aCwgcmVzb2x2ZURpciwgbmFtZXNwYWNlIH0pID0+IHtcbiAgICAgICAgaWYgKGtpbmQgPT09IFwiZW50cnktcG9pbnRcIiB8fCAham9pbihyZXNvbHZlRGlyLCBcIi9cIikuc3RhcnRzV2l0aChqb2luKHJvb3QsIFwiL1wiKSkpIHtcbiAgICAgICAgICByZXR1cm4gdW5kZWZpbmVkO1xuICAgICAgICB9XG4gICAgICAgIGlmIChuYW1lc3BhY2UgPT09IFwib3RoZXJcIikgcmV0dXJuIHsgcGF0aCwgZXh0ZXJuYWw6IHRydWUsIHNpZGVFZmZlY3RzOiBmYWxzZSB9O1xuICAgICAgICBjb25zdCBvd25lciA9IG93bmVycy5nZXQoXG4gICAgICAgICAgam9pbihyZXNvbHZlRGlyLCBwYXRoKVxuICAgICAgICAgICAgLnNsaWNlKHJvb3QubGVuZ3RoICsgMSlcbiAgICAgICAgICAgIC5yZXBsYWNlKC9cXC5qcyQvLCBcIlwiKSxcbiAgICAgICAgKTtcbiAgICAgICAgaWYgKG93bmVyID09PSB1bmRlZmluZWQgJiYgcGF0aC5lbmRzV2l0aChcIi5qc1wiKSlcbiAgICAgICAgICByZXR1cm4geyBlcnJvcnM6IFt7IHRleHQ6IGAke3BhdGh9OiBub3QgaW1wb3J0ZWQgYXMgXFxgaW1wb3J0IHsgXHUyMDI2IH0gZnJvbSBcIlx1MjAyNi5qc1wiXFxgYCB9XSB9O1xuICAgICAgICBpZiAob3duZXIgPT09IHVuZGVmaW5lZCB8fCBvd25lciA9PT0gZmlsZSkgcmV0dXJuIHVuZGVmaW5lZDtcbiAgICAgICAgcmV0dXJuIHsgcGF0aDogb3duZXIsIG5hbWVzcGFjZTogXCJvdGhlclwiLCBzaWRlRWZmZWN0czogZmFsc2UgfTtcbiAgICAgIH0pO1xuICAgICAgYnVpbGQub25Mb2FkKHsgZmlsdGVyOiAvXi8sIG5hbWVzcGFjZTogXCJvdGhlclwiIH0sICh7IHBhdGggfSkgPT4ge1xuICAgICAgICBjb25zdCBuYW1lcyA9IFsuLi5uYW1lc1Rha2VuKGZpbGUsIHBhdGgsIGdyYXBoLCBvd25lcnMpLnZhbHVlcygpXS5mbGF0TWFwKChvZikgPT4gWy4uLm9mXSk7XG4gICAgICAgIGNvbnN0IGNvbnRlbnRzID0gYGV4cG9ydCB7ICR7Wy4uLm5ldyBTZXQobmFtZXMpXS5qb2luKFwiLCBcIil9IH0gZnJvbSBcIi4vJHtwYXRofS4ke2V4dGVuc2lvbn1cIjtgO1xuICAgICAgICByZXR1cm4geyBjb250ZW50cywgcmVzb2x2ZURpcjogcm9vdCB9O1xuICAgICAgfSk7XG4gICAgfSxcbiAgfTtcbn1cblxuZnVuY3Rpb24gcmVleHBvcnRzKHRha2VuOiBOYW1lcyk6IHN0cmluZyB7XG4gIHJldHVybiBbLi4udGFrZW5dXG4gICAgLm1hcCgoW21vZHVsZSwgbmFtZXNdKSA9PiBgZXhwb3J0IHsgJHtbLi4ubmFtZXNdLmpvaW4oXCIsIFwiKX0gfSBmcm9tIFwiLi8ke21vZHVsZX0uanNcIjtcXG5gKVxuICAgIC5qb2luKFwiXCIpO1xufVxuIiwgImNvbnN0IF9faW5qZWN0ZWRfZmlsZW5hbWVfXyA9IFwiL3dvcmsvdy1uZXh0L3BhY2thZ2VzL3Nub3dwbG93L3RzdXAuY29uZmlnLnRzXCI7Y29uc3QgX19pbmplY3RlZF9kaXJuYW1lX18gPSBcIi93b3JrL3ctbmV4dC9wYWNrYWdlcy9zbm93cGxvd1wiO2NvbnN0IF9faW5qZWN0ZWRfaW1wb3J0X21ldGFfdXJsX18gPSBcImZpbGU6Ly8vd29yay93LW5leHQvcGFja2FnZXMvc25vd3Bsb3cvdHN1cC5jb25maWcudHNcIjtpbXBvcnQgeyBsaWJyYXJ5IH0gZnJvbSBcIi4uLy4uL2NvbmZpZy9idWlsZC9saWJyYXJ5LnRzXCI7XG5cbmV4cG9ydCBkZWZhdWx0IGxpYnJhcnkoKTtcbiJdLAogICJtYXBwaW5ncyI6ICI7QUFBaU4sU0FBUyxnQkFBQUEsZUFBYyxRQUFRLHFCQUFxQjtBQUNyUSxTQUFTLFdBQUFDLGdCQUFlO0FBRXhCLFNBQVMsY0FBYztBQUN2QixTQUFTLG9CQUFrQzs7O0FDQXBDLFNBQVMsUUFBUSxRQUF3QjtBQUM5QyxRQUFNLFFBQVEsT0FBTyxNQUFNLElBQUksRUFBRSxJQUFJLENBQUMsU0FBUyxLQUFLLEtBQUssQ0FBQztBQUMxRCxTQUFPLE1BQU0sT0FBTyxDQUFDLFNBQVMsU0FBUyxNQUFNLENBQUMsS0FBSyxXQUFXLElBQUksQ0FBQyxFQUFFLEtBQUssSUFBSTtBQUNoRjs7O0FDUCtNLE9BQU8sUUFBUTtBQWN2TixTQUFTLE9BQU8sTUFBc0I7QUFDM0MsUUFBTSxPQUFPLEdBQUcsaUJBQWlCLGFBQWEsTUFBTSxHQUFHLGFBQWEsUUFBUSxJQUFJO0FBQ2hGLFFBQU0sV0FBVyxjQUFjLElBQUk7QUFDbkMsUUFBTSxXQUFXLGFBQWEsTUFBTSxRQUFRO0FBQzVDLFFBQU0sUUFBUTtBQUFBLElBQ1osR0FBRyxVQUFVLE1BQU0sUUFBUTtBQUFBLElBQzNCLEdBQUcsV0FBVyxNQUFNLFFBQVE7QUFBQSxJQUM1QixHQUFJLFVBQVUsU0FBUyxDQUFDO0FBQUEsRUFDMUI7QUFDQSxTQUFPLEdBQUcsUUFBUSxPQUFPLElBQUksQ0FBQyxHQUFHLFVBQVUsUUFBUSxFQUFFO0FBQ3ZEO0FBTUEsVUFBVSxVQUFVLE1BQXFCLFVBQStDO0FBQ3RGLGFBQVcsYUFBYSxhQUFhLElBQUksR0FBRztBQUMxQyxVQUFNLEVBQUUsZ0JBQWdCLElBQUk7QUFDNUIsVUFBTSxhQUFhLGdCQUFnQixhQUFhLE1BQU0sQ0FBQyxFQUFFLGFBQWEsS0FBSyxNQUFNO0FBQy9FLFlBQU0sUUFBUSxDQUFDLEdBQUcsUUFBUSxJQUFJLENBQUM7QUFDL0IsYUFDRSxnQkFBZ0IsVUFDaEIsTUFBTSxNQUFNLENBQUMsT0FBTyxDQUFDLFNBQVMsSUFBSSxFQUFFLENBQUM7QUFBQSxNQUVyQyxDQUFDLFlBQVksYUFBYSxJQUFJLElBQUksS0FBSyxDQUFDO0FBQUEsSUFFNUMsQ0FBQztBQUNELFVBQU0sUUFBUSxnQkFBZ0IsU0FBUztBQUN2QyxRQUFJLFdBQVksT0FBTSxFQUFFLE9BQU8sS0FBSyxRQUFRLE1BQU0sUUFBUSxNQUFNLFFBQVE7QUFBQSxFQUMxRTtBQUNGO0FBR0EsVUFBVSxXQUFXLE1BQXFCLFVBQStDO0FBQ3ZGLGFBQVcsRUFBRSxnQkFBZ0IsS0FBSyxhQUFhLElBQUksR0FBRztBQUNwRCxlQUFXLEVBQUUsYUFBYSxNQUFNLFNBQVMsS0FBSyxnQkFBZ0IsY0FBYztBQUMxRSxVQUFJLENBQUMsR0FBRyxhQUFhLFFBQVEsS0FBSyxnQkFBZ0IsT0FBVztBQUM3RCxVQUFJLENBQUMsR0FBRyxrQkFBa0IsV0FBVyxLQUFLLFNBQVMsSUFBSSxTQUFTLElBQUksRUFBRztBQUN2RSxZQUFNLE9BQU8sU0FBUztBQUN0QixZQUFNLFFBQVEsWUFBWTtBQUMxQixZQUFNLFFBQVEsY0FBYyxXQUFXO0FBQ3ZDLFVBQUksTUFBTSxJQUFJLElBQUksRUFBRztBQUNyQixVQUFJLFVBQVUsUUFBVztBQUN2QixjQUFNLE1BQU0sWUFBWSxTQUFTLElBQUksUUFBUTtBQUM3QyxjQUFNLEVBQUUsT0FBTyxLQUFLLEtBQUssTUFBTSxJQUFJLElBQUksR0FBRztBQUFBLE1BQzVDLFdBQVcsTUFBTSxLQUFLLFFBQVEsUUFBUSxFQUFFLE1BQU0sSUFBSSxJQUFJLE1BQU0sQ0FBQyxNQUFNLElBQUksTUFBTSxJQUFJLEdBQUc7QUFDbEYsY0FBTSxFQUFFLE9BQU8sTUFBTSxTQUFTLEdBQUcsS0FBSyxNQUFNLEtBQUssTUFBTSxLQUFLO0FBQzVELG1CQUFXLGFBQWEsZ0JBQWdCLGFBQWEsTUFBTSxJQUFJLEdBQUc7QUFDaEUsZ0JBQU0sVUFBVSxHQUFHLDhCQUE4QixVQUFVLE1BQU07QUFDakUsZ0JBQU0sT0FBTyxVQUFVLEdBQUcsTUFBTSxJQUFJLEtBQUssSUFBSSxLQUFLO0FBQ2xELGdCQUFNLEVBQUUsT0FBTyxVQUFVLFNBQVMsR0FBRyxLQUFLLFVBQVUsS0FBSyxLQUFLO0FBQUEsUUFDaEU7QUFBQSxNQUNGO0FBQUEsSUFDRjtBQUFBLEVBQ0Y7QUFDRjtBQVlBLFNBQVMsYUFBYSxNQUFxQixVQUFvRDtBQUM3RixRQUFNLFVBQVUsS0FBSyxXQUFXLElBQUksQ0FBQyxjQUFjLFVBQVUsUUFBUSxDQUFDO0FBQ3RFLFFBQU0sS0FBSyxRQUFRLFVBQVUsQ0FBQyxTQUFTLDJDQUEyQyxLQUFLLElBQUksQ0FBQztBQUM1RixRQUFNLENBQUMsUUFBUSxNQUFNLFVBQVUsSUFBSSxLQUFLLFdBQVcsTUFBTSxLQUFLLElBQUksR0FBRyxLQUFLLENBQUMsR0FBRyxLQUFLLENBQUM7QUFDcEYsTUFBSSxLQUFLLEtBQUssQ0FBQyxVQUFVLENBQUMsUUFBUSxDQUFDLFdBQVksUUFBTztBQUN0RCxRQUFNLFVBQVUsZ0JBQWdCLElBQUk7QUFDcEMsTUFBSSxZQUFZLFFBQVEsQ0FBQyxvQkFBb0IsS0FBSyxPQUFPLFFBQVEsQ0FBQyxFQUFHLFFBQU87QUFDNUUsUUFBTSxhQUF1QixDQUFDO0FBQzlCLGFBQVcsVUFBVSxTQUFTO0FBQzVCLFFBQUksQ0FBQyxHQUFHLHFCQUFxQixNQUFNLEtBQUssQ0FBQyxHQUFHLGdCQUFnQixPQUFPLFdBQVcsRUFBRyxRQUFPO0FBQ3hGLFVBQU0sRUFBRSxLQUFLLElBQUksT0FBTztBQUV4QixRQUFJLEdBQUcsYUFBYSxJQUFJLEtBQUssU0FBUyxJQUFJLEtBQUssSUFBSSxFQUFHLFFBQU87QUFDN0QsZUFBVyxLQUFLLEtBQUssT0FBTyxLQUFLLFFBQVEsQ0FBQyxLQUFLLEtBQUssUUFBUSxDQUFDLEVBQUU7QUFBQSxFQUNqRTtBQUNBLFNBQU87QUFBQSxJQUNMLE9BQU8sQ0FBQyxRQUFRLE1BQU0sVUFBVSxFQUFFLElBQUksQ0FBQyxlQUFlO0FBQUEsTUFDcEQsT0FBTyxVQUFVLFNBQVM7QUFBQSxNQUMxQixLQUFLLFVBQVU7QUFBQSxNQUNmLE1BQU0sVUFBVSxRQUFRLEVBQUUsUUFBUSxPQUFPLEVBQUU7QUFBQSxJQUM3QyxFQUFFO0FBQUEsSUFDRixNQUFNO0FBQUE7QUFBQSxFQUF5QixXQUFXLEtBQUssS0FBSyxDQUFDO0FBQUE7QUFBQTtBQUFBLEVBQ3ZEO0FBQ0Y7QUFHQSxTQUFTLGdCQUFnQixXQUF3RTtBQUMvRixNQUFJLENBQUMsR0FBRyxzQkFBc0IsU0FBUyxLQUFLLENBQUMsR0FBRyxpQkFBaUIsVUFBVSxVQUFVLEdBQUc7QUFDdEYsV0FBTztBQUFBLEVBQ1Q7QUFDQSxRQUFNLEVBQUUsV0FBVyxRQUFRLFlBQVksT0FBTyxJQUFJLFVBQVU7QUFDNUQsUUFBTSxVQUFVLE9BQU8sQ0FBQztBQUN4QixNQUFJLE9BQU8sUUFBUSxNQUFNLGNBQWMsWUFBWSxPQUFXLFFBQU87QUFDckUsU0FBTyxHQUFHLDBCQUEwQixPQUFPLElBQUksUUFBUSxhQUFhO0FBQ3RFO0FBR0EsU0FBUyxhQUFhLEVBQUUsV0FBVyxHQUFtRDtBQUNwRixTQUFPLFdBQ0osT0FBTyxDQUFDLE9BQU8sR0FBRyxvQkFBb0IsRUFBRSxDQUFDLEVBQ3pDLE9BQU8sQ0FBQyxFQUFFLGlCQUFpQixFQUFFLE1BQU0sRUFBRSxPQUFPLFFBQVEsR0FBRyxVQUFVLGlCQUFpQixDQUFDO0FBQ3hGO0FBR0EsU0FBUyxjQUFjLE1BQTBDO0FBQy9ELFFBQU0sV0FBVyxvQkFBSSxJQUFZO0FBQ2pDLFFBQU0sV0FBVyxvQkFBSSxJQUFZO0FBQ2pDLGFBQVcsUUFBUSxXQUFXLElBQUksR0FBRztBQUNuQyxRQUFJLEdBQUcsbUJBQW1CLElBQUksS0FBSyxhQUFhLEtBQUssY0FBYyxJQUFJLEdBQUc7QUFDeEUsaUJBQVcsUUFBUSxVQUFVLEtBQUssSUFBSSxFQUFHLFVBQVMsSUFBSSxJQUFJO0FBQUEsSUFDNUQsV0FBVyxHQUFHLHdCQUF3QixJQUFJLEtBQUssR0FBRyx5QkFBeUIsSUFBSSxHQUFHO0FBQ2hGLFlBQU0sRUFBRSxTQUFTLElBQUk7QUFDckIsWUFBTSxTQUNKLGFBQWEsR0FBRyxXQUFXLGlCQUFpQixhQUFhLEdBQUcsV0FBVztBQUN6RSxVQUFJLE9BQVEsWUFBVyxRQUFRLFVBQVUsS0FBSyxPQUFPLEVBQUcsVUFBUyxJQUFJLElBQUk7QUFBQSxJQUMzRSxXQUFXLEdBQUcsaUJBQWlCLElBQUksS0FBSyxHQUFHLGlCQUFpQixJQUFJLEdBQUc7QUFDakUsWUFBTSxFQUFFLFlBQVksSUFBSTtBQUN4QixZQUFNLFFBQVEsR0FBRywwQkFBMEIsV0FBVyxJQUNsRCxZQUFZLGFBQWEsUUFBUSxDQUFDLEVBQUUsS0FBSyxNQUFNLENBQUMsR0FBRyxRQUFRLElBQUksQ0FBQyxDQUFDLElBQ2pFLFVBQVUsV0FBVztBQUN6QixpQkFBVyxRQUFRLE1BQU8sVUFBUyxJQUFJLElBQUk7QUFBQSxJQUM3QyxPQUFPO0FBQ0wsaUJBQVcsUUFBUSxpQkFBaUIsSUFBSSxHQUFHO0FBQ3pDLFlBQUksU0FBUyxJQUFJLElBQUksRUFBRyxVQUFTLElBQUksSUFBSTtBQUN6QyxpQkFBUyxJQUFJLElBQUk7QUFBQSxNQUNuQjtBQUFBLElBQ0Y7QUFBQSxFQUNGO0FBQ0EsU0FBTztBQUNUO0FBRUEsU0FBUyxhQUFhLFVBQWtDO0FBQ3RELFNBQU8sWUFBWSxHQUFHLFdBQVcsbUJBQW1CLFlBQVksR0FBRyxXQUFXO0FBQ2hGO0FBR0EsU0FBUyxpQkFBaUIsTUFBaUM7QUFDekQsTUFBSSxHQUFHLHNCQUFzQixJQUFJLEVBQUcsUUFBTyxnQkFBZ0IsSUFBSSxJQUFJLFFBQVEsS0FBSyxJQUFJLElBQUksQ0FBQztBQUN6RixNQUFJLENBQUMsR0FBRyxzQkFBc0IsSUFBSSxLQUFLLEtBQUssU0FBUyxPQUFXLFFBQU8sQ0FBQztBQUN4RSxTQUFPLEdBQUcsYUFBYSxLQUFLLE1BQU0sSUFBSSxDQUFDLEtBQUssS0FBSyxJQUFJLElBQUksQ0FBQztBQUM1RDtBQUdBLFNBQVMsZ0JBQWdCLGFBQStCO0FBQ3RELFdBQVMsT0FBTyxZQUFZLFFBQVEsU0FBUyxRQUFXLE9BQU8sS0FBSyxRQUFRO0FBQzFFLFFBQUksR0FBRyxlQUFlLElBQUksS0FBSyxHQUFHLDhCQUE4QixJQUFJLEVBQUcsUUFBTztBQUFBLEVBQ2hGO0FBQ0EsU0FBTztBQUNUO0FBR0EsVUFBVSxVQUFVLFFBQW1DO0FBQ3JELE1BQUksR0FBRyxhQUFhLE1BQU0sRUFBRyxPQUFNLE9BQU87QUFBQSxXQUNqQyxHQUFHLDBCQUEwQixNQUFNLEVBQUcsUUFBTyxVQUFVLE9BQU8sVUFBVTtBQUFBLFdBQ3hFLEdBQUcsZ0JBQWdCLE1BQU0sS0FBSyxHQUFHLG1CQUFtQixNQUFNLEdBQUc7QUFDcEUsV0FBTyxVQUFVLE9BQU8sVUFBVTtBQUFBLEVBQ3BDLFdBQVcsR0FBRyxtQkFBbUIsTUFBTSxFQUFHLFFBQU8sVUFBVSxPQUFPLElBQUk7QUFBQSxXQUM3RCxHQUFHLHlCQUF5QixNQUFNLEdBQUc7QUFDNUMsZUFBVyxXQUFXLE9BQU8sU0FBVSxRQUFPLFVBQVUsT0FBTztBQUFBLEVBQ2pFLFdBQVcsR0FBRywwQkFBMEIsTUFBTSxHQUFHO0FBQy9DLGVBQVcsWUFBWSxPQUFPLFdBQVksUUFBTyxVQUFVLFFBQVE7QUFBQSxFQUNyRSxXQUFXLEdBQUcscUJBQXFCLE1BQU0sRUFBRyxRQUFPLFVBQVUsT0FBTyxXQUFXO0FBQUEsV0FDdEUsR0FBRyw4QkFBOEIsTUFBTSxFQUFHLE9BQU0sT0FBTyxLQUFLO0FBQ3ZFO0FBR0EsVUFBVSxRQUFRLE1BQXdDO0FBQ3hELE1BQUksR0FBRyxhQUFhLElBQUksRUFBRyxPQUFNLEtBQUs7QUFBQSxNQUNqQyxZQUFXLE1BQU0sS0FBSyxTQUFVLEtBQUksR0FBRyxpQkFBaUIsRUFBRSxFQUFHLFFBQU8sUUFBUSxHQUFHLElBQUk7QUFDMUY7QUFHQSxTQUFTLGNBQWMsT0FBZ0Q7QUFDckUsUUFBTSxRQUFRLG9CQUFJLElBQVk7QUFDOUIsYUFBVyxRQUFRLFdBQVcsS0FBSyxHQUFHO0FBQ3BDLFFBQUksR0FBRyxzQkFBc0IsSUFBSSxLQUFLLEdBQUcsWUFBWSxJQUFJLEdBQUc7QUFDMUQsaUJBQVcsUUFBUSxRQUFRLEtBQUssSUFBSSxFQUFHLE9BQU0sSUFBSSxJQUFJO0FBQUEsSUFDdkQsWUFDRyxHQUFHLGVBQWUsSUFBSSxLQUFLLEdBQUcsWUFBWSxJQUFJLE1BQy9DLEtBQUssU0FBUyxVQUNkLEdBQUcsYUFBYSxLQUFLLElBQUksS0FDekIsQ0FBQyxHQUFHLG9CQUFvQixJQUFJLEtBQzVCLENBQUMsR0FBRyxXQUFXLElBQUksR0FDbkI7QUFDQSxZQUFNLElBQUksS0FBSyxLQUFLLElBQUk7QUFBQSxJQUMxQjtBQUFBLEVBQ0Y7QUFDQSxTQUFPO0FBQ1Q7QUFFQSxVQUFVLGdCQUFnQixPQUEyQixNQUF1QztBQUMxRixhQUFXLFFBQVEsV0FBVyxLQUFLLEdBQUc7QUFDcEMsUUFBSSxTQUFTLE1BQU0sUUFBUSxHQUFHLGFBQWEsSUFBSSxLQUFLLEtBQUssU0FBUyxRQUFRLFlBQVksSUFBSSxHQUFHO0FBQzNGLFlBQU07QUFBQSxJQUNSO0FBQUEsRUFDRjtBQUNGO0FBR0EsU0FBUyxZQUFZLE1BQThCO0FBQ2pELFFBQU0sRUFBRSxPQUFPLElBQUk7QUFDbkIsTUFBSSxHQUFHLDJCQUEyQixNQUFNLEtBQUssR0FBRyxlQUFlLE1BQU0sR0FBRztBQUN0RSxXQUFPLE9BQU8sU0FBUztBQUFBLEVBQ3pCO0FBQ0EsTUFBSSxHQUFHLGlCQUFpQixNQUFNLEVBQUcsUUFBTyxPQUFPLGlCQUFpQjtBQUNoRSxNQUFJLEdBQUcscUJBQXFCLE1BQU0sS0FBSyxHQUFHLGVBQWUsTUFBTSxLQUFLLEdBQUcsV0FBVyxNQUFNLEdBQUc7QUFDekYsV0FBTyxPQUFPLFNBQVM7QUFBQSxFQUN6QjtBQUNBLE1BQUksR0FBRyxvQkFBb0IsTUFBTSxFQUFHLFFBQU8sT0FBTyxTQUFTO0FBQzNELFNBQU8sRUFDTCxHQUFHLG1CQUFtQixNQUFNLEtBQzVCLEdBQUcsaUJBQWlCLE1BQU0sS0FDMUIsR0FBRyxvQkFBb0IsTUFBTTtBQUVqQztBQUdBLFNBQVMsWUFBWSxZQUFxQixPQUFxQztBQUM3RSxNQUFJLEdBQUcsYUFBYSxVQUFVLEVBQUcsUUFBTyxNQUFNLElBQUksV0FBVyxJQUFJLEtBQUssWUFBWSxVQUFVO0FBQzVGLE1BQUksR0FBRyxlQUFlLFVBQVUsRUFBRyxRQUFPO0FBQzFDLFNBQU8sR0FBRyxhQUFhLFlBQVksQ0FBQyxVQUFVLFlBQVksT0FBTyxLQUFLLEtBQUssTUFBUyxLQUFLO0FBQzNGO0FBRUEsU0FBUyxXQUFXLE1BQW1DO0FBQ3JELFFBQU0sUUFBbUIsQ0FBQztBQUMxQixRQUFNLFFBQVEsQ0FBQyxVQUF5QjtBQUN0QyxVQUFNLEtBQUssS0FBSztBQUNoQixPQUFHLGFBQWEsT0FBTyxLQUFLO0FBQUEsRUFDOUI7QUFDQSxLQUFHLGFBQWEsTUFBTSxLQUFLO0FBQzNCLFNBQU87QUFDVDtBQUVBLFNBQVMsUUFBUSxPQUF3QixNQUFzQjtBQUM3RCxRQUFNLFFBQWtCLENBQUM7QUFDekIsTUFBSSxPQUFPO0FBQ1gsYUFBVyxFQUFFLEtBQUssT0FBTyxLQUFLLEtBQUssQ0FBQyxHQUFHLEtBQUssRUFBRSxLQUFLLE9BQU8sR0FBRztBQUMzRCxRQUFJLFFBQVEsS0FBTTtBQUNsQixVQUFNLEtBQUssS0FBSyxNQUFNLE1BQU0sS0FBSyxHQUFHLElBQUk7QUFDeEMsV0FBTztBQUFBLEVBQ1Q7QUFDQSxTQUFPLEdBQUcsTUFBTSxLQUFLLEVBQUUsQ0FBQyxHQUFHLEtBQUssTUFBTSxJQUFJLENBQUM7QUFDN0M7QUFHQSxTQUFTLFFBQVEsR0FBUyxHQUFpQjtBQUN6QyxTQUFPLEVBQUUsUUFBUSxFQUFFLFNBQVMsRUFBRSxNQUFNLEVBQUU7QUFDeEM7OztBQzdReU4sU0FBUyxhQUFhLG9CQUFvQjtBQUNuUSxTQUFTLE1BQU0sZUFBZTtBQVE5QixJQUFNLE9BQU8sUUFBUSxLQUFLO0FBQzFCLElBQU0sT0FBTztBQUVOLFNBQVMsWUFBbUI7QUFDakMsUUFBTSxRQUFlLG9CQUFJLElBQUk7QUFDN0IsYUFBVyxRQUFRLFlBQVksTUFBTSxFQUFFLFdBQVcsTUFBTSxVQUFVLE9BQU8sQ0FBQyxHQUFHO0FBQzNFLFFBQUksQ0FBQyxLQUFLLFNBQVMsS0FBSyxLQUFLLEtBQUssU0FBUyxVQUFVLEVBQUc7QUFDeEQsVUFBTSxVQUFVLENBQUMsR0FBRyxhQUFhLEtBQUssTUFBTSxJQUFJLEdBQUcsTUFBTSxFQUFFLFNBQVMsSUFBSSxDQUFDLEVBQUU7QUFBQSxNQUN6RSxDQUFDLENBQUMsRUFBRSxPQUFPLElBQUksT0FBTyxFQUFFLE9BQU87QUFBQSxRQUM3QixRQUFRLEtBQUssTUFBTSxNQUFNLElBQUk7QUFBQSxRQUM3QixPQUFPLEtBQ0osTUFBTSxHQUFHLEVBQ1QsSUFBSSxDQUFDLFNBQVMsS0FBSyxLQUFLLEVBQUUsUUFBUSxVQUFVLEVBQUUsQ0FBQyxFQUMvQyxPQUFPLENBQUMsU0FBUyxTQUFTLE1BQU0sQ0FBQyxLQUFLLFdBQVcsT0FBTyxDQUFDO0FBQUEsTUFDOUQ7QUFBQSxJQUNGO0FBQ0EsVUFBTTtBQUFBLE1BQ0osS0FBSyxRQUFRLFNBQVMsRUFBRTtBQUFBLE1BQ3hCLFFBQVEsT0FBTyxDQUFDLEVBQUUsTUFBTSxNQUFNLE1BQU0sU0FBUyxDQUFDO0FBQUEsSUFDaEQ7QUFBQSxFQUNGO0FBQ0EsU0FBTztBQUNUO0FBRU8sU0FBUyxTQUNkLE9BQ0EsU0FDQSxhQUNRO0FBQ1IsUUFBTSxZQUFZLG9CQUFJLElBQXNCO0FBQzVDLGFBQVcsU0FBUyxTQUFTO0FBQzNCLFVBQU0sVUFBVSxvQkFBSSxJQUFJLENBQUMsS0FBSyxDQUFDO0FBQy9CLGVBQVcsVUFBVTtBQUNuQixpQkFBVyxZQUFZLE1BQU0sSUFBSSxNQUFNLEtBQUssQ0FBQyxFQUFHLFNBQVEsSUFBSSxTQUFTLE1BQU07QUFDN0UsZUFBVyxVQUFVLFFBQVMsV0FBVSxJQUFJLFFBQVEsQ0FBQyxHQUFJLFVBQVUsSUFBSSxNQUFNLEtBQUssQ0FBQyxHQUFJLEtBQUssQ0FBQztBQUFBLEVBQy9GO0FBQ0EsU0FBTyxJQUFJO0FBQUEsSUFDVCxDQUFDLEdBQUcsU0FBUyxFQUFFLElBQUksQ0FBQyxDQUFDLFFBQVEsQ0FBQyxPQUFPLElBQU8sU0FBTSxDQUFDLE1BQU07QUFBQSxNQUN2RDtBQUFBLE1BQ0EsUUFBUSxTQUFTLE1BQU0sSUFBSSxTQUFTLE9BQU8sV0FBVyxJQUFJLE9BQU8sWUFBWSxNQUFNO0FBQUEsSUFDckYsQ0FBQztBQUFBLEVBQ0g7QUFDRjtBQUdPLFNBQVMsV0FBVyxPQUFjLFFBQWdCLFNBQWtDO0FBQ3pGLFFBQU0sUUFBUSxJQUFJLElBQUksQ0FBQyxHQUFHLE9BQU8sT0FBTyxDQUFDLEVBQUUsT0FBTyxDQUFDLFNBQVMsQ0FBQyxRQUFRLFNBQVMsSUFBSSxDQUFDLENBQUM7QUFDcEYsYUFBVyxTQUFTLE9BQU87QUFDekIsVUFBTSxVQUFVLG9CQUFJLElBQVk7QUFDaEMsVUFBTSxTQUFTLENBQUMsU0FBdUI7QUFDckMsaUJBQVcsWUFBWSxnQkFBZ0IsTUFBTSxPQUFPLE1BQU0sR0FBRztBQUMzRCxZQUFJLFFBQVEsSUFBSSxRQUFRLEtBQUssQ0FBQyxNQUFNLElBQUksUUFBUSxFQUFHO0FBQ25ELGdCQUFRLElBQUksUUFBUTtBQUNwQixlQUFPLFFBQVE7QUFBQSxNQUNqQjtBQUFBLElBQ0Y7QUFDQSxXQUFPLEtBQUs7QUFDWixRQUFJLFFBQVEsSUFBSSxLQUFLLEVBQUcsT0FBTSxJQUFJLE1BQU0sbUJBQW1CLEtBQUssNkJBQTZCO0FBQUEsRUFDL0Y7QUFDRjtBQUVBLFNBQVMsZ0JBQWdCLE1BQWMsT0FBYyxRQUFxQztBQUN4RixRQUFNLFdBQVcsb0JBQUksSUFBWTtBQUNqQyxhQUFXLENBQUMsVUFBVSxLQUFLLEtBQUs7QUFDOUIsZUFBVyxFQUFFLE9BQU8sS0FBSyxVQUFVLE9BQVEsTUFBTSxJQUFJLFFBQVEsS0FBSyxDQUFDLElBQUssQ0FBQyxHQUFHO0FBQzFFLFlBQU0sUUFBUSxPQUFPLElBQUksTUFBTTtBQUMvQixVQUFJLFVBQVUsVUFBYSxVQUFVLEtBQU0sVUFBUyxJQUFJLEtBQUs7QUFBQSxJQUMvRDtBQUNGLFNBQU87QUFDVDtBQUdPLFNBQVMsV0FBVyxJQUFtQixNQUFjLE9BQWMsUUFBdUI7QUFDL0YsUUFBTSxRQUFlLG9CQUFJLElBQUk7QUFDN0IsYUFBVyxDQUFDLFVBQVUsS0FBSyxLQUFLO0FBQzlCLGVBQVcsRUFBRSxRQUFRLE1BQU0sS0FBSyxNQUFNLElBQUksUUFBUSxLQUFLLENBQUM7QUFDdEQsVUFBSSxVQUFVLFNBQVMsTUFBTSxXQUFXLFNBQVMsT0FBTyxJQUFJLE1BQU0sTUFBTTtBQUN0RSxjQUFNLElBQUksUUFBUSxvQkFBSSxJQUFJLENBQUMsR0FBSSxNQUFNLElBQUksTUFBTSxLQUFLLENBQUMsR0FBSSxHQUFHLEtBQUssQ0FBQyxDQUFDO0FBQ3pFLFNBQU87QUFDVDtBQUdPLFNBQVMsV0FBVyxPQUFzQjtBQUMvQyxTQUFPO0FBQUEsSUFDTCxNQUFNO0FBQUEsSUFDTixNQUFNLE9BQU87QUFDWCxZQUFNLFdBQVcsVUFBVSxLQUFLO0FBQ2hDLFlBQU0sT0FBTyxFQUFFLFFBQVEsS0FBSyxXQUFXLFFBQVEsR0FBRyxPQUFPLEVBQUUsVUFBVSxZQUFZLEtBQUssRUFBRTtBQUN4RixZQUFNO0FBQUEsUUFBVSxFQUFFLFFBQVEsSUFBSTtBQUFBLFFBQUcsQ0FBQyxFQUFFLE1BQU0sS0FBSyxNQUM3QyxTQUFTLGdCQUFnQixFQUFFLE1BQU0sV0FBVyxRQUFRLElBQUk7QUFBQSxNQUMxRDtBQUFBLElBQ0Y7QUFBQSxFQUNGO0FBQ0Y7QUFHTyxTQUFTLFdBQVcsTUFBYyxPQUFjLFFBQXdCO0FBQzdFLFNBQU87QUFBQSxJQUNMLE1BQU07QUFBQSxJQUNOLE1BQU0sT0FBTztBQUNYLFlBQU0sWUFBWSxNQUFNLGVBQWUsV0FBVyxRQUFRLFFBQVE7QUFDbEUsWUFBTSxVQUFVLEVBQUUsUUFBUSxXQUFXLEdBQUcsQ0FBQyxFQUFFLE1BQU0sTUFBTSxZQUFZLFVBQVUsTUFBTTtBQUNqRixZQUFJLFNBQVMsaUJBQWlCLENBQUMsS0FBSyxZQUFZLEdBQUcsRUFBRSxXQUFXLEtBQUssTUFBTSxHQUFHLENBQUMsR0FBRztBQUNoRixpQkFBTztBQUFBLFFBQ1Q7QUFDQSxZQUFJLGNBQWMsUUFBUyxRQUFPLEVBQUUsTUFBTSxVQUFVLE1BQU0sYUFBYSxNQUFNO0FBQzdFLGNBQU0sUUFBUSxPQUFPO0FBQUEsVUFDbkIsS0FBSyxZQUFZLElBQUksRUFDbEIsTUFBTSxLQUFLLFNBQVMsQ0FBQyxFQUNyQixRQUFRLFNBQVMsRUFBRTtBQUFBLFFBQ3hCO0FBQ0EsWUFBSSxVQUFVLFVBQWEsS0FBSyxTQUFTLEtBQUs7QUFDNUMsaUJBQU8sRUFBRSxRQUFRLENBQUMsRUFBRSxNQUFNLEdBQUcsSUFBSSwyREFBaUQsQ0FBQyxFQUFFO0FBQ3ZGLFlBQUksVUFBVSxVQUFhLFVBQVUsS0FBTSxRQUFPO0FBQ2xELGVBQU8sRUFBRSxNQUFNLE9BQU8sV0FBVyxTQUFTLGFBQWEsTUFBTTtBQUFBLE1BQy9ELENBQUM7QUFDRCxZQUFNLE9BQU8sRUFBRSxRQUFRLEtBQUssV0FBVyxRQUFRLEdBQUcsQ0FBQyxFQUFFLEtBQUssTUFBTTtBQUM5RCxjQUFNLFFBQVEsQ0FBQyxHQUFHLFdBQVcsTUFBTSxNQUFNLE9BQU8sTUFBTSxFQUFFLE9BQU8sQ0FBQyxFQUFFLFFBQVEsQ0FBQyxPQUFPLENBQUMsR0FBRyxFQUFFLENBQUM7QUFDekYsY0FBTSxXQUFXLFlBQVksQ0FBQyxHQUFHLElBQUksSUFBSSxLQUFLLENBQUMsRUFBRSxLQUFLLElBQUksQ0FBQyxjQUFjLElBQUksSUFBSSxTQUFTO0FBQzFGLGVBQU8sRUFBRSxVQUFVLFlBQVksS0FBSztBQUFBLE1BQ3RDLENBQUM7QUFBQSxJQUNIO0FBQUEsRUFDRjtBQUNGO0FBRUEsU0FBUyxVQUFVLE9BQXNCO0FBQ3ZDLFNBQU8sQ0FBQyxHQUFHLEtBQUssRUFDYixJQUFJLENBQUMsQ0FBQyxRQUFRLEtBQUssTUFBTSxZQUFZLENBQUMsR0FBRyxLQUFLLEVBQUUsS0FBSyxJQUFJLENBQUMsY0FBYyxNQUFNO0FBQUEsQ0FBUyxFQUN2RixLQUFLLEVBQUU7QUFDWjs7O0FIdEhBLElBQU0sU0FBUyxRQUFRLElBQUksaUJBQWlCLE1BQU07QUFFbEQsSUFBTSxPQUFnQjtBQUFBLEVBQ3BCLFFBQVEsQ0FBQyxPQUFPLEtBQUs7QUFBQSxFQUNyQixRQUFRO0FBQUEsRUFDUixXQUFXO0FBQUEsRUFDWCxvQkFBb0I7QUFBQSxFQUNwQix1QkFBdUI7QUFBQSxFQUN2QixXQUFXO0FBQUEsRUFDWCxjQUFjLENBQUMsRUFBRSxPQUFPLE9BQU8sRUFBRSxJQUFJLFdBQVcsUUFBUSxRQUFRLE9BQU87QUFBQSxFQUN2RSxTQUFTLENBQUMsU0FBUyxNQUFNLENBQUM7QUFBQSxFQUMxQixlQUFlLFNBQVMsRUFBRSxPQUFPLEdBQUc7QUFFbEMsUUFBSSxXQUFXLE9BQU87QUFDcEIsY0FBUSxZQUFZLEVBQUUsR0FBRyxRQUFRLFdBQVcsa0JBQWtCLE1BQU07QUFFcEUsY0FBUSxTQUFTLEVBQUUsR0FBRyxRQUFRLFFBQVEsbUJBQW1CLFlBQVk7QUFBQSxJQUN2RTtBQUVBLFlBQVEsaUJBQWlCLFdBQVc7QUFBQSxFQUN0QztBQUNGO0FBR0EsU0FBUyxTQUFTLFNBQTJEO0FBQzNFLFNBQU87QUFBQSxJQUNMLE1BQU07QUFBQSxJQUNOLE1BQU0sWUFBWSxTQUFTLEVBQUUsS0FBSyxRQUFRLEtBQUssR0FBRztBQUNoRCxZQUFNLE9BQU8sT0FBTyxPQUFPO0FBQzNCLFVBQUksQ0FBQyxRQUFTLFFBQU8sRUFBRSxLQUFLO0FBQzVCLFlBQU0sRUFBRSxNQUFNLFFBQVEsSUFBSSxJQUFJLElBQUksTUFBTTtBQUFBLFFBQ3RDLEVBQUUsQ0FBQyxJQUFJLEdBQUcsS0FBSztBQUFBLFFBQ2Y7QUFBQSxVQUNFLFFBQVEsS0FBSyxTQUFTLEtBQUs7QUFBQSxVQUMzQixVQUFVO0FBQUE7QUFBQSxVQUVWLFVBQVUsRUFBRSxRQUFRLEdBQUcsY0FBYyxNQUFNO0FBQUEsVUFDM0MsaUJBQWlCO0FBQUEsVUFDakIsUUFBUSxFQUFFLFlBQVksT0FBTyxzQkFBc0IsTUFBTSxjQUFjLElBQUs7QUFBQTtBQUFBLFVBRTVFLFdBQVcsRUFBRSxTQUFTLE9BQU8sV0FBVyxXQUFXLFNBQVMsS0FBSyxVQUFVLE1BQU0sRUFBRTtBQUFBLFFBQ3JGO0FBQUEsTUFDRjtBQUNBLGFBQU8sRUFBRSxNQUFNLE9BQU8sSUFBbUI7QUFBQSxJQUMzQztBQUFBLEVBQ0Y7QUFDRjtBQWdETyxTQUFTLFFBQVE7QUFBQSxFQUN0QixVQUFVLENBQUMsT0FBTztBQUFBLEVBQ2xCLGNBQWMsTUFBTTtBQUFBLEVBQ3BCLGFBQWE7QUFBQSxFQUNiLGdCQUFnQixDQUFDO0FBQUEsRUFDakIsVUFBVSxDQUFDO0FBQ2IsSUFBYSxDQUFDLEdBQW9DO0FBRWhELFNBQU8sUUFBUSxFQUFFLFdBQVcsTUFBTSxPQUFPLEtBQUssQ0FBQztBQUMvQyxRQUFNLFFBQVEsVUFBVTtBQUN4QixRQUFNLFNBQVMsU0FBUyxPQUFPLFNBQVMsV0FBVztBQUNuRCxhQUFXLE9BQU8sUUFBUSxPQUFPO0FBQ2pDLFFBQU0sUUFBUSxJQUFJLElBQUksT0FBTyxPQUFPLENBQUM7QUFDckMsU0FBTyxhQUFhO0FBQUEsSUFDbEIsR0FBSSxTQUFTLENBQUMsYUFBYSxTQUFTLE9BQU8sQ0FBQyxJQUFJLENBQUM7QUFBQSxJQUNqRCxHQUFHLENBQUMsR0FBRyxLQUFLLEVBQUUsSUFBSSxDQUFDLFVBQVU7QUFBQSxNQUMzQixHQUFHO0FBQUEsTUFDSCxXQUFXLENBQUM7QUFBQSxNQUNaLFNBQVMsQ0FBQyxTQUFTLFVBQVUsQ0FBQyxVQUFVLENBQUM7QUFBQSxNQUN6QyxZQUFZLFFBQVEsSUFBSSxDQUFDLFdBQVcsY0FBYyxNQUFNLEVBQUU7QUFBQSxNQUMxRCxPQUFPLEVBQUUsQ0FBQyxJQUFJLEdBQUcsT0FBTyxRQUFRLFNBQVMsSUFBSSxJQUFJLE9BQU8sUUFBUSxDQUFDLENBQUMsTUFBTTtBQUFBLE1BQ3hFLGdCQUFnQjtBQUFBLFFBQ2QsR0FBSSxRQUFRLFNBQVMsSUFBSSxJQUFJLENBQUMsSUFBSSxDQUFDLFdBQVcsV0FBVyxNQUFNLE1BQU0sT0FBTyxNQUFNLENBQUMsQ0FBQztBQUFBLFFBQ3BGLFdBQVcsTUFBTSxPQUFPLE1BQU07QUFBQSxRQUM5QixVQUFVLE9BQU87QUFBQSxRQUNqQixXQUFXO0FBQUEsUUFDWCxnQkFBZ0I7QUFBQSxRQUNoQixjQUFjO0FBQUEsTUFDaEI7QUFBQSxNQUNBLE1BQU0sWUFBWTtBQUNoQixZQUFJLENBQUMsUUFBUSxTQUFTLElBQUksRUFBRztBQUM3QixjQUFNLFdBQVcsa0JBQWtCLFNBQVMsS0FBSyxJQUFJLFNBQVMsVUFBVSxJQUFJLEtBQUs7QUFBQTtBQUNqRixzQkFBYyxRQUFRLElBQUksU0FBUyxZQUFZLFNBQVUsY0FBYyxJQUFJLEtBQUssS0FBTSxHQUFHO0FBQ3pGLFlBQUksQ0FBQyxPQUFRLGVBQWMsUUFBUSxJQUFJLFVBQVUsUUFBUTtBQUFBLE1BQzNEO0FBQUEsSUFDRixFQUFFO0FBQUEsRUFDSixDQUFDO0FBQ0g7QUFPQSxTQUFTLGFBQWEsU0FBNEIsU0FBcUM7QUFDckYsU0FBTztBQUFBLElBQ0wsT0FBTyxRQUFRLElBQUksQ0FBQyxVQUFVLE9BQU8sS0FBSyxLQUFLO0FBQUEsSUFDL0MsUUFBUSxDQUFDLEtBQUs7QUFBQSxJQUNkLEtBQUs7QUFBQSxNQUNILE1BQU07QUFBQSxNQUNOLGlCQUFpQjtBQUFBLFFBQ2YsU0FBUztBQUFBLFFBQ1QsZUFBZTtBQUFBO0FBQUEsUUFFZixvQkFBb0I7QUFBQTtBQUFBLFFBRXBCLE9BQU8sT0FBTztBQUFBLFVBQ1osUUFBUSxRQUFRLENBQUMsV0FBVztBQUFBLFlBQzFCLENBQUMsY0FBYyxNQUFNLElBQUksQ0FBQyxNQUFNLE1BQU0sZUFBZSxDQUFDO0FBQUEsWUFDdEQsQ0FBQyxjQUFjLE1BQU0sTUFBTSxDQUFDLE1BQU0sTUFBTSxXQUFXLENBQUM7QUFBQSxVQUN0RCxDQUFDO0FBQUEsUUFDSDtBQUFBLE1BQ0Y7QUFBQSxJQUNGO0FBQUEsRUFDRjtBQUNGO0FBR0EsU0FBUyxVQUFVLFNBQW9DO0FBQ3JELFNBQU87QUFBQSxJQUNMLE1BQU07QUFBQSxJQUNOLE1BQU0sT0FBTztBQUNYLFlBQU0sVUFBVSxFQUFFLFFBQVEsZ0JBQWdCLEdBQUcsQ0FBQyxFQUFFLEtBQUssTUFBTTtBQUN6RCxjQUFNLENBQUMsRUFBRSxTQUFTLElBQUksUUFBUSxPQUFPLElBQUksS0FBSyxNQUFNLEdBQUc7QUFDdkQsWUFBSSxDQUFDLFFBQVEsU0FBUyxNQUFNLEVBQUcsUUFBTztBQUN0QyxlQUFPLEVBQUUsTUFBTUMsU0FBUSxNQUFNLFFBQVEsT0FBTyxHQUFHLEtBQUssS0FBSyxHQUFHLGFBQWEsTUFBTTtBQUFBLE1BQ2pGLENBQUM7QUFBQSxJQUNIO0FBQUEsRUFDRjtBQUNGO0FBR0EsU0FBUyxhQUFxQjtBQUM1QixTQUFPO0FBQUEsSUFDTCxNQUFNO0FBQUEsSUFDTixNQUFNLE9BQU87QUFHWCxZQUFNLE9BQU8sRUFBRSxRQUFRLFNBQVMsR0FBRyxDQUFDLEVBQUUsS0FBSyxPQUFPO0FBQUEsUUFDaEQsVUFBVSw4QkFBOEIsUUFBUUMsY0FBYSxNQUFNLE1BQU0sQ0FBQyxDQUFDO0FBQUEsUUFDM0UsUUFBUTtBQUFBLE1BQ1YsRUFBRTtBQUFBLElBQ0o7QUFBQSxFQUNGO0FBQ0Y7QUFHQSxTQUFTLGtCQUEwQjtBQUNqQyxRQUFNLFdBQVc7QUFDakIsU0FBTztBQUFBLElBQ0wsTUFBTTtBQUFBLElBQ04sTUFBTSxPQUFPO0FBQ1gsWUFBTSxPQUFPLEVBQUUsUUFBUSxTQUFTLFdBQVcsT0FBTyxHQUFHLENBQUMsRUFBRSxLQUFLLE9BQU87QUFBQSxRQUNsRSxVQUFVQSxjQUFhLE1BQU0sTUFBTSxFQUFFLFFBQVEsVUFBVSxDQUFDLE9BQU8sR0FBRyxRQUFRLFdBQVcsRUFBRSxDQUFDO0FBQUEsUUFDeEYsUUFBUTtBQUFBLE1BQ1YsRUFBRTtBQUFBLElBQ0o7QUFBQSxFQUNGO0FBQ0Y7QUFHQSxTQUFTLGdCQUF3QjtBQUMvQixTQUFPO0FBQUEsSUFDTCxNQUFNO0FBQUEsSUFDTixNQUFNLE9BQU87QUFDWCxZQUFNLE1BQU0sQ0FBQyxFQUFFLFNBQVMsT0FBTyxFQUFFLFFBQVEsU0FBUyxFQUFFO0FBQUEsSUFDdEQ7QUFBQSxFQUNGO0FBQ0Y7OztBSXRPQSxJQUFPLHNCQUFRLFFBQVE7IiwKICAibmFtZXMiOiBbInJlYWRGaWxlU3luYyIsICJyZXNvbHZlIiwgInJlc29sdmUiLCAicmVhZEZpbGVTeW5jIl0KfQo=
