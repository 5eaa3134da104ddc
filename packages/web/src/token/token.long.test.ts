import "./token.test.js";
