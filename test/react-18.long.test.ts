// @vitest-environment happy-dom
// Runs the tests of the hooks of @sortition/web with React 18, the oldest version that the package supports.
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { installTools } from "../scripts/tools.mjs";

const oldest = installTools("react-18", { react: "18.3.1", "react-dom": "18.3.1" });
const requireOldest = createRequire(join(oldest, "package.json"));
const { resolve } = createRequire(join(import.meta.dirname, "../packages/web/package.json"));
for (const name of ["react", "react-dom/client", "react-dom/server"]) {
  vi.doMock(resolve(name), () => requireOldest(name));
}
const { version } = await import(resolve("react"));
expect(version).toBe("18.3.1");
await import("../packages/web/test/hooks.test.ts");
