/** The parts of a request that may contain a credential. Values are decoded; `undefined`: absent. */
export interface CredentialParts {
  param(name: string): string | undefined;
  query(name: string): string | undefined;
  /** @param name - name of the header in lower case. */
  header(name: string): string | undefined;
}

/** Reads the key that an SDK sends. Returns `null` if there is none. */
export type ReadCredential = (request: CredentialParts) => string | null;

/** Reads a query parameter. */
export function inQuery(name: string): ReadCredential {
  return (request) => present(request.query(name));
}

/** Reads a path parameter. */
export function inPath(name: string): ReadCredential {
  return (request) => present(request.param(name));
}

/** Reads what follows a scheme, such as `Bearer`, in the header `Authorization`. */
export function inAuthorization(scheme: string): ReadCredential {
  return ({ header }) => {
    const value = header("authorization") ?? "";
    const isScheme = value.slice(0, scheme.length + 1).toLowerCase() === `${scheme} `.toLowerCase();
    return isScheme ? present(value.slice(scheme.length + 1).trim()) : null;
  };
}

/** Reads the password of `Authorization: Basic …`. */
export const asPassword: ReadCredential = (request) => {
  const pair = inAuthorization("Basic")(request);
  if (pair === null) return null;
  const text = Buffer.from(pair, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? null : present(text.slice(colon + 1));
};

function present(value: string | undefined): string | null {
  return value === undefined || value === "" ? null : value;
}
