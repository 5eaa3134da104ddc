import { createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { webFlags } from "@sortition/web/server";
import { describe, expect, it } from "vitest";
import { run as runCommand } from "../../src/run.js";
import { runWith } from "../run.js";

const SECRET = "c29tZS1zZWNyZXQtb2YtMzItcmFuZG9tLWJ5dGVzLi4";
const LINK = ["--audience", "shop-test", "--url", "https://shop.example/api/overrides"];

const override = (args: readonly string[], secret: string | undefined = SECRET) =>
  runWith((io) => runCommand(["override", ...args], { ...io, env: { FLAGS_SECRET: secret } }));

describe("sortition override", () => {
  it("prints a link that the route of overrides accepts", async () => {
    const flags = ["--flag", "checkout=fast", "--flag", "a=b=on"];
    const more = ["--subject", "u1", "--path", "/checkout"];
    const { exitCode, stderr, stdout } = await override([...flags, ...LINK, ...more]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const { overrides } = webFlags({
      client: createClient({ dialect: eppo(), assignmentLogger: null }),
      audience: "shop-test",
      secrets: [SECRET],
      subject: () => ({ subjectKey: null }),
    });
    const page = await overrides.GET(new Request(stdout.trim()));
    expect(page.status).toBe(200);
    const html = await page.text();
    for (const part of ["<td>checkout<td>fast", "<td>a=b<td>on", "subject u1"]) {
      expect(html).toContain(part);
    }
    const body = new URL(stdout).searchParams;
    const headers = { origin: "https://shop.example" };
    const url = "https://shop.example/api/overrides";
    const confirmed = await overrides.POST(new Request(url, { method: "POST", body, headers }));
    expect(confirmed.headers.get("location")).toBe("/checkout");
  });

  it("explains wrong usage, and prints no link", async () => {
    const flag = ["--flag", "checkout=fast"];
    const mistakes: readonly (readonly [
      args: readonly string[],
      message: RegExp,
      secret?: string,
    ])[] = [
      [LINK, /--flag FLAG=VARIATION is missing/],
      [["--flag", "checkout", ...LINK], /--flag: expected FLAG=VARIATION/],
      [[...flag, ...LINK.slice(2)], /--audience NAME is missing/],
      [[...flag, ...LINK.slice(0, 2)], /--url URL is missing/],
      [[...flag, ...LINK.slice(0, 2), "--url", "shop.example"], /--url: expected an address/],
      [[...flag, ...LINK, "--path", "//evil.example"], /--path: expected the path of a page/],
      [[...flag, ...LINK, "--subject", ""], /--subject: expected a subject key that is not empty/],
      [[...flag, ...LINK, "--expires", "25h"], /--expires: expected a time of at most 24h/],
      [[...flag, ...LINK, "--expires", "soon"], /--expires: expected/],
      [[...flag, ...LINK], /the environment variable FLAGS_SECRET is not set/, ""],
      [[...flag, ...LINK], /FLAGS_SECRET is invalid: set it to one of the secrets/, "c2hvcnQ"],
    ];
    for (const [args, message, secret] of mistakes) {
      const { exitCode, stderr, stdout } = await override(args, secret);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toMatch(message);
    }
  });
});
