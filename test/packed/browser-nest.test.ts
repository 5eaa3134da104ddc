import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { expect, it, onTestFinished } from "vitest";
import { startEppoServer } from "../../apps/examples/src/runner/eppo/config-server.ts";
import { createApplication, start, writeFiles } from "./applications/application.ts";
import { newestOf } from "./versions.ts";

const example = join(import.meta.dirname, "../../apps/examples/src/web/nest.ts");

const folder = createApplication({
  "@nestjs/common": newestOf("NestJS"),
  "@nestjs/core": newestOf("NestJS"),
  "@nestjs/platform-express": newestOf("NestJS"),
  "reflect-metadata": "0.2.2",
  rxjs: "7.8.2",
});

it("the guide's Nest application keeps pages out of shared caches, and logs what visitors see", async () => {
  const { code } = transformSync(readFileSync(example, "utf8"), {
    loader: "ts",
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
  });
  writeFiles(folder, { "main.js": code });
  const eppo = await startEppoServer();
  onTestFinished(() => eppo.close());
  const { outputs, stop, url } = await start(folder, ["main.js"], {
    ...eppo.env,
    FLAGS_SECRET: randomBytes(32).toString("base64url"),
    PORT: "0",
  });
  const page = await fetch(`${url}/checkout?user=user-1`);
  expect(page.headers.get("cache-control")).toBe("private, no-cache");
  expect(page.headers.get("vary")).toBe("cookie");
  const [, snapshot = ""] =
    /<script type="application\/json">(.*)<\/script>/.exec(await page.text()) ?? [];
  const { logs, token } = JSON.parse(snapshot);
  expect(logs).toEqual(["test-checkout"]);
  const body = JSON.stringify({ t: token, f: [0] });
  const posted = await fetch(`${url}/api/exposures`, { method: "POST", body });
  expect(posted.status).toBe(204);
  await outputs(/^logged: user-1 \w+_checkout$/m);
  await stop();
  await outputs("closed, 0 exposures left");
});
