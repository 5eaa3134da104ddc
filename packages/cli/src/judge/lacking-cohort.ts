/** Says that a flag reads a cohort that the file does not contain, of which only the vendor knows the members. */
export function lackingCohort(id: string): string {
  return `it reads the cohort ${JSON.stringify(id)}, which the file lacks`;
}
