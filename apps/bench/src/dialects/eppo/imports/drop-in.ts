import { init } from "@sortition/eppo";

// Used so that no bundler removes the import, and checked so that a failed import is noticed.
if (typeof init !== "function") process.exitCode = 1;
