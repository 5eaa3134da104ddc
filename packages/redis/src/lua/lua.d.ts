/** Lua scripts are embedded as strings by the build, without their comments. */
declare module "*.lua" {
  const script: string;
  // biome-ignore lint/style/noDefaultExport: this is what the build makes of a script.
  export default script;
}
