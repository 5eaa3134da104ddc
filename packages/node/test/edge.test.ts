import { fileURLToPath } from "node:url";
import { startChild } from "@sortition/test-kit";
import { expect, it } from "vitest";

const cwd = fileURLToPath(new URL("..", import.meta.url));

it.each(["@sortition/node", "@sortition/node/internal"])(
  "%s has its names in an edge runtime, and a call fails with one sentence, by import and by require",
  async (entry) => {
    const name = entry.endsWith("internal") ? "httpOrigin" : "getInstance";
    const script = `
      import { createRequire } from "node:module";
      import { ${name} } from ${JSON.stringify(entry)};
      const require = createRequire(${JSON.stringify(import.meta.url)});
      const messageOf = (call) => { try { call(); return "no error"; } catch ({ message }) { return message; } };
      console.log(JSON.stringify([
        messageOf(() => ${name}()),
        messageOf(() => require(${JSON.stringify(entry)}).${name}()),
      ]));
    `;
    const env = { NODE_OPTIONS: "--conditions=edge-light" };
    const { stdout } = await startChild({ cwd, script, env }).ended;
    const sentence = "@sortition/node needs Node.js: in an edge runtime, use @sortition/edge";
    expect(JSON.parse(stdout)).toEqual([sentence, sentence]);
  },
);
