import { describe, expect, it } from "vitest";
import { redirectTarget } from "./redirect.js";

const from = new URL("http://flags.example/api/config?apiKey=secret");

function redirect(location: string | undefined, statusCode = 302) {
  return { statusCode, headers: { location } };
}

describe("redirectTarget", () => {
  it.each([
    { location: "/other?apiKey=secret", target: "http://flags.example/other?apiKey=secret" },
    { location: "http://flags.example/x", target: "http://flags.example/x" },
    { location: "https://flags.example/x", target: "https://flags.example/x" },
  ])("follows $location", ({ location, target }) => {
    expect(redirectTarget(from, redirect(location), true)?.href).toBe(target);
  });

  it.each([200, 304, 404])("returns null for status %i", (statusCode) => {
    expect(redirectTarget(from, redirect("/x", statusCode), true)).toBeNull();
  });

  it.each([
    {
      to: "another host",
      location: "http://evil.example/?apiKey=secret",
      message: "redirected to another origin: http://evil.example",
    },
    {
      to: "another port",
      location: "http://flags.example:81/",
      message: "redirected to another origin: http://flags.example:81",
    },
    { to: "nowhere", location: undefined, message: "redirected without a usable location" },
    { to: "nonsense", location: "http://[", message: "redirected without a usable location" },
  ])("refuses a redirect to $to, naming only its origin", ({ location, message }) => {
    expect(() => redirectTarget(from, redirect(location), true)).toThrow(message);
    expect(() => redirectTarget(from, redirect(location), true)).not.toThrow("secret");
  });

  it("refuses to leave https", () => {
    const secure = new URL("https://flags.example/");
    expect(() => redirectTarget(secure, redirect("http://flags.example/"), true)).toThrow(
      "another origin",
    );
  });

  it("refuses one redirect too many", () => {
    expect(() => redirectTarget(from, redirect("/x"), false)).toThrow(
      "redirected too often, last to http://flags.example",
    );
  });
});
