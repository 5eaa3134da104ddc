import "./right-programs.test.ts";
