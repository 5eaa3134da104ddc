// @vitest-environment happy-dom
// Runs the tests of the hooks with React 18, the oldest version that the package supports.
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { installTools } from "../../../scripts/tools.mjs";

const folder = installTools("react-18", { react: "18.3.1", "react-dom": "18.3.1" });
const require = createRequire(join(folder, "package.json"));
for (const name of ["react", "react-dom/client", "react-dom/server"]) {
  vi.doMock(name, () => require(name));
}
const { version } = await import("react");
expect(version).toBe("18.3.1");
await import("./hooks.test.js");
