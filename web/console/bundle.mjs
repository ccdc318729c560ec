// What the build and the tests share.
export const bundled = {
  bundle: true,
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  target: ["chrome123", "firefox120", "safari17.5"],
};
