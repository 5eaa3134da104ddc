// Writes the API reference from the TSDoc comments of all public entries into .docs/. Fails on an export or a method without a
// comment, and on a broken link. Omits entries that only our own packages use.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Application, Comment, CommentTag, Converter, ReflectionKind } from "typedoc";
import { pathsOfEntries, publicPackages, root } from "./pages.mjs";

/** Returns name (`@sortition/core/dialect`) and source (`packages/core/src/dialect.ts`) of each entry of each public package. */
function readEntries() {
  return publicPackages().flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    return pathsOfEntries(exports).map((path) => ({
      package: name,
      name: name + path.slice(1),
      source: join(root, folder, "src", `${basename(exports[path].import.default, ".js")}.ts`),
    }));
  });
}

/** Returns the sections of an entry and the names that each exports. */
function readSections(source) {
  return readFileSync(source, "utf8")
    .split(/^(?=\/\/ .+\n\n)/m)
    .filter((text) => text.startsWith("// "))
    .map((text) => ({
      title: text.slice(3, text.indexOf("\n")),
      names: new Set(text.match(/\w+(?=,| }|\n})/g)),
    }));
}

const entries = readEntries();
const documented = entries.filter(({ name }) => !name.endsWith("internal"));
const sectionOrder = [
  ...new Set(entries.flatMap(({ source }) => readSections(source).map(({ title }) => title))),
];
const app = await Application.bootstrap({
  name: "Sortition",
  entryPoints: documented.map(({ source }) => source),
  tsconfig: join(root, "scripts/tsconfig.docs.json"),
  // A package that re-exports names of another one links to them instead of documenting them again.
  compilerOptions: {
    paths: Object.fromEntries(entries.map(({ name, source }) => [name, [source]])),
  },
  readme: "none",
  // On the site, the reference is in its own folder.
  navigationLinks: process.argv.includes("--site") ? { Documentation: "/docs/" } : {},
  excludePrivate: true,
  categorizeByGroup: false,
  categoryOrder: sectionOrder,
  treatWarningsAsErrors: true,
  validation: { notExported: false, invalidLink: true, notDocumented: true },
  packagesRequiringDocumentation: [...new Set(documented.map((entry) => entry.package))],
  // The name and type of a property are enough unless it has a comment.
  requiredToBeDocumented: [
    ...["Variable", "Function", "Class", "Interface", "TypeAlias", "Enum"],
    ...["Method", "Accessor"],
  ],
  // `Omit` hides the comments on their declarations.
  intentionallyNotDocumented: ["flush", "close", "stats"].map(
    (name) => `@sortition/core/eppo.EppoNodeLogger.${name}`,
  ),
});
// The sections of an entry, such as "// Clients", are the categories of its page.
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
  for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
    const sections = readSections(module.sources[0].fullFileName);
    for (const it of module.children ?? []) {
      const title = sections.find(({ names }) => names.has(it.name))?.title;
      if (title === undefined) continue;
      it.comment ??= new Comment();
      it.comment.blockTags.push(new CommentTag("@category", [{ kind: "text", text: title }]));
    }
  }
});
const project = await app.convert();
if (project === undefined) process.exit(1);
for (const { name, source } of documented) {
  const module = project.children.find(({ sources }) => sources[0].fullFileName === source);
  module.name = name;
}
app.validate(project);
const hasFailed = app.logger.hasErrors() || app.logger.hasWarnings();
if (!hasFailed) await app.generateDocs(project, join(root, ".docs"));
process.exitCode = hasFailed ? 1 : 0;
