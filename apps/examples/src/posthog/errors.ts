// For production: set POSTHOG_PROJECT_API_KEY, leave POSTHOG_HOST unset, and remove `beforeSend`.
import { captureException, settings, shutdown } from "@sortition/posthog";

interface Entry {
  readonly type: string;
  readonly value: string;
  readonly stacktrace: { readonly frames: readonly Frame[] };
}

interface Frame {
  readonly function: string;
  readonly code_variables?: Readonly<Record<string, unknown>>;
}

settings.projectApiKey = process.env["POSTHOG_PROJECT_API_KEY"] ?? "phc_example";
settings.host = process.env["POSTHOG_HOST"] ?? null;
settings.captureExceptionCodeVariables = true; // off by default
settings.codeVariablesMaskPatterns = [...settings.codeVariablesMaskPatterns, "iban"];
settings.beforeSend = (message) => {
  // This example prints the message instead of sending it.
  for (const { type, value, stacktrace } of message.properties["$exception_list"] as Entry[]) {
    console.log(`${type}: ${value}`);
    for (const { function: name, code_variables: variables } of stacktrace.frames) {
      if (variables !== undefined) console.log(` ${name}`, variables);
    }
  }
  return message;
};

function charge(amount: number, iban: string): void {
  const currency = "EUR";
  if (iban !== "") throw new RangeError(`no ${amount} ${currency} on this account`);
}

function checkout(items: readonly number[]): void {
  const total = items.reduce((sum, it) => sum + it, 0);
  try {
    charge(total, "DE02120300000000202051");
  } catch (cause) {
    throw new Error("checkout failed", { cause });
  }
}

// Errors that are created after the setting was changed have their variables.
try {
  checkout([5, 7]);
} catch (error) {
  captureException(error, { distinctId: "anna", properties: { page: "/checkout" } });
}
await shutdown();

// Prints:
//   Error: checkout failed
//    checkout { total: 12, cause: 'no 12 EUR on this account', items: '[5,7]' }
//   RangeError: no 12 EUR on this account
//    checkout { total: 12, items: '[5,7]' }
//    charge {
//     amount: 12,
//     currency: 'EUR',
//     iban: '$$_posthog_redacted_based_on_masking_rules_$$'
//   }
