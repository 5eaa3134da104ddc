import { fileURLToPath } from "node:url";
import { startChild } from "@sortition/test-kit";
import { expect, it } from "vitest";

const cwd = fileURLToPath(new URL("..", import.meta.url));

it.each(["@sortition/node", "@sortition/node/internal"])(
  "%s fails in an edge runtime with a one-sentence error, by import and by require",
  async (entry) => {
    const script = `
      import { createRequire } from "node:module";
      const require = createRequire(${JSON.stringify(import.meta.url)});
      const messageOf = async (load) => load().then(() => "loaded", ({ message }) => message);
      console.log(JSON.stringify([
        await messageOf(() => import(${JSON.stringify(entry)})),
        await messageOf(async () => require(${JSON.stringify(entry)})),
      ]));
    `;
    const env = { NODE_OPTIONS: "--conditions=edge-light" };
    const { stdout } = await startChild({ cwd, script, env }).ended;
    const sentence =
      "@sortition/node needs Node: in an edge runtime use @sortition/core, with a configuration that you fetch";
    expect(JSON.parse(stdout)).toEqual([sentence, sentence]);
  },
);
