// All dialects.
import "./dialects.test.js";
