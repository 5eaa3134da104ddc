import { describe, expect, it } from "vitest";
import { HttpStatusError } from "../errors/errors.js";
import { deliveryFailure, mayHaveArrived } from "./delivery-failure.js";

describe("the code of a failed delivery", () => {
  const url = "https://api.test/v1";

  it.each([
    ...["ECONNREFUSED", "ENOTFOUND", "ETIMEDOUT", "ECONNABORTED", "EAI_AGAIN", "UND_ERR_SOCKET"],
    ...["EPIPE", "HPE_INVALID_CONSTANT", "ERR_NETWORK", "ERR_SSL_WRONG_VERSION"],
  ])("is SORTITION_NETWORK for the system's code %s", (systemCode) => {
    const reason = `no answer from https://api.test (${systemCode})`;
    const facts = { code: "SORTITION_NETWORK", systemCode, reason };
    expect(deliveryFailure({ code: systemCode }, url)).toEqual(facts);
    expect(deliveryFailure(new TypeError("x", { cause: { code: systemCode } }), url)).toEqual(
      facts,
    );
  });

  it.each([
    ["CERT_HAS_EXPIRED", "is the clock of this machine right?"],
    ["CERT_NOT_YET_VALID", "is the clock of this machine right?"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "is its authority in NODE_EXTRA_CA_CERTS?"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "is its authority in NODE_EXTRA_CA_CERTS?"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "is its authority in NODE_EXTRA_CA_CERTS?"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "is its authority in NODE_EXTRA_CA_CERTS?"],
  ])("is SORTITION_NETWORK with what to check for %s", (systemCode, question) => {
    expect(deliveryFailure({ code: systemCode }, url)).toMatchObject({
      code: "SORTITION_NETWORK",
      reason: expect.stringContaining(`(${systemCode}): ${question}`),
    });
  });

  it.each([
    "ENOSPC",
    "ENOENT",
    "ERR_MODULE_NOT_FOUND",
    "ERR_INVALID_ARG_TYPE",
    "P2002",
    "invalid_key",
  ])("is SORTITION_LOGGER after %s, and names no server", (systemCode) => {
    expect(deliveryFailure({ code: systemCode }, url)).toEqual({
      code: "SORTITION_LOGGER",
      systemCode,
    });
  });
});

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
      because: "it includes the port",
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
    { url: "ftp://user:secret@api.test/x", because: "the scheme is not http or https" },
  ])("is not named, because $because", ({ url }) => {
    expect(deliveryFailure({ code: "ECONNREFUSED" }, url)).toEqual({
      code: "SORTITION_NETWORK",
      systemCode: "ECONNREFUSED",
    });
  });
});

describe("mayHaveArrived", () => {
  it.each([
    { error: { code: "ECONNRESET" }, because: "the connection was cut", arrived: true },
    { error: { code: "ECONNABORTED" }, because: "axios timed out", arrived: true },
    { error: { code: 20 }, because: "fetch was aborted", arrived: true },
    { error: { code: "ECONNREFUSED" }, because: "there was no connection", arrived: false },
    { error: { code: "ENOTFOUND" }, because: "the host is unknown", arrived: false },
    { error: new TypeError("fetch failed"), because: "fetch refused the port", arrived: false },
    { error: { code: "CERT_HAS_EXPIRED" }, because: "the request was not sent", arrived: false },
    { error: new HttpStatusError(500, null), because: "there was a response", arrived: false },
    { error: new Error("the queue is full"), because: "it is not about a request", arrived: false },
  ])("is $arrived, because $because", ({ arrived, error }) => {
    expect(mayHaveArrived(error)).toBe(arrived);
  });
});
