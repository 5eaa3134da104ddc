/** Explains that a flag reads a cohort that the file lacks. Only the vendor knows its members. */
export function lackingCohort(id: string): string {
  return `the flag reads the cohort ${JSON.stringify(id)}, which the file does not contain`;
}
