// All dialects.
import "./manifest-schema.test.js";
