import { describe, expect, it } from "vitest";
import { installLine, neededBy } from "../scripts/pack.mjs";

const manifests = [
  { name: "@sortition/core", needs: {} },
  {
    name: "@sortition/node",
    needs: { dependencies: { "@sortition/core": "^1.0.0", undici: "^7" } },
  },
  { name: "@sortition/cli", needs: { dependencies: { "@sortition/node": "^1.0.0" } } },
  { name: "@sortition/segment", needs: { peerDependencies: { "@sortition/core": "^1.0.0" } } },
  {
    name: "@sortition/redis",
    needs: {
      dependencies: { "@sortition/core": "^1.0.0" },
      peerDependencies: { "@sortition/node": "^1.0.0" },
      peerDependenciesMeta: { "@sortition/node": { optional: true } },
    },
  },
].map(({ name, needs }) => ({ name, version: "1.0.0", exports: {}, ...needs }));

describe("npm run pack", () => {
  it.each([
    { names: ["core"], needed: ["core"] },
    { names: ["@sortition/node"], needed: ["core", "node"] },
    { names: ["cli", "core"], needed: ["cli", "core", "node"] },
    { names: ["segment"], needed: ["core", "segment"] },
    { names: ["redis"], needed: ["core", "redis"] },
    { names: [], needed: ["cli", "core", "node", "redis", "segment"] },
  ])("packs $needed for $names", ({ names, needed }) => {
    const found = neededBy(names, manifests).map(({ name }) => name.slice("@sortition/".length));
    expect(found.sort()).toEqual(needed);
  });

  it("names an unknown package, and lists those that exist", () => {
    const find = (): unknown => neededBy(["segmnt"], manifests);
    expect(find).toThrow("there is no package segmnt; there are core, node, cli, segment, redis");
  });

  it("prints a command that installs all of them, and quotes a path with spaces", () => {
    const [core, node] = ["/my clone/core.tgz", "/clone/node.tgz"].map((tarball) => ({ tarball }));
    expect(installLine([node!, core!])).toBe('npm install "/my clone/core.tgz" /clone/node.tgz');
  });
});
