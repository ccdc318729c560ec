// What the build and the tests share: style sheets as minified text, and the names of the languages.
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { transform } from "esbuild";

const cssAsText = {
  name: "css-as-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { code } = await transform(source, { loader: "css", minify: true, target: "chrome111" });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

const languages = readdirSync(new URL("texts", import.meta.url)).map((name) => name.replace(".json", ""));

export const bundled = {
  bundle: true,
  charset: "utf8",
  target: ["chrome111", "firefox115", "safari16.4"],
  define: { SHIPPED_LANGUAGES: JSON.stringify(languages.sort()) },
  plugins: [cssAsText],
};
