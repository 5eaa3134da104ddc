import type { AssignmentDetails, SubjectClient } from "@sortition/core";

/** The flags of a request without a subject: every getter returns its default, and nothing is logged. */
export const DEFAULTS_CLIENT: SubjectClient = {
  subjectKey: "",
  getBooleanAssignment: second,
  getIntegerAssignment: second,
  getNumericAssignment: second,
  getStringAssignment: second,
  getJSONAssignment: second,
  getBooleanAssignmentDetails: defaultDetails,
  getIntegerAssignmentDetails: defaultDetails,
  getNumericAssignmentDetails: defaultDetails,
  getStringAssignmentDetails: defaultDetails,
  getJSONAssignmentDetails: defaultDetails,
  exposed: () => [],
};

function second<T>(_flagKey: string, defaultValue: T): T {
  return defaultValue;
}

function defaultDetails<T>(_flagKey: string, defaultValue: T): AssignmentDetails<T> {
  return {
    value: defaultValue,
    isDefault: true,
    reason: "error",
    errorCode: "SORTITION_SUBJECT_KEY_MISSING",
    variationKey: null,
    allocationKey: null,
    action: null,
    evaluationDetails: {},
    exposure: { logged: false, reason: "default", messageId: null },
  };
}
