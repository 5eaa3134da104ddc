/** Typed getters for one subject. A precomputed client has them, too. */
export interface SubjectGetters {
  /** Returns the boolean assigned to the subject, or the default value. */
  getBooleanAssignment(flagKey: string, defaultValue: boolean): boolean;
  /** Returns the integer assigned to the subject, or the default value. */
  getIntegerAssignment(flagKey: string, defaultValue: number): number;
  /** Returns the number assigned to the subject, or the default value. */
  getNumericAssignment(flagKey: string, defaultValue: number): number;
  /** Returns the string assigned to the subject, or the default value. */
  getStringAssignment(flagKey: string, defaultValue: string): string;
  /**
   * Returns the JSON value assigned to the subject, or the default value. Each call returns a new value. Its shape is
   * not checked against `T`.
   */
  getJSONAssignment<T extends object | null>(flagKey: string, defaultValue: T): T;
}
