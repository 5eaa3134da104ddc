// All that it becomes.
import "./former-primary.test.js";
