// All commands.
import "./program.test.js";
