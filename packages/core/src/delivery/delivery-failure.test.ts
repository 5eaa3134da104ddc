import { describe, expect, it } from "vitest";
import { deliveryFailure } from "./delivery-failure.js";

describe("the server that a failed delivery names", () => {
  it.each([
    {
      url: "https://api.test/v1/batch?key=secret",
      server: "https://api.test",
      because: "nothing else is quoted",
    },
    {
      url: "http://127.0.0.1:8080",
      server: "http://127.0.0.1:8080",
      because: "a port belongs to it",
    },
    {
      url: "https://[::1]:8080/x",
      server: "https://[::1]:8080",
      because: "a host may be an address",
    },
    {
      url: "collector.test/path",
      server: "https://collector.test",
      because: "the scheme may be missing",
    },
    {
      url: "https://user:secret@api.test/x",
      server: "https://api.test",
      because: "credentials are left out",
    },
  ])("is $server, because $because", ({ url, server }) => {
    expect(deliveryFailure({ code: "ECONNREFUSED" }, url)).toEqual({
      code: "SORTITION_NETWORK",
      systemCode: "ECONNREFUSED",
      reason: `no answer from ${server} (ECONNREFUSED)`,
    });
  });

  it.each([
    { url: "https://user:secret/part@api.test/x", because: "a password may have a slash" },
    { url: "https://user:12/part@api.test/x", because: "it may look like a port" },
    { url: "ftp://user:secret@api.test/x", because: "the scheme is another one" },
  ])("is not named, because $because", ({ url }) => {
    expect(deliveryFailure({ code: "ECONNREFUSED" }, url)).toEqual({
      code: "SORTITION_NETWORK",
      systemCode: "ECONNREFUSED",
    });
  });
});
