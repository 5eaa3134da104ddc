/** Returns text as one word of a command line, in quotes if a shell would change it. */
export function shellWord(text: string): string {
  return /^[\w%.,:=/@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
