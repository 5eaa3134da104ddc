import "./schemas.test.js";
