import { describe, expect, it } from "vitest";
import { installLine } from "../scripts/pack.mjs";

const packed = [
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
].map(({ name, needs }) => ({
  name,
  tarball: `/clone/${name.slice("@sortition/".length)}.tgz`,
  manifest: { name, version: "1.0.0", exports: {}, ...needs },
}));

describe("the command that installs packed packages", () => {
  it.each([
    { names: ["core"], files: ["core"] },
    { names: ["@sortition/node"], files: ["core", "node"] },
    { names: ["cli", "core"], files: ["cli", "core", "node"] },
    { names: ["segment"], files: ["core", "segment"] },
    { names: ["redis"], files: ["core", "redis"] },
    { names: [], files: ["cli", "core", "node", "redis", "segment"] },
  ])("installs $files for $names", ({ names, files }) => {
    const tarballs = files.map((file) => `/clone/${file}.tgz`);
    expect(installLine(packed, names)).toBe(`npm install ${tarballs.join(" ")}`);
  });

  it("names an unknown package, and lists those that exist", () => {
    const line = (): string => installLine(packed, ["segmnt"]);
    expect(line).toThrow("there is no package segmnt; there are core, node, cli, segment, redis");
  });

  it("quotes a path with spaces", () => {
    const [core] = packed;
    const moved = { ...core!, tarball: "/my clone/core.tgz" };
    expect(installLine([moved], ["core"])).toBe('npm install "/my clone/core.tgz"');
  });
});
