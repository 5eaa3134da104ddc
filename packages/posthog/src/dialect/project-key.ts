/** Returns why a key is not a project key, which requests contain in their URL; `null` if it may be one. Never quotes the key. */
export function projectKeyProblem(key: string): string | null {
  const [, prefix] = /^(phx_|phs_)/.exec(key.trim()) ?? [];
  return prefix === undefined ? null : `expected phc_…; ${prefix}… is a secret key`;
}
