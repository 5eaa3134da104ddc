import { describe, expect, it } from "vitest";
import { type Asked, lateHint, networkMessage, unusedProxy } from "./network-message.js";

const url = new URL("https://flags.example.com:4711/api/config?apiKey=secret");
const origin = "https://flags.example.com:4711";
const asked: Asked = { what: "configuration", option: "baseUrl", route: "direct" };
const systemError = (code: string, message = ""): Error =>
  Object.assign(new Error(message), { code });
const messageOf = (error: unknown, where: Partial<Asked> = {}): string =>
  networkMessage(error, url, { ...asked, ...where });

describe("message of a failed request", () => {
  it.each([
    { code: "ECONNRESET", says: `no configuration from ${origin} (ECONNRESET)` },
    {
      code: "ERR_SSL_WRONG_VERSION_NUMBER",
      says: `${origin} does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER): write http://`,
    },
    {
      code: "EPROTO",
      text: "alert handshake failure",
      says: `no configuration from ${origin} (EPROTO)`,
    },
    {
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
      says: `no configuration from ${origin} (ERR_TLS_CERT_ALTNAME_INVALID): is baseUrl right?`,
    },
  ])("names the server and suggests what to check: $code $text", ({ code, says, text }) => {
    expect(messageOf(systemError(code, text))).toBe(says);
  });

  it.each(["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"])("suggests checking the clock: %s", (code) => {
    const hint =
      "is the clock of this machine right? If it is, the server needs another certificate";
    expect(messageOf(systemError(code))).toBe(`no configuration from ${origin} (${code}): ${hint}`);
  });

  it.each(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "HPE_INVALID_CONSTANT"])(
    "asks whether a server that cuts off http: requests expects TLS: %s",
    (code) => {
      const plain = new URL("http://flags.example.com");
      const message = networkMessage(systemError(code), plain, asked);
      expect(message).toBe(
        `no configuration from ${plain.origin} (${code}): does it expect https://?`,
      );
      const route = new URL("http://proxy:3128");
      const byProxy = networkMessage(systemError(code), plain, { ...asked, route });
      expect(byProxy).toBe(`no configuration from ${plain.origin} (${code})`);
    },
  );

  it.each([
    ["ECONNRESET", "was cut off"],
    ["Z_BUF_ERROR", "was cut off"],
    ["Z_DATA_ERROR", "could not be decoded"],
  ])("blames the server or a proxy for an incomplete or malformed response: %s", (code, fault) => {
    expect(messageOf(systemError(code), { hasBegun: true })).toBe(
      `the answer from ${origin} ${fault} (${code}): a fault of the server, or of a proxy in front of it`,
    );
  });

  it.each([
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  ])("names the variable for a missing certificate authority: %s", (code) => {
    expect(messageOf(systemError(code))).toBe(
      `no configuration from ${origin} (${code}): is its authority in NODE_EXTRA_CA_CERTS?`,
    );
  });

  it.each([
    { error: undefined, because: "nothing was thrown" },
    { error: Object.create(null), because: "it has no string form" },
    { error: "no", because: "it is not an error" },
  ])("names only the server, because $because", ({ error }) => {
    expect(messageOf(error)).toBe(`no configuration from ${origin}`);
  });

  it("suggests checking the network if the address is the vendor's default", () => {
    const message = networkMessage(systemError("EAI_AGAIN"), url, { ...asked, option: null });
    expect(message).toBe(`no configuration from ${origin} (EAI_AGAIN): is the network up?`);
  });
});

describe("message about a proxy", () => {
  const route = new URL("http://user:secret@proxy:3128");

  it("does not blame a proxy that forwarded the request", () => {
    expect(messageOf(systemError("ECONNRESET"), { route })).toBe(
      `no configuration from ${origin} (ECONNRESET)`,
    );
  });

  const variableOf = (): string => "HTTPS_PROXY";
  const refused = systemError("ECONNREFUSED");

  it("names the environment variable of the proxy", () => {
    expect(messageOf(refused, { route: "environment", variableOf })).toBe(
      "no configuration from the proxy HTTPS_PROXY (ECONNREFUSED): is proxy right?",
    );
  });

  it("names a proxy variable that is set but not used", () => {
    const unused = 'HTTPS_PROXY is set but not used, unless the option proxy is "environment"';
    expect(messageOf(refused, { variableOf })).toBe(
      `no configuration from ${origin} (ECONNREFUSED); ${unused}`,
    );
    expect(unusedProxy(url, { ...asked, variableOf })).toBe(unused);
  });

  it("names the proxy if a request times out", () => {
    expect(lateHint(url, asked)).toBe(`no configuration from ${origin}: is baseUrl right?`);
    expect(lateHint(url, { ...asked, route })).toBe(
      `no configuration from ${origin} through the proxy http://proxy:3128: is proxy right?`,
    );
    const proxyHint = "see the guide";
    expect(lateHint(url, { ...asked, variableOf, proxyHint })).toBe(
      "HTTPS_PROXY is set but not used, see the guide",
    );
  });

  it.each([
    { because: "it is exempt", route: "environment", variable: () => null },
    { because: "there is none", route: "direct", variable: () => null },
    { because: "a dispatcher goes its own way", route: "dispatcher", variable: variableOf },
    { because: "it is not known here", route: "environment", variable: undefined },
  ] as const)("does not name a proxy, because $because", ({ route, variable }) => {
    const where = { route, ...(variable && { variableOf: variable }) };
    expect(messageOf(refused, where)).toBe(
      `no configuration from ${origin} (ECONNREFUSED): is baseUrl right?`,
    );
    expect(unusedProxy(url, { ...asked, ...where })).toBeNull();
  });
});
