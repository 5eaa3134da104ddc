import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pages, publicPackages, root } from "../scripts/pages.mjs";
import { RUN_WITH, type RunWith } from "./packed/versions.ts";

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const read = (file: string): string => readFileSync(join(root, file), "utf8");
const readManifest = (folder: string): Manifest => JSON.parse(read(`${folder}/package.json`));

const rows: readonly (readonly [name: string, row: RunWith])[] = Object.entries(RUN_WITH);
const manifests = publicPackages().map((folder) => ({ folder, ...readManifest(folder) }));

/** The lowest version of each part of a range: `^5.4.0 || ^6.0.0` → `5.4.0`, `6.0.0`. */
function lowestOf(range: string): readonly string[] {
  return range.split("||").map((part) => {
    const [major, minor = "0", patch = "0"] = part.replaceAll(/[^\d.]/g, "").split(".");
    return `${major}.${minor}.${patch}`;
  });
}

/** Returns the first column of the tables in the guides with this head. */
function firstColumn(head: string): readonly string[] {
  const guides = pages().filter((page) => page.startsWith("docs/guides/"));
  const tables = guides.flatMap((page) => [
    ...read(page).matchAll(new RegExp(`^\\| ${head} \\|.*\\n\\|-.*\\n((?:\\|.*\\n)+)`, "gm")),
  ]);
  return tables.flatMap(([, body = ""]) =>
    [...body.matchAll(/^\| (.+?) \|/gm)].map(([, cell = ""]) => cell),
  );
}

/** Servers of the guides that are part of a runtime or have no name. */
const OTHERWISE: Readonly<Record<string, keyof typeof RUN_WITH>> = {
  "`node:http`, `node:http2`": "Node",
  "Lambda and other functions": "Node",
  "Workers and other isolates": "Cloudflare Workers",
};

describe("the table of versions", () => {
  const peers = manifests.flatMap(({ folder, peerDependencies = {} }) =>
    Object.entries(peerDependencies)
      .filter(([name]) => !name.startsWith("@sortition/"))
      .flatMap(([name, range]) => lowestOf(range).map((version) => ({ folder, name, version }))),
  );
  it.each(peers)("has $name $version, the lowest that $folder accepts", ({ name, version }) => {
    expect(rows.find(([, row]) => row.package === name)?.[1].versions).toContain(version);
  });

  const hosts = [...firstColumn("framework"), ...firstColumn("server")];
  it.each(hosts)("has %s, which a guide names", (host) => {
    const [, row] = rows.find(([name]) => (OTHERWISE[host] ?? host).startsWith(name)) ?? [];
    // An empty `arrayContaining` equals anything.
    expect(row).toBeDefined();
    const majors = row?.versions.map((version) => version.split(".", 1)[0]);
    expect(majors).toEqual(expect.arrayContaining(host.match(/\b\d+\b/g) ?? []));
  });

  it("has each library that code in the documentation imports", () => {
    const ours = manifests.flatMap(({ dependencies = {} }) => Object.keys(dependencies));
    const known = new Set([...rows.map(([, row]) => row.package), ...ours]);
    const imported = pages().flatMap((page) =>
      [...read(page).matchAll(/^```(?:js|ts|tsx|mjs)\n([\s\S]*?)^```/gm)].flatMap(([, code = ""]) =>
        [...code.matchAll(/(?:from|import) "(@[a-z][^/"]*\/[^/"]+|[a-z][^/":]*)(?=[/"])/g)].map(
          ([, name = ""]) => `${name} in ${page}`,
        ),
      ),
    );
    expect(imported.length).toBeGreaterThan(100);
    const isKnown = (it: string): boolean =>
      it.startsWith("@sortition/") || known.has(it.split(" ", 1)[0] ?? "");
    expect(imported.filter((it) => !isKnown(it))).toEqual([]);
  });

  it("has only versions that a test reads, or that the examples install", () => {
    const folder = join(root, "test/packed");
    const tests = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && file !== "versions.ts")
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .join("\n");
    const examples = readManifest("apps/examples").devDependencies;
    const unread = rows.filter(
      ([name, row]) =>
        !new RegExp(`(?:versionsOf|newestOf|loggerOf)\\(\\s*"${name}"|name: "${name}"`).test(
          tests,
        ) && examples?.[row.package] !== row.versions.join(),
    );
    expect(unread.map(([name]) => name)).toEqual([]);
  });
});
