// All frames and errors.
import "./local-variables.test.js";
